import {
  type Code,
  get,
  I32,
  i8x16,
  i32,
  i32x4,
  repeatWhile,
  seq,
  set,
  V128,
  v128,
  when,
} from '../base/wasm-code.ts'
import { Locals, type WasmFunction } from '../base/wasm-module.ts'

const VECTOR_BYTES = 16
const [TAB, LINE_FEED, CARRIAGE_RETURN, SPACE, DASH] = [0x09, 0x0a, 0x0d, 0x20, 0x2d]
const FIRST_BEYOND_ASCII = 0x80

const everyByte = (value: number) => v128.constant(Array(VECTOR_BYTES).fill(value))

/**
 * `name(at, bytes)`: 0 where the text holds nothing but ASCII and, of its control characters, none but tabs and line ends; else another
 * number. It may read, not write, 15 bytes before the text.
 */
export function isOtherThanPlain(name: string): WasmFunction {
  const locals = new Locals(2)
  const [at, bytes, end] = [0, 1, locals.one(I32)]
  const [vector, found] = [locals.one(V128), locals.one(V128)]
  const wrong = v128.or(
    v128.and(
      i8x16.isBelow(get(vector), everyByte(SPACE)),
      v128.not(
        v128.or(
          v128.or(i8x16.equal(get(vector), everyByte(TAB)), i8x16.equal(get(vector), everyByte(LINE_FEED))),
          i8x16.equal(get(vector), everyByte(CARRIAGE_RETURN)),
        ),
      ),
    ),
    v128.not(i8x16.isBelow(get(vector), everyByte(FIRST_BEYOND_ASCII))),
  )
  const positions = v128.constant(Array.from({ length: VECTOR_BYTES }, (_, i) => i))
  const body = seq(
    set(end, i32.add(get(at), get(bytes))),
    // The bytes at the end that fill no vector are looked at first, in the vector that ends with them, without what lies before.
    set(vector, v128.load(i32.sub(get(end), i32.constant(VECTOR_BYTES)))),
    set(
      found,
      v128.and(
        wrong,
        v128.not(
          i8x16.isBelow(
            positions,
            i8x16.splat(
              i32.sub(i32.constant(VECTOR_BYTES), i32.and(get(bytes), i32.constant(VECTOR_BYTES - 1))),
            ),
          ),
        ),
      ),
    ),
    set(end, i32.sub(get(end), i32.and(get(bytes), i32.constant(VECTOR_BYTES - 1)))),
    when(
      i32.isBelow(get(at), get(end)),
      repeatWhile(
        seq(
          set(vector, v128.load(get(at))),
          set(found, v128.or(get(found), wrong)),
          set(at, i32.add(get(at), i32.constant(VECTOR_BYTES))),
        ),
        i32.isBelow(get(at), get(end)),
      ),
    ),
    v128.anyTrue(get(found)),
  )
  return { name, parameters: 2, returns: true, locals: locals.types, body }
}

/** The hexadecimal digits of 16 bytes, the first eight bytes' in one vector, the others' in the next. */
function digitsOf(locals: Locals, from: Code) {
  const [high, low, first, second] = locals.some(4, V128) as [number, number, number, number]
  const table = v128.constant(Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0)))
  const interleaved = (start: number) =>
    Array.from({ length: VECTOR_BYTES }, (_, i) => start + (i >> 1) + (i & 1) * VECTOR_BYTES)
  const code = seq(
    set(low, v128.load(from)),
    set(high, v128.swizzle(table, i8x16.shiftRight(get(low), 4))),
    set(low, v128.swizzle(table, v128.and(get(low), everyByte(0x0f)))),
    set(first, v128.shuffle(get(high), get(low), interleaved(0))),
    set(second, v128.shuffle(get(high), get(low), interleaved(VECTOR_BYTES / 2))),
  )
  return { code, first, second }
}

/** `name(from, to)`: writes the 32 hexadecimal digits of 16 bytes. */
export function hexDigits(name: string): WasmFunction {
  const locals = new Locals(2)
  const { code, first, second } = digitsOf(locals, get(0))
  const body = seq(code, v128.store(get(1), get(first)), v128.store(get(1), get(second), VECTOR_BYTES))
  return { name, parameters: 2, returns: false, locals: locals.types, body }
}

/** `name(from, to)`: writes 16 bytes as the 36 characters of a UUID. */
export function uuidDigits(name: string): WasmFunction {
  const locals = new Locals(2)
  const { code, first, second } = digitsOf(locals, get(0))
  // Positions in the text, of which those of dashes get any digit at first.
  const dashes = [8, 13, 18, 23]
  const digitAt = (position: number) => position - dashes.filter((dash) => dash < position).length
  const textFrom = (start: number) => Array.from({ length: VECTOR_BYTES }, (_, i) => digitAt(start + i))
  const body = seq(
    code,
    v128.store(get(1), v128.shuffle(get(first), get(second), textFrom(0))),
    v128.store(get(1), v128.shuffle(get(first), get(second), textFrom(VECTOR_BYTES)), VECTOR_BYTES),
    i32.store(get(1), i32x4.extract(get(second), 3), 2 * VECTOR_BYTES),
    ...dashes.map((dash) => i32.store8(get(1), i32.constant(DASH), dash)),
  )
  return { name, parameters: 2, returns: false, locals: locals.types, body }
}

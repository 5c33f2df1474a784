import { char, moved } from './plain-json-code.ts'
import {
  type Code,
  either,
  get,
  I32,
  i8x16,
  i32,
  type Local,
  repeatWhile,
  seq,
  set,
  tee,
  V128,
  v128,
  when,
} from './wasm-code.ts'
import { Locals, type WasmFunction } from './wasm-module.ts'

/**
 * WebAssembly that writes texts inside of JSON strings, from UTF-8 bytes to UTF-8 bytes, as `JSON.stringify` would escape them: for what is stored as
 * bytes and goes out as bytes. Mostly there is nothing to escape, so that it looks at sixteen bytes at a time, which it copies as it sees them.
 */

/** What one byte may become: `\u001f`. */
export const ESCAPED_BYTES_MAX = 6
/** So many bytes behind what is written may be written over. */
export const OVERWRITTEN_BYTES_MAX = 15

/** A function that writes such a text finds a table of so many bytes: for each character from a space down what follows the backslash. */
export const LETTERS_BYTES = 32
const UNICODE = 'u'.charCodeAt(0)
export const LETTERS = new Uint8Array(LETTERS_BYTES).fill(UNICODE)
for (const [character, letter] of ['\bb', '\tt', '\nn', '\ff', '\rr']) {
  LETTERS[character!.charCodeAt(0)] = letter!.charCodeAt(0)
}

const VECTOR_BYTES = 16
const SPACE = ' '.charCodeAt(0)
const QUOTE = '"'.charCodeAt(0)
const BACKSLASH = '\\'.charCodeAt(0)
const ZERO = '0'.charCodeAt(0)
const LETTER_A = 'a'.charCodeAt(0)

const everyByte = (value: number): Code => v128.constant(Array(VECTOR_BYTES).fill(value))

/**
 * `name(at, end, to)`: writes the text that stands there, and says where what it wrote ends. Up to 15 bytes behind the text are read, and as many
 * behind what is written are written over. `lettersAt` is where `LETTERS` lie.
 */
export function writeEscaped(name: string, lettersAt: number): WasmFunction {
  const [at, end, to] = [0, 1, 2]
  const locals = new Locals(3)
  const [found, character, letter] = locals.some(3, I32) as [Local, Local, Local]
  const block = locals.one(V128)
  const toEscape = v128.or(
    i8x16.isBelow(get(block), everyByte(SPACE)),
    v128.or(i8x16.equal(get(block), everyByte(QUOTE)), i8x16.equal(get(block), everyByte(BACKSLASH))),
  )
  const low = i32.and(get(character), i32.constant(15))
  const isLetter = i32.isAbove(low, i32.constant(9))
  const lowDigit = i32.add(
    i32.add(low, i32.constant(ZERO)),
    i32.mul(isLetter, i32.constant(LETTER_A - ZERO - 10)),
  )
  const highDigit = i32.add(i32.shiftRight(get(character), i32.constant(4)), i32.constant(ZERO))
  const writeCode = seq(
    i32.store8(get(to), i32.constant(ZERO), 2),
    i32.store8(get(to), i32.constant(ZERO), 3),
    i32.store8(get(to), highDigit, 4),
    i32.store8(get(to), lowDigit, 5),
    moved(to, ESCAPED_BYTES_MAX),
  )
  const escapeOne = seq(
    set(character, char(get(at))),
    // A quotation mark and a backslash follow the backslash as they are.
    set(letter, get(character)),
    when(
      i32.isBelow(get(character), i32.constant(LETTERS_BYTES)),
      set(letter, char(get(character), lettersAt)),
    ),
    i32.store8(get(to), i32.constant(BACKSLASH)),
    i32.store8(get(to), get(letter), 1),
    either(i32.equal(get(letter), i32.constant(UNICODE)), writeCode, moved(to, 2)),
    moved(at, 1),
  )
  const body = seq(
    when(
      i32.isBelow(get(at), get(end)),
      repeatWhile(
        seq(
          v128.store(get(to), tee(block, v128.load(get(at)))),
          either(
            tee(found, i8x16.bits(toEscape)),
            seq(
              set(found, i32.trailingZeros(get(found))),
              set(at, i32.add(get(at), get(found))),
              set(to, i32.add(get(to), get(found))),
              // Else it's behind the text.
              when(i32.isBelow(get(at), get(end)), escapeOne),
            ),
            seq(moved(at, VECTOR_BYTES), moved(to, VECTOR_BYTES)),
          ),
        ),
        i32.isBelow(get(at), get(end)),
      ),
    ),
    // A block may go beyond the text by as much as `at` does.
    i32.sub(get(to), i32.sub(get(at), get(end))),
  )
  return { name, parameters: 3, returns: true, locals: locals.types, body }
}

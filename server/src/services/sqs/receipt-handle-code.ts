import { BASE64_URL, decodeBase64, encodeBase64 } from '../../base/base64-code.ts'
import { char, failIf } from '../../base/plain-json-code.ts'
import { type Code, get, I32, i32, i32x4, type Local, seq, set, V128, v128 } from '../../base/wasm-code.ts'
import { Locals, type WasmFunction } from '../../base/wasm-module.ts'
import { CHECK_PRIME, CHECK_START, CHECKED_BYTES, FORM, RECEIPT_HANDLE_CHARACTERS } from './receipt-handle.ts'

/**
 * WebAssembly that writes and reads receipt handles (receipt-handle.ts) where they stand among other characters.
 */

const VECTOR_BYTES = 16
/** What a vector of characters stands for. */
const VECTOR_MEANS_BYTES = 12
/** A receipt's bytes may be written over, and read, up to here. */
export const RECEIPT_ROOM_BYTES = 48
/** Where the vectors of characters begin that make up a handle: the last one begins within the one before. */
const READ_AT = [0, VECTOR_BYTES, RECEIPT_HANDLE_CHARACTERS - VECTOR_BYTES]

/** Sets `check` to FNV-1a of the bytes that are checked, the lowest byte first. */
function checkOf(check: Local, receipt: Local): Code {
  const mixIn = (place: number) =>
    set(check, i32.mul(i32.xor(get(check), char(get(receipt), place)), i32.constant(CHECK_PRIME)))
  return seq(
    set(check, i32.constant(CHECK_START)),
    ...Array.from({ length: CHECKED_BYTES }, (_, i) => mixIn(i)),
    set(
      check,
      i32.or(
        i32.and(i32.rotateLeft(get(check), i32.constant(8)), i32.constant(0x00ff00ff)),
        i32.and(i32.rotateLeft(get(check), i32.constant(24)), i32.constant(0xff00ff00)),
      ),
    ),
  )
}

/** `name(receipt, to)`: writes the check behind a receipt's other bytes, and the handle's characters. */
export function writeHandle(name: string): WasmFunction {
  const [receipt, to] = [0, 1]
  const locals = new Locals(2)
  const check = locals.one(I32)
  const block = locals.one(V128)
  const load = (at: number) =>
    seq(set(block, v128.load(get(receipt), at)), encodeBase64(BASE64_URL, block, locals))
  const body = seq(
    checkOf(check, receipt),
    i32.store(get(receipt), get(check), CHECKED_BYTES),
    load(0),
    v128.store(get(to), get(block)),
    load(VECTOR_MEANS_BYTES),
    v128.store(get(to), get(block), VECTOR_BYTES),
    load(2 * VECTOR_MEANS_BYTES),
    // The last eight characters alone: what stands behind them stays.
    ...[0, 1].map((word) => i32.store(get(to), i32x4.extract(get(block), word), 2 * VECTOR_BYTES + 4 * word)),
  )
  return { name, parameters: 2, returns: false, locals: locals.types, body }
}

/** `name(at, receipt)`: 1, and the receipt's bytes, where a handle stands; 0 where none does that a server of this kind has given out. */
export function readHandle(name: string): WasmFunction {
  const [at, receipt] = [0, 1]
  const locals = new Locals(2)
  const check = locals.one(I32)
  const [block, high, bad] = locals.some(3, V128) as [Local, Local, Local]
  const decode = (characters: number) =>
    seq(
      set(block, v128.load(get(at), characters)),
      decodeBase64(BASE64_URL, block, high, bad),
      v128.store(get(receipt), get(block), (characters / VECTOR_BYTES) * VECTOR_MEANS_BYTES),
    )
  const body = seq(
    ...READ_AT.map(decode),
    failIf(v128.anyTrue(get(bad))),
    failIf(i32.notEqual(char(get(receipt)), i32.constant(FORM))),
    checkOf(check, receipt),
    i32.equal(get(check), i32.load(get(receipt), CHECKED_BYTES)),
  )
  return { name, parameters: 2, returns: true, locals: locals.types, body }
}

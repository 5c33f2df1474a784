import { moved } from './plain-json-code.ts'
import { type Code, get, i32, type Local, repeatWhile, seq, set, tee, v128 } from './wasm-code.ts'

/**
 * WebAssembly that writes short texts, a vector at a time: up to 15 bytes behind what is written are written over.
 */

const VECTOR_BYTES = 16

/** Writes what is known beforehand, in ASCII, where `to` says. */
export function writeLiteral(to: Local, literal: string): Code {
  const parts: Code[] = []
  for (let start = 0; start < literal.length; start += VECTOR_BYTES) {
    const part = Array.from({ length: VECTOR_BYTES }, (_, i) => literal.charCodeAt(start + i) || 0)
    parts.push(v128.store(get(to), v128.constant(part), start))
  }
  return seq(...parts)
}

/** Writes what stands where `from` says to where `to` says, up to `end`, and leaves `to` there. One vector at least; `from` and `block` are used on the way. */
export function copyShort(from: Local, to: Local, end: Local, block: Local): Code {
  return seq(
    repeatWhile(
      seq(
        v128.store(get(to), tee(block, v128.load(get(from)))),
        moved(from, VECTOR_BYTES),
        moved(to, VECTOR_BYTES),
      ),
      i32.isBelow(get(to), get(end)),
    ),
    set(to, get(end)),
  )
}

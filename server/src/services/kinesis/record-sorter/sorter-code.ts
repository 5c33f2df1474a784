import {
  type Code,
  copy,
  get,
  giveBack,
  I32,
  i32,
  type Local,
  repeatWhile,
  seq,
  set,
  v128,
  when,
} from '../../../base/wasm-code.ts'
import { Locals, type WasmFunction } from '../../../base/wasm-module.ts'
import { ENTRY, ENTRY_BYTES } from '../../../digests/md5-code.ts'

/** A partition key that is one block of MD5: its bytes are in the record's first byte. */
export const KEY_BYTES_MAX = 55
/** Of a key and what MD5 adds to it. */
export const KEY_BLOCK_BYTES = 64
export const DIGEST_BYTES = 16
const VECTOR_BYTES = 16
const WORD_BYTES = 4
const MORE_FOLLOW = 128
const VARINT_BITS = 7

/** Where things lie in the sorter's memory, a number or more for each record. */
export interface SorterPlaces {
  readonly entriesAt: number
  readonly blocksAt: number
  readonly digestsAt: number
  /** u32: where the record ends, counted from the first one's beginning. */
  readonly endsAt: number
  /** u32: bytes of partition key and data. */
  readonly payloadsAt: number
  /** u32: for each record of what `gather` writes, its place before. */
  readonly placesAt: number
  readonly recordsAt: number
}

const moved = (local: Local, by: Code): Code => set(local, i32.add(get(local), by))

/**
 * `measure(at, end)`: goes through stored records, notes where each ends, and prepares the digest of its partition key. Says where
 * it came to: before `end`, if there is a longer key.
 */
export function measure({
  entriesAt,
  blocksAt,
  digestsAt,
  endsAt,
  payloadsAt,
  recordsAt,
}: SorterPlaces): WasmFunction {
  const [at, end] = [0, 1]
  const locals = new Locals(2)
  const [entry, block, digest, numbers] = locals.some(4, I32) as [Local, Local, Local, Local]
  const [keyBytes, dataBytes, byte, shift] = locals.some(4, I32) as [Local, Local, Local, Local]
  const zero = i32.constant(0)
  const isMore = i32.and(get(byte), i32.constant(MORE_FOLLOW))
  const takeDataBytes = seq(
    set(dataBytes, zero),
    set(shift, zero),
    repeatWhile(
      seq(
        set(byte, i32.load8(get(at))),
        moved(at, i32.constant(1)),
        set(
          dataBytes,
          i32.or(
            get(dataBytes),
            i32.shiftLeft(i32.and(get(byte), i32.constant(MORE_FOLLOW - 1)), get(shift)),
          ),
        ),
        moved(shift, i32.constant(VARINT_BITS)),
      ),
      isMore,
    ),
  )
  // Whatever lies behind the key comes along, and is overwritten by what MD5 adds.
  const copyKey = seq(
    ...Array.from({ length: KEY_BLOCK_BYTES / VECTOR_BYTES }, (_, i) =>
      v128.store(get(block), v128.load(get(at), i * VECTOR_BYTES), i * VECTOR_BYTES),
    ),
  )
  const body = seq(
    set(entry, i32.constant(entriesAt)),
    set(block, i32.constant(blocksAt)),
    set(digest, i32.constant(digestsAt)),
    repeatWhile(
      seq(
        set(keyBytes, i32.load8(get(at))),
        when(i32.isAbove(get(keyBytes), i32.constant(KEY_BYTES_MAX)), giveBack(get(at))),
        moved(at, i32.constant(1)),
        takeDataBytes,
        copyKey,
        i32.store(get(entry), get(block), ENTRY.textAt),
        i32.store(get(entry), get(keyBytes), ENTRY.textBytes),
        i32.store(get(entry), get(digest), ENTRY.digestAt),
        moved(at, i32.add(get(keyBytes), get(dataBytes))),
        i32.store(get(numbers), i32.sub(get(at), i32.constant(recordsAt)), endsAt),
        i32.store(get(numbers), i32.add(get(keyBytes), get(dataBytes)), payloadsAt),
        moved(entry, i32.constant(ENTRY_BYTES)),
        moved(block, i32.constant(KEY_BLOCK_BYTES)),
        moved(digest, i32.constant(DIGEST_BYTES)),
        moved(numbers, i32.constant(WORD_BYTES)),
      ),
      i32.isBelow(get(at), get(end)),
    ),
    get(at),
  )
  return { name: 'measure', parameters: 2, returns: true, locals: locals.types, body }
}

/** `gather(count, to)`: copies that many records, one at least, in the order of their places. */
export function gather({ endsAt, placesAt, recordsAt }: SorterPlaces): WasmFunction {
  const [count, to] = [0, 1]
  const locals = new Locals(2)
  const [next, last, place, from, bytes] = locals.some(5, I32) as [Local, Local, Local, Local, Local]
  const two = i32.constant(2)
  const zero = i32.constant(0)
  const body = seq(
    set(last, i32.shiftLeft(get(count), two)),
    repeatWhile(
      seq(
        set(place, i32.shiftLeft(i32.load(get(next), placesAt), two)),
        set(from, zero),
        when(get(place), set(from, i32.load(i32.sub(get(place), i32.constant(WORD_BYTES)), endsAt))),
        set(bytes, i32.sub(i32.load(get(place), endsAt), get(from))),
        copy(get(to), i32.add(get(from), i32.constant(recordsAt)), get(bytes)),
        moved(to, get(bytes)),
        moved(next, i32.constant(WORD_BYTES)),
      ),
      i32.isBelow(get(next), get(last)),
    ),
  )
  return { name: 'gather', parameters: 2, returns: false, locals: locals.types, body }
}

import { failIf, moved } from '../../../base/plain-json-code.ts'
import {
  type Code,
  call,
  get,
  I32,
  i32,
  type Local,
  repeatWhile,
  seq,
  set,
  V128,
  v128,
  when,
} from '../../../base/wasm-code.ts'
import { Locals, type WasmFunction } from '../../../base/wasm-module.ts'
import { KEY_PREFIX } from '../../../core/keys.ts'
import { BLOCK_BYTES, HEAD_BYTES, LANES } from '../../../digests/sha256-code.ts'
import { BATCH_ENTRIES_MAX } from '../limits.ts'

const VECTOR_BYTES = 16
const WORD_BITS = 2
/** Of each message its group's key and its deduplication id's. */
export const KEYS_MAX = 2 * BATCH_ENTRIES_MAX
export const KEY_BYTES = HEAD_BYTES
/** What SHA-256 adds to a text, at least: a bit, and its length. */
const MARK = 0x80
const LENGTH_BYTES = 8
const TEXT_BYTES_MAX = BLOCK_BYTES - 1 - LENGTH_BYTES

/** Where the function finds what it works with, and where it leaves the keys. */
export interface NameKeysPlaces {
  /** How many rows there are, and where; for each where its names begin, and end a word further on, in the JSON; zeros for none. */
  readonly count: Code
  readonly rowsAt: number
  readonly rowBytes: number
  readonly groupAt: number
  readonly deduplicationAt: number
  /** Blocks of SHA-256, of which the last is written beyond its end; what lies before is no block. */
  readonly blocksAt: number
  readonly headsAt: number
  /** Keys of groups, then as many of deduplication ids, in the order of the rows; zeros where there is no name. */
  readonly keysAt: number
  /** The place of `sha256HeadsOfFour`. */
  readonly headsOfFour: number
}

/**
 * `name()`: makes the keys (see core/keys.ts) of the names in all rows, from where these lie in the JSON. 0 where one of them is too long
 * for that, with what is digested before it: no key is good then.
 */
export function nameKeys(name: string, places: NameKeysPlaces): WasmFunction {
  const { rowsAt, rowBytes, blocksAt, headsAt, keysAt } = places
  const locals = new Locals(0)
  const [row, rowsEnd, key, block] = locals.some(4, I32) as [Local, Local, Local, Local]
  const [from, to, end] = locals.some(3, I32) as [Local, Local, Local]
  const vector = locals.one(V128)
  const zeros = v128.constant(Array(VECTOR_BYTES).fill(0))
  const eachRow = (step: Code) =>
    seq(
      set(row, i32.constant(rowsAt)),
      repeatWhile(
        seq(step, moved(row, rowBytes), moved(key, KEY_BYTES)),
        i32.isBelow(get(row), get(rowsEnd)),
      ),
    )
  /** A text behind what is digested before it, padded. Whole vectors are copied: the mark comes with zeros over what is too much. */
  const writeBlock = (prefix: string, nameAt: number) => {
    const textBytes = i32.sub(get(end), get(block))
    return seq(
      set(from, i32.load(get(row), nameAt)),
      set(end, i32.sub(i32.load(get(row), nameAt + 4), get(from))),
      failIf(i32.isAbove(get(end), i32.constant(TEXT_BYTES_MAX - prefix.length))),
      ...[1, 2, 3].map((quarter) => v128.store(get(block), zeros, quarter * VECTOR_BYTES)),
      v128.store(get(block), v128.constant(paddedBytes(prefix))),
      set(to, i32.add(get(block), i32.constant(prefix.length))),
      set(end, i32.add(get(to), get(end))),
      repeatWhile(
        seq(v128.store(get(to), v128.load(get(from))), moved(from, VECTOR_BYTES), moved(to, VECTOR_BYTES)),
        i32.isBelow(get(to), get(end)),
      ),
      v128.store(get(end), v128.constant(paddedBytes(String.fromCharCode(MARK)))),
      i32.store8(get(block), i32.shiftRight(textBytes, i32.constant(5)), BLOCK_BYTES - 2),
      i32.store8(get(block), i32.shiftLeft(textBytes, i32.constant(3)), BLOCK_BYTES - 1),
    )
  }
  const differsFromBefore = v128.anyTrue(
    [0, 1, 2, 3]
      .map((quarter) => quarter * VECTOR_BYTES)
      .map((at) =>
        v128.xor(v128.load(get(block), at), v128.load(i32.sub(get(block), i32.constant(BLOCK_BYTES)), at)),
      )
      .reduce((some, others) => v128.or(some, others)),
  )
  const body = seq(
    set(rowsEnd, i32.add(i32.constant(rowsAt), i32.mul(places.count, i32.constant(rowBytes)))),
    ...Array.from({ length: KEYS_MAX }, (_, i) => v128.store(i32.constant(keysAt + i * KEY_BYTES), zeros)),
    // Until there are digests, a key's first word says where its block ends, if it has one.
    set(block, i32.constant(blocksAt)),
    set(key, i32.constant(keysAt)),
    eachRow(
      when(
        i32.load(get(row), places.groupAt),
        seq(
          writeBlock(KEY_PREFIX.group, places.groupAt),
          // A request often has messages of one group alone.
          when(differsFromBefore, moved(block, BLOCK_BYTES)),
          i32.store(get(key), get(block)),
        ),
      ),
    ),
    set(key, i32.constant(keysAt + BATCH_ENTRIES_MAX * KEY_BYTES)),
    eachRow(
      when(
        i32.load(get(row), places.deduplicationAt),
        seq(
          writeBlock(KEY_PREFIX.deduplication, places.deduplicationAt),
          moved(block, BLOCK_BYTES),
          i32.store(get(key), get(block)),
        ),
      ),
    ),
    set(end, get(block)),
    set(block, i32.constant(blocksAt)),
    set(to, i32.constant(headsAt)),
    repeatWhile(
      seq(
        call(places.headsOfFour, get(block), get(to)),
        moved(block, LANES * BLOCK_BYTES),
        moved(to, LANES * HEAD_BYTES),
      ),
      i32.isBelow(get(block), get(end)),
    ),
    set(key, i32.constant(keysAt)),
    repeatWhile(
      seq(
        set(block, i32.load(get(key))),
        when(get(block), seq(set(vector, v128.load(headOf(get(block)))), v128.store(get(key), get(vector)))),
        moved(key, KEY_BYTES),
      ),
      i32.isBelow(get(key), i32.constant(keysAt + KEYS_MAX * KEY_BYTES)),
    ),
    i32.constant(1),
  )
  /** The digest of the block that ends there. Digests are as much smaller than blocks as bytes are than words. */
  function headOf(blockEnd: Code): Code {
    const blockBytes = i32.sub(blockEnd, i32.constant(blocksAt + BLOCK_BYTES))
    return i32.add(i32.constant(headsAt), i32.shiftRight(blockBytes, i32.constant(WORD_BITS)))
  }
  return { name, parameters: 0, returns: true, locals: locals.types, body }
}

function paddedBytes(text: string): readonly number[] {
  return Array.from({ length: VECTOR_BYTES }, (_, i) => text.charCodeAt(i) || 0)
}

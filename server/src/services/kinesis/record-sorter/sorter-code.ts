import { copyShort } from '../../../base/literal-code.ts'
import { moved } from '../../../base/plain-json-code.ts'
import {
  type Code,
  call,
  either,
  fill,
  get,
  giveBack,
  I32,
  i32,
  i32x4,
  type Local,
  repeatWhile,
  seq,
  set,
  V128,
  v128,
  when,
} from '../../../base/wasm-code.ts'
import { Locals, type WasmFunction } from '../../../base/wasm-module.ts'
import {
  BLOCK_BYTES,
  LANE_WORDS_BYTES,
  LENGTH_AT,
  md5HeadsOfEight,
  ONE_BLOCK_BYTES_MAX,
  PADDING_MARK,
  SPREAD_CONSTANTS_BYTES,
} from '../../../digests/md5-code.ts'
import { GATHERED_RECORDS_MAX, SHARDS_MAX } from '../limits.ts'

const LANES = 8
/** With lanes that are left over. */
export const ROOM = Math.ceil(GATHERED_RECORDS_MAX / LANES) * LANES
/** Requests with more bytes of records are not sorted here: they are not many. */
export const BYTES_MAX = 1024 * 1024
/** The position of a shard that the highest word of a hash key doesn't tell. */
export const UNSURE = -1

const WORD_BYTES = 4
const VECTOR_BYTES = 16
const VECTORS = BLOCK_BYTES / VECTOR_BYTES
const MORE_FOLLOW = 128
const VARINT_BITS = 7

/** What lies in the sorter's memory, one behind the other, and its bytes; a word or more for each record, shard or group. */
const SIZES = {
  /** Of MD5. */
  constants: SPREAD_CONSTANTS_BYTES,
  words: LANE_WORDS_BYTES,
  /** As many bytes of ones as a block has, then zeros: a key's block begins where as many ones are left as the key has bytes. */
  ones: 2 * BLOCK_BYTES,
  /** Likewise, zeros, then what MD5 writes behind a text, then zeros. */
  marks: 2 * BLOCK_BYTES,
  /** Of each shard the highest word of its first hash key. */
  starts: SHARDS_MAX * WORD_BYTES,
  /** The shards' numbers. */
  numbers: SHARDS_MAX * WORD_BYTES,
  /** For each shard, where its next record goes. */
  next: SHARDS_MAX * WORD_BYTES,
  /** Partition keys, each unlike the one before it, and the highest words of their hash keys. */
  blocks: ROOM * BLOCK_BYTES,
  highest: ROOM * WORD_BYTES,
  /** Of each record: which of the keys is its own, the position of its shard, where it begins, its bytes, those of its key and data. */
  keys: ROOM * WORD_BYTES,
  positions: ROOM * WORD_BYTES,
  from: ROOM * WORD_BYTES,
  bytes: ROOM * WORD_BYTES,
  payloads: ROOM * WORD_BYTES,
  /** For each record in the order of the shards, the place in which it came. */
  places: ROOM * WORD_BYTES,
  /** Of each group: the position of its shard, its shard's number, its records, their bytes, and those of keys and data. */
  groupPositions: ROOM * WORD_BYTES,
  groupShards: ROOM * WORD_BYTES,
  groupCounts: ROOM * WORD_BYTES,
  groupBytes: ROOM * WORD_BYTES,
  groupPayloads: ROOM * WORD_BYTES,
  // A key is read as a whole block, and a record as whole vectors, be it the last one.
  records: BYTES_MAX + BLOCK_BYTES,
  sorted: BYTES_MAX + VECTOR_BYTES,
}

type Part = keyof typeof SIZES

/** Where each part begins. */
export const AT = {} as Record<Part, number>
export let MEMORY_BYTES = 0
for (const part of Object.keys(SIZES) as Part[]) {
  AT[part] = MEMORY_BYTES
  MEMORY_BYTES += SIZES[part]
}

const zero = i32.constant(0)
const one = i32.constant(1)
const wordsOf = (number: Code): Code => i32.shiftLeft(number, i32.constant(2))
const grown = (local: Local, by: Code): Code => set(local, i32.add(get(local), by))

/** What is read by `ones` and `marks`. */
export function fillMasks(memory: Uint8Array): void {
  memory.fill(0xff, AT.ones, AT.ones + BLOCK_BYTES)
  memory[AT.marks + BLOCK_BYTES] = PADDING_MARK
}

/**
 * `measure(at, end)`: goes through stored records, notes where each lies, and makes a block of each partition key that is unlike the one before it. Says how
 * many those are; 0 where there is a key that is longer than one block.
 */
function measure(): WasmFunction {
  const [at, end] = [0, 1]
  const locals = new Locals(2)
  const [record, keys, block, first] = locals.some(4, I32) as [Local, Local, Local, Local]
  const [keyBytes, dataBytes, byte, shift] = locals.some(4, I32) as [Local, Local, Local, Local]
  const key = locals.some(VECTORS, V128)
  const before = locals.some(VECTORS, V128)
  const takeDataBytes = seq(
    set(dataBytes, zero),
    set(shift, zero),
    repeatWhile(
      seq(
        set(byte, i32.load8(get(at))),
        moved(at, 1),
        set(
          dataBytes,
          i32.or(
            get(dataBytes),
            i32.shiftLeft(i32.and(get(byte), i32.constant(MORE_FOLLOW - 1)), get(shift)),
          ),
        ),
        moved(shift, VARINT_BITS),
      ),
      i32.and(get(byte), i32.constant(MORE_FOLLOW)),
    ),
  )
  const masks = i32.sub(i32.constant(BLOCK_BYTES), get(keyBytes))
  const lengthVector = Math.floor(LENGTH_AT / VECTOR_BYTES)
  const lengthLane = (LENGTH_AT % VECTOR_BYTES) / WORD_BYTES
  const bits = i32.shiftLeft(get(keyBytes), i32.constant(3))
  const takeKey = seq(
    ...key.map((vector, i) => {
      const offset = i * VECTOR_BYTES
      const text = v128.and(v128.load(get(at), offset), v128.load(masks, AT.ones + offset))
      const padded = v128.or(text, v128.load(masks, AT.marks + offset))
      return set(vector, i === lengthVector ? i32x4.replace(padded, lengthLane, bits) : padded)
    }),
  )
  const differences = key.map((vector, i) => v128.xor(get(vector), get(before[i]!)))
  const addKey = seq(
    ...key.map((vector, i) =>
      seq(v128.store(get(block), get(vector), i * VECTOR_BYTES), set(before[i]!, get(vector))),
    ),
    moved(block, BLOCK_BYTES),
    moved(keys, 1),
  )
  const body = seq(
    set(block, i32.constant(AT.blocks)),
    repeatWhile(
      seq(
        set(first, get(at)),
        set(keyBytes, i32.load8(get(at))),
        when(i32.isAbove(get(keyBytes), i32.constant(ONE_BLOCK_BYTES_MAX)), giveBack(zero)),
        moved(at, 1),
        takeDataBytes,
        takeKey,
        // No key is like what was there before the first one: its block has what MD5 adds.
        when(v128.anyTrue(differences.reduce((any, one) => v128.or(any, one))), addKey),
        grown(at, i32.add(get(keyBytes), get(dataBytes))),
        i32.store(get(record), i32.sub(get(keys), one), AT.keys),
        i32.store(get(record), get(first), AT.from),
        i32.store(get(record), i32.sub(get(at), get(first)), AT.bytes),
        i32.store(get(record), i32.add(get(keyBytes), get(dataBytes)), AT.payloads),
        moved(record, WORD_BYTES),
      ),
      i32.isBelow(get(at), get(end)),
    ),
    get(keys),
  )
  return { name: 'measure', parameters: 2, returns: true, locals: locals.types, body }
}

const HEADS_OF_EIGHT = 0

/**
 * `find(count, keys, shards)`: finds the position of each record's shard, as far as the highest word of its key's digest tells it. Says whether it tells all: where a
 * shard begins with the same word, it doesn't.
 */
function find(): WasmFunction {
  const [count, keys, shards] = [0, 1, 2]
  const locals = new Locals(3)
  const [block, to, record, end] = locals.some(4, I32) as [Local, Local, Local, Local]
  const [key, before, highest, position] = locals.some(4, I32) as [Local, Local, Local, Local]
  const [above, middle, start, isSure] = locals.some(4, I32) as [Local, Local, Local, Local]
  const startOf = (at: Local, offset = 0) => i32.load(wordsOf(get(at)), AT.starts + offset)
  const isFrom = (at: Local) => i32.isZero(i32.isAbove(startOf(at), get(highest)))
  // Where all shards are of one size, as those of new streams are, it's mostly this one.
  const guess = seq(
    set(
      position,
      i32.shiftRight(i32.mul(i32.shiftRight(get(highest), i32.constant(16)), get(shards)), i32.constant(16)),
    ),
    set(above, i32.add(get(position), one)),
  )
  const isFound = i32.and(
    isFrom(position),
    i32.or(i32.equal(get(above), get(shards)), i32.isZero(isFrom(above))),
  )
  const search = seq(
    set(position, zero),
    set(above, get(shards)),
    // It's at `position` or behind it, and before `above`.
    repeatWhile(
      seq(
        set(middle, i32.shiftRight(i32.add(get(position), get(above)), one)),
        either(isFrom(middle), set(position, get(middle)), set(above, get(middle))),
      ),
      i32.isAbove(i32.sub(get(above), get(position)), one),
    ),
  )
  const body = seq(
    set(block, i32.constant(AT.blocks)),
    set(to, i32.constant(AT.highest)),
    set(end, i32.add(get(to), wordsOf(get(keys)))),
    // Lanes that are left over do what was there before.
    repeatWhile(
      seq(
        call(HEADS_OF_EIGHT, get(block), get(to)),
        moved(block, LANES * BLOCK_BYTES),
        moved(to, LANES * WORD_BYTES),
      ),
      i32.isBelow(get(to), get(end)),
    ),
    set(isSure, one),
    set(before, i32.constant(-1)),
    set(end, wordsOf(get(count))),
    repeatWhile(
      seq(
        set(key, i32.load(get(record), AT.keys)),
        when(
          i32.notEqual(get(key), get(before)),
          seq(
            set(before, get(key)),
            set(highest, i32.load(wordsOf(get(key)), AT.highest)),
            guess,
            when(i32.isZero(isFound), search),
            set(start, startOf(position)),
            when(
              i32.equal(get(start), get(highest)),
              seq(set(position, i32.constant(UNSURE)), set(isSure, zero)),
            ),
          ),
        ),
        i32.store(get(record), get(position), AT.positions),
        moved(record, WORD_BYTES),
      ),
      i32.isBelow(get(record), get(end)),
    ),
    get(isSure),
  )
  return { name: 'find', parameters: 3, returns: true, locals: locals.types, body }
}

/**
 * `order(count, shards)`: writes the records' places in the order of their shards' positions, those of a shard as they came. Says whether any of
 * them is not where it was.
 */
function order(): WasmFunction {
  const [count, shards] = [0, 1]
  const locals = new Locals(2)
  const [record, end, next, place] = locals.some(4, I32) as [Local, Local, Local, Local]
  const [sum, taken, to, isMoved] = locals.some(4, I32) as [Local, Local, Local, Local]
  const nextOfRecord = set(next, wordsOf(i32.load(get(record), AT.positions)))
  const body = seq(
    set(end, wordsOf(get(count))),
    fill(i32.constant(AT.next), zero, wordsOf(get(shards))),
    repeatWhile(
      seq(
        nextOfRecord,
        i32.store(get(next), i32.add(i32.load(get(next), AT.next), one), AT.next),
        moved(record, WORD_BYTES),
      ),
      i32.isBelow(get(record), get(end)),
    ),
    set(next, zero),
    repeatWhile(
      seq(
        set(taken, i32.load(get(next), AT.next)),
        i32.store(get(next), get(sum), AT.next),
        grown(sum, get(taken)),
        moved(next, WORD_BYTES),
      ),
      i32.isBelow(get(next), wordsOf(get(shards))),
    ),
    set(record, zero),
    repeatWhile(
      seq(
        nextOfRecord,
        set(to, i32.load(get(next), AT.next)),
        i32.store(get(next), i32.add(get(to), one), AT.next),
        i32.store(wordsOf(get(to)), get(place), AT.places),
        set(isMoved, i32.or(get(isMoved), i32.xor(get(to), get(place)))),
        moved(place, 1),
        moved(record, WORD_BYTES),
      ),
      i32.isBelow(get(record), get(end)),
    ),
    get(isMoved),
  )
  return { name: 'order', parameters: 2, returns: true, locals: locals.types, body }
}

/** `group(count, isSplit)`: notes the groups of records in the order that `order` wrote, and says how many they are. With `isSplit` each record is one. */
function group(): WasmFunction {
  const [count, isSplit] = [0, 1]
  const locals = new Locals(2)
  const [at, end, record, to] = locals.some(4, I32) as [Local, Local, Local, Local]
  const [position, records, bytes, payload] = locals.some(4, I32) as [Local, Local, Local, Local]
  const atRecord = set(record, wordsOf(i32.load(get(at), AT.places)))
  const isSame = i32.equal(i32.load(get(record), AT.positions), get(position))
  const body = seq(
    set(end, wordsOf(get(count))),
    atRecord,
    repeatWhile(
      seq(
        set(position, i32.load(get(record), AT.positions)),
        set(records, zero),
        set(bytes, zero),
        set(payload, zero),
        repeatWhile(
          seq(
            moved(records, 1),
            grown(bytes, i32.load(get(record), AT.bytes)),
            grown(payload, i32.load(get(record), AT.payloads)),
            moved(at, WORD_BYTES),
            // Behind the last one there is room for another, whatever it says.
            atRecord,
          ),
          i32.and(i32.and(isSame, i32.isBelow(get(at), get(end))), i32.isZero(get(isSplit))),
        ),
        i32.store(get(to), get(position), AT.groupPositions),
        i32.store(get(to), i32.load(wordsOf(get(position)), AT.numbers), AT.groupShards),
        i32.store(get(to), get(records), AT.groupCounts),
        i32.store(get(to), get(bytes), AT.groupBytes),
        i32.store(get(to), get(payload), AT.groupPayloads),
        moved(to, WORD_BYTES),
      ),
      i32.isBelow(get(at), get(end)),
    ),
    i32.shiftRight(get(to), i32.constant(2)),
  )
  return { name: 'group', parameters: 2, returns: true, locals: locals.types, body }
}

/** `gather(count)`: copies the records to `sorted`, in the order that `order` wrote. */
function gather(): WasmFunction {
  const count = 0
  const locals = new Locals(1)
  const [at, end, record, from] = locals.some(4, I32) as [Local, Local, Local, Local]
  const [to, recordEnd] = locals.some(2, I32) as [Local, Local]
  const block = locals.one(V128)
  const body = seq(
    set(end, wordsOf(get(count))),
    set(to, i32.constant(AT.sorted)),
    repeatWhile(
      seq(
        set(record, wordsOf(i32.load(get(at), AT.places))),
        set(from, i32.load(get(record), AT.from)),
        set(recordEnd, i32.add(get(to), i32.load(get(record), AT.bytes))),
        copyShort(from, to, recordEnd, block),
        moved(at, WORD_BYTES),
      ),
      i32.isBelow(get(at), get(end)),
    ),
  )
  return { name: 'gather', parameters: 1, returns: false, locals: locals.types, body }
}

/** The functions, in the order in which they call each other. */
export function sorterFunctions() {
  return [
    {
      ...md5HeadsOfEight('md5HeadsOfEight', { constantsAt: AT.constants, wordsAt: AT.words }),
      name: 'md5HeadsOfEight' as const,
    },
    { ...measure(), name: 'measure' as const },
    { ...find(), name: 'find' as const },
    { ...order(), name: 'order' as const },
    { ...group(), name: 'group' as const },
    { ...gather(), name: 'gather' as const },
  ]
}

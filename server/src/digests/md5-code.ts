import {
  type Code,
  call,
  copy,
  fill,
  get,
  I32,
  i32,
  i32x4,
  type Local,
  repeatWhile,
  seq,
  set,
  tee,
  V128,
  v128,
  when,
} from '../base/wasm-code.ts'
import { Locals, type WasmFunction } from '../base/wasm-module.ts'

/** Rotations of the four steps that each quarter of the 64 repeats. */
const ROTATIONS = [
  [7, 12, 17, 22],
  [5, 9, 14, 20],
  [4, 11, 16, 23],
  [6, 10, 15, 21],
] as const
const INITIAL = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476] as const
export const BLOCK_BYTES = 64
const STEPS = 64
const VECTOR_BYTES = 16

/** What an entry of the table says of a text, in words of four bytes. */
export const ENTRY = { textAt: 0, textBytes: 4, digestAt: 8 } as const
export const ENTRY_BYTES = 12
/** How many bytes behind a text are written to, at most. */
export const PADDING_BYTES_MAX = BLOCK_BYTES + 8
/** Of a block of each of eight texts. */
export const LANE_WORDS_BYTES = 8 * BLOCK_BYTES

/** `floor(2^32 * abs(sin(step + 1)))`, of every step. */
const constants = Array.from({ length: STEPS }, (_, step) =>
  Math.floor(2 ** 32 * Math.abs(Math.sin(step + 1))),
)

/** The constants, each four times over. */
export const SPREAD_CONSTANTS = Uint32Array.from(constants.flatMap((value) => [value, value, value, value]))
export const SPREAD_CONSTANTS_BYTES = STEPS * VECTOR_BYTES

/** What the rounds are computed with: numbers, or vectors that have a lane for each of four texts. */
interface Arithmetic {
  readonly add: (a: Code, b: Code) => Code
  readonly and: (a: Code, b: Code) => Code
  readonly or: (a: Code, b: Code) => Code
  readonly xor: (a: Code, b: Code) => Code
  readonly not: (a: Code) => Code
  /** May leave the value in `spare` meanwhile. */
  readonly rotateLeft: (value: Code, bits: number, spare: Local) => Code
}

const NUMBERS: Arithmetic = {
  ...{ add: i32.add, and: i32.and, or: i32.or, xor: i32.xor },
  not: (a) => i32.xor(a, i32.constant(-1)),
  rotateLeft: (value, bits) => i32.rotateLeft(value, i32.constant(bits)),
}

const VECTORS: Arithmetic = {
  ...{ add: i32x4.add, and: v128.and, or: v128.or, xor: v128.xor, not: v128.not },
  rotateLeft: (value, bits, spare) =>
    v128.or(i32x4.shiftLeft(tee(spare, value), bits), i32x4.shiftRight(get(spare), 32 - bits)),
}

/** The working values of one text, or of four. */
interface Work {
  readonly state: readonly Local[]
  readonly values: readonly Local[]
  readonly spare: Local
  /** The block's word of that number. */
  readonly word: (position: number) => Code
  /** The constant of that step. */
  readonly constant: (step: number) => Code
}

/**
 * The steps of one block. Those of several works are interleaved: each step needs the one before it, and the processor has room for
 * more than one.
 */
function compress(arithmetic: Arithmetic, works: readonly Work[]): Code {
  const begin = works.flatMap(({ state, values }) => values.map((value, i) => set(value, get(state[i]!))))
  const steps = Array.from({ length: STEPS }, (_, step) =>
    seq(...works.map((work) => stepOf(arithmetic, work, step))),
  )
  return seq(...begin, ...steps)
}

/** https://www.rfc-editor.org/rfc/rfc1321 */
function stepOf(arithmetic: Arithmetic, { values, spare, word, constant }: Work, step: number): Code {
  const { add, and, or, xor, not, rotateLeft } = arithmetic
  // Instead of moving four values on with each step, they take turns.
  const at = (position: number) => values[(position + STEPS - step) % 4]!
  const [a, b, c, d] = [at(0), at(1), at(2), at(3)]
  const quarter = step >> 4
  const mixed =
    quarter === 0
      ? xor(get(d), and(get(b), xor(get(c), get(d))))
      : quarter === 1
        ? xor(get(c), and(get(d), xor(get(b), get(c))))
        : quarter === 2
          ? xor(get(b), xor(get(c), get(d)))
          : xor(get(c), or(get(b), not(get(d))))
  const position = [step, 5 * step + 1, 3 * step + 5, 7 * step][quarter]! % 16
  const sum = add(add(get(a), add(word(position), constant(step))), mixed)
  return set(a, add(get(b), rotateLeft(sum, ROTATIONS[quarter]![step % 4]!, spare)))
}

/** Writes what MD5 adds to a text behind it. Leaves the number of blocks in `blocks`. */
function pad(entry: Code, blocks: Local, end: Local, address: Local): Code {
  const textBytes = i32.load(entry, ENTRY.textBytes)
  const paddedBytes = i32.shiftLeft(get(blocks), i32.constant(6))
  return seq(
    set(
      blocks,
      i32.add(i32.shiftRight(i32.add(textBytes, i32.constant(8)), i32.constant(6)), i32.constant(1)),
    ),
    set(address, i32.add(i32.load(entry, ENTRY.textAt), textBytes)),
    set(end, i32.add(i32.load(entry, ENTRY.textAt), paddedBytes)),
    fill(get(address), i32.constant(0), i32.sub(get(end), get(address))),
    i32.store8(get(address), i32.constant(PADDING_MARK)),
    i32.store(i32.sub(get(end), i32.constant(8)), i32.shiftLeft(textBytes, i32.constant(3))),
    i32.store(i32.sub(get(end), i32.constant(4)), i32.shiftRight(textBytes, i32.constant(29))),
  )
}

/** `name(entry)`: the digest of one text, whose entry lies there. */
export function md5OfOne(name: string): WasmFunction {
  const locals = new Locals(1)
  const entry = get(0)
  const [blocks, at, end] = locals.some(3, I32) as [Local, Local, Local]
  const work: Work = {
    state: locals.some(4, I32),
    values: locals.some(4, I32),
    spare: locals.one(I32),
    word: (position) => i32.load(get(at), 4 * position),
    constant: (step) => i32.constant(constants[step]!),
  }
  const { state, values } = work
  const body = seq(
    pad(entry, blocks, end, at),
    set(at, i32.load(entry, ENTRY.textAt)),
    ...state.map((value, i) => set(value, i32.constant(INITIAL[i]!))),
    repeatWhile(
      seq(
        compress(NUMBERS, [work]),
        ...state.map((value, i) => set(value, i32.add(get(value), get(values[i]!)))),
        set(at, i32.add(get(at), i32.constant(BLOCK_BYTES))),
      ),
      i32.notEqual(get(at), get(end)),
    ),
    ...state.map((value, i) => i32.store(i32.load(entry, ENTRY.digestAt), get(value), 4 * i)),
  )
  return { name, parameters: 1, returns: false, locals: locals.types, body }
}

/**
 * `name(entry)`: the digests of eight texts, whose entries lie one behind the other. Four of them have a lane each in the same
 * vectors, and all take about as long together as two of the longest would one after the other. `constantsAt` is where
 * `SPREAD_CONSTANTS` lie, and `wordsAt` where there is room for `LANE_WORDS_BYTES`.
 */
export function md5OfEight(
  name: string,
  { constantsAt, wordsAt }: { readonly constantsAt: number; readonly wordsAt: number },
): WasmFunction {
  const locals = new Locals(1)
  const [end, anyLeft] = locals.some(2, I32) as [Local, Local]
  const rows = locals.some(4, V128)
  const halves = locals.some(4, V128)
  const isLeft = locals.one(V128)
  const groups = [0, 1].map((group) => {
    const groupWordsAt = wordsAt + (group * LANE_WORDS_BYTES) / 2
    const lanes = [0, 1, 2, 3].map((lane) => ({
      entry: i32.add(get(0), i32.constant((4 * group + lane) * ENTRY_BYTES)),
      at: locals.one(I32),
      blocksLeft: locals.one(I32),
    }))
    const work: Work = {
      state: locals.some(4, V128),
      values: locals.some(4, V128),
      spare: locals.one(V128),
      word: (position) => v128.load(i32.constant(0), groupWordsAt + position * VECTOR_BYTES),
      constant: (step) => v128.load(i32.constant(0), constantsAt + step * VECTOR_BYTES),
    }
    const turn = transpose(
      lanes.map(({ at }) => at),
      groupWordsAt,
      rows,
      halves,
    )
    return { work, lanes, turn }
  })
  const lanes = groups.flatMap((group) => group.lanes)
  const works = groups.map(({ work }) => work)
  const zeros = i32x4.splat(i32.constant(0))

  const body = seq(
    ...lanes.map(({ entry, at, blocksLeft }) =>
      seq(pad(entry, blocksLeft, end, at), set(at, i32.load(entry, ENTRY.textAt))),
    ),
    ...works.flatMap(({ state }) =>
      state.map((value, i) => set(value, i32x4.splat(i32.constant(INITIAL[i]!)))),
    ),
    repeatWhile(
      seq(
        ...groups.map(({ turn }) => turn),
        compress(VECTORS, works),
        ...groups.map(({ work: { state, values }, lanes: four }) =>
          seq(
            set(
              isLeft,
              four.reduce<Code>(
                (left, { blocksLeft }, lane) => i32x4.replace(left, lane, get(blocksLeft)),
                zeros,
              ),
            ),
            set(isLeft, i32x4.isBelow(zeros, get(isLeft))),
            // A text that has ended keeps its digest while longer ones go on.
            ...state.map((value, i) =>
              set(value, i32x4.add(get(value), v128.and(get(values[i]!), get(isLeft)))),
            ),
          ),
        ),
        set(anyLeft, i32.constant(0)),
        ...lanes.map(({ at, blocksLeft }) =>
          seq(
            set(blocksLeft, i32.sub(get(blocksLeft), i32.isBelow(i32.constant(0), get(blocksLeft)))),
            // Its last block is where it stays.
            set(
              at,
              i32.add(get(at), i32.shiftLeft(i32.isBelow(i32.constant(0), get(blocksLeft)), i32.constant(6))),
            ),
            set(anyLeft, i32.or(get(anyLeft), get(blocksLeft))),
          ),
        ),
      ),
      get(anyLeft),
    ),
    ...groups.flatMap(({ work: { state }, lanes: four }) =>
      four.flatMap(({ entry }, lane) =>
        state.map((value, i) =>
          i32.store(i32.load(entry, ENTRY.digestAt), i32x4.extract(get(value), lane), 4 * i),
        ),
      ),
    ),
  )
  return { name, parameters: 1, returns: false, locals: locals.types, body }
}

/** A text that is no longer is one block, with what MD5 adds to it. */
export const ONE_BLOCK_BYTES_MAX = BLOCK_BYTES - 9
/** What MD5 writes behind a text. */
export const PADDING_MARK = 0x80
/** Where in the last block the text's length in bits stands. */
export const LENGTH_AT = BLOCK_BYTES - 8

/**
 * `name(blocks, to)`: of the digests of eight texts, each of which is one block and padded already, the first words, written as numbers whose highest
 * byte is the digest's first. `constantsAt` and `wordsAt` as `md5OfEight` has them.
 */
export function md5HeadsOfEight(
  name: string,
  { constantsAt, wordsAt }: { readonly constantsAt: number; readonly wordsAt: number },
): WasmFunction {
  const [blocks, to] = [0, 1]
  const locals = new Locals(2)
  const rows = locals.some(4, V128)
  const halves = locals.some(4, V128)
  const lanes = locals.some(4, I32)
  const works = [0, 1].map((group) => ({
    state: locals.some(4, V128),
    values: locals.some(4, V128),
    spare: locals.one(V128),
    word: (position: number) =>
      v128.load(i32.constant(0), wordsAt + (group * LANE_WORDS_BYTES) / 2 + position * VECTOR_BYTES),
    constant: (step: number) => v128.load(i32.constant(0), constantsAt + step * VECTOR_BYTES),
  }))
  const highestFirst = [0, 1, 2, 3].flatMap((word) => [3, 2, 1, 0].map((byte) => 4 * word + byte))
  const body = seq(
    ...works.flatMap((_, group) => [
      ...lanes.map((lane, i) => set(lane, i32.add(get(blocks), i32.constant((4 * group + i) * BLOCK_BYTES)))),
      transpose(lanes, wordsAt + (group * LANE_WORDS_BYTES) / 2, rows, halves),
    ]),
    ...works.flatMap(({ state }) =>
      state.map((value, i) => set(value, i32x4.splat(i32.constant(INITIAL[i]!)))),
    ),
    compress(VECTORS, works),
    ...works.map(({ state, values, spare }, group) =>
      seq(
        set(spare, i32x4.add(get(state[0]!), get(values[0]!))),
        v128.store(get(to), v128.shuffle(get(spare), get(spare), highestFirst), group * VECTOR_BYTES),
      ),
    ),
  )
  return { name, parameters: 2, returns: false, locals: locals.types, body }
}

const LANES = 8
/** Fewer have their digests one by one, which is as fast then. */
const LANES_USED_MIN = 3

/**
 * `name(texts)`: the digests of so many texts, whose entries lie one behind the other from `entriesAt` on, with room for those of `LANES` more.
 * `one` and `eight` are the places of the functions that do one and eight.
 */
export function md5OfSome(
  name: string,
  { entriesAt, one, eight }: { readonly entriesAt: number; readonly one: number; readonly eight: number },
): WasmFunction {
  const texts = 0
  const locals = new Locals(1)
  const [next, done] = locals.some(2, I32) as [Local, Local]
  const entry = (number: Code) => i32.add(i32.mul(number, i32.constant(ENTRY_BYTES)), i32.constant(entriesAt))
  const lanesEnd = i32.add(get(done), i32.constant(LANES))
  const last = i32.sub(get(texts), i32.constant(1))
  const isWorthLanes = i32.isBelow(i32.add(get(done), i32.constant(LANES_USED_MIN - 1)), get(texts))
  const isLeft = i32.isBelow(get(done), get(texts))
  const body = seq(
    when(
      isWorthLanes,
      repeatWhile(
        seq(
          // Lanes that are left over do the last text again.
          set(next, get(texts)),
          when(
            i32.isBelow(get(next), lanesEnd),
            repeatWhile(
              seq(
                copy(entry(get(next)), entry(last), i32.constant(ENTRY_BYTES)),
                set(next, i32.add(get(next), i32.constant(1))),
              ),
              i32.isBelow(get(next), lanesEnd),
            ),
          ),
          call(eight, entry(get(done))),
          set(done, lanesEnd),
        ),
        isWorthLanes,
      ),
    ),
    when(
      isLeft,
      repeatWhile(seq(call(one, entry(get(done))), set(done, i32.add(get(done), i32.constant(1)))), isLeft),
    ),
  )
  return { name, parameters: 1, returns: false, locals: locals.types, body }
}

/** Puts the words of four blocks side by side: the first words of all, then the second ones. */
function transpose(
  blocks: readonly Local[],
  to: number,
  rows: readonly Local[],
  halves: readonly Local[],
): Code {
  const quarters = [0, 1, 2, 3].map((quarter) => {
    const [first, second, third, fourth] = rows.map(get) as [Code, Code, Code, Code]
    const [lowA, highA, lowB, highB] = halves.map(get) as [Code, Code, Code, Code]
    const results = [
      v128.shuffle(lowA, lowB, words(0, 1, 4, 5)),
      v128.shuffle(lowA, lowB, words(2, 3, 6, 7)),
      v128.shuffle(highA, highB, words(0, 1, 4, 5)),
      v128.shuffle(highA, highB, words(2, 3, 6, 7)),
    ]
    return seq(
      ...blocks.map((block, i) => set(rows[i]!, v128.load(get(block), quarter * VECTOR_BYTES))),
      set(halves[0]!, v128.shuffle(first, second, words(0, 4, 1, 5))),
      set(halves[1]!, v128.shuffle(first, second, words(2, 6, 3, 7))),
      set(halves[2]!, v128.shuffle(third, fourth, words(0, 4, 1, 5))),
      set(halves[3]!, v128.shuffle(third, fourth, words(2, 6, 3, 7))),
      ...results.map((result, i) =>
        v128.store(i32.constant(0), result, to + (quarter * 4 + i) * VECTOR_BYTES),
      ),
    )
  })
  return seq(...quarters)
}

/** Byte positions of four words out of eight. */
function words(...positions: readonly number[]): readonly number[] {
  return positions.flatMap((word) => [0, 1, 2, 3].map((byte) => 4 * word + byte))
}

import { type Code, get, i32, i32x4, type Local, seq, set, V128, v128 } from '../base/wasm-code.ts'
import { Locals, type WasmFunction } from '../base/wasm-module.ts'

export const BLOCK_BYTES = 64
/** How much of a digest is written: half of it. */
export const HEAD_BYTES = 16
export const LANES = 4
const STEPS = 64
const VECTOR_BYTES = 16
const BLOCK_WORDS = 16
const STATE_WORDS = 8

const PRIMES = primes(STEPS)

/** The constants of all steps, each four times over: the first 32 bits of the fractions of the primes' cube roots. */
export const SPREAD_CONSTANTS = Uint32Array.from(
  PRIMES.map((prime) => fractionBits(prime, 3)).flatMap((value) => [value, value, value, value]),
)
/** The same of the first primes' square roots. */
const INITIAL = PRIMES.slice(0, STATE_WORDS).map((prime) => fractionBits(prime, 2))

/**
 * `name(from, to)`: the first halves of the SHA-256 of four texts of one block each, which lie padded one behind the other, as do the
 * halves. Each text has a lane in the same vectors. `constantsAt` is where `SPREAD_CONSTANTS` lie.
 *
 * https://csrc.nist.gov/pubs/fips/180-4/upd1/final
 */
export function sha256HeadsOfFour(
  name: string,
  { constantsAt }: { readonly constantsAt: number },
): WasmFunction {
  const locals = new Locals(2)
  const [from, to] = [get(0), get(1)]
  const words = locals.some(BLOCK_WORDS, V128)
  const state = locals.some(STATE_WORDS, V128)
  const rows = locals.some(LANES, V128)
  const [spare, sum, either, eitherBefore] = locals.some(4, V128) as [Local, Local, Local, Local]
  const constant = (step: number) => v128.load(i32.constant(0), constantsAt + step * VECTOR_BYTES)
  const initial = (i: number) => i32x4.splat(i32.constant(INITIAL[i]!))

  const loadWords = [0, 1, 2, 3].map((quarter) =>
    seq(
      ...rows.map((row, lane) =>
        set(row, reversedBytes(v128.load(from, lane * BLOCK_BYTES + quarter * VECTOR_BYTES))),
      ),
      transpose(rows, words.slice(quarter * 4, quarter * 4 + 4), spare, sum),
    ),
  )
  const steps = Array.from({ length: STEPS }, (_, step) => {
    // Instead of moving eight values on with each step, they take turns.
    const value = (position: number) => state[(position + STEPS - step) % STATE_WORDS]!
    const [a, b, , d, e, f, g, h] = Array.from({ length: STATE_WORDS }, (_, i) => value(i)) as Eight
    const word = (position: number) => words[position % BLOCK_WORDS]!
    return seq(
      step < BLOCK_WORDS
        ? []
        : set(
            word(step),
            i32x4.add(
              i32x4.add(get(word(step)), get(word(step + 9))),
              i32x4.add(
                rotationsAndShift(word(step + 1), 7, 18, 3),
                rotationsAndShift(word(step + 14), 17, 19, 10),
              ),
            ),
          ),
      set(
        sum,
        i32x4.add(
          i32x4.add(i32x4.add(get(h), i32x4.add(get(word(step)), constant(step))), choice(e, f, g)),
          threeRotations(e, 6, 11, 25),
        ),
      ),
      set(d, i32x4.add(get(d), get(sum))),
      // What two of three have: where a and b are the same, that; else c. The next step's b and c are this one's a and b.
      set(either, v128.xor(get(a), get(b))),
      set(
        h,
        i32x4.add(
          i32x4.add(get(sum), v128.xor(get(b), v128.and(get(either), get(eitherBefore)))),
          threeRotations(a, 2, 13, 22),
        ),
      ),
      set(eitherBefore, get(either)),
    )
  })
  const body = seq(
    ...loadWords,
    ...state.map((value, i) => set(value, initial(i))),
    set(eitherBefore, v128.xor(get(state[1]!), get(state[2]!))),
    ...steps,
    ...rows.map((row, i) => set(row, i32x4.add(get(state[i]!), initial(i)))),
    transpose(rows, words.slice(0, LANES), spare, sum),
    ...words.slice(0, LANES).map((lane, i) => v128.store(to, reversedBytes(get(lane)), i * HEAD_BYTES)),
  )
  return { name, parameters: 2, returns: false, locals: locals.types, body }
}

type Eight = [Local, Local, Local, Local, Local, Local, Local, Local]

/** Bits of f where e has ones, of g where it has zeros. */
function choice(e: Local, f: Local, g: Local): Code {
  return v128.xor(get(g), v128.and(get(e), v128.xor(get(f), get(g))))
}

function threeRotations(value: Local, first: number, second: number, third: number): Code {
  return v128.xor(v128.xor(rotated(value, first), rotated(value, second)), rotated(value, third))
}

function rotationsAndShift(value: Local, first: number, second: number, shift: number): Code {
  return v128.xor(
    v128.xor(rotated(value, first), rotated(value, second)),
    i32x4.shiftRight(get(value), shift),
  )
}

function rotated(value: Local, bits: number): Code {
  return v128.or(i32x4.shiftRight(get(value), bits), i32x4.shiftLeft(get(value), 32 - bits))
}

/** The bytes of each of four words the other way round: SHA-256 has the most significant one first. */
function reversedBytes(vector: Code): Code {
  const positions = Array.from({ length: VECTOR_BYTES }, (_, i) => (i & ~3) | (3 - (i & 3)))
  return v128.swizzle(vector, v128.constant(positions))
}

/** Four vectors of four words: the first words of all come into the first of `columns`, the second ones into the next. */
function transpose(rows: readonly Local[], columns: readonly Local[], spare: Local, other: Local): Code {
  const [a, b, c, d] = rows.map(get) as [Code, Code, Code, Code]
  const pairs = (low: boolean) => (low ? wordsAt(0, 4, 1, 5) : wordsAt(2, 6, 3, 7))
  const half = (low: boolean, [first, second]: readonly Local[]) =>
    seq(
      set(spare, v128.shuffle(a, b, pairs(low))),
      set(other, v128.shuffle(c, d, pairs(low))),
      set(first!, v128.shuffle(get(spare), get(other), wordsAt(0, 1, 4, 5))),
      set(second!, v128.shuffle(get(spare), get(other), wordsAt(2, 3, 6, 7))),
    )
  return seq(half(true, columns.slice(0, 2)), half(false, columns.slice(2)))
}

/** Byte positions of four words out of eight. */
function wordsAt(...positions: readonly number[]): readonly number[] {
  return positions.flatMap((word) => [0, 1, 2, 3].map((byte) => 4 * word + byte))
}

function primes(count: number): readonly number[] {
  const found: number[] = []
  for (let candidate = 2; found.length < count; candidate++) {
    if (found.every((prime) => candidate % prime !== 0)) found.push(candidate)
  }
  return found
}

/** The first 32 bits of the fraction of a root, exactly: the root of the number times 2^(32 · root), as a whole number. */
function fractionBits(number: number, root: 2 | 3): number {
  const power = BigInt(number) << BigInt(32 * root)
  let [low, high] = [0n, 1n << 40n]
  while (high - low > 1n) {
    const middle = (low + high) >> 1n
    if (middle ** BigInt(root) <= power) low = middle
    else high = middle
  }
  return Number(low & 0xffff_ffffn)
}

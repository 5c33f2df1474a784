import type { HashKey } from '../commands.ts'
import { type HashRange, hashKeyBefore, uniformStarts } from './hash-range.ts'

/**
 * One step of a resharding. It closes the shard, or both shards, that it names, and opens one with the next number, or two. What a step
 * opens may be closed by a later one: such a shard never gets a record.
 */
export type ReshardingStep = Split | Merge

export interface Split {
  readonly kind: 'split'
  readonly shard: number
  /** Where the second child begins. */
  readonly at: HashKey
  /** The children's second of creation. */
  readonly second: number
}

export interface Merge {
  readonly kind: 'merge'
  readonly shard: number
  /** Begins where the other ends. */
  readonly adjacent: number
  readonly second: number
}

/** A shard as far as resharding knows it. */
export interface ReshardedShard extends HashRange {
  readonly number: number
  readonly createdSecond: number
}

/**
 * The second that a shard is said to have been created in: the present one, but later than its parents', because sequence numbers
 * begin with it, and a child's are greater than its parents'.
 */
export function secondOfCreation(now: number, parents: readonly ReshardedShard[]): number {
  const earliest = parents.map(({ createdSecond }) => createdSecond + 1)
  return Math.max(Math.floor(now / 1000), ...earliest)
}

/**
 * What makes `count` shards of the same size out of the open ones, which stand in the order of their hash keys. As AWS does it, shards
 * are split where new ones are to begin, and then what lies within a new one is merged: so each has one parent or two, and
 * readers who take children after parents keep the order of every partition key. Both are done by halves: a chain of
 * parents takes a second for each link, and is to stay short.
 */
export function planUniform(
  open: readonly ReshardedShard[],
  count: number,
  nextShard: number,
  now: number,
): readonly ReshardingStep[] {
  const plan = new Plan(nextShard, now)
  const starts = uniformStarts(count)
  const pieces: ReshardedShard[] = []
  let next = 0
  for (const shard of open) {
    const cuts: HashKey[] = []
    for (; next < count && starts[next]! <= shard.endingHashKey; next++) {
      if (starts[next]! > shard.startingHashKey) cuts.push(starts[next]!)
    }
    plan.split(shard, cuts, pieces)
  }
  let first = 0
  for (let i = 1; i <= count; i++) {
    let end = first + 1
    while (end < pieces.length && (i === count || pieces[end]!.startingHashKey < starts[i]!)) end++
    plan.merge(pieces.slice(first, end))
    first = end
  }
  return plan.steps
}

class Plan {
  readonly steps: ReshardingStep[] = []
  readonly #now: number
  #nextShard: number

  constructor(nextShard: number, now: number) {
    this.#nextShard = nextShard
    this.#now = now
  }

  /** Splits the shard at every cut, and adds what it becomes to the pieces. */
  split(shard: ReshardedShard, cuts: readonly HashKey[], pieces: ReshardedShard[]): void {
    if (cuts.length === 0) {
      pieces.push(shard)
      return
    }
    const middle = cuts.length >>> 1
    const at = cuts[middle]!
    const second = secondOfCreation(this.#now, [shard])
    this.steps.push({ kind: 'split', shard: shard.number, at, second })
    const { startingHashKey, endingHashKey } = shard
    const low = this.#open({ startingHashKey, endingHashKey: hashKeyBefore(at) }, second)
    const high = this.#open({ startingHashKey: at, endingHashKey }, second)
    this.split(low, cuts.slice(0, middle), pieces)
    this.split(high, cuts.slice(middle + 1), pieces)
  }

  /** Makes one shard out of the pieces, which follow each other. */
  merge(pieces: readonly ReshardedShard[]): ReshardedShard {
    if (pieces.length === 1) return pieces[0]!
    const middle = pieces.length >>> 1
    const low = this.merge(pieces.slice(0, middle))
    const high = this.merge(pieces.slice(middle))
    const second = secondOfCreation(this.#now, [low, high])
    this.steps.push({ kind: 'merge', shard: low.number, adjacent: high.number, second })
    const { startingHashKey } = low
    return this.#open({ startingHashKey, endingHashKey: high.endingHashKey }, second)
  }

  #open(range: HashRange, createdSecond: number): ReshardedShard {
    const { startingHashKey, endingHashKey } = range
    return { number: this.#nextShard++, startingHashKey, endingHashKey, createdSecond }
  }
}

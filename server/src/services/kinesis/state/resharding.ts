import type { HashKey } from '../commands.ts'
import { uniformStarts } from './hash-range.ts'

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
export interface ReshardedShard {
  readonly number: number
  readonly startingHashKey: HashKey
  readonly createdSecond: number
}

const NO_PARENT = { createdSecond: -1 }

/**
 * The second that a shard is said to have been created in: the present one, but later than its parents', because sequence numbers
 * begin with it, and a child's are greater than its parents'.
 */
export function secondOfCreation(
  now: number,
  parent: Pick<ReshardedShard, 'createdSecond'> = NO_PARENT,
  adjacent: Pick<ReshardedShard, 'createdSecond'> = parent,
): number {
  return Math.max(Math.floor(now / 1000), parent.createdSecond + 1, adjacent.createdSecond + 1)
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
  const plan = new Plan(uniformStarts(count), nextShard, now)
  let next = 0
  for (const [i, shard] of open.entries()) {
    const behind = open[i + 1]?.startingHashKey
    if (plan.starts[next] === shard.startingHashKey) next++
    const first = next
    while (next < count && (behind === undefined || plan.starts[next]! < behind)) next++
    plan.split(shard, first, next)
  }
  const { pieces, starts } = plan
  let first = 0
  for (let i = 1; i <= count; i++) {
    let end = first + 1
    while (end < pieces.length && (i === count || pieces[end]!.startingHashKey < starts[i]!)) end++
    plan.merge(first, end)
    first = end
  }
  return plan.steps
}

class Plan {
  readonly steps: ReshardingStep[] = []
  /** Where the new shards begin. */
  readonly starts: readonly HashKey[]
  /** What there is after all splits, in the order of hash keys. */
  readonly pieces: ReshardedShard[] = []
  readonly #now: number
  #nextShard: number

  constructor(starts: readonly HashKey[], nextShard: number, now: number) {
    this.starts = starts
    this.#now = now
    this.#nextShard = nextShard
  }

  /** Splits the shard wherever one of the new ones begins, of those from `from` on up to before `to`. */
  split(shard: ReshardedShard, from: number, to: number): void {
    if (from === to) {
      this.pieces.push(shard)
      return
    }
    const middle = (from + to) >>> 1
    const at = this.starts[middle]!
    const second = secondOfCreation(this.#now, shard)
    this.steps.push({ kind: 'split', shard: shard.number, at, second })
    const low = this.#open(shard.startingHashKey, second)
    const high = this.#open(at, second)
    this.split(low, from, middle)
    this.split(high, middle + 1, to)
  }

  /** Makes one shard out of the pieces from `from` on up to before `to`. */
  merge(from: number, to: number): ReshardedShard {
    if (to - from === 1) return this.pieces[from]!
    const middle = (from + to) >>> 1
    const low = this.merge(from, middle)
    const high = this.merge(middle, to)
    const second = secondOfCreation(this.#now, low, high)
    this.steps.push({ kind: 'merge', shard: low.number, adjacent: high.number, second })
    return this.#open(low.startingHashKey, second)
  }

  #open(startingHashKey: HashKey, createdSecond: number): ReshardedShard {
    return { number: this.#nextShard++, startingHashKey, createdSecond }
  }
}

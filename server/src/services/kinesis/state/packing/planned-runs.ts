import type { Bodies } from '../../../../core/service-state.ts'
import type { PackingPlan, ShardToPack } from '../../commands.ts'
import type { RunToPack } from '../../record-format.ts'
import { isLarge } from './packing.ts'

const NUMBERS = 4

/** The runs of a shard as a plan has them, and what was read of their bodies. It is one of them at a time: an object for each would be more work than all that is asked of it. */
export class PlannedRuns implements RunToPack {
  readonly length: number
  position = -1
  offset = 0
  bytes = 0
  count = 0
  time = 0
  isEncrypted = false
  isSealed = false
  bodyId = 0
  bodyBytes = 0
  /** The body it lies in; null where it wasn't read, or is lost. */
  body: Uint8Array | null = null
  readonly #runs: readonly number[]
  readonly #bodies: PackingPlan['bodies']
  readonly #read: Bodies

  constructor({ runs }: ShardToPack, bodies: PackingPlan['bodies'], read: Bodies) {
    this.length = runs.length / NUMBERS
    this.#runs = runs
    this.#bodies = bodies
    this.#read = read
  }

  /** Is the run at a position from now on. */
  moveTo(position: number): void {
    const at = position * NUMBERS
    const body = this.#bodies[this.#runs[at]!]!
    this.position = position
    this.offset = this.#runs[at + 1]!
    this.bytes = this.#runs[at + 2]!
    this.count = this.#runs[at + 3]!
    this.time = body.time
    this.isEncrypted = body.isEncrypted
    this.isSealed = body.isSealed
    this.bodyId = body.bodyId
    this.bodyBytes = body.bodyBytes
    this.body = body.place < 0 ? null : (this.#read[body.place] ?? null)
  }

  /** Whether it goes into a chunk with others: not if it is large, nor if it is lost. */
  get isCopied(): boolean {
    return this.body !== null && !isLarge(this)
  }
}

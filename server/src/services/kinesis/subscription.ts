import type { Record as RecordOut, SubscribeToShardEvent } from '../../api/generated/kinesis.ts'
import type { Request } from '../../api/operation.ts'
import type { Abandonable } from '../../core/ports.ts'
import { childShards } from './child-shards.ts'
import type { ConsumerName, RecordPosition, RecordSlices, ShardPosition, StreamAddress } from './commands.ts'
import {
  GET_RECORDS_MAX,
  SUBSCRIPTION_EVENT_BYTES_MAX,
  SUBSCRIPTION_HEARTBEAT_MS,
  SUBSCRIPTION_MS,
} from './limits.ts'
import type { KinesisPorts } from './ports.ts'
import { readShard } from './read-shard.ts'
import { secondOf, sequenceNumber } from './sequence-number.ts'
import type { TakenRecords } from './take-records.ts'

/** At a shard's end there is nothing to continue from: client libraries know the end by that. */
type ShardEvent = Omit<SubscribeToShardEvent, 'ContinuationSequenceNumber'> & {
  readonly ContinuationSequenceNumber?: string
  readonly Records: readonly RecordOut[]
}

export interface SubscriptionEvent {
  readonly SubscribeToShardEvent: ShardEvent
}

/** Who subscribes to what, and from where. */
export interface SubscriptionStart extends ShardPosition {
  readonly stream: StreamAddress
  readonly consumer: ConsumerName
  readonly shard: number
}

/**
 * The events of one subscription. Each is read when it's asked for, so a client that is slow costs no memory; where there are no
 * records, the cell is waited for, which also says when there is no such consumer any more. Before each it's asked whether the client still may.
 *
 * ```
 *   open ── five minutes, the shard's end, the client's or the server's ──▶ over
 *     └──── `fail`, or an error of the cell ──▶ the error, then over
 * ```
 */
export class Subscription implements AsyncIterableIterator<SubscriptionEvent> {
  /** When it began, in milliseconds since the epoch. */
  readonly beganAt: number
  readonly #ports: KinesisPorts
  readonly #start: SubscriptionStart
  /** Which began it, and on whose behalf keys are used. */
  readonly #request: Request
  readonly #onEnd: (subscription: Subscription) => void
  readonly #reading: Abandonment
  readonly #stopListening: () => void
  #position: RecordPosition
  #lastTime: number | null = null
  #failure: Error | null = null
  #isOver = false

  /** `onEnd` is called once. */
  constructor(
    ports: KinesisPorts,
    start: SubscriptionStart,
    request: Request,
    onEnd: (subscription: Subscription) => void,
  ) {
    this.#ports = ports
    this.#start = start
    this.#position = start.position
    this.beganAt = ports.now()
    this.#onEnd = onEnd
    this.#request = request
    this.#reading = new Abandonment(request.recheck)
    this.#stopListening = request.connection.onClose(() => this.end())
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async next(): Promise<IteratorResult<SubscriptionEvent, undefined>> {
    try {
      const event = await this.#read()
      this.#throwFailure()
      if (event !== null && !this.#isOver) {
        if (event.ContinuationSequenceNumber === undefined) this.end()
        return { done: false, value: { SubscribeToShardEvent: event } }
      }
    } catch (error) {
      this.end()
      throw error
    }
    this.end()
    return { done: true, value: undefined }
  }

  /** Ends it at once, also while an event is waited for. */
  async return(): Promise<IteratorResult<SubscriptionEvent, undefined>> {
    this.end()
    return { done: true, value: undefined }
  }

  /** Ends it with an error, which the client is told. */
  fail(error: Error): void {
    this.#failure = error
    this.#reading.abandon()
  }

  /** Ends it without an event. */
  end(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#stopListening()
    this.#reading.abandon()
    this.#onEnd(this)
  }

  /** Null where it is over. */
  async #read(): Promise<ShardEvent | null> {
    this.#throwFailure()
    const left = this.beganAt + SUBSCRIPTION_MS - this.#ports.now()
    if (this.#isOver || left <= 0) return null
    this.#reading.recheck()
    const waitMs = Math.min(left, SUBSCRIPTION_HEARTBEAT_MS)
    const askedAt = this.#ports.now()
    const { found, taken } = await readShard(this.#ports, this.#start, this.#position, {
      ...{ limit: GET_RECORDS_MAX, bytesMax: SUBSCRIPTION_EVENT_BYTES_MAX },
      ...{ waitMs, isMetered: false, consumer: this.#start.consumer, connection: this.#reading },
      request: this.#request,
    })
    // Whoever gets nothing before its time is let go of: the server stops.
    const hasMoved = taken.isAtEnd || taken.next.index > this.#position.index
    if (!hasMoved && this.#ports.now() - askedAt < waitMs / 2) return null
    this.#position = taken.next
    this.#lastTime = taken.lastTime ?? this.#lastTime
    return this.#eventOf(taken, found)
  }

  #eventOf(taken: TakenRecords, { children, createdSecond, now }: RecordSlices): ShardEvent {
    const { records: Records, millisBehind: MillisBehindLatest, isAtEnd, next } = taken
    if (isAtEnd) return { Records, MillisBehindLatest, ChildShards: childShards(children ?? []) }
    // That of the last record that was read or passed over, after which the rest is.
    const shard = { number: this.#start.shard, createdSecond }
    const passed = next.index - 1
    const second = passed === 0 ? createdSecond : secondOf(this.#lastTime ?? now)
    return { Records, MillisBehindLatest, ContinuationSequenceNumber: sequenceNumber(shard, passed, second) }
  }

  #throwFailure(): void {
    if (this.#failure !== null && !this.#isOver) throw this.#failure
  }
}

/** Lets go of what waits in the cell. */
class Abandonment implements Abandonable {
  closed = false
  readonly recheck: () => void
  readonly #listeners = new Set<() => void>()

  constructor(recheck: () => void) {
    this.recheck = recheck
  }

  onClose(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  abandon(): void {
    if (this.closed) return
    this.closed = true
    for (const listener of this.#listeners) listener()
  }
}

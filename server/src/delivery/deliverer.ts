import type { Clock, Timers } from '../base/time.ts'
import { TwoGenerationCache } from '../base/two-generation-cache.ts'
import type { DeliveryCounters } from './delivery-counters.ts'
import { Lane } from './lane.ts'
import {
  ATTEMPT_MARGIN_MS,
  REMEMBERED_ENDPOINTS_MAX,
  SOURCES_PER_QUESTION,
  TAKEN_AT_ONCE_MAX,
} from './limits.ts'
import type { Push, PushBatch, PushEnding, Pushes } from './pushes.ts'
import { GIVEN_UP, type Outcome, type Transport } from './transport.ts'

/** How deliveries by some protocols leave. */
export interface Way {
  readonly protocols: readonly string[]
  readonly transport: (protocol: string) => Transport
  /** Attempts under way at once, over all sources. */
  readonly attemptsMax: number
  /** How long a message is given to one attempt, waiting for a connection included. */
  readonly hiddenSeconds: number
}

export interface DelivererOptions {
  readonly pushes: Pushes
  readonly ways: readonly Way[]
  readonly clock: Clock
  readonly timers: Timers
  readonly counters: DeliveryCounters
  readonly log: DeliveryLog
}

export interface DeliveryLog {
  attempted(attempt: AttemptLine): void
  /** Something went wrong that is no endpoint's fault. */
  failed(error: unknown): void
}

/** Names no endpoint: it may hold a password. */
export interface AttemptLine {
  readonly topicArn: string
  readonly subscriptionArn: string | undefined
  readonly protocol: string
  readonly messageId: string
  readonly attempt: number
  readonly ending: PushEnding
  /** Why it failed. */
  readonly reason: string | undefined
}

/**
 * Carries out what is to be pushed. It asks one question for all sources together, and has something only for those
 * that have something, so that idle ones cost nothing.
 *
 * ```
 *   ready ─▶ lane of the source ─▶ line of its way ─▶ take ─▶ attempt ─▶ delivered, failed
 *                  ▲                    │ a place is free                      │
 *                  └────────────────────┴──────────────────────────────────────┘ while there may be more
 * ```
 *
 * Nothing is kept here that has to survive: a message that was taken is there again when its time is up.
 */
export class Deliverer {
  readonly #options: DelivererOptions
  readonly #lines = new Map<string, Line>()
  #isStopping = false

  constructor(options: DelivererOptions) {
    this.#options = options
    for (const way of options.ways) {
      const line = new Line(way, options)
      for (const protocol of way.protocols) this.#lines.set(protocol, line)
    }
  }

  start(): void {
    void this.#watch()
  }

  /** Begins nothing more. What is under way has so many milliseconds to end, and is then given up and put back. */
  async stop(graceMs: number): Promise<void> {
    this.#isStopping = true
    await Promise.all([...new Set(this.#lines.values())].map((line) => line.stop(graceMs)))
  }

  async #watch(): Promise<void> {
    while (!this.#isStopping) {
      try {
        const sources = await this.#options.pushes.ready(SOURCES_PER_QUESTION)
        if (this.#isStopping) return
        // What is for protocols without a way stays where it is: the next start may have one.
        for (const { name, protocol } of sources) this.#lines.get(protocol)?.note(name, protocol)
      } catch (error) {
        // There is no cell any more: it says so itself, and ends the process.
        this.#options.log.failed(error)
        return
      }
    }
  }
}

/** The sources that share the places of one way. */
class Line {
  readonly #way: Way
  readonly #options: DelivererOptions
  readonly #lanes = new Map<string, Lane>()
  readonly #protocols = new Map<Lane, string>()
  /** Of lanes that have nothing to do now. */
  readonly #remembered = new TwoGenerationCache<Lane>(REMEMBERED_ENDPOINTS_MAX)
  /** Those who wait for a place; the others may take half of all at most, so that the dead do not keep out the living. */
  readonly #answering: Lane[] = []
  readonly #unanswering: Lane[] = []
  readonly #attempts = new Set<AbortController>()
  #free: number
  #unansweringUnderWay = 0
  #isStopping = false
  #whenIdle: (() => void) | null = null

  constructor(way: Way, options: DelivererOptions) {
    this.#way = way
    this.#options = options
    this.#free = way.attemptsMax
  }

  note(name: string, protocol: string): void {
    const lane = this.#lanes.get(name) ?? this.#remembered.get(name) ?? new Lane(name)
    this.#lanes.set(name, lane)
    this.#protocols.set(lane, protocol)
    lane.mayHaveMore = true
    this.#queue(lane)
    this.#serve()
  }

  async stop(graceMs: number): Promise<void> {
    this.#isStopping = true
    for (const lane of this.#lanes.values()) lane.cancelTimer?.()
    if (this.#free === this.#way.attemptsMax) return
    const idle = new Promise<void>((resolve) => {
      this.#whenIdle = resolve
    })
    const cancel = this.#options.timers.after(graceMs, () => {
      for (const attempt of this.#attempts) attempt.abort()
    })
    await idle
    cancel()
  }

  #queue(lane: Lane): void {
    if (lane.isQueued || lane.isTaking || !lane.mayHaveMore || this.#isStopping) return
    const now = this.#options.clock.now()
    if (lane.room(now) > 0) {
      lane.isQueued = true
      ;(lane.answers ? this.#answering : this.#unanswering).push(lane)
      return
    }
    const delay = lane.delay(now)
    if (delay === 0 || lane.cancelTimer !== null) return
    lane.cancelTimer = this.#options.timers.after(delay, () => {
      lane.cancelTimer = null
      this.#queue(lane)
      this.#serve()
    })
  }

  #serve(): void {
    while (this.#free > 0 && !this.#isStopping) {
      const lane = this.#next()
      if (lane === undefined) return
      lane.isQueued = false
      const room = lane.room(this.#options.clock.now())
      if (room === 0) {
        this.#queue(lane)
        continue
      }
      void this.#take(lane, Math.min(room, this.#free, TAKEN_AT_ONCE_MAX))
    }
  }

  #next(): Lane | undefined {
    const answering = this.#answering.shift()
    if (answering !== undefined) return answering
    return this.#unansweringUnderWay < this.#way.attemptsMax / 2 ? this.#unanswering.shift() : undefined
  }

  async #take(lane: Lane, limit: number): Promise<void> {
    const { pushes, clock, log } = this.#options
    const { answers } = lane
    this.#hold(limit, answers)
    lane.isTaking = true
    lane.mayHaveMore = false
    let taken = 0
    try {
      const batch = await pushes.take(lane.name, limit, this.#way.hiddenSeconds)
      taken = batch.pushes.length
      if (batch.more) lane.mayHaveMore = true
      if (taken > 0) lane.began(taken, batch.spacingMs, clock.now())
      this.#begin(lane, batch, answers)
    } catch (error) {
      log.failed(error)
    }
    lane.isTaking = false
    this.#release(lane, limit - taken, answers)
  }

  #hold(places: number, answers: boolean): void {
    this.#free -= places
    if (!answers) this.#unansweringUnderWay += places
  }

  #begin(lane: Lane, { pushes }: PushBatch, answers: boolean): void {
    if (pushes.length === 0) return
    const attempt = new AbortController()
    this.#attempts.add(attempt)
    const milliseconds = this.#way.hiddenSeconds * 1_000 - ATTEMPT_MARGIN_MS
    const cancel = this.#options.timers.after(milliseconds, () => attempt.abort())
    if (this.#isStopping) attempt.abort()
    let left = pushes.length
    for (const push of pushes) {
      void this.#attempt(lane, push, attempt.signal).then((answered) => {
        if (--left === 0) {
          cancel()
          this.#attempts.delete(attempt)
        }
        lane.ended(answered)
        this.#release(lane, 1, answers)
      })
    }
  }

  /** Resolves with whether the endpoint answered, when what is to become of the message is durable. Never rejects. */
  async #attempt(lane: Lane, push: Push, signal: AbortSignal): Promise<boolean> {
    const { counters, log } = this.#options
    const protocol = this.#protocols.get(lane) ?? ''
    let outcome: Outcome = GIVEN_UP
    try {
      outcome = await this.#way.transport(protocol).deliver(push.delivery, signal)
      if (outcome === GIVEN_UP) {
        await push.putBack()
        return false
      }
      const ending = outcome.ok ? await push.delivered() : await push.failed(outcome.retryable)
      const { topicArn, subscriptionArn, messageId } = push.delivery.notification
      counters.count(topicArn, protocol, ending)
      const reason = outcome.ok ? undefined : outcome.reason
      log.attempted({ topicArn, subscriptionArn, protocol, messageId, attempt: push.attempt, ending, reason })
    } catch (error) {
      log.failed(error)
    }
    return outcome.ok || outcome.status !== undefined
  }

  /** `answers` is what the lane did when it got the places. */
  #release(lane: Lane, places: number, answers: boolean): void {
    this.#hold(-places, answers)
    this.#queue(lane)
    if (lane.isIdle) this.#rest(lane)
    this.#serve()
    if (this.#free === this.#way.attemptsMax) this.#whenIdle?.()
  }

  #rest(lane: Lane): void {
    if (lane.isWorthKeeping(this.#options.clock.now())) this.#remembered.set(lane.name, lane)
    this.#lanes.delete(lane.name)
    this.#protocols.delete(lane)
  }
}

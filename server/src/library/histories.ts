import { Buffer } from 'node:buffer'
import type { QueueAddress } from '../services/sqs/commands.ts'
import type { Happening } from '../services/sqs/state/observed-sqs-state.ts'
import { type Happened, happened } from './happened.ts'
import { LimitedList, type ListLimits } from './limited-list.ts'
import { queueMessage } from './queue-message.ts'

type Listener = (entry: Happened) => void
type Bodies = Awaited<ReturnType<Happening['bodies']>>

interface History {
  readonly entries: LimitedList<Happened>
  readonly listeners: Set<Listener>
}

/**
 * What happened to the messages of each queue, the oldest first, within limits for each queue. What moves a message from one
 * queue to another is told of both.
 *
 * ```
 *   note ──▶ pending ── its command is done, bodies read ──▶ history of the queue, listeners
 * ```
 */
export class Histories {
  readonly #limits: ListLimits
  readonly #byQueue = new Map<string, History>()
  readonly #pending: Happening[] = []
  /** The first one's bodies are being read from the disk. */
  #isReading = false
  #isScheduled = false

  constructor(limits: ListLimits) {
    this.#limits = limits
  }

  /** Takes note of what just happened, while its command may still be under way. */
  note(happening: Happening): void {
    this.#pending.push(happening)
    if (this.#isScheduled) return
    this.#isScheduled = true
    queueMicrotask(() => {
      this.#isScheduled = false
      this.#recordPending()
    })
  }

  /** A copy of what is known of the queue. */
  of(queue: QueueAddress): Happened[] {
    this.#recordPending()
    return this.#byQueue.get(keyOf(queue))?.entries.toArray() ?? []
  }

  /** Calls `listener` with what happens from now on. Returns a function that ends that. */
  listen(queue: QueueAddress, listener: Listener): () => void {
    const { listeners } = this.#historyOf(queue)
    listeners.add(listener)
    return () => listeners.delete(listener)
  }

  /** Forgets what happened; those who listen go on. */
  clear(): void {
    this.#recordPending()
    for (const [key, { listeners }] of this.#byQueue) {
      this.#byQueue.set(key, { entries: new LimitedList(this.#limits), listeners })
    }
  }

  #historyOf(queue: QueueAddress): History {
    const key = keyOf(queue)
    const known = this.#byQueue.get(key)
    if (known !== undefined) return known
    const history = { entries: new LimitedList<Happened>(this.#limits), listeners: new Set<Listener>() }
    this.#byQueue.set(key, history)
    return history
  }

  #recordPending(): void {
    while (!this.#isReading) {
      const happening = this.#pending.shift()
      if (happening === undefined) return
      const bodies = happening.bodies()
      if (bodies instanceof Promise) void this.#recordWhenRead(happening, bodies)
      else this.#record(happening, bodies)
    }
  }

  /** What happened later waits, so that the order stays. */
  async #recordWhenRead(happening: Happening, bodies: Promise<Bodies>): Promise<void> {
    this.#isReading = true
    try {
      this.#record(happening, await bodies)
    } catch {
      // Purged in the same moment, or the journal failed, which the server tells by itself: there is nothing to show.
    } finally {
      this.#isReading = false
    }
    this.#recordPending()
  }

  #record(happening: Happening, bodies: Bodies): void {
    const places = happening.to === null ? [happening.queue] : [happening.queue, happening.to]
    const histories = places.map((queue) => this.#historyOf(queue))
    happening.messages.forEach((history, i) => {
      const body = bodies[i] ?? null
      if (body === null) return
      const entry = happened(happening, queueMessage(history, body))
      for (const { entries, listeners } of histories) {
        entries.add(entry, Buffer.byteLength(entry.message.body))
        for (const listener of [...listeners]) listener(entry)
      }
    })
  }
}

function keyOf({ accountId, region, name }: QueueAddress): string {
  return `${accountId}/${region}/${name}`
}

import { Buffer } from 'node:buffer'
import { DataKeyRefused } from '../core/data-keys.ts'
import type { Bodies } from '../core/service-state.ts'
import type { QueueAddress } from '../services/sqs/commands.ts'
import { type ContentReader, readContents } from '../services/sqs/message-content.ts'
import type { Happening } from '../services/sqs/state/observed-sqs-state.ts'
import { type Happened, happened } from './happened.ts'
import { LimitedList, type ListLimits } from './limited-list.ts'
import { queueMessage } from './queue-message.ts'
import { readingBy } from './reading-by.ts'

type Listener = (entry: Happened) => void
type Contents = Awaited<ReturnType<typeof readContents>>

interface History {
  readonly entries: LimitedList<Happened>
  readonly listeners: Set<Listener>
}

/**
 * What happened to the messages of each queue, the oldest first, within limits for each queue. What moves a message from one
 * queue to another is told of both.
 *
 * ```
 *   note ──▶ pending ── its command is done, bodies read ──▶ history of the queue, listeners ──▶ whoever waits to catch up
 * ```
 */
export class Histories {
  readonly #limits: ListLimits
  readonly #reader: ContentReader
  readonly #byQueue = new Map<string, History>()
  /** What happened, and who waits until all before it is told. */
  readonly #pending: (Happening | (() => void))[] = []
  /** The first one's bodies are being read from the disk, or by the service that sent them. */
  #isReading = false
  #isScheduled = false

  constructor(limits: ListLimits, reader: ContentReader) {
    this.#limits = limits
    this.#reader = reader
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

  /** Resolves when all that was noted by now is told; null if it is. */
  caughtUp(): Promise<void> | null {
    this.#recordPending()
    if (!this.#isReading) return null
    return new Promise((resolve) => this.#pending.push(resolve))
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

  /** Forgets what happened, that too of which the bodies are still being read; those who listen go on. */
  async clear(): Promise<void> {
    await this.caughtUp()
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
      if (typeof happening === 'function') {
        happening()
        continue
      }
      const contents = this.#contentsOf(happening)
      if (contents instanceof Promise) void this.#recordWhenRead(happening, contents)
      else this.#record(happening, contents)
    }
  }

  #contentsOf({ queue, messages, bodies }: Happening): Contents | Promise<Contents> {
    const read = (found: Bodies) => readContents(this.#reader, queue, messages, found, () => readingBy(queue))
    const found = bodies()
    return found instanceof Promise ? found.then(read) : read(found)
  }

  /** What happened later waits, so that the order stays. */
  async #recordWhenRead(happening: Happening, contents: Promise<Contents>): Promise<void> {
    this.#isReading = true
    try {
      this.#record(happening, await contents)
    } catch {
      // Purged in the same moment, or the journal failed, which the server tells by itself: there is nothing to show.
    } finally {
      this.#isReading = false
    }
    this.#recordPending()
  }

  #record(happening: Happening, contents: Contents): void {
    const places = happening.to === null ? [happening.queue] : [happening.queue, happening.to]
    const histories = places.map((queue) => this.#historyOf(queue))
    happening.messages.forEach((history, i) => {
      const content = contents[i] ?? null
      if (content === null || content instanceof DataKeyRefused) return
      const entry = happened(happening, queueMessage(history, content))
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

import type { Enqueued, QueueAddress, Receipt } from '../../src/services/sqs/commands.ts'
import type { History, Sent } from './history.ts'

/** What a FIFO queue promises beyond what every queue does, broken. */
export type FifoViolation =
  | { readonly kind: 'group shared'; readonly id: string; readonly held: string }
  | { readonly kind: 'out of order'; readonly id: string; readonly after: string }
  | { readonly kind: 'sequence fell' | 'attempt not repeated'; readonly id: string }

/** A message that was sent to a group, perhaps more than once under the same deduplication id. */
export interface GroupedMessage {
  readonly sent: Sent
  readonly group: string
}

/**
 * What clients of FIFO queues know beside `History`, and the checks on it:
 *
 * - a message sent again is not stored again, whether its first send was answered or not;
 * - places in a queue only grow, over all lives of the server;
 * - while one receive holds messages of a group, no other gets any of that group;
 * - a message comes only when all that stand before it in its group are gone, or come with it.
 */
export class FifoHistory {
  readonly violations: FifoViolation[] = []
  readonly #history: History
  readonly #messages = new Map<string, GroupedMessage>()
  readonly #highest = new Map<string, number>()
  /** Attempts that were not answered yet, and those that earlier lives of the server never answered. */
  readonly #asked = new Set<string>()
  #unanswered: string[] = []
  #attempts = 0

  constructor(history: History) {
    this.#history = history
  }

  /** The server was started again: who was not answered by now never will be. */
  restarted(): void {
    this.#unanswered = [...this.#asked]
  }

  /** A receive is about to be asked for: one that was never answered, if there is any. */
  ask(): string {
    const attempt = this.#unanswered.pop() ?? `attempt ${++this.#attempts}`
    this.#asked.add(attempt)
    return attempt
  }

  answered(attempt: string): void {
    this.#asked.delete(attempt)
  }

  /** A message is about to be sent for the first time. */
  send(id: string, queue: string, group: string): GroupedMessage {
    // Their places are checked here: what was sent again may stand behind what was sent after it.
    const sent = this.#history.send({ id, queue, producer: -this.#messages.size, place: 1 })
    const message = { sent, group }
    this.#messages.set(id, message)
    return message
  }

  find(id: string): GroupedMessage {
    return this.#messages.get(id)!
  }

  /** One that was sent to the queue before, to be sent again. */
  pick(queue: string, below: (limit: number) => number): GroupedMessage | undefined {
    const sent = [...this.#messages.values()].filter((message) => message.sent.queue === queue)
    return sent[below(Math.max(1, sent.length))]
  }

  /** The server said where a message stands. */
  enqueued({ sent }: GroupedMessage, { slot, duplicateOf }: Enqueued): void {
    if (sent.slot !== null && sent.slot !== slot) this.#history.storedTwice(sent.id)
    sent.slot = slot
    sent.acknowledged = true
    const highest = this.#highest.get(sent.queue) ?? -1
    if (duplicateOf === null && slot <= highest) this.violations.push({ kind: 'sequence fell', id: sent.id })
    this.#highest.set(sent.queue, Math.max(highest, slot))
  }

  /**
   * Messages came with one receive, in this order, hidden from when they were chosen until `hiddenUntil` at least. `inOrder`
   * where nothing leaves the queue but by being deleted.
   */
  received(queue: string, ids: readonly string[], hiddenUntil: number, at: number, inOrder: boolean): void {
    const messages = ids.map((id) => this.find(id))
    for (const [i, message] of messages.entries()) {
      const { sent, group } = message
      for (const other of this.#messages.values()) {
        if (other.group !== group || other.sent.queue !== sent.queue || ids.includes(other.sent.id)) continue
        if (hiddenUntil > at && other.sent.hiddenUntil > at) {
          this.violations.push({ kind: 'group shared', id: sent.id, held: other.sent.id })
        }
        if (!inOrder || other.sent.slot === null || other.sent.mayBeGone || !other.sent.acknowledged) continue
        if (other.sent.slot < sent.slot!) {
          this.violations.push({ kind: 'out of order', id: sent.id, after: other.sent.id })
        }
      }
      const after = messages.slice(i + 1).find((each) => each.group === group && each.sent.slot! < sent.slot!)
      if (inOrder && after !== undefined && sent.queue === queue) {
        this.violations.push({ kind: 'out of order', id: after.sent.id, after: sent.id })
      }
    }
  }

  /** A receive was asked for again under the same attempt while what it had given was hidden. */
  repeated(attempt: string, first: readonly Receipt[], second: readonly Receipt[]): void {
    const same = JSON.stringify(first) === JSON.stringify(second)
    if (!same) this.violations.push({ kind: 'attempt not repeated', id: attempt })
  }
}

export const FIFO_QUEUES = ['ledger.fifo', 'shipments.fifo', 'shipments-dead.fifo'] as const
export type FifoQueueName = (typeof FIFO_QUEUES)[number]

export function fifoAddress(name: FifoQueueName): QueueAddress {
  return { accountId: '000000000000', region: 'us-east-1', name }
}

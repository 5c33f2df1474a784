import type { Enqueued, QueueAddress, Receipt } from '../../src/services/sqs/commands.ts'
import type { History, Place, Sent } from './history.ts'

/** What a FIFO queue promises beyond what every queue does, broken. */
export type FifoViolation =
  | { readonly kind: 'group shared'; readonly id: string; readonly held: string }
  | { readonly kind: 'out of order' | 'moved out of order'; readonly id: string; readonly after: string }
  | { readonly kind: 'sequence fell' | 'attempt not repeated'; readonly id: string }

/** A message that was sent to a group, perhaps more than once under the same deduplication id. */
export interface GroupedMessage {
  readonly sent: Sent
  readonly group: string
  /** The incarnation of the queue that it was received from last; 0 for none. */
  receivedFrom: number
}

/** What one receive brought of a message. */
export interface ReceivedFifo {
  readonly id: string
  /** In the queue that it came from. */
  readonly place: Place
  readonly redrives: number
}

/** A message that a task moved, by where it stood before and after. */
interface Moved {
  readonly id: string
  readonly from: number
  readonly to: number
}

/**
 * What clients of FIFO queues know beside `History`, and the checks on it:
 *
 * - a message sent again is not stored again, whether its first send was answered or not;
 * - places in a queue only grow, over all lives of the server;
 * - while one receive holds messages of a group, no other gets any of that group from that queue;
 * - from no queue does a message come for the first time when one that stands behind it in its group came before;
 * - messages of a group that tasks move from one queue to another keep their order;
 * - a message comes only when all that stand before it in its group are gone, or come with it.
 */
export class FifoHistory {
  readonly violations: FifoViolation[] = []
  readonly #history: History
  readonly #messages = new Map<string, GroupedMessage>()
  /** Those of them that may be sent again. */
  readonly #sendable = new Set<GroupedMessage>()
  readonly #highest = new Map<string, number>()
  /** Attempts that were not answered yet, and those that earlier lives of the server never answered. */
  readonly #asked = new Set<string>()
  #unanswered: string[] = []
  #attempts = 0
  #resets = 0
  /** By incarnation of a queue and group: the last slot of which a message came, and all that did. */
  readonly #seen = new Map<string, { last: number; readonly slots: Set<number> }>()
  /** Receives that were answered, by the order of their answers, whose messages were not read yet. */
  readonly #unread = new Set<number>()
  #answers = 0
  /** What those that were read brought, as long as an answer before theirs is unread. */
  #read: { readonly answer: number; readonly look: () => void }[] = []
  /** Where each message was seen last. */
  readonly #sightings = new Map<string, ReceivedFifo>()
  /** By the incarnations of both queues and group. */
  readonly #moved = new Map<string, Moved[]>()

  constructor(history: History) {
    this.#history = history
  }

  /** The server was started again: who was not answered by now never will be. */
  restarted(): void {
    this.#unanswered = [...this.#asked]
    // Nor will what was answered be read.
    this.#unread.clear()
    this.#lookInOrder()
  }

  /**
   * A reset is about to be asked for, and no send is under way. What was sent before is not sent again: the queues that
   * remembered it may be gone.
   */
  reset(): void {
    this.#resets++
    this.#sendable.clear()
    this.#highest.clear()
  }

  /** How many resets were asked for. */
  get resets(): number {
    return this.#resets
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
    const message = { sent, group, receivedFrom: 0 }
    this.#messages.set(id, message)
    this.#sendable.add(message)
    return message
  }

  find(id: string): GroupedMessage {
    return this.#messages.get(id)!
  }

  /** One that was sent to the queue before, to be sent again. */
  pick(queue: string, below: (limit: number) => number): GroupedMessage | undefined {
    const sent = [...this.#sendable].filter((message) => message.sent.queue === queue)
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

  /** A receive was answered; `received` is told what it brought when that was read, which may be after that of a later one. */
  receiveAnswered(): number {
    this.#unread.add(++this.#answers)
    return this.#answers
  }

  /** What the answer brought is not looked at. */
  passedOver(answer: number): void {
    this.#unread.delete(answer)
    this.#lookInOrder()
  }

  #lookInOrder(): void {
    const first = Math.min(...this.#unread)
    const due = this.#read.filter(({ answer }) => answer < first).sort((a, b) => a.answer - b.answer)
    this.#read = this.#read.filter(({ answer }) => answer > first)
    for (const { look } of due) look()
  }

  /**
   * Messages came with one receive, in this order, hidden from when they were chosen until `hiddenUntil` at least. `inOrder`
   * where nothing leaves the queue but by being deleted.
   */
  received(
    queue: string,
    received: readonly ReceivedFifo[],
    hiddenUntil: number,
    at: number,
    inOrder: boolean,
    answer: number,
  ): void {
    const ids = received.map(({ id }) => id)
    const messages = ids.map((id) => this.find(id))
    for (const [i, each] of received.entries()) messages[i]!.receivedFrom = each.place.incarnation
    this.#unread.delete(answer)
    this.#read.push({
      answer,
      look: () => {
        for (const [i, each] of received.entries()) this.#see(messages[i]!, each)
      },
    })
    this.#lookInOrder()
    for (const [i, message] of messages.entries()) {
      const { sent, group } = message
      for (const other of this.#messages.values()) {
        if (other.group !== group || ids.includes(other.sent.id)) continue
        const isSameQueue = other.receivedFrom === message.receivedFrom
        if (isSameQueue && hiddenUntil > at && other.sent.hiddenUntil > at) {
          this.violations.push({ kind: 'group shared', id: sent.id, held: other.sent.id })
        }
        if (!inOrder || other.sent.queue !== sent.queue) continue
        if (other.sent.slot === null || other.sent.mayBeGone || !other.sent.acknowledged) continue
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

  /**
   * Places only grow within a group, and what stands before another in it comes first, or with it: true of every queue, also
   * of those that dead letters leave, come into and go back to.
   */
  #see({ sent, group }: GroupedMessage, received: ReceivedFifo): void {
    const { incarnation, slot } = received.place
    const before = this.#sightings.get(sent.id)
    this.#sightings.set(sent.id, received)
    if (before !== undefined && before.redrives + 1 === received.redrives) {
      this.#seeMoved(`${before.place.incarnation} ${incarnation} ${group}`, {
        id: sent.id,
        from: before.place.slot,
        to: slot,
      })
    }
    const key = `${incarnation} ${group}`
    const seen = this.#seen.get(key) ?? { last: -1, slots: new Set() }
    this.#seen.set(key, seen)
    if (slot < seen.last && !seen.slots.has(slot)) {
      this.violations.push({ kind: 'out of order', id: sent.id, after: `slot ${seen.last}` })
    }
    seen.slots.add(slot)
    seen.last = Math.max(seen.last, slot)
  }

  /** It moved once since it was seen last, and so straight from there. */
  #seeMoved(key: string, moved: Moved): void {
    const others = this.#moved.get(key) ?? []
    this.#moved.set(key, others)
    const other = others.find(({ from, to }) => from < moved.from !== to < moved.to)
    if (other !== undefined) {
      this.violations.push({ kind: 'moved out of order', id: moved.id, after: other.id })
    }
    others.push(moved)
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

import type { QueueAddress, Receipt } from '../../src/services/sqs/commands.ts'
import type { QueueSettings } from '../../src/services/sqs/queue-settings.ts'
import { type Standing, standingIn } from './queue-model.ts'

/** A message as plainly as it can be written down. Times are milliseconds since the epoch. */
export interface FifoMessage {
  readonly slot: number
  readonly bodyId: number
  readonly group: string
  readonly sentAt: number
  hiddenUntil: number
  receivedAt: number
  firstReceivedAt: number
  receiveCount: number
  readonly arrivedWith: number
  /** Counts those that were undone, too. */
  receiveNumber: number
  tag: readonly [high: number, low: number]
  readonly source: QueueAddress | null
  readonly origin: string | null
}

interface Send {
  readonly slot: number
  readonly id: number
  readonly group: string
  readonly deduplication: string
  readonly scope: QueueSettings['deduplicationScope']
  readonly at: number
}

interface Attempt {
  readonly at: number
  hiddenUntil: number
  readonly received: readonly { readonly slot: number; readonly receiveNumber: number }[]
}

const INTERVAL_MS = 300_000

/** One FIFO queue: an array of messages in the order they came, looked through from end to end for every question. */
export class FifoModelQueue {
  readonly number: number
  readonly address: QueueAddress
  settings: QueueSettings
  messages: FifoMessage[] = []
  nextSlot = 0
  readonly #sends: Send[] = []
  readonly #attempts = new Map<string, Attempt>()
  #goneUntil = 0

  constructor(number: number, address: QueueAddress, settings: QueueSettings) {
    this.number = number
    this.address = address
    this.settings = settings
  }

  expire(now: number): void {
    this.#goneUntil = Math.max(this.#goneUntil, now - this.settings.messageRetentionSeconds * 1000)
    this.messages = this.messages.filter((message) => message.sentAt > this.#goneUntil)
  }

  find(slot: number): FifoMessage | undefined {
    return this.messages.find((message) => message.slot === slot)
  }

  isDelayed(message: FifoMessage, now: number): boolean {
    const isNew = message.receiveNumber === 0 && message.source === null
    return isNew && message.sentAt + this.settings.delaySeconds * 1000 > now
  }

  isInFlight(message: FifoMessage, now: number): boolean {
    return message.hiddenUntil > now
  }

  /** Of each group of which nothing is in flight: what may be received or is to move on, in order. */
  ready(now: number): Map<string, FifoMessage[]> {
    const groups = new Map<string, FifoMessage[]>()
    for (const message of this.messages) {
      if (!groups.has(message.group)) groups.set(message.group, [])
      groups.get(message.group)!.push(message)
    }
    for (const [group, messages] of groups) {
      const end = messages.findIndex((message) => this.isDelayed(message, now))
      if (messages.some((message) => this.isInFlight(message, now))) groups.delete(group)
      else groups.set(group, end < 0 ? messages : messages.slice(0, end))
    }
    return groups
  }

  standing(receipt: Receipt): Standing {
    return standingIn(this, receipt)
  }

  /** The send that one of this group and with this deduplication id is a duplicate of now. */
  earlierSend(group: string, deduplication: string, now: number): Send | undefined {
    const recent = this.#sends.filter(
      (send) => send.deduplication === deduplication && now - send.at < INTERVAL_MS,
    )
    return (
      recent.findLast((send) => send.scope === 'queue') ??
      recent.findLast((send) => send.scope === 'messageGroup' && send.group === group)
    )
  }

  remember(send: Omit<Send, 'scope'>): void {
    this.#sends.push({ ...send, scope: this.settings.deduplicationScope })
  }

  rememberAttempt(id: string, slots: readonly number[], hiddenUntil: number, now: number): void {
    const received = slots.map((slot) => ({ slot, receiveNumber: this.find(slot)!.receiveNumber }))
    this.#attempts.set(id, { at: now, hiddenUntil, received })
  }

  /** What a receive with this attempt id is to do. */
  attempt(id: string, now: number): 'receive' | 'refuse' | Attempt {
    const attempt = this.#attempts.get(id)
    if (attempt === undefined || now - attempt.at >= INTERVAL_MS) return 'receive'
    const standings = attempt.received.map(({ slot, receiveNumber }) => {
      const message = this.find(slot)
      if (message === undefined) return 'refuse'
      if (message.receiveNumber !== receiveNumber || !this.isInFlight(message, now)) return 'receive'
      return message.hiddenUntil === attempt.hiddenUntil ? 'repeat' : 'refuse'
    })
    if (standings.includes('refuse')) return 'refuse'
    return standings.includes('receive') ? 'receive' : attempt
  }
}

import { expect } from 'vitest'
import type { QueueAddress, Receipt, ReceivedMessage } from '../../src/services/sqs/commands.ts'
import { DEFAULT_QUEUE_SETTINGS, type QueueSettings } from '../../src/services/sqs/queue-settings.ts'
import { EVENT, type SqsEvent } from '../../src/services/sqs/state/events.ts'
import { FairModel, groupOfKey } from './fair-model.ts'

/** A message as plainly as it can be written down. Times are milliseconds since the epoch. */
export interface ModelMessage {
  readonly slot: number
  readonly bodyId: number
  readonly bytes: number
  readonly group: string | null
  readonly sentAt: number
  hiddenUntil: number
  /** Whether it's hidden by a receive, rather than by a delay. */
  received: boolean
  receivedAt: number
  firstReceivedAt: number
  /** Over all queues. */
  receiveCount: number
  /** The receive count it came with. */
  readonly arrivedWith: number
  receiveNumber: number
  tag: readonly [high: number, low: number]
  readonly source: QueueAddress | null
}

export type Standing = 'current' | 'stale' | 'gone' | 'forged'

/** One queue: an array of messages, looked through from end to end for every question. */
export class ModelQueue {
  readonly number: number
  readonly address: QueueAddress
  readonly createdAt: number
  modifiedAt: number
  settings: QueueSettings
  tags: Readonly<Record<string, string>>
  messages: ModelMessage[] = []
  nextSlot = 0
  readonly fair = new FairModel()
  #goneUntil = 0

  constructor(
    number: number,
    address: QueueAddress,
    settings: QueueSettings,
    tags: Readonly<Record<string, string>>,
    now: number,
  ) {
    this.number = number
    this.address = address
    this.settings = settings
    this.tags = tags
    this.createdAt = now
    this.modifiedAt = now
  }

  get arn(): string {
    return arnOf(this.address)
  }

  /** Throws away what passed its retention by now. */
  expire(now: number): void {
    this.#goneUntil = Math.max(this.#goneUntil, now - this.settings.messageRetentionSeconds * 1000)
    const before = this.messages
    this.messages = before.filter((message) => message.sentAt > this.#goneUntil)
    if (this.messages.length < before.length) this.fair.isJudged = false
    this.fair.settle(this.messages, this.nextSlot, now)
  }

  /** The message goes, to nowhere or to another queue. */
  take(message: ModelMessage, now: number): void {
    this.messages = this.messages.filter((each) => each !== message)
    this.fair.gone(message, now)
  }

  /** A message takes the next slot. */
  add(message: Omit<ModelMessage, 'slot'>, now: number): void {
    const added = { ...message, slot: this.nextSlot++ }
    this.messages.push(added)
    this.fair.sent(added, now)
  }

  find(slot: number): ModelMessage | undefined {
    return this.messages.find((message) => message.slot === slot)
  }

  visible(now: number): readonly ModelMessage[] {
    return this.messages.filter((message) => message.hiddenUntil <= now)
  }

  inFlight(now: number): readonly ModelMessage[] {
    return this.messages.filter((message) => message.hiddenUntil > now && message.received)
  }

  delayed(now: number): readonly ModelMessage[] {
    return this.messages.filter((message) => message.hiddenUntil > now && !message.received)
  }

  standing(receipt: Receipt): Standing {
    return standingIn(this, receipt)
  }
}

/** What a receipt is worth in a queue, of whichever kind. */
export function standingIn(
  queue: {
    readonly number: number
    readonly nextSlot: number
    find(slot: number): Pick<ModelMessage, 'receiveNumber' | 'tag'> | undefined
  },
  receipt: Receipt,
): Standing {
  if (receipt.incarnation !== queue.number || receipt.slot >= queue.nextSlot) return 'forged'
  const message = queue.find(receipt.slot)
  if (message === undefined) return 'gone'
  if (receipt.receiveNumber < 1 || receipt.receiveNumber > message.receiveNumber) return 'forged'
  if (receipt.receiveNumber < message.receiveNumber) return 'stale'
  return receipt.tagHigh === message.tag[0] && receipt.tagLow === message.tag[1] ? 'current' : 'forged'
}

/**
 * What all queues hold, told by events, each of which is checked first: it must be possible where the model stands. What
 * a receive chooses is the code's to say; whether it may is the model's.
 */
export class Model {
  readonly queues: ModelQueue[] = []
  #nextQueue = 1

  at(address: QueueAddress): ModelQueue | undefined {
    return this.queues.find((queue) => queue.arn === arnOf(address))
  }

  numbered(number: number): ModelQueue {
    const found = this.queues.find((queue) => queue.number === number)
    if (found === undefined) throw new Error(`the event names queue ${number}, which is not there`)
    return found
  }

  expire(now: number): void {
    for (const queue of this.queues) queue.expire(now)
  }

  /** The queue that takes over what was received too often from `queue`. */
  deadLetterTarget(queue: ModelQueue): ModelQueue | undefined {
    const arn = queue.settings.redrivePolicy?.deadLetterTargetArn
    return this.queues.find((each) => each.arn === arn && each !== queue)
  }

  isExhausted(queue: ModelQueue, message: ModelMessage): boolean {
    if (this.deadLetterTarget(queue) === undefined) return false
    return message.receiveCount - message.arrivedWith >= queue.settings.redrivePolicy!.maxReceiveCount
  }

  apply(event: SqsEvent, now: number): void {
    switch (event.kind) {
      case EVENT.queueCreated:
        expect(event.queue).toBe(this.#nextQueue++)
        expect(this.at(event.address)).toBeUndefined()
        this.queues.push(new ModelQueue(event.queue, event.address, event.settings, event.tags, now))
        return
      case EVENT.queueDeleted:
        this.queues.splice(this.queues.indexOf(this.numbered(event.queue)), 1)
        return
      case EVENT.queuePurged:
        this.numbered(event.queue).messages = []
        this.numbered(event.queue).fair.purged()
        return
      case EVENT.queueChanged: {
        const queue = this.numbered(event.queue)
        queue.expire(now)
        if (event.settings !== null) {
          queue.settings = event.settings
          queue.modifiedAt = now
        }
        if (event.tags !== null) queue.tags = event.tags
        return
      }
      case EVENT.messagesSent:
      case EVENT.groupedMessagesSent: {
        const queue = this.numbered(event.queue)
        expect(event.firstSlot).toBe(queue.nextSlot)
        for (const [i, bytes] of event.bytes.entries()) {
          const delayMs = event.delaySeconds[i]! * 1000
          queue.add(
            {
              ...NEVER_RECEIVED,
              bodyId: event.firstBodyId + i,
              bytes,
              group: event.kind === EVENT.messagesSent ? null : groupOfKey(event.groupKeys, i * 4),
              sentAt: now,
              hiddenUntil: delayMs === 0 ? 0 : now + delayMs,
            },
            now,
          )
        }
        return
      }
      case EVENT.groupsBecameNoisy: {
        const queue = this.numbered(event.queue)
        for (const slot of event.slots) queue.fair.markNoisy(queue.find(slot)!.group, queue.visible(now), now)
        return
      }
      case EVENT.messagesReceived: {
        const queue = this.numbered(event.queue)
        const available = queue.visible(now).filter((message) => !this.isExhausted(queue, message))
        const chosen = event.slots.map((slot) => queue.find(slot)!)
        if (!chosen.includes(undefined!)) queue.fair.checkChoice(available, chosen, now)
        for (const [i, slot] of event.slots.entries()) {
          const message = queue.find(slot)
          if (message === undefined) throw new Error(`slot ${slot} was received, which holds nothing`)
          expect(message.hiddenUntil, `slot ${slot} was received while it was hidden`).toBeLessThanOrEqual(
            now,
          )
          expect(this.isExhausted(queue, message), `slot ${slot} was received too often`).toBe(false)
          message.hiddenUntil = now + event.visibilityTimeoutSeconds * 1000
          message.received = true
          message.receivedAt = now
          if (message.receiveCount === 0) message.firstReceivedAt = now
          message.receiveCount++
          message.receiveNumber++
          message.tag = [event.tags[2 * i]!, event.tags[2 * i + 1]!]
          queue.fair.received(message, queue.messages, now)
        }
        queue.fair.settle(queue.messages, queue.nextSlot, now)
        return
      }
      case EVENT.messagesDeleted: {
        const queue = this.numbered(event.queue)
        for (const slot of event.slots) {
          expect(queue.find(slot), `slot ${slot} was deleted, which holds nothing`).toBeDefined()
          queue.take(queue.find(slot)!, now)
        }
        queue.fair.settle(queue.messages, queue.nextSlot, now)
        return
      }
      case EVENT.visibilityChanged: {
        const queue = this.numbered(event.queue)
        for (const [i, slot] of event.slots.entries()) {
          const message = queue.find(slot)!
          message.hiddenUntil = now + event.visibilityTimeoutSeconds[i]! * 1000
          queue.fair.changed(message)
        }
        queue.fair.settle(queue.messages, queue.nextSlot, now)
        return
      }
      case EVENT.messagesDeadLettered: {
        const queue = this.numbered(event.queue)
        const target = this.numbered(event.target)
        expect(target).toBe(this.deadLetterTarget(queue))
        expect(event.firstSlot).toBe(target.nextSlot)
        for (const slot of event.slots) {
          const message = queue.find(slot)
          if (message === undefined) throw new Error(`slot ${slot} became a dead letter, which holds nothing`)
          expect(message.hiddenUntil).toBeLessThanOrEqual(now)
          expect(this.isExhausted(queue, message), `slot ${slot} became a dead letter early`).toBe(true)
          queue.take(message, now)
          target.add(
            {
              ...NEVER_RECEIVED,
              bodyId: message.bodyId,
              bytes: message.bytes,
              group: message.group,
              sentAt: message.sentAt,
              firstReceivedAt: message.firstReceivedAt,
              receiveCount: message.receiveCount,
              arrivedWith: message.receiveCount,
              source: queue.address,
            },
            now,
          )
        }
        queue.fair.settle(queue.messages, queue.nextSlot, now)
        target.expire(now)
        return
      }
      case EVENT.receiveUndone: {
        const queue = this.numbered(event.queue)
        for (const slot of event.slots) {
          const message = queue.find(slot)!
          expect(message.received && message.hiddenUntil > now).toBe(true)
          message.hiddenUntil = now
          message.receiveCount--
          if (message.receiveCount === 0) message.firstReceivedAt = 0
          queue.fair.changed(message)
        }
        queue.fair.settle(queue.messages, queue.nextSlot, now)
        return
      }
      case EVENT.fifoMessagesSent:
      case EVENT.receiveAttempted:
      case EVENT.receiveRepeated:
        throw new Error('a standard queue has no such events')
      default:
        event satisfies never
    }
  }

  /** What a client is told of a message that was just received. */
  told(queue: ModelQueue, slot: number): ReceivedMessage {
    const message = queue.find(slot)!
    return {
      receipt: {
        incarnation: queue.number,
        slot,
        receiveNumber: message.receiveNumber,
        tagHigh: message.tag[0],
        tagLow: message.tag[1],
      },
      sentAt: message.sentAt,
      firstReceivedAt: message.firstReceivedAt,
      receiveCount: message.receiveCount,
      deadLetterSource: message.source,
    }
  }
}

const NEVER_RECEIVED = {
  hiddenUntil: 0,
  received: false,
  receivedAt: 0,
  firstReceivedAt: 0,
  receiveCount: 0,
  arrivedWith: 0,
  receiveNumber: 0,
  tag: [0, 0],
  source: null,
} as const satisfies Partial<ModelMessage>

export const INITIAL_SETTINGS = DEFAULT_QUEUE_SETTINGS

export function arnOf(address: QueueAddress): string {
  return `arn:aws:sqs:${address.region}:${address.accountId}:${address.name}`
}

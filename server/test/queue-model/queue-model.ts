import { expect } from 'vitest'
import type {
  MoveTaskDescription,
  PeekedMessage,
  QueueAddress,
  Receipt,
  ReceivedMessage,
} from '../../src/services/sqs/commands.ts'
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
  readonly redrives: number
  readonly origin: string | null
}

export type ModelTask = { -readonly [Key in keyof MoveTaskDescription]: MoveTaskDescription[Key] }

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
  /** The newest first. */
  moveTasks: ModelTask[] = []
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

  /** What somebody is told who only looks. */
  shown(message: ModelMessage, now: number): PeekedMessage {
    const { hiddenUntil, received, sentAt, firstReceivedAt, receiveCount, source, redrives, origin } = message
    const isHidden = hiddenUntil > now
    return {
      incarnation: this.number,
      slot: message.slot,
      phase: !isHidden ? 'visible' : received ? 'inFlight' : 'delayed',
      visibleAt: isHidden ? hiddenUntil : 0,
      sentAt,
      firstReceivedAt,
      receiveCount,
      deadLetterSource: source,
      redrives,
      origin,
    }
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
  readonly #origins = new Map<number, string>()
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

  /** Where a task of the queue moves the message to, if that can be told and is there. */
  moveTarget(task: MoveTaskDescription, message: ModelMessage): ModelQueue | undefined {
    const address = task.destination ?? message.source
    return address === null ? undefined : this.at(address)
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
      case EVENT.allQueuesDeleted:
        this.queues.length = 0
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
      case EVENT.originNoted:
        expect(this.#origins.has(event.number)).toBe(false)
        this.#origins.set(event.number, event.text)
        return
      case EVENT.messagesLanded: {
        const queue = this.numbered(event.queue)
        expect(event.firstSlot).toBe(queue.nextSlot)
        const delayMs = event.delaySeconds * 1000
        for (const [i, bytes] of event.bytes.entries()) {
          queue.add(
            {
              ...NEVER_RECEIVED,
              bodyId: event.bodyIds[i]!,
              bytes,
              group: event.groupKeys === null ? null : groupOfKey(event.groupKeys, i * 4),
              sentAt: now,
              hiddenUntil: delayMs === 0 ? 0 : now + delayMs,
              origin: this.#origins.get(event.origin)!,
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
              redrives: message.redrives,
              origin: message.origin,
            },
            now,
          )
        }
        queue.fair.settle(queue.messages, queue.nextSlot, now)
        target.expire(now)
        return
      }
      case EVENT.receiveUndone:
      case EVENT.receivePostponed: {
        const queue = this.numbered(event.queue)
        for (const [i, slot] of event.slots.entries()) {
          const message = queue.find(slot)!
          expect(message.received && message.hiddenUntil > now).toBe(true)
          const isPostponed = event.kind === EVENT.receivePostponed
          message.hiddenUntil = now + (isPostponed ? event.visibilityTimeoutSeconds[i]! * 1000 : 0)
          if (isPostponed) message.receiveNumber++
          message.receiveCount--
          if (message.receiveCount === 0) message.firstReceivedAt = 0
          queue.fair.changed(message)
        }
        queue.fair.settle(queue.messages, queue.nextSlot, now)
        return
      }
      case EVENT.fifoMessageLanded:
      case EVENT.fifoMessagesSent:
      case EVENT.receiveAttempted:
      case EVENT.receiveRepeated:
        throw new Error('a standard queue has no such events')
      case EVENT.moveTaskStarted: {
        const queue = this.numbered(event.queue)
        expect(queue.moveTasks.some(isActive), 'a task began beside another').toBe(false)
        const begun = { startedAt: now, messagesMoved: 0, status: 'RUNNING', failureReason: '' } as const
        queue.moveTasks = [{ ...event.task, ...begun }, ...queue.moveTasks].slice(0, 10)
        return
      }
      case EVENT.moveTaskCancelled: {
        const task = this.numbered(event.queue).moveTasks[0]!
        expect(task.status).toBe('RUNNING')
        task.status = 'CANCELLING'
        return
      }
      case EVENT.moveTaskEnded:
        this.#endTask(this.numbered(event.queue), event.status, event.failureReason, now)
        return
      case EVENT.messagesMoved: {
        const queue = this.numbered(event.queue)
        const target = this.numbered(event.target)
        const task = queue.moveTasks[0]!
        expect(task.status).toBe('RUNNING')
        expect(event.firstSlot).toBe(target.nextSlot)
        for (const slot of event.slots) {
          const message = queue.find(slot)
          if (message === undefined) throw new Error(`slot ${slot} was moved, which holds nothing`)
          expect(message.hiddenUntil, `slot ${slot} was moved while it was hidden`).toBeLessThanOrEqual(now)
          expect(this.moveTarget(task, message), `slot ${slot} was moved elsewhere`).toBe(target)
          queue.take(message, now)
          target.add(
            {
              ...NEVER_RECEIVED,
              bodyId: message.bodyId,
              bytes: message.bytes,
              group: message.group,
              sentAt: now,
              redrives: message.redrives + 1,
              origin: message.origin,
            },
            now,
          )
        }
        queue.fair.settle(queue.messages, queue.nextSlot, now)
        target.expire(now)
        task.messagesMoved += event.slots.length
        expect(task.messagesMoved).toBeLessThanOrEqual(task.messagesToMove)
        const { messagesPerSecond: rate, startedAt } = task
        if (rate !== null) {
          expect(task.messagesMoved).toBeLessThanOrEqual(1 + ((now - startedAt) * rate) / 1000)
        }
        return
      }
      case EVENT.messagesForwarded:
        throw new Error('nothing of what clients do forwards messages')
      default:
        event satisfies never
    }
  }

  #endTask(queue: ModelQueue, status: ModelTask['status'], reason: string, now: number): void {
    const task = queue.moveTasks[0]!
    const visible = queue.visible(now)
    const movable = visible.filter((message) => this.moveTarget(task, message) !== undefined)
    if (status === 'CANCELLED') {
      expect(task.status).toBe('CANCELLING')
    } else {
      expect(task.status).toBe('RUNNING')
      if (task.messagesMoved < task.messagesToMove) expect(movable).toEqual([])
    }
    if (status === 'FAILED') {
      const unknown = task.destination === null && visible.some(({ source }) => source === null)
      const gone =
        task.destination === null
          ? visible.some(({ source }) => source !== null && this.at(source) === undefined)
          : this.at(task.destination) === undefined
      const reasons = [
        ...(unknown ? ['CouldNotDetermineMessageSource'] : []),
        ...(gone ? ['AWS.SimpleQueueService.NonExistentQueue'] : []),
      ]
      expect(reasons).toContain(reason)
    } else {
      expect(reason).toBe('')
      if (status === 'COMPLETED' && task.messagesMoved < task.messagesToMove) expect(visible).toEqual([])
    }
    task.status = status
    task.failureReason = reason
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
      incarnation: queue.number,
      slot,
      sentAt: message.sentAt,
      firstReceivedAt: message.firstReceivedAt,
      receiveCount: message.receiveCount,
      deadLetterSource: message.source,
      redrives: message.redrives,
      origin: message.origin,
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
  redrives: 0,
  origin: null,
} as const satisfies Partial<ModelMessage>

export function isActive({ status }: MoveTaskDescription): boolean {
  return status === 'RUNNING' || status === 'CANCELLING'
}

export const INITIAL_SETTINGS = DEFAULT_QUEUE_SETTINGS

export function arnOf(address: QueueAddress): string {
  return `arn:aws:sqs:${address.region}:${address.accountId}:${address.name}`
}

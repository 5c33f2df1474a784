import { ServiceError } from '../../../api/service-error.ts'
import { KEY_WORDS } from '../../../core/key.ts'
import type { Step } from '../../../core/service-state.ts'
import type {
  MessageHistory,
  QueueAddress,
  Receipt,
  ReceivedMessage,
  Refusal,
  SqsCommand,
  SqsReplies,
} from '../commands.ts'
import { InvalidParameterValue, MessageNotInflight, OverLimit, ReceiptHandleIsInvalid } from '../errors.ts'
import { IN_FLIGHT_MAX, SHUFFLED_MESSAGES, TAG_BYTES, VISIBILITY_TIMEOUT_SECONDS } from '../limits.ts'
import { parseQueueArn } from '../queue-arn.ts'
import type { SqsContext } from './context.ts'
import { isDeliveredAgain, receiveOutOfOrder } from './disorder.ts'
import { EVENT, type SqsEvent } from './events.ts'
import { repeatReceive } from './fifo-decisions.ts'
import { FifoQueue } from './fifo-queue.ts'
import { admitCall, THROTTLED } from './fifo-quota.ts'
import type { Queue } from './queue.ts'
import { existingQueue, queueAt } from './queue-decisions.ts'
import { EXPIRED_RECEIPT, refusal, tooLarge } from './refusals.ts'
import { isSealedFor } from './sealed-for.ts'
import { IN_FLIGHT } from './tracking.ts'

/** Messages one receive may look at, past those that expired or are to go to the dead-letter queue. */
const SCAN_LIMIT = 1000
/** Expired messages one receive may clear away before it looks for those that are not. */
const DROP_LIMIT = 5000

export function sendMessages(
  context: SqsContext,
  command: SqsCommand<'sendMessages'>,
  step: Step<SqsEvent>,
): SqsReplies['sendMessages'] {
  const queue = existingQueue(context, command.queue)
  const { maximumMessageSizeBytes, delaySeconds: queueDelaySeconds } = queue.settings
  if (!isSealedFor(queue, command)) return null
  const outcomes: (Refusal | null)[] = []
  const bytes: number[] = []
  const delaySeconds: number[] = []
  let groupKeys: Uint32Array | null = null
  let firstBodyId = 0
  for (const message of command.messages) {
    if (message.sizeBytes > maximumMessageSizeBytes) {
      outcomes.push(tooLarge(queue.settings))
      continue
    }
    const bodyId = step.store(message.body)
    if (bytes.length === 0) firstBodyId = bodyId
    if (message.groupKey !== undefined) {
      groupKeys ??= new Uint32Array(command.messages.length * KEY_WORDS)
      groupKeys.set(message.groupKey, bytes.length * KEY_WORDS)
    }
    bytes.push(command.bodies![message.body]!.length)
    delaySeconds.push(message.delaySeconds ?? queueDelaySeconds)
    outcomes.push(null)
  }
  if (bytes.length > 0) {
    const firstSlot = queue.nextSlot
    if (groupKeys === null) {
      step.emit({
        kind: EVENT.messagesSent,
        queue: queue.number,
        firstSlot,
        firstBodyId,
        bytes,
        delaySeconds,
      })
    } else {
      step.emit({
        kind: EVENT.groupedMessagesSent,
        queue: queue.number,
        firstSlot,
        firstBodyId,
        bytes,
        delaySeconds,
        groupKeys: groupKeys.subarray(0, bytes.length * KEY_WORDS),
      })
    }
  }
  return outcomes
}

export function receiveMessages(
  context: SqsContext,
  command: SqsCommand<'receiveMessages'>,
  step: Step<SqsEvent>,
): SqsReplies['receiveMessages'] {
  const queue = existingQueue(context, command.queue)
  if (queue instanceof FifoQueue) admitCall(queue, 'receive', command, step.now)
  const repeated = command.attempt === undefined ? null : repeatReceive(queue, command, step)
  if (repeated !== null) return deliver(context, queue, repeated)
  const room = IN_FLIGHT_MAX - queue.inFlight
  if (room <= 0) {
    if (queue instanceof FifoQueue) return { messages: [], bodies: [] }
    throw new ServiceError(
      OverLimit,
      `The maximum number of in flight messages is reached: ${IN_FLIGHT_MAX}.`,
    )
  }
  queue.dropExpired(step.now, DROP_LIMIT)
  const target = deadLetterTarget(context, queue)
  const receivesMax =
    target === undefined ? Number.POSITIVE_INFINITY : queue.settings.redrivePolicy!.maxReceiveCount
  const exhausted: number[] = []
  const noisy: number[] = []
  const limit = Math.min(command.limit, room)
  const { disorder } = command
  const available = queue.choose(
    disorder === undefined ? limit : SHUFFLED_MESSAGES,
    step.now,
    receivesMax,
    SCAN_LIMIT,
    exhausted,
    noisy,
  )
  if (noisy.length > 0) step.emit({ kind: EVENT.groupsBecameNoisy, queue: queue.number, slots: noisy })
  if (exhausted.length > 0) {
    step.emit({
      kind: EVENT.messagesDeadLettered,
      queue: queue.number,
      slots: exhausted,
      target: target!.number,
      firstSlot: target!.nextSlot,
    })
  }
  if (available.length === 0) return { messages: [], bodies: [] }
  const seconds = command.visibilityTimeoutSeconds ?? queue.settings.visibilityTimeoutSeconds
  const slots: number[] = []
  for (const part of disorder === undefined
    ? [{ slots: available, visibilityTimeoutSeconds: seconds }]
    : receiveOutOfOrder(available, { limit, visibilityTimeoutSeconds: seconds, disorder, queue })) {
    const tags = readTags(command.tags, slots.length, part.slots.length)
    const { slots: received, visibilityTimeoutSeconds } = part
    step.emit({
      kind: EVENT.messagesReceived,
      queue: queue.number,
      slots: received,
      visibilityTimeoutSeconds,
      tags,
    })
    slots.push(...received)
  }
  if (command.attempt !== undefined && queue instanceof FifoQueue) {
    const { key: attemptKey } = command.attempt
    step.emit({ kind: EVENT.receiveAttempted, queue: queue.number, attemptKey, slots })
  }
  return deliver(context, queue, slots)
}

export function deleteMessages(
  context: SqsContext,
  command: SqsCommand<'deleteMessages'>,
  step: Step<SqsEvent>,
): SqsReplies['deleteMessages'] {
  const queue = existingQueue(context, command.queue)
  const isGroupAdmitted = queue instanceof FifoQueue ? admitCall(queue, 'delete', command, step.now) : null
  const slots: number[] = []
  const outcomes = command.receipts.map((receipt) => {
    const standing = standingOf(context, queue, receipt, step.now)
    if (standing === 'forged') return refusal(ReceiptHandleIsInvalid, 'The receipt handle is not valid.')
    if (isExpired(context, queue, receipt, standing, step.now)) return EXPIRED_RECEIPT
    if (standing === 'current' && isGroupAdmitted?.(queue.groupKey(receipt.slot)!, 0) === false)
      return THROTTLED
    // A message that is gone already, or was received by another consumer since, is not an error.
    if (standing === 'current' && !slots.includes(receipt.slot)) slots.push(receipt.slot)
    return null
  })
  const { disorder } = command
  const returned = slots.filter(
    (slot, i) =>
      disorder !== undefined &&
      isDeliveredAgain(disorder, i) &&
      isInFlight(context, queue.entry(slot), step.now),
  )
  if (returned.length > 0) {
    const visibilityTimeoutSeconds = returned.map(() => 0)
    step.emit({
      kind: EVENT.visibilityChanged,
      queue: queue.number,
      slots: returned,
      visibilityTimeoutSeconds,
    })
  }
  const deleted = returned.length === 0 ? slots : slots.filter((slot) => !returned.includes(slot))
  if (deleted.length > 0) step.emit({ kind: EVENT.messagesDeleted, queue: queue.number, slots: deleted })
  return outcomes
}

export function changeVisibility(
  context: SqsContext,
  command: SqsCommand<'changeVisibility'>,
  step: Step<SqsEvent>,
): SqsReplies['changeVisibility'] {
  const queue = existingQueue(context, command.queue)
  const slots: number[] = []
  const visibilityTimeoutSeconds: number[] = []
  const outcomes = command.changes.map(({ receipt, visibilityTimeoutSeconds: seconds }) => {
    const refused = visibilityRefusal(context, queue, receipt, seconds, step.now)
    if (refused !== null) return refused
    const earlier = slots.indexOf(receipt.slot)
    if (earlier >= 0) {
      visibilityTimeoutSeconds[earlier] = seconds
    } else {
      slots.push(receipt.slot)
      visibilityTimeoutSeconds.push(seconds)
    }
    return null
  })
  if (slots.length > 0) {
    step.emit({ kind: EVENT.visibilityChanged, queue: queue.number, slots, visibilityTimeoutSeconds })
  }
  return outcomes
}

export function undoReceive(
  context: SqsContext,
  command: SqsCommand<'undoReceive'>,
  step: Step<SqsEvent>,
): null {
  const queue = queueAt(context, command.queue)
  if (queue === undefined) return null
  const slots: number[] = []
  for (const receipt of command.receipts) {
    if (standingOf(context, queue, receipt, step.now) !== 'current') continue
    const entry = queue.entry(receipt.slot)
    if (context.tracking.phase(entry) !== IN_FLIGHT) continue
    // One that was postponed is hidden as if it had been received, but there is nothing left to undo.
    if (context.tracking.receivesHere(entry) === 0) continue
    if (!slots.includes(receipt.slot)) slots.push(receipt.slot)
  }
  if (slots.length === 0) return null
  const { hiddenSeconds = 0 } = command
  if (hiddenSeconds === 0) step.emit({ kind: EVENT.receiveUndone, queue: queue.number, slots })
  else {
    const visibilityTimeoutSeconds = slots.map(() => hiddenSeconds)
    step.emit({ kind: EVENT.receivePostponed, queue: queue.number, slots, visibilityTimeoutSeconds })
  }
  return null
}

/**
 * What a receipt is worth now: `current` for the newest receive of a message that is still there, `stale` for an earlier
 * one, `gone` when the message is, `forged` when the queue never gave it out.
 */
export type Standing = 'current' | 'stale' | 'gone' | 'forged'

export function standingOf(context: SqsContext, queue: Queue, receipt: Receipt, now: number): Standing {
  const { tracking } = context
  if (receipt.incarnation !== queue.number || receipt.slot >= queue.nextSlot) return 'forged'
  if (!queue.holds(receipt.slot, now)) return 'gone'
  const entry = queue.entry(receipt.slot)
  if (entry === 0) return 'forged'
  const receiveNumber = tracking.receiveNumber(entry)
  // Nothing was given out before the first receive, and the tag of an entry is zero until then: easily forged.
  if (receipt.receiveNumber < 1 || receipt.receiveNumber > receiveNumber) return 'forged'
  if (receipt.receiveNumber < receiveNumber) return 'stale'
  return tracking.hasTag(entry, receipt.tagHigh, receipt.tagLow) ? 'current' : 'forged'
}

/**
 * Whether a FIFO queue takes nothing more on the strength of this receipt: its message became visible again, and another may
 * have it.
 */
function isExpired(
  context: SqsContext,
  queue: Queue,
  receipt: Receipt,
  standing: Standing,
  now: number,
): boolean {
  if (!(queue instanceof FifoQueue)) return false
  if (standing === 'stale') return true
  return standing === 'current' && !isInFlight(context, queue.entry(receipt.slot), now)
}

function isInFlight({ tracking }: SqsContext, entry: number, now: number): boolean {
  return tracking.phase(entry) === IN_FLIGHT && tracking.deadline(entry) > now
}

function visibilityRefusal(
  context: SqsContext,
  queue: Queue,
  receipt: Receipt,
  seconds: number,
  now: number,
): Refusal | null {
  const { tracking } = context
  const standing = standingOf(context, queue, receipt, now)
  if (standing === 'forged') return refusal(ReceiptHandleIsInvalid, 'The receipt handle is not valid.')
  if (standing !== 'current' || isExpired(context, queue, receipt, standing, now)) {
    return refusal(
      InvalidParameterValue,
      'Value {ReceiptHandle} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.',
    )
  }
  const entry = queue.entry(receipt.slot)
  if (!isInFlight(context, entry, now)) {
    return refusal(MessageNotInflight, 'The specified message is not in flight.')
  }
  if (now + seconds * 1000 > tracking.receivedAt(entry) + VISIBILITY_TIMEOUT_SECONDS.max * 1000) {
    return refusal(
      InvalidParameterValue,
      `Value ${seconds} for parameter VisibilityTimeout is invalid. Reason: Total VisibilityTimeout for the message is beyond the limit [${VISIBILITY_TIMEOUT_SECONDS.max} seconds]`,
    )
  }
  return null
}

/** The queue that takes over what was received too often, if there is one now. */
function deadLetterTarget(context: SqsContext, queue: Queue): Queue | undefined {
  const policy = queue.settings.redrivePolicy
  if (policy === null) return undefined
  const address = parseQueueArn(policy.deadLetterTargetArn)
  const target = address === null ? undefined : queueAt(context, address)
  return target === queue ? undefined : target
}

/** What is told of messages in flight, each of which was just received or is given out again. */
function deliver(context: SqsContext, queue: Queue, slots: readonly number[]): SqsReplies['receiveMessages'] {
  const messages = slots.map((slot) => received(context, queue, slot))
  return { messages, bodies: context.host.read(slots.map((slot) => queue.bodyId(slot))) }
}

/** Member by member, since spreading one object into another is slow, and there are ten in a request. */
function received(context: SqsContext, queue: Queue, slot: number): ReceivedMessage {
  const { tracking } = context
  const entry = queue.entry(slot)
  return {
    receipt: {
      incarnation: queue.number,
      slot,
      receiveNumber: tracking.receiveNumber(entry),
      tagHigh: tracking.tagHigh(entry),
      tagLow: tracking.tagLow(entry),
    },
    incarnation: queue.number,
    slot,
    sentAt: queue.sentAt(slot),
    firstReceivedAt: tracking.firstReceivedAt(entry),
    receiveCount: tracking.receiveCount(entry),
    deadLetterSource: sourceAddress(context, tracking.source(entry)),
    redrives: tracking.redrives(entry),
    origin: context.origins.text(queue.slots.origin(slot)),
  }
}

/** What is known of the message in the slot, which must be there. */
export function messageHistory(context: SqsContext, queue: Queue, slot: number): MessageHistory {
  const { tracking } = context
  const entry = queue.entry(slot)
  const isTracked = entry !== 0
  return {
    incarnation: queue.number,
    slot,
    sentAt: queue.sentAt(slot),
    firstReceivedAt: isTracked ? tracking.firstReceivedAt(entry) : 0,
    receiveCount: isTracked ? tracking.receiveCount(entry) : 0,
    deadLetterSource: isTracked ? sourceAddress(context, tracking.source(entry)) : null,
    redrives: isTracked ? tracking.redrives(entry) : 0,
    origin: context.origins.text(queue.slots.origin(slot)),
  }
}

/** Where the queue of that incarnation is, or was; null for 0. */
export function sourceAddress(context: SqsContext, number: number): QueueAddress | null {
  if (number === 0) return null
  return context.directory.numbered(number)?.address ?? context.root.retired.get(number) ?? null
}

/** Those of `count` messages, after those of `from` others; a tag is two words. */
function readTags(bytes: Uint8Array, from: number, count: number): number[] {
  const tags: number[] = []
  // By hand: to make a view of the bytes takes longer.
  for (let at = from * TAG_BYTES; at < (from + count) * TAG_BYTES; at += 4) {
    tags.push((bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0)
  }
  return tags
}

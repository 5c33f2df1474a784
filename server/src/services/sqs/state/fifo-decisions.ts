import { KEY_WORDS, keysEqual } from '../../../core/key.ts'
import type { Step } from '../../../core/service-state.ts'
import type { Enqueued, FifoMessageToSend, Refusal, SqsCommand, SqsReplies } from '../commands.ts'
import { InvalidParameterValue, invalidParameter } from '../errors.ts'
import type { SqsContext } from './context.ts'
import { EVENT, type SqsEvent } from './events.ts'
import { FifoQueue } from './fifo-queue.ts'
import type { Queue } from './queue.ts'
import { existingQueue } from './queue-decisions.ts'
import { refusal, tooLarge } from './refusals.ts'

/** A message of the command that is to be stored. */
interface Accepted {
  readonly message: FifoMessageToSend
  readonly sendKey: Uint32Array
  readonly enqueued: Enqueued
}

export function sendFifoMessages(
  context: SqsContext,
  command: SqsCommand<'sendFifoMessages'>,
  step: Step<SqsEvent>,
): SqsReplies['sendFifoMessages'] {
  const queue = existingQueue(context, command.queue)
  // A queue's name tells its kind, and the operation chose the command by it.
  if (!(queue instanceof FifoQueue)) throw new Error(`${command.queue.name} is no FIFO queue`)
  const accepted: Accepted[] = []
  let firstBodyId = 0
  const outcomes = command.messages.map((message): Refusal | Enqueued => {
    const refused = refusalOf(queue, message)
    if (refused !== null) return refused
    const { groupKey, deduplicationKey } = message
    const sendKey = queue.sendKey(groupKey, deduplicationKey)
    const before = accepted.find((each) => keysEqual(each.sendKey, 0, sendKey, 0))
    if (before !== undefined) return { ...before.enqueued, duplicateOf: before.message.messageId }
    const earlier = queue.earlierSend(groupKey, deduplicationKey, step.now)
    if (earlier !== null) {
      return { incarnation: queue.number, slot: earlier.slot, duplicateOf: earlier.messageId }
    }
    const bodyId = step.store(message.body)
    if (accepted.length === 0) firstBodyId = bodyId
    const slot = queue.nextSlot + accepted.length
    const enqueued = { incarnation: queue.number, slot, duplicateOf: null }
    accepted.push({ message, sendKey, enqueued })
    return enqueued
  })
  if (accepted.length > 0) {
    step.emit({
      kind: EVENT.fifoMessagesSent,
      queue: queue.number,
      firstSlot: queue.nextSlot,
      firstBodyId,
      bytes: accepted.map(({ message }) => command.bodies![message.body]!.length),
      groupKeys: joinWords(accepted, ({ message }) => message.groupKey),
      sendKeys: joinWords(accepted, ({ sendKey }) => sendKey),
      messageIds: joinWords(accepted, ({ message }) => message.messageId),
    })
  }
  return outcomes
}

/**
 * The slots that a receive with an attempt id is to be given again, which are then hidden anew; null where it is to receive
 * like any other. Refuses where what it received can't be had again.
 */
export function repeatReceive(
  queue: Queue,
  command: SqsCommand<'receiveMessages'>,
  step: Step<SqsEvent>,
): readonly number[] | null {
  const { attempt } = command
  if (attempt === undefined || !(queue instanceof FifoQueue)) return null
  const { standing, slots } = queue.attempts.standingOf(attempt.key, step.now)
  if (standing === 'none') return null
  if (standing === 'changed') {
    throw invalidParameter(
      'ReceiveRequestAttemptId',
      attempt.id,
      'The receiveRequestAttemptId is not valid anymore since the receive call is not retryable.',
    )
  }
  const visibilityTimeoutSeconds = command.visibilityTimeoutSeconds ?? queue.settings.visibilityTimeoutSeconds
  step.emit({
    kind: EVENT.receiveRepeated,
    queue: queue.number,
    attemptKey: attempt.key,
    visibilityTimeoutSeconds,
  })
  return slots
}

function refusalOf(queue: FifoQueue, message: FifoMessageToSend): Refusal | null {
  if (message.sizeBytes > queue.settings.maximumMessageSizeBytes) return tooLarge(queue.settings)
  if (message.deduplicatesByContent && !queue.settings.contentBasedDeduplication) {
    return refusal(
      InvalidParameterValue,
      'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    )
  }
  return null
}

function joinWords(accepted: readonly Accepted[], words: (each: Accepted) => Uint32Array): Uint32Array {
  const joined = new Uint32Array(accepted.length * KEY_WORDS)
  let at = 0
  for (const each of accepted) {
    const some = words(each)
    for (let i = 0; i < KEY_WORDS; i++) joined[at++] = some[i]!
  }
  return joined
}

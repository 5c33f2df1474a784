import { copyKey, KEY_WORDS, keysEqual } from '../../../core/key.ts'
import type { Step } from '../../../core/service-state.ts'
import type { Enqueued, FifoMessageToSend, Refusal, SqsCommand, SqsReplies } from '../commands.ts'
import { InvalidParameterValue, invalidParameter } from '../errors.ts'
import type { SqsContext } from './context.ts'
import { EVENT, type SqsEvent } from './events.ts'
import { FifoQueue } from './fifo-queue.ts'
import { admitCall, THROTTLED } from './fifo-quota.ts'
import type { Queue } from './queue.ts'
import { existingQueue } from './queue-decisions.ts'
import { refusal, tooLarge } from './refusals.ts'
import { isSealedFor } from './sealed-for.ts'

export function sendFifoMessages(
  context: SqsContext,
  command: SqsCommand<'sendFifoMessages'>,
  step: Step<SqsEvent>,
): SqsReplies['sendFifoMessages'] {
  const queue = existingQueue(context, command.queue)
  // A queue's name tells its kind, and the operation chose the command by it.
  if (!(queue instanceof FifoQueue)) throw new Error(`${command.queue.name} is no FIFO queue`)
  if (!isSealedFor(queue, command)) return null
  const isGroupAdmitted = admitCall(queue, 'send', command, step.now)
  const { messages } = command
  // Of those that are to be stored, four words each.
  const groupKeys = new Uint32Array(messages.length * KEY_WORDS)
  const sendKeys = new Uint32Array(messages.length * KEY_WORDS)
  const messageIds = new Uint32Array(messages.length * KEY_WORDS)
  const bytes: number[] = []
  let firstBodyId = 0
  const firstSlot = queue.nextSlot
  const outcomes: (Refusal | Enqueued)[] = []
  for (const message of messages) {
    const refused = refusalOf(queue, message)
    if (refused !== null) {
      outcomes.push(refused)
      continue
    }
    const { body, groupKey, deduplicationKey, messageId } = message
    if (!isGroupAdmitted(groupKey)) {
      outcomes.push(THROTTLED)
      continue
    }
    const stored = bytes.length
    const at = stored * KEY_WORDS
    queue.writeSendKey(groupKey, deduplicationKey, sendKeys, at)
    const same = firstWithKeyAt(sendKeys, at)
    if (same < stored) {
      const duplicateOf = messageIds.slice(same * KEY_WORDS, (same + 1) * KEY_WORDS)
      outcomes.push({ incarnation: queue.number, slot: firstSlot + same, duplicateOf })
      continue
    }
    const earlier = queue.earlierSend(sendKeys, at, groupKey, deduplicationKey, step.now)
    if (earlier !== null) {
      const { slot, messageId: duplicateOf } = earlier
      outcomes.push({ incarnation: queue.number, slot, duplicateOf })
      continue
    }
    const bodyId = step.store(body)
    if (stored === 0) firstBodyId = bodyId
    copyKey(groupKey, groupKeys, at)
    copyKey(messageId, messageIds, at)
    bytes.push(command.bodies![body]!.length)
    outcomes.push({ incarnation: queue.number, slot: firstSlot + stored, duplicateOf: null })
  }
  if (bytes.length > 0) {
    const words = bytes.length * KEY_WORDS
    step.emit({
      kind: EVENT.fifoMessagesSent,
      queue: queue.number,
      firstSlot,
      firstBodyId,
      bytes,
      groupKeys: groupKeys.subarray(0, words),
      sendKeys: sendKeys.subarray(0, words),
      messageIds: messageIds.subarray(0, words),
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

/** Which of the keys, one behind the other, is the first that equals the one at `at`: that one itself if no other does. */
function firstWithKeyAt(keys: Uint32Array, at: number): number {
  let other = 0
  while (!keysEqual(keys, other, keys, at)) other += KEY_WORDS
  return other / KEY_WORDS
}

import { copyKey, KEY_WORDS, keyAt, keysEqual, newRow } from '../../../core/key.ts'
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
  const { messages, groupKeys, deduplicationKeys, messageIds } = command
  const sendKeys = queue.sendKeys(groupKeys, deduplicationKeys)
  queue.lookAhead(groupKeys, sendKeys)
  /** Which messages are stored. */
  const stored: number[] = []
  const bytes: number[] = []
  let firstBodyId = 0
  const firstSlot = queue.nextSlot
  const outcomes: (Refusal | Enqueued)[] = []
  for (let i = 0; i < messages.length; i++) {
    const message = messages[i]!
    const at = i * KEY_WORDS
    const refused = refusalOf(queue, message)
    if (refused !== null) {
      outcomes.push(refused)
      continue
    }
    if (isGroupAdmitted?.(groupKeys, at) === false) {
      outcomes.push(THROTTLED)
      continue
    }
    const same = placeOfSame(sendKeys, at, stored)
    if (same >= 0) {
      const duplicateOf = keyAt(messageIds, stored[same]! * KEY_WORDS)
      outcomes.push({ incarnation: queue.number, slot: firstSlot + same, duplicateOf })
      continue
    }
    const earlier = queue.earlierSend(sendKeys, groupKeys, deduplicationKeys, at, step.now)
    if (earlier !== null) {
      const { slot, messageId: duplicateOf } = earlier
      outcomes.push({ incarnation: queue.number, slot, duplicateOf })
      continue
    }
    const { body } = message
    const bodyId = step.store(body)
    if (stored.length === 0) firstBodyId = bodyId
    outcomes.push({ incarnation: queue.number, slot: firstSlot + stored.length, duplicateOf: null })
    stored.push(i)
    bytes.push(command.bodies![body]!.length)
  }
  if (stored.length > 0) {
    step.emit({
      kind: EVENT.fifoMessagesSent,
      queue: queue.number,
      firstSlot,
      firstBodyId,
      bytes,
      groupKeys: keysOf(stored, messages.length, groupKeys),
      sendKeys: keysOf(stored, messages.length, sendKeys),
      messageIds: keysOf(stored, messages.length, messageIds),
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

/** Which of the messages that are stored has the key at `at` too; -1 for none. A loop, since there are ten messages in a request, each of which asks. */
function placeOfSame(keys: Uint32Array, at: number, stored: readonly number[]): number {
  for (let i = 0; i < stored.length; i++) if (keysEqual(keys, stored[i]! * KEY_WORDS, keys, at)) return i
  return -1
}

/** The keys at these places of `count`. Mostly that is all of them, of which no copy is made. */
function keysOf(places: readonly number[], count: number, keys: Uint32Array): Uint32Array {
  if (places.length === count) return keys
  const chosen = newRow(places.length)
  for (const [i, place] of places.entries()) copyKey(keys, place * KEY_WORDS, chosen, i * KEY_WORDS)
  return chosen
}

import { KEY_WORDS } from '../../../core/key.ts'
import type { Delivery, Landing, LandingOutcome, LandingProblem } from '../../../core/landing.ts'
import type { Step } from '../../../core/service-state.ts'
import { INTERNAL_RETENTION_SECONDS } from '../limits.ts'
import { parseInternalQueueArn } from '../queue-arn.ts'
import { DEFAULT_QUEUE_SETTINGS } from '../queue-settings.ts'
import type { SqsContext } from './context.ts'
import { EVENT, type SqsEvent } from './events.ts'
import { FifoQueue } from './fifo-queue.ts'
import type { Queue } from './queue.ts'

/**
 * Puts what another service sends into the queue that it names. What can't go in, is left out; nothing else is refused. A
 * queue's own delay holds for what lands in it, and a FIFO queue deduplicates it like what is sent.
 */
export function acceptLandings(
  context: SqsContext,
  { target, sender, origin, landings }: Delivery,
  step: Step<SqsEvent>,
): readonly LandingOutcome[] {
  const queue = context.directory.withArn(target) ?? internalQueue(context, target, step)
  if (queue === undefined) return landings.map(() => 'no such target')
  if (sender !== null && !context.landingLeave.lets(queue, sender, step.now))
    return landings.map(() => 'not allowed')
  const outcomes = landings.map((landing) => problemOf(queue, landing))
  const accepted = landings.filter((_, i) => outcomes[i] === null)
  if (accepted.length === 0) return outcomes
  if (queue instanceof FifoQueue) {
    for (const landing of accepted) land(context, queue, origin, landing, step)
    return outcomes
  }
  for (const { bodyId } of accepted) step.retain(bodyId)
  step.emit({
    kind: EVENT.messagesLanded,
    queue: queue.number,
    origin: noted(context, origin, step),
    firstSlot: queue.nextSlot,
    delaySeconds: queue.settings.delaySeconds,
    bodyIds: accepted.map(({ bodyId }) => bodyId),
    bytes: accepted.map(({ bytes }) => bytes),
    groupKeys: groupKeysOf(accepted),
  })
  return outcomes
}

/** The other service sends nothing more to its internal queue. What is in it goes too. */
export function abandonQueue({ directory }: SqsContext, target: string, step: Step<SqsEvent>): void {
  const queue = parseInternalQueueArn(target) === null ? undefined : directory.withArn(target)
  if (queue !== undefined) step.emit({ kind: EVENT.queueDeleted, queue: queue.number })
}

/** An internal queue comes with what lands in it first. */
function internalQueue(context: SqsContext, target: string, step: Step<SqsEvent>): Queue | undefined {
  const address = parseInternalQueueArn(target)
  if (address === null) return undefined
  const queue = context.root.nextQueue
  const settings = { ...DEFAULT_QUEUE_SETTINGS, messageRetentionSeconds: INTERNAL_RETENTION_SECONDS }
  step.emit({ kind: EVENT.queueCreated, queue, address, settings, tags: {} })
  return context.directory.numbered(queue)
}

/** One event for each message, so that the next one finds it as one that was sent before. */
function land(
  context: SqsContext,
  queue: FifoQueue,
  origin: string,
  { bodyId, bytes, groupKey, deduplication }: Landing,
  step: Step<SqsEvent>,
): void {
  if (groupKey === null || deduplication === null) throw new Error('a FIFO queue needs both keys')
  const { key, messageId } = deduplication
  const sendKey = queue.sendKeys(groupKey, key)
  if (queue.earlierSend(sendKey, groupKey, key, 0, step.now) !== null) return
  step.retain(bodyId)
  step.emit({
    kind: EVENT.fifoMessageLanded,
    queue: queue.number,
    origin: noted(context, origin, step),
    slot: queue.nextSlot,
    bodyId,
    bytes,
    groupKey,
    sendKey,
    messageId,
  })
}

function problemOf(queue: Queue, landing: Landing): LandingProblem | null {
  const hasKeys = landing.groupKey !== null && landing.deduplication !== null
  if (queue instanceof FifoQueue && !hasKeys) return 'not for this kind of target'
  return landing.sizeBytes > queue.settings.maximumMessageSizeBytes ? 'too large' : null
}

/** The number of the origin, which is noted first where it has none. */
function noted({ origins }: SqsContext, text: string, step: Step<SqsEvent>): number {
  const known = origins.numberOf(text)
  if (known !== 0) return known
  const number = origins.next
  step.emit({ kind: EVENT.originNoted, number, text })
  return number
}

function groupKeysOf(landings: readonly Landing[]): Uint32Array | null {
  if (landings.every(({ groupKey }) => groupKey === null)) return null
  const keys = new Uint32Array(landings.length * KEY_WORDS)
  for (const [i, { groupKey }] of landings.entries()) if (groupKey !== null) keys.set(groupKey, i * KEY_WORDS)
  return keys
}

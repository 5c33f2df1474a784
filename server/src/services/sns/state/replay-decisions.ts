import { ServiceError } from '../../../api/service-error.ts'
import { groupKey, wordsOf } from '../../../core/keys.ts'
import type { Landing } from '../../../core/landing.ts'
import { isSealed } from '../../../core/sealed-body.ts'
import type { Chore, Step } from '../../../core/service-state.ts'
import type { SnsCommand } from '../commands.ts'
import { InvalidParameter, ReplayLimitExceeded } from '../errors.ts'
import { FilterMessage } from '../filter/filter-message.ts'
import { type FilterPolicy, parseFilterPolicy } from '../filter/filter-policy.ts'
import { satisfiesPolicy } from '../filter/satisfies-policy.ts'
import { landingId } from '../landing-id.ts'
import { ACTIVE_REPLAYS_MAX } from '../limits.ts'
import { messageInQueue } from '../message-in-queue.ts'
import { decodePublishedMessage, textFor } from '../published-message.ts'
import { replayWindow } from '../replay-policy.ts'
import type { Archive, ArchivedMessage } from './archive.ts'
import type { SnsContext } from './context.ts'
import { countFailed, type DeliverableMessage, deliver, originOf } from './delivery-decisions.ts'
import { EVENT, type SnsEvent } from './events.ts'
import { isUnderWay, type Replay, STEP_BYTES_MAX, STEP_MESSAGES_MAX } from './replay.ts'
import type { Subscription } from './subscription.ts'
import type { Topic } from './topic.ts'

/**
 * Refuses a replay policy that the topic can't follow now. `prefix` is what Subscribe says before the reason; `subscription` is
 * the one that is there already.
 */
export function checkReplay(
  { activeReplays }: SnsContext,
  topic: Topic,
  subscription: Subscription | null,
  policy: string,
  now: number,
  prefix = '',
): void {
  const window = replayWindow(policy)
  if (window === null) return
  const refusal = (reason: string) =>
    new ServiceError(InvalidParameter, `Invalid parameter: ${prefix}ReplayPolicy: ${reason}`)
  if (topic.retentionMs === null) throw refusal('the topic has no ArchivePolicy.')
  if (window.from > now) throw refusal('StartingPoint must not be in the future.')
  if (subscription !== null && isUnderWay(subscription.replay)) return
  const { accountId, region } = topic.address
  if (activeReplays.count(accountId, region) < ACTIVE_REPLAYS_MAX) return
  throw new ServiceError(
    ReplayLimitExceeded,
    `The maximum number of concurrent message replays is reached: ${ACTIVE_REPLAYS_MAX}.`,
  )
}

/** Does what a policy says that was just set, after `checkReplay`: a replay begins, in the place of another, or is given up. */
export function followReplayPolicy(topic: Topic, subscription: Subscription, step: Step<SnsEvent>): void {
  const { settings, number } = subscription.record
  const window = replayWindow(settings.replayPolicy)
  const { archive } = topic
  const begin = topic.archiveBeginsAt(step.now)
  if (window === null || archive === null || begin === null) {
    giveUpReplay(topic, subscription, '', step)
    return
  }
  const { replay } = subscription
  // What was published while another replay was under way, and did not come yet, must not be left out.
  const firstNew = isUnderWay(replay) ? Math.max(replay.next, replay.firstNew) : topic.sequence + 1
  step.emit({
    kind: EVENT.replayStarted,
    topic: topic.number,
    subscription: number,
    replay: {
      number: (replay?.number ?? 0) + 1,
      next: Math.min(archive.firstAt(Math.max(window.from, begin)), firstNew),
      firstNew,
      until: window.until,
    },
  })
}

/** To be called after a topic's settings changed: what is not archived any more can't be replayed. */
export function failReplays(topic: Topic, step: Step<SnsEvent>): void {
  if (topic.archive === null || topic.retentionMs !== null) return
  for (const subscription of topic.subscriptions) {
    if (subscription.replay?.phase === 'replaying') giveUpReplay(topic, subscription, 'Failed', step)
  }
}

/** The step that is due first, of all replays. */
export function replayChore({ activeReplays }: SnsContext): Chore | null {
  const due = activeReplays.next()
  if (due === null) return null
  const { topic, subscription, at } = due
  const { archive, replay } = underWay(topic, subscription)
  const from = nextInArchive(archive, replay)
  const command: SnsCommand<'replayMessages'> = {
    ...{ service: 'sns', kind: 'replayMessages', from },
    ...{ topic: topic.number, subscription: subscription.record.number },
  }
  return {
    at,
    command,
    reads: () => bodiesFrom(archive, from, replay),
    opensSealed: true,
  }
}

/** One step of a replay: brings a piece, or ends it. */
export function replayMessages(
  context: SnsContext,
  command: SnsCommand<'replayMessages'>,
  step: Step<SnsEvent>,
): null {
  const topic = context.topics.numbered(command.topic)
  const subscription = topic?.numbered(command.subscription)
  if (topic === undefined || subscription === undefined || !isUnderWay(subscription.replay)) return null
  const { archive, replay } = underWay(topic, subscription)
  const { from, read = [] } = command
  // While the bodies were read another replay began, or some of them were let go of.
  if (from !== nextInArchive(archive, replay)) return null
  const { until, firstNew, phase, status } = replay
  const begin = topic.archiveBeginsAt(step.now) ?? Number.POSITIVE_INFINITY
  const messages = new MessagesToReplay(subscription, replay)
  let next = from
  let isOver = false
  let isClosed = false
  for (const archived of archive.from(from)) {
    isOver = until !== null && archived.time > until
    if (isOver || next - from === read.length) break
    const body = read[archived.sequence - from]
    if (body !== null && body !== undefined && isSealed(body)) {
      // The topic's key can't be used. A replay fails; what was published meanwhile must not wait behind this.
      isClosed = phase === 'replaying'
      if (isClosed) break
      next++
      countFailed(topic, subscription, 1, 'key unusable', step)
      continue
    }
    next++
    // What passed its retention meanwhile is not replayed. What is new comes in any case.
    const isGone = archived.sequence < firstNew && archived.time < begin
    if (!isGone && body !== null && body !== undefined) messages.add(archived, body)
  }
  messages.deliver(context, topic, step)
  if (next !== replay.next || status === 'Pending') {
    const { number } = subscription.record
    step.emit({ kind: EVENT.messagesReplayed, topic: topic.number, subscription: number, next })
  }
  if (isClosed) {
    giveUpReplay(topic, subscription, 'Failed', step)
    return null
  }
  isOver ||= next > topic.sequence && (until === null || step.now > until)
  if (isOver) {
    endReplay(topic, subscription, step, {
      status: phase === 'replaying' ? 'Completed' : status,
      phase: until === null ? 'live' : 'ended',
      ...{ next, until },
    })
  }
  return null
}

/** What of a piece of the archive a subscription gets. */
class MessagesToReplay {
  readonly #subscription: Subscription
  readonly #replay: Replay
  readonly #filter: FilterPolicy | null
  readonly #replayed: DeliverableMessage[] = []
  /** They come behind those that are replayed. */
  readonly #new: DeliverableMessage[] = []

  constructor(subscription: Subscription, replay: Replay) {
    const { filterPolicy, filterPolicyScope } = subscription.record.settings
    this.#subscription = subscription
    this.#replay = replay
    this.#filter = filterPolicy === '' ? null : parseFilterPolicy(filterPolicy, filterPolicyScope)
  }

  /** In the order of the archive. What the filter policy does not let through is left out. */
  add({ sequence, bodyId, bytes }: ArchivedMessage, body: Uint8Array): void {
    const message = decodePublishedMessage(body)
    const { attributes, texts, groupId, landingSeed } = message
    const { settings, number, protocol } = this.#subscription.record
    const filterable = new FilterMessage(attributes, textFor(texts, protocol))
    if (this.#filter !== null && !satisfiesPolicy(this.#filter, filterable)) return
    const isReplayed = sequence < this.#replay.firstNew
    // A message of a FIFO topic is not signed, so no certificate counts.
    const inQueue = messageInQueue(message, { isFifo: true, isReplayed, certificatePath: '' })
    const id = landingId(wordsOf(landingSeed), number, isReplayed ? this.#replay.number : 0)
    const landing: Landing = {
      ...{ bodyId, bytes },
      sizeBytes: settings.rawMessageDelivery ? inQueue.rawBytes : inQueue.envelopeBytes,
      groupKey: groupId === undefined ? null : groupKey(groupId),
      // The topic took it, so it is nobody's duplicate: neither of what it was before, nor of one that was published long after.
      deduplication: { key: id, messageId: id },
    }
    const problem = settings.rawMessageDelivery ? inQueue.rawProblem : null
    const messages = isReplayed ? this.#replayed : this.#new
    messages.push({ landing, problem })
  }

  deliver(context: SnsContext, topic: Topic, step: Step<SnsEvent>): void {
    const subscription = this.#subscription
    const origin = originOf(context, topic, subscription, this.#replay.number)
    deliver(topic, subscription, origin, this.#replayed, step)
    deliver(topic, subscription, originOf(context, topic, subscription), this.#new, step)
  }
}

/** A replay is given up: what was published since it began comes nevertheless, and then all that is published. */
function giveUpReplay(
  topic: Topic,
  subscription: Subscription,
  status: 'Failed' | '',
  step: Step<SnsEvent>,
): void {
  const { replay } = subscription
  if (replay === null) return
  const next = isUnderWay(replay) ? Math.max(replay.next, replay.firstNew) : replay.next
  const isBehind = isUnderWay(replay) && next <= topic.sequence
  endReplay(topic, subscription, step, {
    ...{ status, next, until: null },
    phase: isBehind ? 'catching up' : 'live',
  })
}

function endReplay(
  topic: Topic,
  subscription: Subscription,
  step: Step<SnsEvent>,
  replay: Pick<Replay, 'status' | 'phase' | 'next' | 'until'>,
): void {
  const { number } = subscription.record
  step.emit({ kind: EVENT.replayEnded, topic: topic.number, subscription: number, replay })
}

/** As long as a replay is under way its topic has an archive. */
function underWay(
  topic: Topic,
  subscription: Subscription,
): { readonly archive: Archive; readonly replay: Replay } {
  const { archive } = topic
  const { replay } = subscription
  if (archive === null || replay === null) throw new Error('a replay is under way without an archive')
  return { archive, replay }
}

/** What passed its retention before its turn came is not there any more. */
function nextInArchive(archive: Archive, { next }: Replay): number {
  return Math.max(next, archive.firstSequence)
}

function bodiesFrom(archive: Archive, from: number, { until }: Replay): readonly number[] {
  const bodyIds: number[] = []
  let size = 0
  for (const { bodyId, bytes, time } of archive.from(from)) {
    size += bytes
    const isFull = bodyIds.length === STEP_MESSAGES_MAX || (bodyIds.length > 0 && size > STEP_BYTES_MAX)
    if (isFull || (until !== null && time > until)) break
    bodyIds.push(bodyId)
  }
  return bodyIds
}

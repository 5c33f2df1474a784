import type { Landing } from '../../../core/landing.ts'
import type { Step } from '../../../core/service-state.ts'
import type {
  HeldAgainst,
  MessageCopy,
  MessageToPublish,
  Published,
  Refusal,
  SnsCommand,
  SnsReplies,
} from '../commands.ts'
import { InvalidParameter } from '../errors.ts'
import { landingId } from '../landing-id.ts'
import { phoneNumberOf } from '../phone-number.ts'
import { platformEndpointOf } from '../platform-arn.ts'
import type { SnsContext } from './context.ts'
import { countFailed, type DeliverableMessage, deliver, originOf } from './delivery-decisions.ts'
import { EVENT, type SnsEvent } from './events.ts'
import { addressPlatformEndpoint } from './platform-decisions.ts'
import { keyNameAt, keyNameOfTopic, missingSeals } from './publish-seals.ts'
import { type StoredBody, StoredMessage } from './stored-message.ts'
import type { Subscription } from './subscription.ts'
import type { Topic } from './topic.ts'
import { existingTopic } from './topic-decisions.ts'

/**
 * Publishes messages to all that are subscribed, in one go: each is stored once for each key that it is wanted under, and lands in
 * each queue or in none of them.
 * What does not land in one of them is counted there, or becomes a dead letter of that subscription; it is never a refusal.
 */
export function publish(
  context: SnsContext,
  command: SnsCommand<'publish'>,
  step: Step<SnsEvent>,
): SnsReplies['publish'] {
  const topic = existingTopic(context, command.topic)
  if (!isHeldAgainst(topic, command.heldAgainst)) return { kind: 'protection changed' }
  const missing = missingSeals(topic, command, () => recipientsOf(topic, command), step)
  if (missing !== null) return missing
  const outcomes: (Published | Refusal)[] = []
  const deliveries = new Map<Subscription, StoredMessage[]>()
  for (const message of command.messages) {
    const refused = message.protection?.refusal ?? refusalOf(topic, message)
    if (refused !== null) {
      outcomes.push(refused)
      continue
    }
    const { outcome, isDuplicate } = take(topic, message, step)
    outcomes.push(outcome)
    if (isDuplicate) continue
    const recipients = topic.recipients.of(message.filterable)
    if (recipients.length === 0 && topic.archive === null) continue
    const given = copiesOf(command, message, outcome.sequence, step)
    if (topic.archive !== null) archive(topic, given.original, step)
    for (const subscription of recipients) {
      const stored = given.to(subscription)
      if (stored === null) {
        countFailed(topic, subscription, 1, 'data protection', step)
        continue
      }
      const messages = deliveries.get(subscription)
      if (messages === undefined) deliveries.set(subscription, [stored])
      else messages.push(stored)
    }
  }
  for (const [subscription, messages] of deliveries) {
    const { pushQueue } = subscription
    const { protocol } = subscription.record
    if (pushQueue === null) {
      const origin = originOf(context, topic, subscription)
      const keyName = keyNameAt(subscription.record.endpoint, step)
      const deliverables = messages.map((stored) => deliverableOf(stored, subscription, keyName, step))
      deliver(topic, subscription, origin, deliverables, step)
    } else if (protocol === 'application') {
      address(context, topic, subscription, messages.length, step)
    } else if (isOptedOut(context, topic, subscription)) {
      countFailed(topic, subscription, messages.length, 'opted out', step)
    } else if (context.pushed.has(protocol)) {
      enqueue(topic, pushQueue, originOf(context, topic, subscription), messages, step)
    }
  }
  return outcomes
}

function* recipientsOf(topic: Topic, { messages }: SnsCommand<'publish'>): Iterable<Subscription> {
  for (const { filterable } of messages) yield* topic.recipients.of(filterable)
}

/** Whether the messages were held against what the topic's data protection is now, and for all whom that asks about. */
function isHeldAgainst(topic: Topic, held: HeldAgainst | null): boolean {
  if ((held?.policy ?? '') !== topic.settings.dataProtectionPolicy) return false
  if (held === null || held.subscribers === null) return true
  for (const subscriber of topic.subscribers) if (!held.subscribers.has(subscriber)) return false
  return true
}

/** A FIFO topic remembers the message, so that the next one like it is known for a duplicate. */
function take(
  topic: Topic,
  { messageId, groupKey, deduplicationKey }: MessageToPublish,
  step: Step<SnsEvent>,
): { readonly outcome: Published; readonly isDuplicate: boolean } {
  if (!topic.isFifo || groupKey === null || deduplicationKey === null) {
    return { outcome: { messageId, sequence: 0 }, isDuplicate: false }
  }
  const { fifoThroughputScope: scope } = topic.settings
  const earlier = topic.recent.find(scope, groupKey, deduplicationKey, step.now)
  if (earlier !== null) return { outcome: earlier, isDuplicate: true }
  const outcome = { messageId, sequence: topic.sequence + 1 }
  const sendKey = topic.recent.keyOf(scope, groupKey, deduplicationKey)
  step.emit({ kind: EVENT.fifoMessagePublished, topic: topic.number, sendKey, ...outcome })
  return { outcome, isDuplicate: false }
}

/** What subscriptions get of a message: it is stored once, and so is what some of them get instead. */
function copiesOf(
  command: SnsCommand<'publish'>,
  message: MessageToPublish,
  sequence: number,
  step: Step<SnsEvent>,
): { readonly original: StoredMessage; readonly to: (subscription: Subscription) => StoredMessage | null } {
  const original = new StoredMessage(command, message, sequence, step)
  const { protection } = message
  if (protection === null || protection.copies.length === 0) return { original, to: () => original }
  const bySubscriber = new Map(
    protection.copies.flatMap((copy) => copy.subscribers.map((subscriber) => [subscriber, copy] as const)),
  )
  const stored = new Map<MessageCopy, StoredMessage>()
  const to = ({ record: { principal, protocol } }: Subscription) => {
    const copy = bySubscriber.get(principal)
    if (copy === undefined) return original
    if (copy.deniedTo.includes(message.filterable.texts.has(protocol) ? protocol : '')) return null
    if (copy.changed === null) return original
    let changed = stored.get(copy)
    if (changed === undefined) {
      changed = new StoredMessage(command, { ...message, ...copy.changed }, sequence, step)
      stored.set(copy, changed)
    }
    return changed
  }
  return { original, to }
}

/** As the topic keeps it. */
function keptBody(topic: Topic, stored: StoredMessage): StoredBody {
  return stored.kept(keyNameOfTopic(topic))
}

/** The message is kept for those who ask for it later, whoever gets it now. */
function archive(topic: Topic, stored: StoredMessage, step: Step<SnsEvent>): void {
  const { bodyId, bytes } = keptBody(topic, stored)
  step.retain(bodyId)
  step.emit({ kind: EVENT.messageArchived, topic: topic.number, bodyId, bytes })
}

/** No platform is spoken to: what is for a device is counted, with the device or with the subscription. */
function address(
  context: SnsContext,
  topic: Topic,
  subscription: Subscription,
  messages: number,
  step: Step<SnsEvent>,
): void {
  const { endpoint } = subscription.record
  const reason = addressPlatformEndpoint(context, platformEndpointOf(endpoint), messages, step)
  if (reason !== null) countFailed(topic, subscription, messages, reason, step)
}

function isOptedOut({ optedOut }: SnsContext, { address }: Topic, { record }: Subscription): boolean {
  const { protocol, endpoint } = record
  return protocol === 'sms' && optedOut.at({ ...address, name: phoneNumberOf(endpoint) }) !== undefined
}

/** Messages wait in the subscription's own queue for whoever pushes them to its endpoint. */
function enqueue(
  topic: Topic,
  target: string,
  origin: string,
  messages: readonly StoredMessage[],
  step: Step<SnsEvent>,
): void {
  // Nothing there is measured by what a queue's clients may receive, nor grouped.
  const landings = messages.map((stored) => ({
    ...keptBody(topic, stored).raw,
    sizeBytes: 0,
    groupKey: null,
  }))
  const outcomes = step.deliver({ target, sender: null, origin, landings })
  for (const problem of outcomes)
    if (problem !== null) throw new Error(`${target} took no message: ${problem}`)
}

/** `keyName`: of the key under which it lies in the queue that is subscribed. */
function deliverableOf(
  stored: StoredMessage,
  subscription: Subscription,
  keyName: string,
  step: Step<SnsEvent>,
): DeliverableMessage {
  const { rawMessageDelivery } = subscription.record.settings
  const landing = landingOf(stored, subscription, keyName)
  const problem = rawMessageDelivery ? stored.message.inQueue.rawProblem : null
  if (!step.isSealing) return { landing, problem }
  const elsewhere = (target: string) => landingOf(stored, subscription, keyNameAt(target, step))
  return { landing, problem, elsewhere }
}

/** Why there is none, where the key could not be used. */
function landingOf(
  stored: StoredMessage,
  { record: { settings, number } }: Subscription,
  keyName: string,
): Landing | string {
  const body = stored.landing(keyName)
  if (typeof body === 'string') return body
  const landing = settings.rawMessageDelivery ? body.raw : body.enveloped
  const { deduplicationKey: key, landingSeed } = stored.message
  if (key === null) return landing
  return { ...landing, deduplication: { key, messageId: landingId(landingSeed, number, 0) } }
}

function refusalOf(topic: Topic, { deduplicatesByContent }: MessageToPublish): Refusal | null {
  if (!topic.isFifo || !deduplicatesByContent || topic.settings.contentBasedDeduplication) return null
  return {
    error: InvalidParameter,
    message:
      'Invalid parameter: The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
  }
}

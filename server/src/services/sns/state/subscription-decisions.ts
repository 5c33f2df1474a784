import { ServiceError } from '../../../api/service-error.ts'
import type { Step } from '../../../core/service-state.ts'
import type {
  ListedSubscription,
  SnsCommand,
  SnsReplies,
  SubscriptionPage,
  SubscriptionState,
  TopicAddress,
} from '../commands.ts'
import {
  FilterPolicyLimitExceeded,
  InvalidParameter,
  invalidParameter,
  notAuthorized,
  SubscriptionLimitExceeded,
  subscriptionDoesNotExist,
} from '../errors.ts'
import { POLICIES_PER_ACCOUNT_MAX } from '../filter/limits.ts'
import { checkFilterPolicy } from '../filter-attributes.ts'
import { FIFO_SUBSCRIPTIONS_MAX, SUBSCRIPTIONS_MAX, TOKEN_LIFETIME_MS } from '../limits.ts'
import { platformEndpointOf } from '../platform-arn.ts'
import { stamp } from '../published-message.ts'
import { checkRedriveTarget } from '../redrive-policy.ts'
import { checkRaw, checkRole } from '../subscription-attributes.ts'
import { DEFAULT_SUBSCRIPTION_SETTINGS, type SubscriptionSettings } from '../subscription-settings.ts'
import { pushQueueArn, subscriptionArn } from '../topic-arn.ts'
import type { SnsContext } from './context.ts'
import { countFailed, originOf } from './delivery-decisions.ts'
import { EVENT, type SnsEvent } from './events.ts'
import { findPlatformEndpoint } from './platform-decisions.ts'
import { checkReplay, followReplayPolicy } from './replay-decisions.ts'
import type { Subscription } from './subscription.ts'
import type { Topic } from './topic.ts'
import { existingTopic } from './topic-decisions.ts'

export function subscribe(
  context: SnsContext,
  command: SnsCommand<'subscribe'>,
  step: Step<SnsEvent>,
): SubscriptionState {
  const topic = existingTopic(context, command.topic)
  const { protocol, endpoint, token } = command
  const existing = topic.withEndpoint(protocol, endpoint)
  if (existing !== undefined) return subscribeAgain(context, topic, existing, command, step)
  const settings = { ...DEFAULT_SUBSCRIPTION_SETTINGS, ...command.settings }
  checkFilterPolicy(settings, 'Attributes Reason: ')
  checkRedriveTarget(settings.redrivePolicy, endpoint)
  checkReplay(context, topic, null, settings.replayPolicy, step.now, 'Attributes Reason: ')
  if (protocol === 'application') checkPlatformEndpointExists(context, endpoint)
  checkRoom(topic)
  if (settings.filterPolicy !== '') checkRoomForPolicy(context, topic)
  const number = context.root.nextSubscription
  step.emit({
    kind: EVENT.subscribed,
    topic: topic.number,
    subscription: number,
    content: {
      id: command.id,
      ...{ protocol, endpoint, settings, token },
      owner: command.owner,
      principal: command.principal,
    },
  })
  if (token !== null) sendQuestion(context, topic, topic.withUuid(command.id)!, command, step)
  followReplayPolicy(topic, topic.numbered(number)!, step)
  return { id: command.id, isPending: token !== null }
}

export function confirmSubscription(
  context: SnsContext,
  command: SnsCommand<'confirmSubscription'>,
  step: Step<SnsEvent>,
): SnsReplies['confirmSubscription'] {
  const topic = existingTopic(context, command.topic)
  const subscription = topic.withToken(command.token)
  const departed = subscription === undefined ? topic.departed.withToken(command.token) : undefined
  const asked = subscription ?? departed
  if (asked === undefined || asked.record.tokenSince + TOKEN_LIFETIME_MS <= step.now) {
    throw new ServiceError(InvalidParameter, 'Invalid token')
  }
  const { protocol, endpoint, number, uuid } = asked.record
  // The endpoint was subscribed anew meanwhile, and can't be twice.
  if (departed !== undefined && topic.withEndpoint(protocol, endpoint) !== undefined) {
    throw new ServiceError(InvalidParameter, 'Invalid token')
  }
  step.emit({
    kind: departed === undefined ? EVENT.subscriptionConfirmed : EVENT.subscriptionReturned,
    topic: topic.number,
    subscription: number,
    bySignature: command.authenticateOnUnsubscribe,
  })
  return { id: uuid }
}

/** A subscription that isn't there is ended already. */
export function unsubscribe(
  context: SnsContext,
  command: SnsCommand<'unsubscribe'>,
  step: Step<SnsEvent>,
): null {
  const topic = context.topics.at(command.topic)
  const subscription = topic?.withUuid(command.id)
  if (topic === undefined || subscription === undefined) return null
  const { token } = command
  const { confirmedBySignature, number } = subscription.record
  if (token !== null && confirmedBySignature) {
    throw notAuthorized('Anonymous', 'Unsubscribe', subscriptionArn(command.topic, command.id))
  }
  const numbers = { topic: topic.number, subscription: number }
  if (token === null) step.emit({ kind: EVENT.unsubscribed, ...numbers })
  else step.emit({ kind: EVENT.subscriptionLeft, ...numbers, token })
  if (subscription.pushQueue !== null) step.abandon(subscription.pushQueue)
  if (token !== null) sendQuestion(context, topic, subscription, command, step)
  return null
}

export function describeSubscription(
  context: SnsContext,
  command: SnsCommand<'getSubscription'>,
): SnsReplies['getSubscription'] {
  const { topic, subscription } = existing(context, command)
  const { settings, principal, confirmedBySignature, failures } = subscription.record
  return {
    ...subscription.listed(),
    ...{ settings, principal, confirmedBySignature, failures },
    replayStatus: subscription.replay?.status ?? '',
    topicDeliveryPolicy: topic.settings.deliveryPolicy,
  }
}

export function setSubscriptionSettings(
  context: SnsContext,
  command: SnsCommand<'setSubscriptionSettings'>,
  step: Step<SnsEvent>,
): null {
  const { topic, subscription } = existing(context, command)
  const { number, settings: before, endpoint, protocol } = subscription.record
  const settings = { ...before, ...command.settings }
  checkFilterPolicy(settings)
  if (settings.rawMessageDelivery) checkRaw(protocol)
  if (command.settings.subscriptionRoleArn !== undefined) checkRole(protocol, settings.subscriptionRoleArn)
  checkRedriveTarget(settings.redrivePolicy, endpoint)
  const { replayPolicy } = command.settings
  if (replayPolicy !== undefined) checkReplay(context, topic, subscription, replayPolicy, step.now)
  if (settings.filterPolicy !== '' && before.filterPolicy === '') checkRoomForPolicy(context, topic)
  step.emit({ kind: EVENT.subscriptionChanged, topic: topic.number, subscription: number, settings })
  if (replayPolicy !== undefined) followReplayPolicy(topic, subscription, step)
  return null
}

export function listSubscriptionsByTopic(
  context: SnsContext,
  command: SnsCommand<'listSubscriptionsByTopic'>,
): SubscriptionPage {
  const topic = existingTopic(context, command.topic)
  const found = topic.page(command.after, command.limit + 1)
  return pageOf(found, command.limit)
}

export function listSubscriptions(
  context: SnsContext,
  command: SnsCommand<'listSubscriptions'>,
): SubscriptionPage {
  const { after, limit } = command
  const found: Subscription[] = []
  const first = after === null ? undefined : context.topics.at({ ...command, name: after.topic })
  if (first !== undefined) found.push(...first.page(after!.number, limit + 1))
  let name = after?.topic ?? ''
  while (found.length <= limit) {
    const hasSubscriptions = (topic: Topic) => topic.size > 0
    const [next] = context.topics.page(command, '', name, 1, hasSubscriptions).names
    if (next === undefined) break
    found.push(...context.topics.at({ ...command, name: next })!.page(0, limit + 1 - found.length))
    name = next
  }
  return pageOf(found, limit)
}

function pageOf(found: readonly Subscription[], limit: number): SubscriptionPage {
  const subscriptions = found.slice(0, limit)
  const last = subscriptions.at(-1)
  const next =
    found.length > limit && last !== undefined ? { topic: last.topic.name, number: last.record.number } : null
  return { subscriptions: subscriptions.map((each): ListedSubscription => each.listed()), next }
}

/** The endpoint is subscribed already: that is confirmed as long as nothing else is wanted of it. */
function subscribeAgain(
  context: SnsContext,
  topic: Topic,
  subscription: Subscription,
  command: SnsCommand<'subscribe'>,
  step: Step<SnsEvent>,
): SubscriptionState {
  const { settings, uuid, number } = subscription.record
  for (const name of Object.keys(command.settings) as (keyof SubscriptionSettings)[]) {
    if (settings[name] === command.settings[name]) continue
    throw invalidParameter('Attributes', 'Subscription already exists with different attributes')
  }
  if (subscription.isPending && command.token !== null) {
    const { token } = command
    step.emit({ kind: EVENT.tokenRenewed, topic: topic.number, subscription: number, token })
    sendQuestion(context, topic, subscription, command, step)
  }
  return { id: uuid, isPending: subscription.isPending }
}

/** What asks the owner of the endpoint, or tells of an end, waits in the subscription's queue like a message, so that it is tried again as such. */
function sendQuestion(
  context: SnsContext,
  topic: Topic,
  subscription: Subscription,
  { bodies }: SnsCommand<'subscribe' | 'unsubscribe'>,
  step: Step<SnsEvent>,
): void {
  const { pushQueue, record } = subscription
  const body = bodies?.[0]
  if (pushQueue === null || body === undefined || !context.pushed.has(record.protocol)) return
  stamp(body, step.now, 0)
  const bodyId = step.storeShared(0)
  const landing = { bodyId, bytes: body.length, sizeBytes: 0, groupKey: null, deduplication: null }
  const origin = originOf(context, topic, subscription)
  step.deliver({ target: pushQueue, sender: null, origin, landings: [landing] })
}

export function describePushTarget(
  context: SnsContext,
  command: SnsCommand<'getPushTarget'>,
): SnsReplies['getPushTarget'] {
  const topic = context.topics.at(command.topic)
  const subscription = topic?.withUuid(command.id) ?? topic?.departed.withUuid(command.id)
  if (topic === undefined || subscription === undefined) return null
  const { endpoint, settings, token } = subscription.record
  return { endpoint, settings, token, topic: topic.settings }
}

export function endPushes(
  context: SnsContext,
  { topic, id, protocol }: SnsCommand<'endPushes'>,
  step: Step<SnsEvent>,
): null {
  if (context.topics.at(topic)?.withUuid(id) === undefined) step.abandon(pushQueueArn(topic, protocol, id))
  return null
}

export function countFailure(
  context: SnsContext,
  { topic: address, id, reason }: SnsCommand<'countFailure'>,
  step: Step<SnsEvent>,
): null {
  const topic = context.topics.at(address)
  const subscription = topic?.withUuid(id)
  if (topic === undefined || subscription === undefined) return null
  countFailed(topic, subscription, 1, reason, step)
  return null
}

function existing(
  context: SnsContext,
  { topic: address, id }: { readonly topic: TopicAddress; readonly id: string },
): { readonly topic: Topic; readonly subscription: Subscription } {
  const topic = context.topics.at(address)
  const subscription = topic?.withUuid(id)
  if (topic === undefined || subscription === undefined) throw subscriptionDoesNotExist()
  return { topic, subscription }
}

function checkPlatformEndpointExists(context: SnsContext, arn: string): void {
  if (findPlatformEndpoint(context, platformEndpointOf(arn)) !== undefined) return
  // The missing space is AWS's.
  throw invalidParameter('Endpoint', `Endpoint does not exist for endpoint arn${arn}`)
}

function checkRoom(topic: Topic): void {
  if (topic.size < (topic.isFifo ? FIFO_SUBSCRIPTIONS_MAX : SUBSCRIPTIONS_MAX)) return
  throw new ServiceError(SubscriptionLimitExceeded, 'Subscription limit exceeded')
}

function checkRoomForPolicy({ topics }: SnsContext, topic: Topic): void {
  if (topics.filterPoliciesOf(topic.address) < POLICIES_PER_ACCOUNT_MAX) return
  throw new ServiceError(FilterPolicyLimitExceeded, 'Filter policy limit exceeded')
}

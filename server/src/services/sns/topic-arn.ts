import type { Request } from '../../api/operation.ts'
import type { LandingSender } from '../../core/landing.ts'
import type { Scope } from '../../core/scope.ts'
import type { TopicAddress } from './commands.ts'
import { invalidParameter } from './errors.ts'
import { checkOwned, parseArn, SNS_ARN_PREFIX } from './own-arn.ts'
import { isProtocol, type Protocol } from './subscription-settings.ts'
import { isTopicName } from './topic-name.ts'

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

export function topicArn({ region, accountId, name }: TopicAddress): string {
  return `${SNS_ARN_PREFIX}${region}:${accountId}:${name}`
}

/** In whose name a topic's messages go to queues. */
export function landingSender(topic: TopicAddress): LandingSender {
  return { service: 'sns.amazonaws.com', sourceArn: topicArn(topic), sourceAccount: topic.accountId }
}

export function subscriptionArn(topic: TopicAddress, id: string): string {
  return `${topicArn(topic)}:${id}`
}

/** The internal queue, which no client can name, that messages wait in to be pushed to a subscription's endpoint. */
export function pushQueueArn(
  { region, accountId, name }: TopicAddress,
  protocol: Protocol,
  subscriptionId: string,
): string {
  return `arn:aws:sqs:${region}:${accountId}:/sns/${protocol}/${name}/${subscriptionId}`
}

/** The internal queue of what an account sends to endpoints of a protocol without a topic: see `encodeDirectOrigin`. */
export function directQueueArn({ region, accountId }: Scope, protocol: Protocol): string {
  return `arn:aws:sqs:${region}:${accountId}:/sns/${protocol}`
}

/** What is pushed out of an internal queue. */
export interface PushSource {
  readonly protocol: Protocol
  /** Null where each message names its endpoint. */
  readonly subscription: SubscriptionAddress | null
}

/** Undefined where the queue is none of ours. */
export function parsePushQueueArn(arn: string): PushSource | undefined {
  const [, , , region, accountId, path] = arn.split(':')
  const [, owner, protocol, name, id] = path?.split('/') ?? []
  if (owner !== 'sns' || protocol === undefined || !isProtocol(protocol)) return undefined
  if (name === undefined || id === undefined) return { protocol, subscription: null }
  return { protocol, subscription: { topic: { region: region!, accountId: accountId!, name }, id } }
}

/** The topic of the caller's that a parameter names. Whether it's there is for the cell to say. */
export function resolveTopic(parameter: string, arn: string, action: string, request: Request): TopicAddress {
  const { resource: name, rest, ...scope } = parseArn(parameter, arn)
  if (rest.length > 0 || !isTopicName(name)) throw invalidParameter(parameter)
  checkOwned(parameter, arn, scope, action, request)
  return { ...scope, name }
}

export interface SubscriptionAddress {
  readonly topic: TopicAddress
  /** A UUID. */
  readonly id: string
}

/** The subscription to a topic of the caller's that a parameter names. */
export function resolveSubscription(
  parameter: string,
  arn: string,
  action: string,
  request: Request,
): SubscriptionAddress {
  const { resource: name, rest, ...scope } = parseArn(parameter, arn)
  const [id, ...more] = rest
  if (id === undefined || more.length > 0 || !UUID.test(id)) throw invalidParameter('SubscriptionId')
  checkOwned(parameter, arn, scope, action, request)
  return { topic: { ...scope, name }, id }
}

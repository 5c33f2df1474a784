import type { Request } from '../../api/operation.ts'
import type { Scope, TopicAddress } from './commands.ts'
import { invalidParameter, notAuthorized } from './errors.ts'
import { isProtocol, type Protocol } from './subscription-settings.ts'
import { isTopicName } from './topic-name.ts'

const PREFIX = 'arn:aws:sns:'
const ARN_PARTS = 6
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

export function topicArn({ region, accountId, name }: TopicAddress): string {
  return `${PREFIX}${region}:${accountId}:${name}`
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
  const [address, ...rest] = parse(parameter, arn)
  if (rest.length > 0 || !isTopicName(address.name)) throw invalidParameter(parameter)
  return owned(parameter, arn, address, action, request)
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
  const [topic, id, ...rest] = parse(parameter, arn)
  if (id === undefined || rest.length > 0 || !UUID.test(id)) throw invalidParameter('SubscriptionId')
  return { topic: owned(parameter, arn, topic, action, request), id }
}

function parse(parameter: string, arn: string): readonly [TopicAddress, ...string[]] {
  const parts = arn.split(':')
  if (arn === '') throw invalidParameter(parameter, 'no value for required parameter')
  if (parts.length < ARN_PARTS) {
    throw invalidParameter(parameter, `An ARN must have at least ${ARN_PARTS} elements, not ${parts.length}`)
  }
  const [, , , region, accountId, name, ...rest] = parts
  if (!arn.startsWith(PREFIX)) throw invalidParameter(parameter)
  return [{ region: region!, accountId: accountId!, name: name! }, ...rest]
}

function isRegionAndAccount({ region, accountId }: TopicAddress): boolean {
  return /^[a-z0-9-]{1,32}$/.test(region) && /^\d{12}$/.test(accountId)
}

/**
 * Refuses a topic of another region, as AWS does, and one of another account, in the words AWS has for a caller to whom its
 * owner granted nothing: what a topic's policy grants to others is to be asked here, once policies are evaluated.
 */
function owned(
  parameter: string,
  arn: string,
  address: TopicAddress,
  action: string,
  { caller }: Request,
): TopicAddress {
  // Whoever has a link that was sent to an endpoint belongs to no account and no region.
  if (caller.isAnonymous === true && isRegionAndAccount(address)) return address
  if (address.region !== caller.region || !/^\d{12}$/.test(address.accountId)) {
    throw invalidParameter(parameter)
  }
  if (address.accountId === caller.accountId) return address
  throw notAuthorized(caller.principalArn, action, arn)
}

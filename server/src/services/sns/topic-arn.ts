import type { Request } from '../../api/operation.ts'
import { ServiceError } from '../../api/service-error.ts'
import type { TopicAddress } from './commands.ts'
import { AuthorizationError, invalidParameter } from './errors.ts'
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
export function pushQueueArn({ region, accountId }: TopicAddress, subscriptionId: string): string {
  return `arn:aws:sqs:${region}:${accountId}:/sns/${subscriptionId}`
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
  if (address.region !== caller.region || !/^\d{12}$/.test(address.accountId)) {
    throw invalidParameter(parameter)
  }
  if (address.accountId === caller.accountId) return address
  throw new ServiceError(
    AuthorizationError,
    `User: ${caller.principalArn} is not authorized to perform: SNS:${action} on resource: ${arn} because no resource-based policy allows the SNS:${action} action`,
  )
}

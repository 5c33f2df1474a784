import type { ServiceError } from '../../api/service-error.ts'
import type { SubscriptionDescription } from './commands.ts'
import {
  effectiveSubscriptionPolicy,
  InvalidDeliveryPolicy,
  parseSubscriptionDeliveryPolicy,
  parseTopicDeliveryPolicy,
} from './delivery-policy.ts'
import { invalidParameter } from './errors.ts'
import { FilterPolicyError } from './filter/filter-policy-error.ts'
import { type FilterScope, parseFilterScope } from './filter/filter-scope.ts'
import { parseRedrivePolicy } from './redrive-policy.ts'
import { parseReplayPolicy } from './replay-policy.ts'
import type { Protocol, SubscriptionSettings } from './subscription-settings.ts'
import { subscriptionArn, topicArn } from './topic-arn.ts'
import type { Attributes } from './topic-attributes.ts'

/** Makes an error of a reason: Subscribe and SetSubscriptionAttributes word it differently. */
type Invalid = (reason: string) => ServiceError

/** The protocols that deliver a message as it is. */
const RAW_PROTOCOLS: readonly Protocol[] = ['firehose', 'http', 'https', 'sqs']

const ROLE_ARN = /^arn:aws:iam::\d{12}:role\/[\x21-\x7e]{1,576}$/

/** The settings that Subscribe names. */
export function parseSubscriptionAttributes(
  attributes: Attributes,
  protocol: Protocol,
): Partial<SubscriptionSettings> {
  const invalid = (reason: string) => invalidParameter('Attributes', reason)
  const parsed = Object.entries(attributes).map(([name, text]) => parse(name, text, invalid))
  const settings: Partial<SubscriptionSettings> = Object.assign({}, ...parsed)
  if (settings.rawMessageDelivery === true) checkRaw(protocol, invalid)
  checkRole(protocol, settings.subscriptionRoleArn ?? '', invalid)
  return settings
}

/** What SetSubscriptionAttributes sets. Whether the subscription's protocol goes with it, is another question. */
export function parseSubscriptionAttribute(name: string, text: string): Partial<SubscriptionSettings> {
  return parse(name, text, (reason) => invalidParameter(reason))
}

/** Refuses raw delivery where the protocol has none. */
export function checkRaw(protocol: Protocol, invalid: Invalid = (reason) => invalidParameter(reason)): void {
  if (RAW_PROTOCOLS.includes(protocol)) return
  throw invalid(`Delivery protocol [${protocol}] does not support raw message delivery.`)
}

/** Refuses a subscription of a delivery stream without a role by which it could be written to. */
export function checkRole(
  protocol: Protocol,
  role: string,
  invalid: Invalid = (reason) => invalidParameter(reason),
): void {
  if (protocol !== 'firehose' || role !== '') return
  throw invalid('SubscriptionRoleArn: is required for subscriptions of protocol [firehose]')
}

export function renderSubscriptionAttributes(subscription: SubscriptionDescription): Attributes {
  const { topic, id, protocol, endpoint, owner, isPending, settings, principal } = subscription
  const isHttp = protocol === 'http' || protocol === 'https'
  const optional = {
    FilterPolicy: settings.filterPolicy,
    FilterPolicyScope: settings.filterPolicy === '' ? '' : settings.filterPolicyScope,
    RedrivePolicy: settings.redrivePolicy,
    DeliveryPolicy:
      settings.deliveryPolicy === ''
        ? ''
        : JSON.stringify(parseSubscriptionDeliveryPolicy(settings.deliveryPolicy)),
    EffectiveDeliveryPolicy: isHttp ? effectivePolicy(subscription) : '',
    SubscriptionRoleArn: settings.subscriptionRoleArn,
    ReplayPolicy: settings.replayPolicy,
    ReplayStatus: subscription.replayStatus,
  }
  return {
    SubscriptionArn: subscriptionArn(topic, id),
    TopicArn: topicArn(topic),
    Owner: owner,
    Protocol: protocol,
    Endpoint: endpoint,
    RawMessageDelivery: String(settings.rawMessageDelivery),
    PendingConfirmation: String(isPending),
    ConfirmationWasAuthenticated: String(subscription.confirmedBySignature),
    SubscriptionPrincipal: principal,
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== '')),
  }
}

function parse(name: string, text: string, invalid: Invalid): Partial<SubscriptionSettings> {
  switch (name) {
    case 'RawMessageDelivery': {
      const word = text.toLowerCase()
      if (word !== 'true' && word !== 'false') {
        throw invalid(`RawMessageDelivery: Invalid value [${text}]. Must be true or false.`)
      }
      return { rawMessageDelivery: word === 'true' }
    }
    case 'FilterPolicy':
      // The cell checks it, since it knows the scope.
      return { filterPolicy: text }
    case 'FilterPolicyScope':
      return { filterPolicyScope: parseScope(text, invalid) }
    case 'RedrivePolicy':
      return { redrivePolicy: parseRedrivePolicy(text, invalid) }
    case 'DeliveryPolicy':
      if (text !== '') checkDeliveryPolicy(text, invalid)
      return { deliveryPolicy: text }
    case 'ReplayPolicy':
      return { replayPolicy: parseReplayPolicy(text, (reason) => invalid(`ReplayPolicy: ${reason}`)) }
    case 'SubscriptionRoleArn':
      if (text !== '' && !ROLE_ARN.test(text)) {
        throw invalid(`SubscriptionRoleArn: Invalid value [${text}]. Must be the ARN of a role.`)
      }
      return { subscriptionRoleArn: text }
    default:
      throw invalidParameter('AttributeName')
  }
}

function effectivePolicy({ settings, topicDeliveryPolicy }: SubscriptionDescription): string {
  const { deliveryPolicy } = settings
  const own = deliveryPolicy === '' ? undefined : parseSubscriptionDeliveryPolicy(deliveryPolicy)
  const ofTopic = topicDeliveryPolicy === '' ? undefined : parseTopicDeliveryPolicy(topicDeliveryPolicy)
  return JSON.stringify(effectiveSubscriptionPolicy(own, ofTopic))
}

function parseScope(text: string, invalid: Invalid): FilterScope {
  try {
    return parseFilterScope(text)
  } catch (error) {
    if (error instanceof FilterPolicyError) throw invalid(error.message)
    throw error
  }
}

function checkDeliveryPolicy(text: string, invalid: Invalid): void {
  try {
    parseSubscriptionDeliveryPolicy(text)
  } catch (error) {
    if (error instanceof InvalidDeliveryPolicy) throw invalid(error.message)
    throw error
  }
}

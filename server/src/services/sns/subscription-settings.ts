/** A subscription's settings, as its owner may choose them. What is text is as its owner wrote it, empty where there is none. */
export interface SubscriptionSettings {
  readonly rawMessageDelivery: boolean
  readonly filterPolicy: string
  readonly filterPolicyScope: 'MessageAttributes' | 'MessageBody'
  readonly redrivePolicy: string
  readonly deliveryPolicy: string
  readonly subscriptionRoleArn: string
  readonly replayPolicy: string
}

export const DEFAULT_SUBSCRIPTION_SETTINGS: SubscriptionSettings = {
  rawMessageDelivery: false,
  filterPolicy: '',
  filterPolicyScope: 'MessageAttributes',
  redrivePolicy: '',
  deliveryPolicy: '',
  subscriptionRoleArn: '',
  replayPolicy: '',
}

export type Protocol =
  | 'application'
  | 'email'
  | 'email-json'
  | 'firehose'
  | 'http'
  | 'https'
  | 'lambda'
  | 'sms'
  | 'sqs'

export const PROTOCOLS: readonly Protocol[] = [
  'application',
  'email',
  'email-json',
  'firehose',
  'http',
  'https',
  'lambda',
  'sms',
  'sqs',
]

export function isProtocol(text: string): text is Protocol {
  return PROTOCOLS.some((protocol) => protocol === text)
}

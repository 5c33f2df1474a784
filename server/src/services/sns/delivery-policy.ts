/**
 * How SNS delivers to HTTP and HTTPS endpoints: the JSON documents `DeliveryPolicy` of topics and of subscriptions, and the
 * `EffectiveDeliveryPolicy` that follows from both. Members bear the names of the documents and stand in the order in which
 * AWS writes them, so that `JSON.stringify` gives what AWS gives.
 *
 * https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html
 */

export const BACKOFF_FUNCTIONS = ['linear', 'arithmetic', 'geometric', 'exponential'] as const
export type BackoffFunction = (typeof BACKOFF_FUNCTIONS)[number]

/** Delays in whole seconds, 1 to 3600; the three phases with a number of their own never exceed `numRetries`. */
export interface RetryPolicy {
  readonly minDelayTarget: number
  readonly maxDelayTarget: number
  /** 0 to 100 where a client says it. */
  readonly numRetries: number
  readonly numMaxDelayRetries: number
  readonly numNoDelayRetries: number
  readonly numMinDelayRetries: number
  readonly backoffFunction: BackoffFunction
}

export interface ThrottlePolicy {
  /** At least 1, on average, for each subscription. */
  readonly maxReceivesPerSecond: number
}

export interface RequestPolicy {
  readonly headerContentType: string
}

/** A topic's, as it was set and as it is shown: what was left out stays out. */
export interface TopicDeliveryPolicy {
  readonly http?: {
    readonly defaultHealthyRetryPolicy?: RetryPolicy
    readonly disableSubscriptionOverrides: boolean
    readonly defaultThrottlePolicy?: ThrottlePolicy
    readonly defaultRequestPolicy?: RequestPolicy
  }
}

/** A subscription's, as it was set and as it is shown: what was left out is null. */
export interface SubscriptionDeliveryPolicy {
  readonly healthyRetryPolicy: RetryPolicy | null
  readonly sicklyRetryPolicy: RetryPolicy | null
  readonly throttlePolicy: ThrottlePolicy | null
  readonly requestPolicy: RequestPolicy | null
  readonly guaranteed: boolean
}

/** What deliveries to one subscription go by. */
export interface EffectiveDeliveryPolicy extends SubscriptionDeliveryPolicy {
  readonly healthyRetryPolicy: RetryPolicy
  readonly requestPolicy: RequestPolicy
}

/** A document that can't be a delivery policy. The message is AWS's, from `DeliveryPolicy: ` on. */
export class InvalidDeliveryPolicy extends Error {
  override readonly name = 'InvalidDeliveryPolicy'

  constructor(reason: string) {
    super(`DeliveryPolicy: ${reason}`)
  }
}

export const RETRIES_MAX = 100
export const DELAY_SECONDS_MAX = 3_600
/** A policy has nine short members; more than this is none. */
const DOCUMENT_CHARACTERS_MAX = 16_384
/** More than any of the types that are supported has, with its parameter and spaces. */
const CONTENT_TYPE_CHARACTERS_MAX = 256

export const DEFAULT_RETRY_POLICY: RetryPolicy = {
  minDelayTarget: 20,
  maxDelayTarget: 20,
  numRetries: 3,
  numMaxDelayRetries: 0,
  numNoDelayRetries: 0,
  numMinDelayRetries: 0,
  backoffFunction: 'linear',
}

export const DEFAULT_REQUEST_POLICY: RequestPolicy = { headerContentType: 'text/plain; charset=UTF-8' }

const CONTENT_TYPES = [
  ...['text/css', 'text/csv', 'text/html', 'text/plain', 'text/xml'],
  ...['application/atom+xml', 'application/json', 'application/octet-stream', 'application/soap+xml'],
  ...['application/x-www-form-urlencoded', 'application/xhtml+xml', 'application/xml'],
]

/** Throws `InvalidDeliveryPolicy`. */
export function parseTopicDeliveryPolicy(text: string): TopicDeliveryPolicy {
  const { http } = members(parseDocument(text), '', ['http'])
  if (http === undefined) return {}
  const given = members(http, 'http', [
    ...['defaultHealthyRetryPolicy', 'defaultSicklyRetryPolicy', 'disableSubscriptionOverrides'],
    ...['defaultThrottlePolicy', 'defaultRequestPolicy'],
  ])
  const retry = optional(given, 'http', 'defaultHealthyRetryPolicy', readRetryPolicy)
  // Checked like the healthy one, and of no effect: AWS doesn't tell the health of endpoints apart any more.
  optional(given, 'http', 'defaultSicklyRetryPolicy', readRetryPolicy)
  const disables = optional(given, 'http', 'disableSubscriptionOverrides', readBoolean) ?? false
  const throttle = optional(given, 'http', 'defaultThrottlePolicy', readThrottlePolicy)
  const request = optional(given, 'http', 'defaultRequestPolicy', readRequestPolicy)
  return {
    http: {
      ...(retry && { defaultHealthyRetryPolicy: retry }),
      disableSubscriptionOverrides: disables,
      ...(throttle && { defaultThrottlePolicy: throttle }),
      ...(request && { defaultRequestPolicy: request }),
    },
  }
}

/** Throws `InvalidDeliveryPolicy`. */
export function parseSubscriptionDeliveryPolicy(text: string): SubscriptionDeliveryPolicy {
  const given = members(parseDocument(text), '', [
    ...['healthyRetryPolicy', 'sicklyRetryPolicy', 'throttlePolicy', 'requestPolicy', 'guaranteed'],
  ])
  return {
    healthyRetryPolicy: optional(given, '', 'healthyRetryPolicy', readRetryPolicy) ?? null,
    sicklyRetryPolicy: optional(given, '', 'sicklyRetryPolicy', readRetryPolicy) ?? null,
    throttlePolicy: optional(given, '', 'throttlePolicy', readThrottlePolicy) ?? null,
    requestPolicy: optional(given, '', 'requestPolicy', readRequestPolicy) ?? null,
    guaranteed: optional(given, '', 'guaranteed', readBoolean) ?? false,
  }
}

/** What a topic shows as its `EffectiveDeliveryPolicy`. */
export function effectiveTopicPolicy(topic: TopicDeliveryPolicy | undefined): TopicDeliveryPolicy {
  const http = topic?.http
  return {
    http: {
      defaultHealthyRetryPolicy: http?.defaultHealthyRetryPolicy ?? DEFAULT_RETRY_POLICY,
      disableSubscriptionOverrides: http?.disableSubscriptionOverrides ?? false,
      ...(http?.defaultThrottlePolicy && { defaultThrottlePolicy: http.defaultThrottlePolicy }),
      defaultRequestPolicy: http?.defaultRequestPolicy ?? DEFAULT_REQUEST_POLICY,
    },
  }
}

/**
 * What deliveries to a subscription go by, and what it shows as its `EffectiveDeliveryPolicy`: part by part its own policy,
 * else the topic's, else AWS's. A topic may disable what its subscriptions say.
 */
export function effectiveSubscriptionPolicy(
  subscription: SubscriptionDeliveryPolicy | undefined,
  topic: TopicDeliveryPolicy | undefined,
): EffectiveDeliveryPolicy {
  const http = topic?.http
  const own = http?.disableSubscriptionOverrides ? undefined : subscription
  return {
    healthyRetryPolicy: own?.healthyRetryPolicy ?? http?.defaultHealthyRetryPolicy ?? DEFAULT_RETRY_POLICY,
    sicklyRetryPolicy: own?.sicklyRetryPolicy ?? null,
    throttlePolicy: own?.throttlePolicy ?? http?.defaultThrottlePolicy ?? null,
    requestPolicy: own?.requestPolicy ?? http?.defaultRequestPolicy ?? DEFAULT_REQUEST_POLICY,
    guaranteed: own?.guaranteed ?? false,
  }
}

/** The least time between two deliveries to a subscription, in milliseconds; 0 where nothing is said. */
export function deliverySpacingMs({ throttlePolicy }: EffectiveDeliveryPolicy): number {
  return throttlePolicy === null ? 0 : 1_000 / throttlePolicy.maxReceivesPerSecond
}

function readRetryPolicy(value: unknown, path: string): RetryPolicy {
  const given = members(value, path, Object.keys(DEFAULT_RETRY_POLICY))
  const number = (name: Exclude<keyof RetryPolicy, 'backoffFunction'>) =>
    optional(given, path, name, readInteger) ?? DEFAULT_RETRY_POLICY[name]
  const backoffFunction =
    optional(given, path, 'backoffFunction', readBackoffFunction) ?? DEFAULT_RETRY_POLICY.backoffFunction
  const policy: RetryPolicy = {
    minDelayTarget: number('minDelayTarget'),
    maxDelayTarget: number('maxDelayTarget'),
    numRetries: number('numRetries'),
    numMaxDelayRetries: number('numMaxDelayRetries'),
    numNoDelayRetries: number('numNoDelayRetries'),
    numMinDelayRetries: number('numMinDelayRetries'),
    backoffFunction,
  }
  const atLeast = (name: keyof RetryPolicy, least: number) => {
    if (Number(policy[name]) < least)
      throw new InvalidDeliveryPolicy(`${path}.${name} must be greater than or equal to ${least}`)
  }
  const atMost = (name: keyof RetryPolicy, most: number) => {
    if (Number(policy[name]) > most)
      throw new InvalidDeliveryPolicy(`${path}.${name} must be less than or equal to ${most}`)
  }
  atLeast('minDelayTarget', 1)
  atMost('maxDelayTarget', DELAY_SECONDS_MAX)
  if (policy.maxDelayTarget < policy.minDelayTarget)
    throw new InvalidDeliveryPolicy(`${path}.maxDelayTarget must be greater than or equal to minDelayTarget`)
  atLeast('numRetries', 0)
  atMost('numRetries', RETRIES_MAX)
  atLeast('numNoDelayRetries', 0)
  atLeast('numMinDelayRetries', 0)
  atLeast('numMaxDelayRetries', 0)
  if (policy.numRetries < policy.numNoDelayRetries + policy.numMinDelayRetries + policy.numMaxDelayRetries) {
    throw new InvalidDeliveryPolicy(
      `${path}.numRetries must be greater than or equal to total of numMinDelayRetries, numNoDelayRetries and numMaxDelayRetries`,
    )
  }
  return policy
}

function readThrottlePolicy(value: unknown, path: string): ThrottlePolicy | undefined {
  const given = members(value, path, ['maxReceivesPerSecond'])
  const maxReceivesPerSecond = optional(given, path, 'maxReceivesPerSecond', readInteger)
  if (maxReceivesPerSecond === undefined) return undefined
  if (maxReceivesPerSecond < 1) throw new InvalidDeliveryPolicy(`${path}.maxReceivesPerSecond must be >= 1`)
  return { maxReceivesPerSecond }
}

function readRequestPolicy(value: unknown, path: string): RequestPolicy | undefined {
  const given = members(value, path, ['headerContentType'])
  const headerContentType = optional(given, path, 'headerContentType', readText)
  if (headerContentType === undefined) return undefined
  const isShort = headerContentType.length <= CONTENT_TYPE_CHARACTERS_MAX
  const [type, ...parameters] = isShort ? headerContentType.split(/ *; */) : []
  const fits = CONTENT_TYPES.includes(type ?? '') && /^(?:charset=utf-8)?$/i.test(parameters.join(';'))
  if (!fits) {
    throw new InvalidDeliveryPolicy(
      `${path}.headerContentType: the value [${headerContentType}] is not a supported content type`,
    )
  }
  return { headerContentType }
}

function readBackoffFunction(value: unknown, path: string): BackoffFunction {
  const name = BACKOFF_FUNCTIONS.find((each) => each === value)
  if (name === undefined)
    throw new InvalidDeliveryPolicy(`${path}: the value [${shown(value)}] is not a valid backoff function`)
  return name
}

function readInteger(value: unknown, path: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value))
    throw new InvalidDeliveryPolicy(`${path} must be an integer`)
  return value
}

function readBoolean(value: unknown, path: string): boolean {
  if (typeof value !== 'boolean') throw new InvalidDeliveryPolicy(`${path} must be true or false`)
  return value
}

function readText(value: unknown, path: string): string {
  if (typeof value !== 'string') throw new InvalidDeliveryPolicy(`${path} must be a string`)
  return value
}

function parseDocument(text: string): unknown {
  if (text.length > DOCUMENT_CHARACTERS_MAX) throw new InvalidDeliveryPolicy('document is too long')
  try {
    return JSON.parse(text)
  } catch {
    throw new InvalidDeliveryPolicy('failed to parse JSON.')
  }
}

type Members = Readonly<Record<string, unknown>>

/** The members of an object, of which only those in `known` may be there. */
function members(value: unknown, path: string, known: readonly string[]): Members {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new InvalidDeliveryPolicy(path === '' ? 'must be a JSON object' : `${path} must be a JSON object`)
  for (const name of Object.keys(value))
    if (!known.includes(name)) throw new InvalidDeliveryPolicy(`Unexpected JSON member: ${shown(name)}`)
  return { ...value }
}

/** A member, read; undefined where it is missing or null, which AWS takes for missing and writes itself. */
function optional<T>(
  given: Members,
  path: string,
  name: string,
  read: (value: unknown, path: string) => T,
): T | undefined {
  const value = given[name]
  if (value === undefined || value === null) return undefined
  return read(value, path === '' ? name : `${path}.${name}`)
}

/** What a client wrote, short enough for a message. */
function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
  return text.length > 100 ? `${text.slice(0, 100)}...` : text
}

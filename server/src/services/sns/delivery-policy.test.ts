import { expect, test } from 'vitest'
import {
  DEFAULT_RETRY_POLICY,
  deliverySpacingMs,
  effectiveSubscriptionPolicy,
  effectiveTopicPolicy,
  InvalidDeliveryPolicy,
  parseSubscriptionDeliveryPolicy,
  parseTopicDeliveryPolicy,
} from './delivery-policy.ts'
import { delayBeforeHttpRetry } from './retry-schedule.ts'

const RETRIES =
  '{"minDelayTarget":5,"maxDelayTarget":30,"numRetries":10,"numMaxDelayRetries":3,"numNoDelayRetries":1,"numMinDelayRetries":2,"backoffFunction":"exponential"}'
const TOPIC_POLICY = `{"http":{"defaultHealthyRetryPolicy":${RETRIES},"disableSubscriptionOverrides":false,"defaultThrottlePolicy":{"maxReceivesPerSecond":5},"defaultRequestPolicy":{"headerContentType":"application/json"}}}`

function problemOf(read: () => unknown): string {
  try {
    read()
  } catch (error) {
    if (error instanceof InvalidDeliveryPolicy) return error.message
    throw error
  }
  return 'none'
}

test('a topic policy is shown with its members in the order of AWS', () => {
  const given = `{"http":{"defaultRequestPolicy":{"headerContentType":"application/json"},"disableSubscriptionOverrides":false,"defaultThrottlePolicy":{"maxReceivesPerSecond":5},"defaultHealthyRetryPolicy":{"backoffFunction":"exponential","numMinDelayRetries":2,"numNoDelayRetries":1,"numMaxDelayRetries":3,"numRetries":10,"maxDelayTarget":30,"minDelayTarget":5}}}`
  expect(JSON.stringify(parseTopicDeliveryPolicy(given))).toBe(TOPIC_POLICY)
  expect(JSON.stringify(parseTopicDeliveryPolicy(TOPIC_POLICY))).toBe(TOPIC_POLICY)
})

test('what a topic policy leaves out stays out, but for the numbers of a retry policy that is there', () => {
  expect(parseTopicDeliveryPolicy('{}')).toEqual({})
  expect(parseTopicDeliveryPolicy('{"http":{}}')).toEqual({ http: { disableSubscriptionOverrides: false } })
  expect(
    parseTopicDeliveryPolicy('{"http":{"defaultHealthyRetryPolicy":{"numRetries":5}}}').http
      ?.defaultHealthyRetryPolicy,
  ).toEqual({ ...DEFAULT_RETRY_POLICY, numRetries: 5 })
})

test('a subscription policy is shown whole, with null for what was left out', () => {
  expect(JSON.stringify(parseSubscriptionDeliveryPolicy(`{"healthyRetryPolicy":${RETRIES}}`))).toBe(
    `{"healthyRetryPolicy":${RETRIES},"sicklyRetryPolicy":null,"throttlePolicy":null,"requestPolicy":null,"guaranteed":false}`,
  )
  const shown = `{"healthyRetryPolicy":${RETRIES},"sicklyRetryPolicy":null,"throttlePolicy":{"maxReceivesPerSecond":1},"requestPolicy":{"headerContentType":"text/plain"},"guaranteed":false}`
  expect(JSON.stringify(parseSubscriptionDeliveryPolicy(shown))).toBe(shown)
})

test('a topic without a policy has the default one in effect', () => {
  expect(JSON.stringify(effectiveTopicPolicy(undefined))).toBe(
    '{"http":{"defaultHealthyRetryPolicy":{"minDelayTarget":20,"maxDelayTarget":20,"numRetries":3,"numMaxDelayRetries":0,"numNoDelayRetries":0,"numMinDelayRetries":0,"backoffFunction":"linear"},"disableSubscriptionOverrides":false,"defaultRequestPolicy":{"headerContentType":"text/plain; charset=UTF-8"}}}',
  )
  expect(JSON.stringify(effectiveTopicPolicy(parseTopicDeliveryPolicy(TOPIC_POLICY)))).toBe(TOPIC_POLICY)
})

test('a subscription goes by its own policy part by part, then by that of the topic, then by the default', () => {
  expect(JSON.stringify(effectiveSubscriptionPolicy(undefined, undefined))).toBe(
    '{"healthyRetryPolicy":{"minDelayTarget":20,"maxDelayTarget":20,"numRetries":3,"numMaxDelayRetries":0,"numNoDelayRetries":0,"numMinDelayRetries":0,"backoffFunction":"linear"},"sicklyRetryPolicy":null,"throttlePolicy":null,"requestPolicy":{"headerContentType":"text/plain; charset=UTF-8"},"guaranteed":false}',
  )
  const topic = parseTopicDeliveryPolicy(TOPIC_POLICY)
  const own = parseSubscriptionDeliveryPolicy('{"requestPolicy":{"headerContentType":"application/xml"}}')
  expect(effectiveSubscriptionPolicy(own, topic)).toEqual({
    healthyRetryPolicy: topic.http?.defaultHealthyRetryPolicy,
    sicklyRetryPolicy: null,
    throttlePolicy: { maxReceivesPerSecond: 5 },
    requestPolicy: { headerContentType: 'application/xml' },
    guaranteed: false,
  })
})

test('a topic can disable what its subscriptions say', () => {
  const topic = parseTopicDeliveryPolicy('{"http":{"disableSubscriptionOverrides":true}}')
  const own = parseSubscriptionDeliveryPolicy(
    `{"healthyRetryPolicy":${RETRIES},"throttlePolicy":{"maxReceivesPerSecond":2}}`,
  )
  expect(effectiveSubscriptionPolicy(own, topic).healthyRetryPolicy).toEqual(DEFAULT_RETRY_POLICY)
  expect(effectiveSubscriptionPolicy(own, topic).throttlePolicy).toBeNull()
  expect(effectiveSubscriptionPolicy(own, undefined).throttlePolicy).toEqual({ maxReceivesPerSecond: 2 })
})

test('what a client sets is when its endpoint is tried again', () => {
  const own = parseSubscriptionDeliveryPolicy(
    '{"healthyRetryPolicy":{"minDelayTarget":1,"maxDelayTarget":3,"numRetries":3}}',
  )
  const { healthyRetryPolicy } = effectiveSubscriptionPolicy(own, undefined)
  expect([1, 2, 3, 4].map((retry) => delayBeforeHttpRetry(healthyRetryPolicy, retry))).toEqual([
    ...[1_000, 2_000, 3_000, undefined],
  ])
})

test('deliveries are spaced as the throttle policy says, and not at all without one', () => {
  const own = parseSubscriptionDeliveryPolicy('{"throttlePolicy":{"maxReceivesPerSecond":10}}')
  expect(deliverySpacingMs(effectiveSubscriptionPolicy(own, undefined))).toBe(100)
  expect(deliverySpacingMs(effectiveSubscriptionPolicy(undefined, undefined))).toBe(0)
})

const retry = (text: string) => () =>
  parseTopicDeliveryPolicy(`{"http":{"defaultHealthyRetryPolicy":${text}}}`)
const P = 'DeliveryPolicy: http.defaultHealthyRetryPolicy'

test.each([
  ['{"numRetries":101}', `${P}.numRetries must be less than or equal to 100`],
  ['{"numRetries":-1}', `${P}.numRetries must be greater than or equal to 0`],
  ['{"minDelayTarget":0}', `${P}.minDelayTarget must be greater than or equal to 1`],
  ['{"maxDelayTarget":3601}', `${P}.maxDelayTarget must be less than or equal to 3600`],
  ['{"minDelayTarget":21}', `${P}.maxDelayTarget must be greater than or equal to minDelayTarget`],
  ['{"numNoDelayRetries":-1}', `${P}.numNoDelayRetries must be greater than or equal to 0`],
  ['{"numMinDelayRetries":-1}', `${P}.numMinDelayRetries must be greater than or equal to 0`],
  ['{"numMaxDelayRetries":-1}', `${P}.numMaxDelayRetries must be greater than or equal to 0`],
  [
    '{"numRetries":5,"numNoDelayRetries":2,"numMinDelayRetries":2,"numMaxDelayRetries":2}',
    `${P}.numRetries must be greater than or equal to total of numMinDelayRetries, numNoDelayRetries and numMaxDelayRetries`,
  ],
  ['{"numRetries":1.5}', `${P}.numRetries must be an integer`],
  ['{"numRetries":"5"}', `${P}.numRetries must be an integer`],
  ['{"backoffFunction":"cubic"}', `${P}.backoffFunction: the value [cubic] is not a valid backoff function`],
  ['{"backoffFunction":7}', `${P}.backoffFunction: the value [7] is not a valid backoff function`],
  ['{"retries":5}', 'DeliveryPolicy: Unexpected JSON member: retries'],
  ['[]', `${P} must be a JSON object`],
])('a retry policy %s is refused: %s', (text, problem) => {
  expect(problemOf(retry(text))).toBe(problem)
})

test('the greatest and the least values are taken', () => {
  expect(problemOf(retry('{"numRetries":100,"minDelayTarget":1,"maxDelayTarget":3600}'))).toBe('none')
  expect(
    problemOf(retry('{"numRetries":6,"numNoDelayRetries":2,"numMinDelayRetries":2,"numMaxDelayRetries":2}')),
  ).toBe('none')
  expect(problemOf(retry('{"numRetries":0,"minDelayTarget":20,"maxDelayTarget":20}'))).toBe('none')
  expect(problemOf(retry('null'))).toBe('none')
})

test.each([
  ['{', 'DeliveryPolicy: failed to parse JSON.'],
  ['{} {}', 'DeliveryPolicy: failed to parse JSON.'],
  ['null', 'DeliveryPolicy: must be a JSON object'],
  ['[]', 'DeliveryPolicy: must be a JSON object'],
  ['"x"', 'DeliveryPolicy: must be a JSON object'],
  ['{"throttlePolicy":{"maxReceivesPerSecond":1}}', 'DeliveryPolicy: Unexpected JSON member: throttlePolicy'],
  ['{"http":{"bogus":1}}', 'DeliveryPolicy: Unexpected JSON member: bogus'],
  [
    '{"http":{"disableSubscriptionOverrides":"yes"}}',
    'DeliveryPolicy: http.disableSubscriptionOverrides must be true or false',
  ],
  [
    '{"http":{"defaultThrottlePolicy":{"maxReceivesPerSecond":0}}}',
    'DeliveryPolicy: http.defaultThrottlePolicy.maxReceivesPerSecond must be >= 1',
  ],
  [
    '{"http":{"defaultRequestPolicy":{"headerContentType":"text/bogus"}}}',
    'DeliveryPolicy: http.defaultRequestPolicy.headerContentType: the value [text/bogus] is not a supported content type',
  ],
  [
    '{"http":{"defaultRequestPolicy":{"headerContentType":"text/plain\\r\\nx-injected: 1"}}}',
    'DeliveryPolicy: http.defaultRequestPolicy.headerContentType: the value [text/plain\r\nx-injected: 1] is not a supported content type',
  ],
  [`{"http":${'['.repeat(20_000)}`, 'DeliveryPolicy: document is too long'],
])('a topic policy %s is refused: %s', (text, problem) => {
  expect(problemOf(() => parseTopicDeliveryPolicy(text))).toBe(problem)
})

test('a topic policy is no subscription policy, and the sickly one is checked too', () => {
  expect(problemOf(() => parseSubscriptionDeliveryPolicy(TOPIC_POLICY))).toBe(
    'DeliveryPolicy: Unexpected JSON member: http',
  )
  expect(problemOf(() => parseSubscriptionDeliveryPolicy('{"sicklyRetryPolicy":{"numRetries":101}}'))).toBe(
    'DeliveryPolicy: sicklyRetryPolicy.numRetries must be less than or equal to 100',
  )
})

test.each(['application/json', 'text/plain; charset=UTF-8', 'application/xml; charset=utf-8', 'text/csv'])(
  'the content type %s can be asked for',
  (type) => {
    const own = parseSubscriptionDeliveryPolicy(
      JSON.stringify({ requestPolicy: { headerContentType: type } }),
    )
    expect(own.requestPolicy?.headerContentType).toBe(type)
  },
)

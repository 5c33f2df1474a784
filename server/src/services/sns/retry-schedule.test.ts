import { expect, test } from 'vitest'
import { DEFAULT_RETRY_POLICY, type RetryPolicy } from './delivery-policy.ts'
import {
  AWS_ENDPOINT_RETRIES,
  CUSTOMER_ENDPOINT_RETRIES,
  delayBeforeHttpRetry,
  delayBeforeRetry,
} from './retry-schedule.ts'

/** All delays in seconds, until there is no further retry. */
function delays(policy: RetryPolicy, delayBefore = delayBeforeRetry): number[] {
  const found: number[] = []
  for (;;) {
    const delay = delayBefore(policy, found.length + 1)
    if (delay === undefined) return found
    found.push(delay / 1_000)
  }
}

const backoff = (backoffFunction: RetryPolicy['backoffFunction'], numRetries = 4): RetryPolicy => ({
  ...DEFAULT_RETRY_POLICY,
  ...{ minDelayTarget: 2, maxDelayTarget: 32, numRetries, backoffFunction },
})

test('without a policy there are three retries, 20 seconds apart', () => {
  expect(delays(DEFAULT_RETRY_POLICY)).toEqual([20, 20, 20])
})

test('the four phases follow each other, in the example of the AWS documentation', () => {
  const policy: RetryPolicy = {
    ...{ minDelayTarget: 1, maxDelayTarget: 60, numRetries: 50, backoffFunction: 'exponential' },
    ...{ numNoDelayRetries: 3, numMinDelayRetries: 2, numMaxDelayRetries: 35 },
  }
  const found = delays(policy)
  expect(found).toHaveLength(50)
  expect(found.slice(0, 5)).toEqual([0, 0, 0, 1, 1])
  expect(found[5]).toBe(1)
  expect(found[14]).toBe(60)
  expect(found.slice(15)).toEqual(Array.from({ length: 35 }, () => 60))
})

test.each([
  ['linear', [2, 12, 22, 32]],
  ['arithmetic', [2, 7, 17, 32]],
  ['geometric', [2, 5.04, 12.699, 32]],
  ['exponential', [2, 6.286, 14.857, 32]],
] as const)('the %s function leads from the least to the greatest delay', (name, expected) => {
  expect(delays(backoff(name))).toEqual(expected)
})

test('the curves of the AWS documentation begin and end together, the steeper ones below', () => {
  const curve = (name: RetryPolicy['backoffFunction']) =>
    delays({ ...backoff(name, 10), minDelayTarget: 5, maxDelayTarget: 260 })
  const linear = curve('linear')
  const arithmetic = curve('arithmetic')
  const geometric = curve('geometric')
  const exponential = curve('exponential')
  for (const each of [linear, arithmetic, geometric, exponential]) {
    expect(each).toHaveLength(10)
    expect([each[0], each[9]]).toEqual([5, 260])
    expect(each).toEqual(each.toSorted((a, b) => a - b))
  }
  for (let i = 1; i < 9; i++) {
    expect(arithmetic[i]).toBeLessThan(linear[i]!)
    expect(geometric[i]).toBeLessThan(arithmetic[i]!)
    expect(exponential[i]).toBeLessThan(geometric[i]!)
  }
})

test('a phase of one retry has the least delay, and no retries are none', () => {
  expect(delays(backoff('exponential', 1))).toEqual([2])
  expect(delays(backoff('linear', 0))).toEqual([])
})

test('there is no retry of number 0 and none between two', () => {
  expect(delayBeforeRetry(DEFAULT_RETRY_POLICY, 0)).toBeUndefined()
  expect(delayBeforeRetry(DEFAULT_RETRY_POLICY, 1.5)).toBeUndefined()
  expect(delayBeforeRetry(DEFAULT_RETRY_POLICY, Number.NaN)).toBeUndefined()
})

test('the retries to an HTTP endpoint end within an hour', () => {
  const policy = { ...DEFAULT_RETRY_POLICY, minDelayTarget: 900, maxDelayTarget: 900, numRetries: 100 }
  expect(delays(policy, delayBeforeHttpRetry)).toEqual([900, 900, 900, 900])
  expect(delays(policy)).toHaveLength(100)
})

test('functions are tried for 23 days, people for 6 hours', () => {
  const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0)
  const toFunctions = delays(AWS_ENDPOINT_RETRIES)
  expect(toFunctions).toHaveLength(100_015)
  expect(Math.floor(sum(toFunctions) / 86_400)).toBe(23)
  expect(toFunctions.slice(0, 6)).toEqual([0, 0, 0, 1, 1, 1])
  const toPeople = delays(CUSTOMER_ENDPOINT_RETRIES)
  expect(toPeople).toHaveLength(50)
  expect(toPeople.slice(0, 3)).toEqual([10, 10, 10])
  expect(Math.floor(sum(toPeople) / 3_600)).toBe(6)
})

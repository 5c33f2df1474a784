import type { RetryPolicy } from './delivery-policy.ts'

/**
 * When a delivery that failed is tried again. The retries of a policy fall into four phases, in this order:
 *
 * ```
 *   numNoDelayRetries │ numMinDelayRetries │ the rest of numRetries         │ numMaxDelayRetries
 *   at once           │ minDelayTarget     │ from min to max, by a function │ maxDelayTarget
 * ```
 *
 * AWS names the functions and draws their curves, but says no formula. Here, over the retries of the third phase:
 * linear, every delay is longer by the same; arithmetic, the growth itself grows by the same; geometric, every delay is
 * longer by the same factor; exponential, the growth doubles. All of them begin with min and end with max.
 */

/** The whole time that the retries of one message to an HTTP or HTTPS endpoint may take, in seconds: a limit of AWS's. */
export const HTTP_RETRY_SECONDS_MAX = 3_600

/** What AWS does for functions and queues: 100,015 retries, for 23 days. */
export const AWS_ENDPOINT_RETRIES: RetryPolicy = {
  minDelayTarget: 1,
  maxDelayTarget: 20,
  numRetries: 100_015,
  numMaxDelayRetries: 100_000,
  numNoDelayRetries: 3,
  numMinDelayRetries: 2,
  backoffFunction: 'exponential',
}

/** What AWS does for email and text messages: 50 retries, for 6 hours. */
export const CUSTOMER_ENDPOINT_RETRIES: RetryPolicy = {
  minDelayTarget: 10,
  maxDelayTarget: 600,
  numRetries: 50,
  numMaxDelayRetries: 38,
  numNoDelayRetries: 0,
  numMinDelayRetries: 2,
  backoffFunction: 'exponential',
}

/**
 * How long to wait before the retry of that number, from 1 for the one after the first attempt: whole milliseconds, or
 * undefined if there is none.
 */
export function delayBeforeRetry(policy: RetryPolicy, retry: number): number | undefined {
  if (!Number.isInteger(retry) || retry < 1 || retry > policy.numRetries) return undefined
  const { numNoDelayRetries, numMinDelayRetries, numMaxDelayRetries, numRetries } = policy
  const backoffRetries = numRetries - numNoDelayRetries - numMinDelayRetries - numMaxDelayRetries
  let inPhase = retry - numNoDelayRetries
  if (inPhase <= 0) return 0
  inPhase -= numMinDelayRetries
  if (inPhase <= 0) return policy.minDelayTarget * 1_000
  if (inPhase > backoffRetries) return policy.maxDelayTarget * 1_000
  return Math.round(backoffSeconds(policy, inPhase - 1, backoffRetries - 1) * 1_000)
}

/** The same for HTTP and HTTPS endpoints, whose retries end when they would take longer than AWS's limit. */
export function delayBeforeHttpRetry(policy: RetryPolicy, retry: number): number | undefined {
  let total = 0
  for (let each = 1; each < retry; each++) total += delayBeforeRetry(policy, each) ?? 0
  const delay = delayBeforeRetry(policy, retry)
  return delay === undefined || total + delay > HTTP_RETRY_SECONDS_MAX * 1_000 ? undefined : delay
}

/** The delay after `step` of `steps` steps from the first to the last. */
function backoffSeconds(policy: RetryPolicy, step: number, steps: number): number {
  const { minDelayTarget: min, maxDelayTarget: max, backoffFunction } = policy
  if (steps === 0) return min
  switch (backoffFunction) {
    case 'linear':
      return min + ((max - min) * step) / steps
    case 'arithmetic':
      return min + ((max - min) * step * (step + 1)) / (steps * (steps + 1))
    case 'geometric':
      return min * (max / min) ** (step / steps)
    case 'exponential':
      return min + ((max - min) * (2 ** step - 1)) / (2 ** steps - 1)
    default:
      return backoffFunction satisfies never
  }
}

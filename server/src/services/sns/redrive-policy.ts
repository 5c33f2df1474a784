import { invalidParameter } from './errors.ts'
import { parseObject } from './json-object.ts'

/**
 * A subscription's RedrivePolicy: a JSON document that names the queue for what can't be delivered. Texts of errors are
 * AWS's as far as they don't quote its parser.
 */
const QUEUE_ARN = /^arn:aws:sqs:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,80}(?:\.fifo)?$/

/** The policy as it was written; empty for none. `prefix` names the parameter in errors. */
export function parseRedrivePolicy(value: string, invalid: (reason: string) => Error): string {
  if (value === '') return ''
  const target = targetIn(value)
  if (target === undefined) throw invalid('RedrivePolicy: failed to parse JSON.')
  if (typeof target !== 'string' || !QUEUE_ARN.test(target)) {
    throw invalid('RedrivePolicy: deadLetterTargetArn is an invalid arn')
  }
  return value
}

/** Refuses a queue that does not keep what the subscribed one keeps. */
export function checkRedriveTarget(policy: string, endpoint: string): void {
  const target = deadLetterTarget(policy)
  if (target === null || !endpoint.endsWith('.fifo') || target.endsWith('.fifo')) return
  throw invalidParameter(
    'RedrivePolicy: must use a FIFO queue as DLQ for a FIFO Subscription to a FIFO Topic.',
  )
}

/** The ARN of the queue, or null where there is no policy. */
export function deadLetterTarget(policy: string): string | null {
  return policy === '' ? null : String(targetIn(policy))
}

/** Undefined where the text is no JSON object. */
function targetIn(policy: string): unknown {
  const members = parseObject(policy)
  return members === null ? undefined : (members.get('deadLetterTargetArn') ?? null)
}

import { Buffer } from 'node:buffer'
import { ServiceError } from '../../api/service-error.ts'
import { isJsonObject, parseJsonObject } from '../../base/json-object.ts'
import { isWithin } from '../../base/range.ts'
import { invalidAttributeValue, invalidParameter, OverLimit } from './errors.ts'
import {
  MAX_RECEIVE_COUNT,
  POLICY_BYTES_MAX,
  POLICY_STATEMENTS_MAX,
  SOURCE_QUEUE_ARNS_MAX,
} from './limits.ts'
import { parseQueueArn } from './queue-arn.ts'
import type { RedriveAllowPolicy, RedrivePolicy } from './queue-settings.ts'

/** The three queue attributes whose value is a JSON document. An empty string takes each away. */

const POLICY_VERSIONS: readonly unknown[] = [undefined, '2008-10-17', '2012-10-17']
const EFFECTS: readonly unknown[] = ['Allow', 'Deny']

/** The access policy as it was written, if it has a policy's shape. What its statements say is not looked at here. */
export function parsePolicy(value: string): string {
  if (value === '') return ''
  const policy = Buffer.byteLength(value) > POLICY_BYTES_MAX ? null : parseJsonObject(value)
  if (policy === null || !POLICY_VERSIONS.includes(policy.Version)) throw invalidAttributeValue('Policy')
  const statements: readonly unknown[] = Array.isArray(policy.Statement)
    ? policy.Statement
    : [policy.Statement]
  if (
    statements.length === 0 ||
    !statements.every((each) => isJsonObject(each) && EFFECTS.includes(each.Effect))
  ) {
    throw invalidAttributeValue('Policy')
  }
  if (statements.length > POLICY_STATEMENTS_MAX) {
    throw new ServiceError(
      OverLimit,
      `${statements.length} statements were found in the submitted policy, max allowed is ${POLICY_STATEMENTS_MAX}`,
    )
  }
  return value
}

/** Whether the target exists and takes these dead letters is for the cell to say. */
export function parseRedrivePolicy(value: string): RedrivePolicy | null {
  if (value === '') return null
  const policy = parseJsonObject(value)
  if (policy === null) {
    throw invalidAttributeValue('RedrivePolicy', 'Redrive policy is not a valid JSON map.')
  }
  const invalid = (reason: string) => invalidParameter('RedrivePolicy', value, reason)
  for (const name of ['maxReceiveCount', 'deadLetterTargetArn']) {
    if (!Object.hasOwn(policy, name)) {
      throw invalid(`Redrive policy does not contain mandatory attribute: ${name}.`)
    }
  }
  if (Object.keys(policy).length > 2) {
    throw invalid('Only following attributes are supported: [maxReceiveCount, deadLetterTargetArn].')
  }
  const { deadLetterTargetArn } = policy
  if (typeof deadLetterTargetArn !== 'string' || parseQueueArn(deadLetterTargetArn) === null) {
    throw invalid('Invalid value for deadLetterTargetArn.')
  }
  const maxReceiveCount = wholeNumber(policy.maxReceiveCount)
  if (!isWithin(maxReceiveCount, MAX_RECEIVE_COUNT)) {
    throw invalid(
      `Invalid value for maxReceiveCount: ${String(policy.maxReceiveCount)}, valid values are from ${MAX_RECEIVE_COUNT.min} to ${MAX_RECEIVE_COUNT.max} both inclusive.`,
    )
  }
  return { deadLetterTargetArn, maxReceiveCount }
}

export function parseRedriveAllowPolicy(value: string): RedriveAllowPolicy | null {
  if (value === '') return null
  const policy = parseJsonObject(value)
  const { redrivePermission, sourceQueueArns, ...others } = policy ?? {}
  const isArnList = sourceQueueArns === undefined || isQueueArnList(sourceQueueArns)
  if (!isRedrivePermission(redrivePermission) || !isArnList || Object.keys(others).length > 0) {
    throw invalidAttributeValue(
      'RedriveAllowPolicy',
      "Amazon SQS can't create the redrive allow policy, as it’s in an unsupported format.",
    )
  }
  const invalid = (reason: string) =>
    invalidParameter(
      'RedriveAllowPolicy',
      value,
      `Amazon SQS can't create the redrive allow policy. ${reason}`,
    )
  if (redrivePermission !== 'byQueue') {
    if (sourceQueueArns === undefined) return { redrivePermission, sourceQueueArns: [] }
    throw invalid('To specify one or more source queue ARNs, you must set redrivePermission to byQueue.')
  }
  if (sourceQueueArns === undefined || sourceQueueArns.length === 0) {
    throw invalid(
      'When you specify the byQueue permission type, you must also specify one or more sourceQueueArns values.',
    )
  }
  if (sourceQueueArns.length > SOURCE_QUEUE_ARNS_MAX) {
    throw invalid(`The maximum number of source queue ARNs you can specify is ${SOURCE_QUEUE_ARNS_MAX}.`)
  }
  return { redrivePermission, sourceQueueArns }
}

export function renderRedrivePolicy(policy: RedrivePolicy | null): string {
  if (policy === null) return ''
  const { deadLetterTargetArn, maxReceiveCount } = policy
  return JSON.stringify({ deadLetterTargetArn, maxReceiveCount })
}

export function renderRedriveAllowPolicy(policy: RedriveAllowPolicy | null): string {
  if (policy === null) return ''
  const { redrivePermission, sourceQueueArns } = policy
  return JSON.stringify(
    redrivePermission === 'byQueue' ? { redrivePermission, sourceQueueArns } : { redrivePermission },
  )
}

function isRedrivePermission(value: unknown): value is RedriveAllowPolicy['redrivePermission'] {
  return value === 'allowAll' || value === 'denyAll' || value === 'byQueue'
}

function isQueueArnList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((arn) => typeof arn === 'string' && parseQueueArn(arn) !== null)
}

/** SQS takes the count as a number and as a string of one. */
function wholeNumber(value: unknown): number {
  if (typeof value === 'number') return value
  return typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : Number.NaN
}

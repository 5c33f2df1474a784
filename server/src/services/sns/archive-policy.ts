import { parseJsonObject } from '../../base/json-object.ts'
import { isWithin } from '../../base/range.ts'
import { ARCHIVE_RETENTION_DAYS } from './limits.ts'
import { parsePolicyMembers } from './policy-members.ts'

/**
 * A topic's ArchivePolicy: `{"MessageRetentionPeriod":"30"}`, in days, or `{}` for no archive.
 * https://docs.aws.amazon.com/sns/latest/dg/message-archiving-and-replay-topic-owner.html
 */
const PERIOD = 'MessageRetentionPeriod'
const DAY_MS = 86_400_000

/** The policy as it was written. */
export function parseArchivePolicy(text: string, invalid: (reason: string) => Error): string {
  const members = parsePolicyMembers(text, [PERIOD], invalid)
  if (Object.keys(members).length > 0 && !isWithin(daysOf(members[PERIOD]), ARCHIVE_RETENTION_DAYS)) {
    const { min, max } = ARCHIVE_RETENTION_DAYS
    throw invalid(`${PERIOD} must be a whole number of days from ${min} to ${max}.`)
  }
  return text
}

/** For how long messages stay in the archive, in milliseconds; null where the policy asks for none. */
export function archiveRetentionMs(policy: string): number | null {
  const days = daysOf(parseJsonObject(policy)?.[PERIOD])
  return Number.isNaN(days) ? null : days * DAY_MS
}

/** Of a number, or a text that is one: either is taken. */
function daysOf(value: unknown): number {
  const text = typeof value === 'number' ? String(value) : value
  return typeof text === 'string' && /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
}

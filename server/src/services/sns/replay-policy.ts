import { parseJsonObject } from '../../base/json-object.ts'
import { parsePolicyMembers } from './policy-members.ts'

/**
 * A subscription's ReplayPolicy: the time from which on it is to get again what is in its topic's archive, and the time up to which;
 * `{}` for none.
 *
 * ```
 *   {"PointType":"Timestamp","StartingPoint":"2026-01-31T00:00:00.000Z","EndingPoint":"2026-02-01T00:00:00.000Z"}
 * ```
 *
 * https://docs.aws.amazon.com/sns/latest/dg/message-archiving-and-replay-subscriber.html
 */
const NAMES = ['PointType', 'StartingPoint', 'EndingPoint']
const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)$/

/** What is to be replayed: messages that were published from `from` to `until`, in milliseconds since the epoch, both included. */
export interface ReplayWindow {
  readonly from: number
  /** Null where the subscription goes on with what is published. */
  readonly until: number | null
}

/** The policy as it was written; empty for none. */
export function parseReplayPolicy(text: string, invalid: (reason: string) => Error): string {
  if (text === '') return ''
  const members = parsePolicyMembers(text, NAMES, invalid)
  if (Object.keys(members).length === 0) return text
  if (members.PointType !== 'Timestamp') throw invalid('PointType must be Timestamp.')
  const from = pointOf(members.StartingPoint)
  if (from === null) throw invalid('StartingPoint must be a timestamp of ISO 8601.')
  if (members.EndingPoint === undefined) return text
  const until = pointOf(members.EndingPoint)
  if (until === null) throw invalid('EndingPoint must be a timestamp of ISO 8601.')
  if (until <= from) throw invalid('EndingPoint must be later than StartingPoint.')
  return text
}

/** What a parsed policy asks for; null for nothing. */
export function replayWindow(policy: string): ReplayWindow | null {
  const members = parseJsonObject(policy)
  const from = pointOf(members?.StartingPoint)
  return from === null ? null : { from, until: pointOf(members?.EndingPoint) }
}

/** In milliseconds since the epoch; null where the value is no timestamp. */
function pointOf(value: unknown): number | null {
  if (typeof value !== 'string' || !TIMESTAMP.test(value)) return null
  const time = Date.parse(value)
  return Number.isNaN(time) ? null : time
}

import { decodePageToken, encodePageToken } from '../../api/page-token.ts'
import type { SubscriptionPlace } from './commands.ts'
import { invalidParameter } from './errors.ts'
import type { SnsPorts } from './ports.ts'

/** Where a page begins, empty for the first; refuses a token that wasn't made for this list. */
export function decodeNextToken(
  { tokenKey }: SnsPorts,
  list: readonly string[],
  token: string | undefined,
): string {
  if (token === undefined || token === '') return ''
  const after = decodePageToken(tokenKey, list, token)
  if (after === null) throw invalidParameter('nextToken')
  return after
}

/** The `NextToken` of an answer, if more is there. */
export function nextToken(
  { tokenKey }: SnsPorts,
  list: readonly string[],
  next: string | null,
): { readonly NextToken?: string } {
  return next === null ? {} : { NextToken: encodePageToken(tokenKey, list, next) }
}

/** As `decodeNextToken`, for lists of subscriptions; null for the beginning. */
export function decodeSubscriptionToken(
  ports: SnsPorts,
  list: readonly string[],
  token: string | undefined,
): SubscriptionPlace | null {
  const after = decodeNextToken(ports, list, token)
  const [number, topic] = after.split(' ')
  return after === '' ? null : { topic: topic!, number: Number(number) }
}

export function subscriptionToken(
  ports: SnsPorts,
  list: readonly string[],
  next: SubscriptionPlace | null,
): { readonly NextToken?: string } {
  return nextToken(ports, list, next === null ? null : `${next.number} ${next.topic}`)
}

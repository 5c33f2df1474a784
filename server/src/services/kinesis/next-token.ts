import { decodePageToken, encodePageToken } from '../../api/page-token.ts'
import { expiredNextToken, invalidArgument } from './errors.ts'
import { PAGE_TOKEN_LIFETIME_MS } from './limits.ts'
import type { KinesisPorts } from './ports.ts'

type TokenPorts = Pick<KinesisPorts, 'tokenKey' | 'now'>

/**
 * The `NextToken` of an answer: where the next page of the list begins, and when the token was made. `list` says what is listed,
 * as for `encodePageToken`.
 */
export function encodeNextToken(
  { tokenKey, now }: TokenPorts,
  list: readonly string[],
  next: object,
): string {
  return encodePageToken(tokenKey, list, JSON.stringify({ madeAt: now(), next }))
}

/** What `encodeNextToken` was given for this list. Refuses a token that was made for another one, or too long ago. */
export function decodeNextToken<Next extends object>(
  { tokenKey, now }: TokenPorts,
  list: readonly string[],
  token: string,
): Next {
  const text = decodePageToken(tokenKey, list, token)
  if (text === null) throw invalidArgument('Invalid NextToken.')
  // Nobody else has the key, so it's what was encoded here.
  const { madeAt, next }: { readonly madeAt: number; readonly next: Next } = JSON.parse(text)
  if (now() > madeAt + PAGE_TOKEN_LIFETIME_MS) throw expiredNextToken()
  return next
}

/** Refuses parameters that say again, or otherwise, what a `NextToken` says. */
export function refuseBesideNextToken(parameters: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) throw invalidArgument(`NextToken and ${name} cannot be provided together.`)
  }
}

import { decodePageToken, encodePageToken } from '../../api/page-token.ts'
import { ServiceError } from '../../api/service-error.ts'
import { InvalidParameterValue } from './errors.ts'
import { LIST_RESULTS } from './limits.ts'

/**
 * The name after which the page begins, empty where there is no token yet; refuses a token that wasn't made for this list.
 */
export function decodeListToken(key: Uint8Array, list: readonly string[], token: string | undefined): string {
  if (token === undefined || token === '') return ''
  const name = decodePageToken(key, list, token)
  if (name === null) throw new ServiceError(InvalidParameterValue, 'Invalid or expired next token.')
  return name
}

/** The `NextToken` of an answer: there is one only if more is there and the caller set `MaxResults`. */
export function nextListToken(
  key: Uint8Array,
  list: readonly string[],
  next: string | null,
  maxResults: number | undefined,
): { readonly NextToken?: string } {
  return next === null || maxResults === undefined ? {} : { NextToken: encodePageToken(key, list, next) }
}

/** The page's size; refuses one out of range. */
export function pageLimit(maxResults: number | undefined): number {
  if (maxResults === undefined) return LIST_RESULTS.max
  if (maxResults < LIST_RESULTS.min || maxResults > LIST_RESULTS.max) {
    throw new ServiceError(
      InvalidParameterValue,
      `Value for parameter MaxResults is invalid. Reason: MaxResults must be an integer between ${LIST_RESULTS.min} and ${LIST_RESULTS.max}.`,
    )
  }
  return maxResults
}

import { Buffer } from 'node:buffer'
import { createHmac, timingSafeEqual } from 'node:crypto'
import { ServiceError } from '../../api/service-error.ts'
import { InvalidParameterValue } from './errors.ts'
import { LIST_RESULTS } from './limits.ts'

/**
 * Where the next page of a list begins, as clients carry it: URL-safe base64 of a 16-byte HMAC-SHA-256 (cut) and the last
 * name of the page before. The HMAC also covers what was listed, so that a token is only good for the list it came
 * from. It's made once per request.
 */
const MAC_BYTES = 16

/** `list` says what was listed: operation, account, region and filter, in parts that can't run into each other. */
export function encodeListToken(key: Uint8Array, list: readonly string[], after: string): string {
  const name = Buffer.from(after)
  return Buffer.concat([macOf(key, list, name), name]).toString('base64url')
}

/**
 * The name after which the page begins, empty where there is no token yet; refuses a token that wasn't made for this list.
 */
export function decodeListToken(key: Uint8Array, list: readonly string[], token: string | undefined): string {
  if (token === undefined || token === '') return ''
  const bytes = Buffer.from(token, 'base64url')
  const name = bytes.subarray(MAC_BYTES)
  const genuine =
    bytes.length > MAC_BYTES &&
    timingSafeEqual(bytes.subarray(0, MAC_BYTES), macOf(key, list, name)) &&
    // Base64 can be written in more than one way; ours is the one without slack.
    bytes.toString('base64url') === token
  if (!genuine) throw new ServiceError(InvalidParameterValue, 'Invalid or expired next token.')
  return name.toString()
}

/** The `NextToken` of an answer: there is one only if more is there and the caller set `MaxResults`. */
export function nextListToken(
  key: Uint8Array,
  list: readonly string[],
  next: string | null,
  maxResults: number | undefined,
): { readonly NextToken?: string } {
  return next === null || maxResults === undefined ? {} : { NextToken: encodeListToken(key, list, next) }
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

function macOf(key: Uint8Array, list: readonly string[], name: Uint8Array): Uint8Array {
  return createHmac('sha256', key).update(JSON.stringify(list)).update(name).digest().subarray(0, MAC_BYTES)
}

import { Buffer } from 'node:buffer'
import { createHmac, timingSafeEqual } from 'node:crypto'

/**
 * Where the next page of a list begins, as clients carry it: URL-safe base64 of a 16-byte HMAC-SHA-256 (cut) and the last
 * name of the page before. The HMAC also covers what was listed, so that a token is only good for the list it came
 * from. It's made once per request.
 */
const MAC_BYTES = 16

/** `list` says what was listed: operation, account, region and filter, in parts that can't run into each other. */
export function encodePageToken(key: Uint8Array, list: readonly string[], after: string): string {
  const name = Buffer.from(after)
  return Buffer.concat([macOf(key, list, name), name]).toString('base64url')
}

/** The name after which the page begins; null for a token that wasn't made for this list. */
export function decodePageToken(key: Uint8Array, list: readonly string[], token: string): string | null {
  const bytes = Buffer.from(token, 'base64url')
  const name = bytes.subarray(MAC_BYTES)
  const genuine =
    bytes.length > MAC_BYTES &&
    timingSafeEqual(bytes.subarray(0, MAC_BYTES), macOf(key, list, name)) &&
    // Base64 can be written in more than one way; ours is the one without slack.
    bytes.toString('base64url') === token
  return genuine ? name.toString() : null
}

function macOf(key: Uint8Array, list: readonly string[], name: Uint8Array): Uint8Array {
  return createHmac('sha256', key).update(JSON.stringify(list)).update(name).digest().subarray(0, MAC_BYTES)
}

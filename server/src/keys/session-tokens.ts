import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { Sealer } from '../base/sealer.ts'

const CONTEXT = 'session token'
/** More than any content has before it is packed. */
const CONTENT_BYTES_MAX = 128 * 1024

/** Texts that carry something which only who has the sealer's key can read or make: packed, sealed, and in base64. */
export class SealedTokens {
  readonly #sealer: Sealer

  constructor(sealer: Sealer) {
    this.#sealer = sealer
  }

  encode(content: Uint8Array): string {
    return Buffer.from(this.#sealer.seal(pack(content), CONTEXT)).toString('base64')
  }

  /** Null for what was not made so. */
  decode(token: string): Uint8Array | null {
    const sealed = Buffer.from(token, 'base64')
    // Base64 can be written in more than one way; ours is the one without slack.
    if (sealed.toString('base64') !== token) return null
    const packed = this.#sealer.open(sealed, CONTEXT)
    return packed === null ? null : inflateRawSync(packed, { maxOutputLength: CONTENT_BYTES_MAX })
  }

  packedBytes(content: Uint8Array): number {
    return pack(content).length
  }
}

function pack(content: Uint8Array): Uint8Array {
  return deflateRawSync(content, { level: 9 })
}

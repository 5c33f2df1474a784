import { hkdfSync } from 'node:crypto'

const KEY_BYTES = 32

/**
 * A key of 256 bits for one purpose, out of a secret that serves many (HKDF with SHA-256, RFC 5869). The same secret and purpose give the
 * same key, and no two purposes' keys say anything of each other.
 */
export function deriveKey(secret: string | Uint8Array, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, '', `millrace ${purpose}`, KEY_BYTES))
}

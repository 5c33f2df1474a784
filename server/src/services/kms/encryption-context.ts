import { Buffer } from 'node:buffer'
import { invalid } from './errors.ts'
import { ENCRYPTION_CONTEXT_CHARACTERS_MAX } from './limits.ts'

/** What a client says of a plaintext: it's authenticated with it, and must be said again, in whatever order. */
export type EncryptionContext = Readonly<Record<string, string>>

/** One spelling of what the context says: sorted by key, so that the same pairs are the same bytes. */
export function contextBytes(context: EncryptionContext = {}): Uint8Array {
  const pairs = Object.entries(context).sort(([a], [b]) => (a < b ? -1 : 1))
  return Buffer.from(JSON.stringify(pairs))
}

export function checkContext(context: EncryptionContext = {}): void {
  if (JSON.stringify(context).length > ENCRYPTION_CONTEXT_CHARACTERS_MAX) {
    throw invalid(`EncryptionContext is longer than ${ENCRYPTION_CONTEXT_CHARACTERS_MAX} characters.`)
  }
}

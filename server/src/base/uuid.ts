import { Buffer } from 'node:buffer'

export const UUID_BYTES = 16

/** A random (version 4) UUID out of 16 random bytes, which it changes to say so. */
export function toUuid(random: Uint8Array): Uint8Array {
  random[6] = (random[6]! & 0x0f) | 0x40
  random[8] = (random[8]! & 0x3f) | 0x80
  return random
}

export function formatUuid(uuid: Uint8Array): string {
  const hex = Buffer.from(uuid.buffer, uuid.byteOffset, uuid.byteLength).toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

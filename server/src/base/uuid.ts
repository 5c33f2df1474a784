import { Buffer } from 'node:buffer'

export const UUID_BYTES = 16

/** A random (version 4) UUID out of 16 random bytes, which it changes to say so. */
export function toUuid(random: Uint8Array): Uint8Array {
  random[6] = (random[6]! & 0x0f) | 0x40
  random[8] = (random[8]! & 0x3f) | 0x80
  return random
}

export function formatUuid(uuid: Uint8Array): string {
  return uuidOf(Buffer.from(uuid.buffer, uuid.byteOffset, uuid.byteLength).toString('hex'))
}

/** A UUID out of its 32 hexadecimal digits, behind which there may be more. */
export function uuidOf(digits: string): string {
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-${digits.slice(12, 16)}-${digits.slice(16, 20)}-${digits.slice(20, 32)}`
}

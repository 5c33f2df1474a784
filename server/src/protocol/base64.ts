import { Buffer } from 'node:buffer'

/**
 * The bytes of a base64 text, or undefined where it isn't exactly what an encoder writes: Node's own decoder skips what
 * it doesn't know, so that different texts would mean the same bytes.
 */
export function decodeBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0) return undefined
  const bytes = Buffer.from(text, 'base64')
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
  // A skipped character shows in the length; the URL-safe alphabet, which Node takes too, and stray bits behind the
  // last byte don't.
  if (bytes.length !== (text.length / 4) * 3 - padding) return undefined
  if (text.includes('-') || text.includes('_')) return undefined
  if (padding > 0 && encodeBase64(bytes.subarray(-(3 - padding))) !== text.slice(-4)) return undefined
  return bytes
}

export function encodeBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
}

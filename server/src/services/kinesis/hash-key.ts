import type { HashKey } from './commands.ts'

/** Clients write hash keys in decimal; here they are 32 small hexadecimal digits, so that their order is that of numbers. */
const DIGITS = 32

export const LEAST_HASH_KEY: HashKey = '0'.repeat(DIGITS)
export const GREATEST_HASH_KEY: HashKey = 'f'.repeat(DIGITS)

/** Of decimal digits, without any other character; null beyond 2^128 - 1. */
export function parseHashKey(decimal: string): HashKey | null {
  const digits = BigInt(decimal).toString(16)
  return digits.length > DIGITS ? null : digits.padStart(DIGITS, '0')
}

export function formatHashKey(key: HashKey): string {
  return BigInt(`0x${key}`).toString()
}

import type { Random } from './random.ts'

/** The base-32 digits that AWS's ids are made of. */
export const ID_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
/** Those of its secrets. */
export const SECRET_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** As many digits of an alphabet, each as likely as any other. It has a power of two of them, so that taking the low bits favours none. */
export function randomDigits(random: Random, length: number, alphabet: string): string {
  let text = ''
  for (const byte of random.bytes(length)) text += alphabet[byte & (alphabet.length - 1)]
  return text
}

import { Buffer } from 'node:buffer'
import type { Random } from '../../base/random.ts'
import { ID_DIGITS, randomDigits, SECRET_DIGITS } from '../../base/random-digits.ts'

/** Ids as AWS makes them: what they begin with says what they are of. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html */
const PREFIXES = { user: 'AIDA', group: 'AGPA', role: 'AROA', policy: 'ANPA' } as const

const ID_RANDOM_DIGITS = 17
const SECRET_CHARACTERS = 40

export function newEntityId(random: Random, type: keyof typeof PREFIXES): string {
  return PREFIXES[type] + randomDigits(random, ID_RANDOM_DIGITS, ID_DIGITS)
}

/** 240 random bits. */
export function newSecretKey(random: Random): string {
  return randomDigits(random, SECRET_CHARACTERS, SECRET_DIGITS)
}

/**
 * The id of an access key says which account it's of. Behind its prefix stand 16 digits of base 32, which are 80 bits:
 *
 * ```
 *   1 │ 40 account, as a number │ 39 random
 * ```
 */
const RANDOM_BITS = 39n
const FIRST_BIT = 1n << 79n
const KEY_DIGITS = 16

export function newAccessKeyId(random: Random, prefix: 'AKIA' | 'ASIA', accountId: string): string {
  const low = BigInt(`0x${Buffer.from(random.bytes(5)).toString('hex')}`) & ((1n << RANDOM_BITS) - 1n)
  let bits = FIRST_BIT | (BigInt(accountId) << RANDOM_BITS) | low
  let digits = ''
  for (let i = 0; i < KEY_DIGITS; i++) {
    digits = ID_DIGITS.charAt(Number(bits & 31n)) + digits
    bits >>= 5n
  }
  return prefix + digits
}

/** The account that such an id says it's of; undefined for one that says nothing of the kind. */
export function accountOfKeyId(id: string): string | undefined {
  if (!/^A[KS]IA[A-Z2-7]{16}$/.test(id)) return undefined
  let bits = 0n
  for (const digit of id.slice(4)) bits = (bits << 5n) | BigInt(ID_DIGITS.indexOf(digit))
  if ((bits & FIRST_BIT) === 0n) return undefined
  const account = String((bits ^ FIRST_BIT) >> RANDOM_BITS)
  return account.length > 12 ? undefined : account.padStart(12, '0')
}

/** Twelve digits, of which the first is none of the zeros that the first account has. */
export function newAccountId(random: Random): string {
  const bytes = random.bytes(6)
  const number = bytes.reduce((sum, byte) => sum * 256 + byte, 0)
  return String(1e11 + (number % 9e11))
}

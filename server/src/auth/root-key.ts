import type { Random } from '../base/random.ts'
import type { AccessKey, Credentials } from './credentials.ts'
import { ROOT_ACCOUNT_ID, rootPrincipal } from './root-principal.ts'

/** The pair that a client signs with. */
export interface KeyPair {
  readonly accessKeyId: string
  readonly secretKey: string
}

/** The base-32 digits that AWS's ids are made of. */
const ID_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const SECRET_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** IAM's own range for access key ids; no slash, comma or space may be in one. */
const ACCESS_KEY_ID = /^\w{16,128}$/
const SECRET_KEY = /^[\x21-\x7e]{8,128}$/

/** A fresh pair in AWS's form: `AKIA` and 16 digits, and a secret of 40 (240 random bits). */
export function makeKeyPair(random: Random): KeyPair {
  return {
    accessKeyId: `AKIA${digits(random, 16, ID_DIGITS)}`,
    secretKey: digits(random, 40, SECRET_DIGITS),
  }
}

/** What is wrong with a pair that was given or kept, or undefined if it can be used. */
export function keyPairProblem({ accessKeyId, secretKey }: KeyPair): string | undefined {
  if (!ACCESS_KEY_ID.test(accessKeyId))
    return 'the access key id must be 16 to 128 letters, digits or underscores'
  if (!SECRET_KEY.test(secretKey))
    return 'the secret key must be 8 to 128 printable ASCII characters without spaces'
  return undefined
}

/** The one key there is before there are users. */
export class RootCredentials implements Credentials {
  readonly #key: AccessKey

  constructor(pair: KeyPair) {
    this.#key = { ...pair, ...rootPrincipal(ROOT_ACCOUNT_ID) }
  }

  find(accessKeyId: string): AccessKey | undefined {
    return accessKeyId === this.#key.accessKeyId ? this.#key : undefined
  }
}

/** Both alphabets have a power of two of digits, so that taking the low bits favours none. */
function digits(random: Random, length: number, alphabet: string): string {
  let text = ''
  for (const byte of random.bytes(length)) text += alphabet[byte & (alphabet.length - 1)]
  return text
}

import type { AccessKey, KeyUse } from '../api/access-key.ts'
import { rootIdentity } from '../api/identity.ts'
import type { Random } from '../base/random.ts'
import { ID_DIGITS, randomDigits, SECRET_DIGITS } from '../base/random-digits.ts'
import type { Credentials } from './credentials.ts'
import { ROOT_ACCOUNT_ID, rootPrincipal } from './root-principal.ts'

/** The pair that a client signs with. */
export interface KeyPair {
  readonly accessKeyId: string
  readonly secretKey: string
}

/** IAM's own range for access key ids; no slash, comma or space may be in one. */
const ACCESS_KEY_ID = /^\w{16,128}$/
const SECRET_KEY = /^[\x21-\x7e]{8,128}$/

/** A fresh pair in AWS's form: `AKIA` and 16 digits, and a secret of 40 (240 random bits). */
export function makeKeyPair(random: Random): KeyPair {
  return {
    accessKeyId: `AKIA${randomDigits(random, 16, ID_DIGITS)}`,
    secretKey: randomDigits(random, 40, SECRET_DIGITS),
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

/** The key that there is before there are users. */
export class RootCredentials implements Credentials {
  readonly #key: AccessKey

  constructor(pair: KeyPair) {
    this.#key = { ...pair, ...rootPrincipal(ROOT_ACCOUNT_ID), identity: rootIdentity(ROOT_ACCOUNT_ID) }
  }

  find(accessKeyId: string): AccessKey | undefined {
    return accessKeyId === this.#key.accessKeyId ? this.#key : undefined
  }
}

/** The root key, and the keys that IAM keeps beside it. */
export class RootAndFurtherCredentials implements Credentials {
  readonly #root: RootCredentials
  readonly #further: Credentials

  constructor(root: RootCredentials, further: Credentials) {
    this.#root = root
    this.#further = further
  }

  find(accessKeyId: string, sessionToken: string | undefined): AccessKey | undefined {
    return this.#root.find(accessKeyId) ?? this.#further.find(accessKeyId, sessionToken)
  }

  noteUse(accessKey: AccessKey, use: KeyUse): void {
    this.#further.noteUse?.(accessKey, use)
  }
}

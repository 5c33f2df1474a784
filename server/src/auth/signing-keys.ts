import { createHmac } from 'node:crypto'
import type { AccessKey } from '../api/access-key.ts'
import type { Caller } from '../api/operation.ts'
import { TwoGenerationCache } from '../base/two-generation-cache.ts'
import { ALGORITHM } from './authorization-header.ts'
import { HmacKey } from './hmac-key.ts'
import { SIGNING_KEYS_MAX } from './limits.ts'

/** The key of one access key, day, region and service, and who a request signed with it comes from. */
export class SigningKey {
  readonly accessKey: AccessKey
  readonly scope: CredentialScope
  readonly caller: Caller
  readonly #secret: HmacKey
  /** That of the last signature: requests come many in a second, and the string to sign begins the same for all of it. */
  #timestamp: string | null = null

  constructor(accessKey: AccessKey, scope: CredentialScope, caller: Caller, secret: HmacKey) {
    this.accessKey = accessKey
    this.scope = scope
    this.caller = caller
    this.#secret = secret
  }

  /** The signature that a request with this timestamp and canonical digest must have, as 64 hexadecimal digits. */
  signatureOf(timestamp: string, requestDigest: string): string {
    if (timestamp !== this.#timestamp) {
      this.#secret.startWith(stringToSign(timestamp, this.scope, ''))
    }
    // Also where it's the same text, since the next request most likely has this very object.
    this.#timestamp = timestamp
    return this.#secret.sign(requestDigest)
  }
}

/** What is signed of a request: `requestDigest` is the canonical request's, in hexadecimal digits. */
export function stringToSign(timestamp: string, scope: CredentialScope, requestDigest: string): string {
  return `${ALGORITHM}\n${timestamp}\n${scope.text}\n${requestDigest}`
}

/** A credential taken apart. */
export interface CredentialScope {
  readonly accessKeyId: string
  /** Eight digits. */
  readonly date: string
  readonly region: string
  readonly service: string
  readonly terminator: string
  /** All but the key id: `20150830/us-east-1/sqs/aws4_request`. */
  readonly text: string
}

/** `recheck` is the caller's. */
export function deriveSigningKey(
  accessKey: AccessKey,
  scope: CredentialScope,
  recheck: (now: number) => void,
): SigningKey {
  const day = hmac(`AWS4${accessKey.secretKey}`, scope.date)
  const secret = hmac(hmac(hmac(day, scope.region), scope.service), scope.terminator)
  const { accountId, userId, principalArn, identity } = accessKey
  const caller = { accountId, region: scope.region, userId, principalArn, identity, recheck }
  return new SigningKey(accessKey, scope, caller, new HmacKey(secret))
}

/**
 * Signing keys that have proved right, by the text of the credential. Only what a valid signature was checked with is
 * kept, so that nobody without a secret can push others out.
 */
export class SigningKeys {
  readonly #keys = new TwoGenerationCache<SigningKey>(SIGNING_KEYS_MAX)

  /** It may be out of date: it counts only while the access key it came from is still the same. */
  find(credential: string): SigningKey | undefined {
    return this.#keys.get(credential)
  }

  keep(credential: string, key: SigningKey): void {
    this.#keys.set(credential, key)
  }
}

function hmac(key: string | Uint8Array, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

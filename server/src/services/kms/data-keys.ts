import { Buffer } from 'node:buffer'
import type { Caller } from '../../api/operation.ts'
import { type ErrorShape, ServiceError } from '../../api/service-error.ts'
import { TwoGenerationCache } from '../../base/two-generation-cache.ts'
import {
  type DataKey,
  type DataKeyProblem,
  DataKeyRefused,
  type DataKeys,
  type DataKeyUse,
} from '../../core/data-keys.ts'
import type { Scope } from '../../core/scope.ts'
import { readCiphertext } from './ciphertext.ts'
import { encryptWith, openWith } from './encryption.ts'
import {
  AccessDenied,
  Disabled,
  InvalidArn,
  InvalidCiphertext,
  InvalidKeyUsage,
  invalidCiphertext,
  KeyUnavailable,
  KMSInvalidState,
  NotFound,
} from './errors.ts'
import { KeyRing } from './key-ring.ts'
import { DATA_KEYS_MAX } from './limits.ts'
import type { KmsPorts } from './ports.ts'
import { resolveReference } from './resolve-key.ts'
import { checkUsable, type UsableKey, usableKey } from './use-key.ts'

const SECRET_BYTES = 32

interface Kept<Value> {
  readonly value: Promise<Value>
  /** When it was asked for, in milliseconds since the epoch. */
  readonly since: number
}

/**
 * Data keys under keys of this KMS. Those that were asked for are kept for as long as they may be reused, so that messages don't
 * wait for the cell; many who ask for the same at once wait for one.
 */
export class KmsDataKeys implements DataKeys {
  readonly #ports: KmsPorts
  readonly #keyRing: KeyRing
  readonly #current = new TwoGenerationCache<Kept<DataKey>>(DATA_KEYS_MAX)
  readonly #opened = new TwoGenerationCache<Kept<Uint8Array>>(DATA_KEYS_MAX)

  constructor(ports: KmsPorts) {
    this.#ports = ports
    this.#keyRing = new KeyRing(ports)
  }

  current(use: DataKeyUse): Promise<DataKey> {
    return this.#reuse(this.#current, placeOf(use), use, () => this.#make(use))
  }

  open(use: DataKeyUse, encrypted: Uint8Array): Promise<Uint8Array> {
    const place = `${placeOf(use)} ${Buffer.from(encrypted).toString('base64')}`
    return this.#reuse(this.#opened, place, use, () => this.#openNow(use, encrypted))
  }

  #reuse<Value>(
    cache: TwoGenerationCache<Kept<Value>>,
    place: string,
    { reuseMs }: DataKeyUse,
    make: () => Promise<Value>,
  ): Promise<Value> {
    const now = this.#ports.now()
    const kept = cache.get(place)
    // What counts is for how long it may be reused as of now: that may have been longer when it was asked for.
    if (kept !== undefined && now < kept.since + reuseMs) return kept.value
    const value = make().catch((error: unknown) => {
      // What was refused may be granted the next time.
      if (cache.get(place)?.value === value) cache.delete(place)
      throw refusalOf(error)
    })
    cache.set(place, { value, since: now })
    return value
  }

  async #make(use: DataKeyUse): Promise<DataKey> {
    const key = await this.#find(use, 'GenerateDataKey')
    const secret = this.#ports.random.bytes(SECRET_BYTES)
    return { secret, encrypted: encryptWith(this.#ports, key, secret, { context: use.context }) }
  }

  async #openNow(use: DataKeyUse, encrypted: Uint8Array): Promise<Uint8Array> {
    const ciphertext = readCiphertext(encrypted)
    if (ciphertext === null) throw invalidCiphertext()
    // The key that encrypted, whichever is to encrypt now.
    const { accountId, name } = ciphertext.key
    const keyId = `arn:aws:kms:${use.region}:${accountId}:key/${name}`
    const key = await this.#find({ ...use, keyId }, 'Decrypt')
    const { plaintext } = openWith(
      { cryptography: this.#ports.cryptography, keyRing: this.#keyRing },
      key,
      ciphertext,
      use.context,
    )
    return plaintext
  }

  async #find(use: DataKeyUse & { readonly keyId: string }, action: string): Promise<UsableKey> {
    const reference = resolveReference(use.keyId, action, { caller: serviceIn(use) })
    const view = await this.#keyRing.find(reference)
    checkUsable(view, { action, usage: 'ENCRYPT_DECRYPT', isSymmetric: true })
    return usableKey({ keyRing: this.#keyRing }, view)
  }
}

/** The services of the account itself: whoever they act for was let in by them. */
function serviceIn({ accountId, region }: Scope): Caller {
  return { accountId, region, userId: accountId, principalArn: `arn:aws:iam::${accountId}:root` }
}

function placeOf({ accountId, region, keyId, context }: DataKeyUse): string {
  return JSON.stringify([accountId, region, keyId, Object.entries(context).sort()])
}

const PROBLEMS: ReadonlyMap<ErrorShape, DataKeyProblem> = new Map<ErrorShape, DataKeyProblem>([
  [NotFound, 'not found'],
  [InvalidArn, 'not found'],
  [Disabled, 'disabled'],
  [KMSInvalidState, 'invalid state'],
  [AccessDenied, 'access denied'],
  [InvalidKeyUsage, 'invalid key usage'],
  [InvalidCiphertext, 'invalid ciphertext'],
  [KeyUnavailable, 'unavailable'],
])

/** Anything else is a failure of ours, and stays what it is. */
function refusalOf(error: unknown): unknown {
  if (!(error instanceof ServiceError)) return error
  const problem = PROBLEMS.get(error.shape)
  return problem === undefined ? error : new DataKeyRefused(problem, error.message, { cause: error })
}

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
  KeyUnavailable,
  KMSInvalidState,
  NotFound,
} from './errors.ts'
import { keyArn } from './key-arn.ts'
import { KeyRing } from './key-ring.ts'
import { DATA_KEYS_MAX } from './limits.ts'
import type { KmsPorts } from './ports.ts'
import { resolveReference } from './resolve-key.ts'
import { checkUsable, type UsableKey, usableKey } from './use-key.ts'

const SECRET_BYTES = 32

/** What asking for a key came to. A refusal is told to whoever may use the key, and to nobody else if it can be helped. */
type Outcome<Value> = { readonly value: Value } | { readonly refused: DataKeyRefused }
type Found<Value> = Outcome<Value> & {
  /** The key's; null where it wasn't found. */
  readonly arn: string | null
}

/** What is asked of which key. */
interface Asked {
  readonly keyId: string
  readonly action: 'GenerateDataKey' | 'Decrypt'
  /** Whether another account may have it. */
  readonly mayBeForeign: boolean
}

interface Kept<Value> {
  readonly found: Promise<Found<Value>>
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
  #current = new TwoGenerationCache<Kept<DataKey>>(DATA_KEYS_MAX)
  #opened = new TwoGenerationCache<Kept<Uint8Array>>(DATA_KEYS_MAX)
  #checked = new TwoGenerationCache<Kept<null>>(DATA_KEYS_MAX)

  constructor(ports: KmsPorts) {
    this.#ports = ports
    this.#keyRing = new KeyRing(ports)
  }

  /** To be called when all keys were deleted at once, as no client can: what is made from now on must not be of one that is gone. */
  forgetAll(): void {
    this.#current = new TwoGenerationCache(DATA_KEYS_MAX)
    this.#opened = new TwoGenerationCache(DATA_KEYS_MAX)
    this.#checked = new TwoGenerationCache(DATA_KEYS_MAX)
  }

  current(use: DataKeyUse): Promise<DataKey> {
    return this.#reuse(this.#current, placeOf(use), use, 'GenerateDataKey', () =>
      this.#find(use, named(use, 'GenerateDataKey'), (key) => {
        const secret = this.#ports.random.bytes(SECRET_BYTES)
        return { secret, encrypted: encryptWith(this.#ports, key, secret, { context: use.context }) }
      }),
    )
  }

  open(use: Omit<DataKeyUse, 'keyId'>, encrypted: Uint8Array): Promise<Uint8Array> {
    // What is opened again and again is looked for by its bytes, before they are read.
    const bytes = Buffer.from(encrypted.buffer, encrypted.byteOffset, encrypted.length).toString('latin1')
    const place = `${use.region} ${JSON.stringify(use.context)} ${bytes}`
    return this.#reuse(this.#opened, place, use, 'Decrypt', () => this.#openNow(use, encrypted))
  }

  async check(use: DataKeyUse): Promise<void> {
    await this.#reuse(this.#checked, placeOf(use), use, 'Decrypt', () =>
      this.#find(use, named(use, 'Decrypt'), () => null),
    )
  }

  /** What `find` finds, or found within the time of reuse. Who uses it, is asked about each time. */
  async #reuse<Value>(
    cache: TwoGenerationCache<Kept<Value>>,
    place: string,
    { reuseMs, user, context }: Omit<DataKeyUse, 'keyId'>,
    action: Asked['action'],
    find: () => Promise<Found<Value>>,
  ): Promise<Value> {
    const now = this.#ports.now()
    let kept = cache.get(place)
    // What counts is for how long it may be reused as of now: that may have been longer when it was asked for.
    if (kept === undefined || now >= kept.since + reuseMs) {
      const found = find()
      kept = { found, since: now }
      cache.set(place, kept)
      const forget = () => {
        // What was refused may be granted the next time.
        if (cache.get(place)?.found === found) cache.delete(place)
      }
      found.then((each) => 'refused' in each && forget(), forget)
    }
    const found = await kept.found
    const denial = found.arn === null || user === null ? null : user.denial(action, found.arn, context)
    if (denial !== null) throw new DataKeyRefused('access denied', denial)
    if ('refused' in found) throw found.refused
    return found.value
  }

  async #openNow(use: Omit<DataKeyUse, 'keyId'>, encrypted: Uint8Array): Promise<Found<Uint8Array>> {
    const ciphertext = readCiphertext(encrypted)
    if (ciphertext === null) return { arn: null, refused: new DataKeyRefused('invalid ciphertext', '') }
    // The key that encrypted, whichever is to encrypt now. Whoever had something encrypted with it was let in by it.
    const { accountId, name } = ciphertext.key
    const keyId = `arn:aws:kms:${use.region}:${accountId}:key/${name}`
    const front = { cryptography: this.#ports.cryptography, keyRing: this.#keyRing }
    return this.#find(use, { keyId, action: 'Decrypt', mayBeForeign: true }, (key) => {
      return openWith(front, key, ciphertext, use.context).plaintext
    })
  }

  async #find<Value>(
    scope: Scope,
    { keyId, action, mayBeForeign }: Asked,
    make: (key: UsableKey) => Value,
  ): Promise<Found<Value>> {
    let arn: string | null = null
    try {
      const request = { caller: serviceIn(scope), isPermitted: mayBeForeign }
      const view = await this.#keyRing.find(resolveReference(keyId, action, request))
      arn = keyArn(view.key)
      checkUsable(view, { action, usage: 'ENCRYPT_DECRYPT', isSymmetric: true })
      return { arn, value: make(usableKey({ keyRing: this.#keyRing }, view)) }
    } catch (error) {
      return { arn, refused: refusalOf(error) }
    }
  }
}

/** Where policies are asked, they say who may use a key of another account. */
function named({ keyId, user }: DataKeyUse, action: Asked['action']): Asked {
  return { keyId, action, mayBeForeign: user !== null }
}

/** A service of the account itself. On whose behalf it acts, is asked about beside. */
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

/** Throws what is a failure of ours, and no refusal. */
function refusalOf(error: unknown): DataKeyRefused {
  const problem = error instanceof ServiceError ? PROBLEMS.get(error.shape) : undefined
  if (!(error instanceof ServiceError) || problem === undefined) throw error
  return new DataKeyRefused(problem, error.message, { cause: error })
}

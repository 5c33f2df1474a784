import { join } from 'node:path'
import { recovering } from './api/service-unavailable.ts'
import type { Random } from './base/random.ts'
import type { Sealer } from './base/sealer.ts'
import type { CellClient } from './core/ports.ts'
import { KeyFileError, malformedKeyFile, readKeyFile, writeKeyFile } from './key-file.ts'
import { AesSealer } from './keys/aes-sealer.ts'
import { deriveKey } from './keys/derive-key.ts'
import { MASTER_KEY_BYTES, parseMasterKey } from './master-key-text.ts'
import { ask } from './services/iam/ports.ts'
import type { States } from './states.ts'

const NAME = 'secrets.key'
const CONTENT = 'a key for secrets'
const LOST = 'without it neither access keys of users nor KMS keys can be used'
const FILE_BYTES_MAX = 1024
const WRAPPED_AS = 'the key of secrets'

export interface SecretsOptions {
  readonly random: Random
  /** That of the root key, which earlier builds derived the keys of secrets from. */
  readonly rootSecret: string
  /** Where the file is with the key that the key of secrets is wrapped by. */
  readonly directory: string
  /** Whether it's to be wrapped: the journal is stored, and plain. */
  readonly isToBeWrapped: boolean
  /** Told of what went wrong but was survived. */
  readonly report: (error: Error) => void
}

/**
 * What secrets are sealed with that the journal has to keep: those of access keys, and the material of KMS keys. Their key is random, made once and kept by the state, so
 * that it goes where the journal goes and hangs on what that is encrypted under:
 *
 * ```
 *   master key ──▶ journal ──▶ key of secrets ──▶ one for each purpose ──▶ secrets
 *   secrets.key, where the journal is plain ──▶ wraps the key of secrets
 * ```
 *
 * The root key has no part in it: it may change without anything being lost.
 */
export class Secrets {
  readonly #options: SecretsOptions
  readonly #accessKeys = new HeldSealer()
  readonly #keyMaterial = new HeldSealer()

  constructor(options: SecretsOptions) {
    this.#options = options
  }

  /** Refuses with `ServiceUnavailable` until the key is there. */
  get accessKeys(): Sealer {
    return this.#accessKeys
  }

  /** As `accessKeys`. */
  get keyMaterial(): Sealer {
    return this.#keyMaterial
  }

  /**
   * Takes the key that the state keeps, or makes one; and has it kept as it's to be kept now. To be called once all is recovered and before anything is
   * sealed or opened. Throws `KeyFileError` where the key can't be unwrapped.
   */
  async open(cell: CellClient, states: Pick<States, 'iam' | 'kms'>): Promise<void> {
    const kept = states.iam.secretsKey
    const key = kept === null ? this.#firstKey(states) : await this.#unwrapped(kept)
    if (key === null) {
      this.#options.report(
        new Error(
          'what an earlier build sealed under the root key of then can not be opened: start once with that root key, and change it after',
        ),
      )
      this.#hold(new TextEncoder().encode(this.#options.rootSecret))
      return
    }
    const { isToBeWrapped } = this.#options
    if (kept?.isWrapped !== isToBeWrapped) {
      const bytes = isToBeWrapped ? (await this.#wrapping(true)).seal(key, WRAPPED_AS) : key
      const secretsKey = { isWrapped: isToBeWrapped, bytes }
      await ask({ cell }, { service: 'iam', kind: 'keepSecretsKey', secretsKey })
    }
    this.#hold(key)
  }

  #hold(key: Uint8Array): void {
    this.#accessKeys.hold(this.#sealer(key, 'access keys'))
    this.#keyMaterial.hold(this.#sealer(key, 'key material'))
  }

  #sealer(key: Uint8Array, purpose: string): Sealer {
    return new AesSealer(deriveKey(key, purpose), this.#options.random)
  }

  /**
   * Earlier builds sealed under the root key's secret. That becomes the key of secrets where something is sealed already, so that nothing has to be sealed anew. Null where
   * it is not the one that it was sealed under.
   */
  #firstKey({ iam, kms }: Pick<States, 'iam' | 'kms'>): Uint8Array | null {
    const root = new TextEncoder().encode(this.#options.rootSecret)
    let isSealed = false
    for (const [purpose, secrets] of [
      ['access keys', iam.sealedSecrets()],
      ['key material', kms.sealedMaterials()],
    ] as const) {
      const sealer = this.#sealer(root, purpose)
      for (const [sealed, context] of secrets) {
        isSealed = true
        const secret = sealer.open(sealed, context)
        secret?.fill(0)
        if (secret !== null) return root
      }
    }
    return isSealed ? null : this.#options.random.bytes(MASTER_KEY_BYTES)
  }

  async #unwrapped({ isWrapped, bytes }: NonNullable<States['iam']['secretsKey']>): Promise<Uint8Array> {
    if (!isWrapped) return bytes
    const key = (await this.#wrapping(false)).open(bytes, WRAPPED_AS)
    if (key !== null) return key
    throw new KeyFileError(
      `${this.#path} has another key than the one that secrets hang on: put it back; ${LOST}`,
    )
  }
  /** What wraps the key. Made where `mayMake` and it's not there: nothing hangs on it then. */
  async #wrapping(mayMake: boolean): Promise<Sealer> {
    const text = await readKeyFile(this.#path, CONTENT, FILE_BYTES_MAX, LOST)
    let key = text === undefined ? undefined : parseMasterKey(text)
    if (text !== undefined && key === undefined) {
      throw malformedKeyFile(this.#path, CONTENT, undefined, LOST)
    }
    if (key === undefined) {
      if (!mayMake)
        throw new KeyFileError(`${this.#path} is missing: put it back from where it was backed up; ${LOST}`)
      key = this.#options.random.bytes(MASTER_KEY_BYTES)
      await writeKeyFile(this.#path, `${Buffer.from(key).toString('base64')}\n`)
    }
    return this.#sealer(key, WRAPPED_AS)
  }

  get #path(): string {
    return join(this.#options.directory, NAME)
  }
}

/** Stands for a sealer whose key is not there yet. */
class HeldSealer implements Sealer {
  #sealer: Sealer | null = null

  hold(sealer: Sealer): void {
    this.#sealer = sealer
  }

  seal(secret: Uint8Array, context: string): Uint8Array {
    return this.#held().seal(secret, context)
  }

  open(sealed: Uint8Array, context: string): Uint8Array | null {
    return this.#held().open(sealed, context)
  }

  #held(): Sealer {
    if (this.#sealer !== null) return this.#sealer
    throw recovering()
  }
}

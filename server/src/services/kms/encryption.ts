import { Buffer } from 'node:buffer'
import type { Request } from '../../api/operation.ts'
import { ServiceError } from '../../api/service-error.ts'
import { type Ciphertext, ciphertextHeader, readCiphertext } from './ciphertext.ts'
import type { KeyAddress, Material } from './commands.ts'
import { rsaPlaintextMax } from './cryptography.ts'
import { checkContext, contextBytes, type EncryptionContext } from './encryption-context.ts'
import {
  ciphertextOfUnknownKey,
  incompatibleAlgorithm,
  incorrectKey,
  invalid,
  invalidCiphertext,
  NotFound,
} from './errors.ts'
import type { KmsFront } from './front.ts'
import { algorithmsOf } from './key-specs.ts'
import { resolveReference } from './resolve-key.ts'
import { findUsable, type UsableKey } from './use-key.ts'

export const SYMMETRIC_DEFAULT = 'SYMMETRIC_DEFAULT'

/** Encrypts with a key that is for it. Refused where the algorithm isn't the key's, or the plaintext is too long for it. */
export function encryptWith(
  { cryptography }: Pick<KmsFront, 'cryptography'>,
  key: UsableKey,
  plaintext: Uint8Array,
  { algorithm = SYMMETRIC_DEFAULT, context }: EncryptionOptions,
): Uint8Array {
  checkAlgorithm(key, algorithm)
  const { view, loaded } = key
  if (view.spec !== SYMMETRIC_DEFAULT) {
    if (context !== undefined) refuseContext(algorithm)
    const max = rsaPlaintextMax(view.spec, algorithm)
    if (plaintext.length > max) {
      throw invalid(
        `Algorithm ${algorithm} and key spec ${view.spec} cannot encrypt data larger than ${max} bytes.`,
      )
    }
    return cryptography.encrypt(loaded, algorithm, plaintext)
  }
  checkContext(context)
  const header = ciphertextHeader({ key: view.key, material: view.materials.length })
  const sealed = cryptography.seal(loaded, plaintext, associatedBytes(header, context))
  return new Uint8Array(Buffer.concat([header, sealed]))
}

interface EncryptionOptions {
  readonly algorithm?: string | undefined
  readonly context?: EncryptionContext | undefined
}

/** What is to be decrypted, as operations are asked for it. */
export interface Decryption extends EncryptionOptions {
  readonly action: string
  /** Undefined where the ciphertext alone says whose it is. */
  readonly keyId: string | undefined
  readonly ciphertext: Uint8Array
}

export interface Decrypted {
  readonly key: UsableKey
  readonly plaintext: Uint8Array
  /** Null where the key is a pair, which has but one. */
  readonly materialId: string | null
}

/** Finds the key of a ciphertext, and decrypts with it. Refused, without saying why, for what isn't as it was encrypted. */
export async function decryptCiphertext(
  front: KmsFront,
  asked: Decryption,
  request: Request,
): Promise<Decrypted> {
  const { action, keyId, algorithm = SYMMETRIC_DEFAULT, context } = asked
  const use = { action, usage: 'ENCRYPT_DECRYPT' } as const
  if (algorithm !== SYMMETRIC_DEFAULT) {
    if (keyId === undefined) throw invalid('A KeyId is required to decrypt with an asymmetric KMS key.')
    const key = await findUsable(front, resolveReference(keyId, action, request), use, request)
    checkAlgorithm(key, algorithm)
    if (context !== undefined) refuseContext(algorithm)
    const plaintext = front.cryptography.decrypt(key.loaded, algorithm, asked.ciphertext)
    if (plaintext === null) throw invalidCiphertext()
    return { key, plaintext, materialId: null }
  }
  // A key that is named is looked for first, whatever the ciphertext says.
  const named =
    keyId === undefined
      ? null
      : await findUsable(front, resolveReference(keyId, action, request), use, request)
  if (named !== null) checkAlgorithm(named, algorithm)
  const ciphertext = readCiphertext(asked.ciphertext)
  if (ciphertext === null) throw invalidCiphertext()
  const { accountId, region } = request.caller
  const origin = { ...ciphertext.key, region }
  if (named !== null && !isSameKey(named.view.key, origin)) throw incorrectKey()
  if (origin.accountId !== accountId) throw ciphertextOfUnknownKey()
  const key = named ?? (await findOrigin(front, origin, use, request))
  const { plaintext, material } = openWith(front, key, ciphertext, context)
  return { key, plaintext, materialId: material.id }
}

async function findOrigin(
  front: KmsFront,
  key: KeyAddress,
  use: Parameters<typeof findUsable>[2],
  request: Request,
): Promise<UsableKey> {
  try {
    return await findUsable(front, { kind: 'key', key }, use, request)
  } catch (error) {
    if (error instanceof ServiceError && error.shape === NotFound) throw ciphertextOfUnknownKey()
    throw error
  }
}

/** Opens a ciphertext of a symmetric key with the material that made it. */
export function openWith(
  { cryptography, keyRing }: Pick<KmsFront, 'cryptography' | 'keyRing'>,
  { view }: UsableKey,
  { header, sealed, material: number }: Ciphertext,
  context: EncryptionContext | undefined,
): { readonly plaintext: Uint8Array; readonly material: Material } {
  const material = view.materials[number - 1]
  if (material === undefined) throw invalidCiphertext()
  const loaded = keyRing.load(view, material)
  const plaintext = cryptography.open(loaded, sealed, associatedBytes(header, context))
  if (plaintext === null) throw invalidCiphertext()
  return { plaintext, material }
}

/** Refuses an algorithm that the key hasn't. */
export function checkAlgorithm({ view: { spec, usage } }: UsableKey, algorithm: string): void {
  if (!algorithmsOf(spec, usage).includes(algorithm)) throw incompatibleAlgorithm(algorithm, spec)
}

function refuseContext(algorithm: string): never {
  throw invalid(`EncryptionContext is not supported with the algorithm ${algorithm}.`)
}

function isSameKey(a: KeyAddress, b: KeyAddress): boolean {
  return a.name === b.name && a.accountId === b.accountId && a.region === b.region
}

function associatedBytes(header: Uint8Array, context: EncryptionContext | undefined): Uint8Array {
  return Buffer.concat([header, contextBytes(context)])
}

import assert from 'node:assert/strict'
import type { Random } from '../../base/random.ts'
import { JournalError } from '../../journal/journal.ts'
import { CIPHER_KEY_BYTES, CIPHER_NONCE_BYTES, type Cipher } from './cipher.ts'
import { FileKey } from './file-key.ts'
import type { KeySlot } from './key-slot.ts'

/** What the keys of files are wrapped with. */
export interface MasterKey {
  /** 8 bytes that follow from the key and don't tell it. */
  readonly id: Uint8Array
  /** 32 bytes. */
  readonly wrapping: Uint8Array
}

/** What a journal is encrypted with. */
export interface Encryption {
  readonly cipher: Cipher
  /** New files are encrypted under it; null to write them plain, and read encrypted ones all the same. */
  readonly current: MasterKey | null
  /** Keys that older files may be encrypted under. */
  readonly others: readonly MasterKey[]
}

/** Kinds of files that have keys: a key that is moved into a file of another kind does not open. */
export type KeyedFile = 'segment' | 'cold' | 'snapshot'

/** Makes the keys of new files, and finds those of files that are there. */
export class Keyring {
  readonly #encryption: Encryption | null
  readonly #random: Random | null

  /** Without `random` no file can be written, only read. */
  constructor(encryption: Encryption | null, random: Random | null) {
    this.#encryption = encryption
    this.#random = random
  }

  /** Whether new files are encrypted. */
  get encrypts(): boolean {
    return this.currentId !== null
  }

  /** The id of the master key for new files; null where those are plain. */
  get currentId(): Uint8Array | null {
    return this.#encryption?.current?.id ?? null
  }

  /** The key of a new file with this nonce; null where new files are plain. */
  newKey(kind: KeyedFile, nonce: Uint8Array): FileKey | null {
    const { cipher, current } = this.#encryption ?? {}
    if (cipher === undefined || !current) return null
    assert(this.#random, 'who writes files brings randomness')
    const key = this.#random.bytes(CIPHER_KEY_BYTES)
    return new FileKey(cipher, key, nonce, this.#wrap(cipher, current, key, boundTo(kind, nonce)))
  }

  /** The key in a file's header. Throws `JournalError`, naming the file, without the right master key. */
  fileKey(kind: KeyedFile, nonce: Uint8Array, slot: KeySlot, name: string): FileKey {
    const { cipher, key } = this.#unwrap(kind, nonce, slot, name)
    return new FileKey(cipher, key, nonce, slot)
  }

  /** The same, where the bytes need not be a slot at all; null unless they are, and the master key is there. */
  tryFileKey(kind: KeyedFile, nonce: Uint8Array, slot: KeySlot): FileKey | null {
    try {
      return this.fileKey(kind, nonce, slot, '')
    } catch (error) {
      if (error instanceof JournalError) return null
      throw error
    }
  }

  /** The slot of the same key under the current master key. */
  rewrap(kind: KeyedFile, nonce: Uint8Array, slot: KeySlot, name: string): KeySlot {
    const { cipher, key } = this.#unwrap(kind, nonce, slot, name)
    const current = this.#encryption?.current
    assert(current, 'there is a master key to wrap with')
    return this.#wrap(cipher, current, key, boundTo(kind, nonce))
  }

  #wrap(cipher: Cipher, { id, wrapping }: MasterKey, key: Uint8Array, bound: Uint8Array): KeySlot {
    assert(this.#random, 'who writes files brings randomness')
    const nonce = this.#random.bytes(CIPHER_NONCE_BYTES)
    const { text, tag } = cipher.seal(wrapping, nonce, bound, key)
    return { masterKeyId: id, nonce, wrapped: Buffer.concat([text, tag]) }
  }

  #unwrap(kind: KeyedFile, nonce: Uint8Array, slot: KeySlot, name: string) {
    const { masterKeyId } = slot
    const encryption = this.#encryption
    const all = encryption === null ? [] : [encryption.current, ...encryption.others]
    const masterKey = all.find((each) => each !== null && Buffer.compare(each.id, masterKeyId) === 0)
    if (encryption === null || !masterKey) throw this.#missing(masterKeyId, name)
    const key = encryption.cipher.open(masterKey.wrapping, slot.nonce, boundTo(kind, nonce), slot.wrapped)
    if (key !== null) return { cipher: encryption.cipher, key }
    throw new JournalError(
      `${name} is corrupt at offset 0: the key in its header is not what the master key ${hex(masterKeyId)} wrapped`,
    )
  }

  #missing(wanted: Uint8Array, name: string): JournalError {
    const { current = null, others = [] } = this.#encryption ?? {}
    const given = [current, ...others].flatMap((each) => (each === null ? [] : [hex(each.id)]))
    const instead = given.length === 0 ? 'none was given' : `the one that was given is ${given.join(' and ')}`
    return new JournalError(
      `${name} is encrypted under the master key ${hex(wanted)}, and ${instead}. Nothing was changed. Give that key: without it nothing of the journal can be read`,
    )
  }
}

/** For journals that are known to be plain. */
export const NO_KEYS = new Keyring(null, null)

function boundTo(kind: KeyedFile, nonce: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from(`millrace ${kind} `), nonce])
}

function hex(id: Uint8Array): string {
  return Buffer.from(id).toString('hex')
}

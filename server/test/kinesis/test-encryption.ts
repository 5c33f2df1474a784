import { Buffer } from 'node:buffer'
import { SeededRandom } from '../../src/base/random.ts'
import {
  type DataKey,
  type DataKeyProblem,
  DataKeyRefused,
  type DataKeys,
  type DataKeyUse,
  type KeyUser,
} from '../../src/core/data-keys.ts'
import { AesBodySeals } from '../../src/keys/aes-body-seals.ts'
import type { StreamEncryption } from '../../src/services/kinesis/ports.ts'

const SECRET_BYTES = 32

/** A KMS that has every key, and whose data keys are encrypted as the ids of theirs. */
export class TestKeys implements DataKeys {
  /** What is wrong with a key. */
  readonly problems = new Map<string, DataKeyProblem>()
  /** Who uses keys, from the next request on; nobody asks where it's null. */
  user: KeyUser | null = null
  /** What was asked, in words. */
  readonly asked: string[] = []
  readonly encryption: StreamEncryption
  readonly #keys = new Map<string, DataKey>()

  constructor() {
    this.encryption = { seals: new AesBodySeals(this, new SeededRandom(7)), userOf: () => this.user }
  }

  async current(use: DataKeyUse): Promise<DataKey> {
    this.#use('GenerateDataKey', use)
    let key = this.#keys.get(use.keyId)
    if (key === undefined) {
      const secret = new Uint8Array(SECRET_BYTES).fill(this.#keys.size + 1)
      key = { secret, encrypted: new Uint8Array(Buffer.from(use.keyId)) }
      this.#keys.set(use.keyId, key)
    }
    return key
  }

  async open(use: Omit<DataKeyUse, 'keyId'>, encrypted: Uint8Array): Promise<Uint8Array> {
    const keyId = Buffer.from(encrypted).toString()
    this.#use('Decrypt', { ...use, keyId })
    return this.#keys.get(keyId)!.secret
  }

  async check(use: DataKeyUse): Promise<void> {
    this.#use('Decrypt', use)
  }

  #use(action: 'GenerateDataKey' | 'Decrypt', { keyId, context, user }: DataKeyUse): void {
    this.asked.push(`${action} ${keyId} ${JSON.stringify(context)}`)
    const denial = user?.denial(action, keyId, context) ?? null
    if (denial !== null) throw new DataKeyRefused('access denied', denial)
    const problem = this.problems.get(keyId)
    if (problem !== undefined) throw new DataKeyRefused(problem, `${keyId} is ${problem}.`)
  }
}

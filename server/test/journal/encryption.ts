import { aesGcm } from '../../src/aes-gcm.ts'
import { SeededRandom } from '../../src/base/random.ts'
import { type Encryption, Keyring, type MasterKey } from '../../src/engines/files/keyring.ts'

/** A master key, the same for the same number. */
export function testMasterKey(number = 1): MasterKey {
  const random = new SeededRandom(number)
  return { id: random.bytes(8), wrapping: random.bytes(32) }
}

/** Real encryption: what it writes follows from the seeds alone. */
export function testEncryption(number = 1, ...others: readonly number[]): Encryption {
  return { cipher: aesGcm, current: testMasterKey(number), others: others.map(testMasterKey) }
}

/** What reads files that are encrypted under these master keys, and plain ones. */
export function testKeyring(...numbers: readonly number[]): Keyring {
  return new Keyring({ cipher: aesGcm, current: null, others: numbers.map(testMasterKey) }, null)
}

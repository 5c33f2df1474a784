import { Buffer } from 'node:buffer'
import { ServiceError } from '../../src/api/service-error.ts'
import { SeededRandom } from '../../src/base/random.ts'
import { SimulatedDisk } from '../../src/engines/files/simulated-disk.ts'
import { testEncryption } from '../journal/encryption.ts'
import { pause } from './clients.ts'
import { type Death, liveOnce } from './mortal-life.ts'
import { keysOf, SecretsHistory } from './secrets-history.ts'
import { SecretsServer } from './secrets-server.ts'
import { SimulatedTime } from './simulated-time.ts'

const START = Date.UTC(2026, 0, 1)
const USERS = ['ann', 'bob', 'cid']
const KMS_KEYS_MAX = 3
const STEPS = 14
/** Of a short life, which is lived as often as it calls the disk. */
export const FEW_STEPS = 6

/** Of an account: see `KEYS_PER_USER_MAX` in services/iam. */
const KEYS_PER_USER = 2

/**
 * Access keys and KMS keys in a server that ends again and again, and gets another root key each time. Whatever was acknowledged has to hold in each
 * life that follows.
 */
export class SecretsWorld {
  readonly history = new SecretsHistory()
  readonly #random: SeededRandom
  readonly #time: SimulatedTime
  readonly #isEncrypted: boolean
  readonly #steps: number
  #disk: SimulatedDisk
  #starts = 0

  constructor(seed: number, isEncrypted = seed % 2 === 0, steps = STEPS) {
    this.#steps = steps
    this.#random = new SeededRandom(seed)
    this.#isEncrypted = isEncrypted
    this.#time = new SimulatedTime(START, new SeededRandom(seed ^ 0x5eed))
    this.#disk = new SimulatedDisk({ random: new SeededRandom(seed ^ 0xd15c), timers: this.#time })
  }

  /** What is wrong, in words. */
  async run(): Promise<readonly string[]> {
    const lives = 3 + this.#random.below(4)
    for (let life = 0; life < lives; life++) await this.live(400)
    return this.end()
  }

  /** One life, that ends like this. Returns how often the disk was called. */
  async live(ends: Death | number): Promise<number> {
    const { disk, calls } = await liveOnce({
      ...{ disk: this.#disk, time: this.#time, random: this.#random, ends },
      serve: (isOver) => this.#serve(isOver),
    })
    this.#disk = disk
    return calls
  }

  /** A life in which nothing happens but that everything is held against what is known. */
  async end(): Promise<readonly string[]> {
    await this.#time.settle(
      this.#start().then(async (server) => {
        await this.history.check(server)
        await server.cell.close()
      }),
    )
    return this.history.wrong
  }

  #start(): Promise<SecretsServer> {
    return SecretsServer.start({
      ...{ disk: this.#disk, time: this.#time, random: this.#random },
      encryption: this.#isEncrypted ? testEncryption() : undefined,
      rootSecret: `root secret ${++this.#starts}`,
    })
  }

  async #serve(isOver: () => boolean): Promise<void> {
    const server = await this.#start()
    await this.history.check(server)
    let busy = 0
    const clients = [
      ...USERS.map((user) => () => this.#keepKeys(server, user)),
      () => this.#useKms(server),
      () => server.cell.snapshot(),
    ]
    const work = clients.map(async (client) => {
      busy++
      for (let step = 0; step < this.#steps && !isOver(); step++) {
        await client()
        await pause(this.#time, this.#random.below(50))
      }
      busy--
    })
    // Whose request fails ends, as its server did.
    for (const each of work) each.catch(() => {})
    while (busy > 0 && !isOver()) await pause(this.#time, 10)
    if (isOver()) return
    await Promise.all(work)
    await server.cell.close()
  }

  /** One thing that the owner of a user's keys does. */
  async #keepKeys(server: SecretsServer, UserName: string): Promise<void> {
    const { history } = this
    const known = [...history.accessKeys].filter(
      ([, { user, possible }]) => user === UserName && !possible.has('gone'),
    )
    const found = known[this.#random.below(Math.max(1, known.length))]
    if (found === undefined || (known.length < KEYS_PER_USER && this.#random.chance(0.5))) {
      await this.#createKey(server, UserName)
      return
    }
    const [AccessKeyId, key] = found
    if (this.#random.chance(0.4)) {
      await history.change(key, 'gone', () => server.ask('DeleteAccessKey', { UserName, AccessKeyId }))
      return
    }
    const isActive = this.#random.chance(0.5)
    const Status = isActive ? 'Active' : 'Inactive'
    const set = () => server.ask('UpdateAccessKey', { UserName, AccessKeyId, Status })
    await history.change(key, isActive ? 'active' : 'inactive', set)
  }

  async #createKey(server: SecretsServer, UserName: string): Promise<void> {
    try {
      const { AccessKey } = await server.ask('CreateAccessKey', { UserName })
      this.history.keyCreated(AccessKey.AccessKeyId, UserName, AccessKey.SecretAccessKey)
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error
      if (error.shape.code === 'NoSuchEntity') {
        await server.ask('CreateUser', { UserName })
        return
      }
      // The answer of an earlier life never came: nobody knows the key that it made.
      for (const { AccessKeyId } of await keysOf(server, UserName)) {
        if (this.history.accessKeys.has(AccessKeyId)) continue
        await server.ask('DeleteAccessKey', { UserName, AccessKeyId })
      }
    }
  }

  async #useKms(server: SecretsServer): Promise<void> {
    const { history } = this
    const random = this.#random
    if (history.kmsKeys.size < KMS_KEYS_MAX && random.chance(0.5)) {
      const { KeyMetadata } = await server.ask('CreateKey')
      history.kmsKeyCreated(KeyMetadata.KeyId)
      return
    }
    const found = [...history.kmsKeys][random.below(KMS_KEYS_MAX)]
    if (found === undefined) return
    const [KeyId, key] = found
    const isEnabled = key.possible.has('Enabled')
    const chance = random.below(10)
    if (chance < 2) {
      const to = isEnabled ? 'Disabled' : 'Enabled'
      await history.change(key, to, () => server.ask(isEnabled ? 'DisableKey' : 'EnableKey', { KeyId }))
    } else if (isEnabled && chance < 5 && key.rotations.most < 8) {
      await history.rotate(key, () => server.ask('RotateKeyOnDemand', { KeyId }))
    } else if (isEnabled) {
      const plaintext = `secret ${random.below(1_000_000)}`
      const { CiphertextBlob } = await server.ask('Encrypt', { KeyId, Plaintext: Buffer.from(plaintext) })
      key.encrypted.push({ ciphertext: CiphertextBlob, plaintext })
    }
  }
}

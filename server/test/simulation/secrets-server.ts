import type { Request, Service } from '../../src/api/operation.ts'
import { membersOf } from '../../src/api/self-written.ts'
import type { SeededRandom } from '../../src/base/random.ts'
import type { Cell } from '../../src/cell/cell.ts'
import type { Encryption } from '../../src/engines/files/keyring.ts'
import type { SimulatedDisk } from '../../src/engines/files/simulated-disk.ts'
import { AesSealer } from '../../src/keys/aes-sealer.ts'
import { deriveKey } from '../../src/keys/derive-key.ts'
import { NodeCryptography } from '../../src/keys/node-cryptography.ts'
import { SealedTokens } from '../../src/keys/session-tokens.ts'
import { Secrets } from '../../src/secrets.ts'
import { Identities } from '../../src/services/iam/identities.ts'
import { LastUses } from '../../src/services/iam/last-uses.ts'
import { iam } from '../../src/services/iam/service.ts'
import { kms } from '../../src/services/kms/service.ts'
import { TEST_REQUEST, TEST_TOKEN_KEY } from '../../src/services/sqs/test-cell.ts'
import type { States } from '../../src/states.ts'
import { rootOf } from '../iam/iam-world.ts'
import { NO_KEYS } from '../kms/kms-world.ts'
import { openServer, SMALL_FILES } from './simulated-server.ts'
import type { SimulatedTime } from './simulated-time.ts'

const ACCOUNT = '000000000000'
const ROOT_KEY = { accountId: ACCOUNT, accessKeyId: 'AKIAROOTROOTROOTROOT' }

export interface SecretsServerOptions {
  readonly disk: SimulatedDisk
  readonly time: SimulatedTime
  readonly random: SeededRandom
  readonly encryption: Encryption | undefined
  /** That of the root key, which may be another at each start. */
  readonly rootSecret: string
}

// biome-ignore lint/suspicious/noExplicitAny: answers of every operation, for tests to look into.
type Output = Readonly<Record<string, any>>

/** IAM and KMS as clients use them, on a server with simulated time and disk. */
export class SecretsServer {
  readonly cell: Cell
  readonly identities: Identities
  /** What could not be opened, among others. */
  readonly reports: readonly string[]
  readonly #services: readonly Service[]

  static async start(options: SecretsServerOptions): Promise<SecretsServer> {
    const { disk, time, random, encryption } = options
    let states: States | undefined
    const cell = await openServer({
      ...{ disk, time, random, encryption, limits: SMALL_FILES, onFailure: () => {} },
      onStates: (made) => {
        states = made
      },
    })
    const reports: string[] = []
    const report = (error: Error) => void reports.push(error.message)
    const { rootSecret } = options
    // The simulated disk has the journal alone: a file for the key would not be on it.
    const secrets = new Secrets({ random, rootSecret, directory: '', isToBeWrapped: false, report })
    await secrets.open(cell, states!)
    return new SecretsServer(options, cell, states!, secrets, reports)
  }

  private constructor(
    { time, random, rootSecret }: SecretsServerOptions,
    cell: Cell,
    states: States,
    secrets: Secrets,
    reports: string[],
  ) {
    this.cell = cell
    this.reports = reports
    const report = (error: Error) => void reports.push(error.message)
    const sealer = secrets.accessKeys
    const lastUses = new LastUses()
    const tokens = new SealedTokens(new AesSealer(deriveKey(rootSecret, 'session tokens'), random))
    const directory = () => states.iam.directory
    this.identities = new Identities({ directory, sealer, tokens, lastUses, rootKey: ROOT_KEY, report })
    const ports = { cell, random, tokenKey: TEST_TOKEN_KEY }
    this.#services = [
      iam({ ...ports, sealer, lastUses, rootKey: ROOT_KEY }, () => '/'),
      kms(
        {
          ...{ ...ports, sealer: secrets.keyMaterial, now: () => time.now(), report },
          cryptography: new NodeCryptography(random),
        },
        NO_KEYS,
      ),
    ]
  }

  /** An operation, as the root user asks for it. */
  async ask(name: string, input: object = {}): Promise<Output> {
    const operation = this.#services.map(({ operations }) => operations.get(name)).find(Boolean)
    const run: (input: never, request: Request) => Promise<object> = operation!.run
    return membersOf(await run(input as never, { ...TEST_REQUEST, caller: rootOf(ACCOUNT) }))
  }
}

import { Buffer } from 'node:buffer'
import { compileFindViolations } from '../../src/api/find-violations.ts'
import type { Request } from '../../src/api/operation.ts'
import { ServiceError } from '../../src/api/service-error.ts'
import { SeededRandom } from '../../src/base/random.ts'
import type { CellClient } from '../../src/core/ports.ts'
import { AesSealer } from '../../src/keys/aes-sealer.ts'
import { deriveKey } from '../../src/keys/derive-key.ts'
import { NodeCryptography } from '../../src/keys/node-cryptography.ts'
import type { KeyLookup } from '../../src/services/kms/access.ts'
import type { KmsPorts } from '../../src/services/kms/ports.ts'
import { kms } from '../../src/services/kms/service.ts'
import { TEST_REQUEST, TEST_TOKEN_KEY } from '../../src/services/sqs/test-cell.ts'
import { KeyLife } from './key-life.ts'

type Input = Readonly<Record<string, unknown>>
// biome-ignore lint/suspicious/noExplicitAny: answers of every operation, for tests to look into.
type Output = Readonly<Record<string, any>>

export const bytesOf = (text: string) => new Uint8Array(Buffer.from(text))
export const textOf = (bytes: Uint8Array) => Buffer.from(bytes).toString()

/** For services of which nobody asks who may use them. */
export const NO_KEYS: KeyLookup = { arnOf: () => null, isGranted: () => false }

/** KMS on its state, as a client sees it, by the names on the wire. Inputs are checked as the protocol does. */
export class KmsWorld {
  readonly life: KeyLife
  readonly ports: KmsPorts
  /** The kinds of commands that the cell was asked. */
  readonly asked: string[] = []
  readonly reported: Error[] = []
  readonly #service: ReturnType<typeof kms>

  constructor(life = new KeyLife(), rootSecret = 'root secret', seed = 1) {
    const random = new SeededRandom(seed)
    const cell: CellClient = {
      // What is thrown is to be a refusal of the promise.
      execute: async (command) => {
        this.asked.push(command.kind)
        return life.ask(command.kind as never, command as never)
      },
    }
    this.life = life
    this.ports = {
      ...{ cell, random, tokenKey: TEST_TOKEN_KEY, now: () => life.now },
      sealer: new AesSealer(deriveKey(rootSecret, 'key material'), random),
      cryptography: new NodeCryptography(random),
      report: (error) => this.reported.push(error),
    }
    this.#service = kms(this.ports, NO_KEYS)
  }

  async run(name: string, input: Input = {}, request: Partial<Request> = {}): Promise<Output> {
    const { model, operations, refuseInput } = this.#service
    const violations = compileFindViolations(
      model.operations.get(name)!.input,
      model.checksConstraints,
    )(input)
    if (violations.length > 0) throw refuseInput(violations[0]!, violations)
    const run: (input: never, request: Request) => Promise<object> = operations.get(name)!.run
    return run(input as never, { ...TEST_REQUEST, ...request })
  }

  /** What a client is told of a request that is refused. */
  async refusal(name: string, input: Input = {}, request: Partial<Request> = {}): Promise<string> {
    try {
      await this.run(name, input, request)
    } catch (error) {
      if (error instanceof ServiceError) return `${error.shape.code}: ${error.message}`
      throw error
    }
    return 'not refused'
  }

  /** Makes a key and returns its id. */
  async key(input: Input = {}): Promise<string> {
    return (await this.run('CreateKey', input)).KeyMetadata.KeyId
  }
}

export const arnOf = (keyId: string) => `arn:aws:kms:eu-west-1:000000000000:key/${keyId}`
export const aliasArnOf = (alias: string) => `arn:aws:kms:eu-west-1:000000000000:${alias}`

/** The same request from elsewhere. */
export function from(account: string, region: string): Partial<Request> {
  return { caller: { ...TEST_REQUEST.caller, accountId: account, region } }
}

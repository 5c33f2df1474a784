import { compileFindViolations } from '../../src/api/find-violations.ts'
import type { Request } from '../../src/api/operation.ts'
import { membersOf } from '../../src/api/self-written.ts'
import { ServiceError } from '../../src/api/service-error.ts'
import { SeededRandom } from '../../src/base/random.ts'
import type { CellClient } from '../../src/core/ports.ts'
import { kinesis } from '../../src/services/kinesis/service.ts'
import { TEST_REQUEST, TEST_TOKEN_KEY } from '../../src/services/sqs/test-cell.ts'
import { TestKeys } from './test-encryption.ts'

type Input = Readonly<Record<string, unknown>>
// biome-ignore lint/suspicious/noExplicitAny: answers of every operation, for tests to look into.
type Output = Readonly<Record<string, any>>

/** Kinesis as a client sees it, by the names on the wire. Inputs are checked as the protocol does. */
export abstract class KinesisOperations {
  abstract readonly now: number
  throughputLimits = false
  transitionMs = 0
  readonly keys = new TestKeys()
  readonly #service: ReturnType<typeof kinesis>

  constructor(cell: CellClient) {
    const settings = () => this
    this.#service = kinesis({
      ...{ cell, random: new SeededRandom(1), tokenKey: TEST_TOKEN_KEY, now: () => this.now },
      ...{ timers: { soon: queueMicrotask }, encryption: this.keys.encryption },
      get transitionMs() {
        return settings().transitionMs
      },
      get throughputLimits() {
        return settings().throughputLimits
      },
    })
  }

  async run(name: string, input: Input = {}, request: Partial<Request> = {}): Promise<Output> {
    const { model, operations, refuseInput } = this.#service
    const shape = model.operations.get(name)!.input
    const violations = compileFindViolations(shape, model.checksConstraints)(input)
    if (violations.length > 0) throw refuseInput(violations[0]!, violations)
    const operation = operations.get(name)
    if (operation === undefined) throw new Error(`${name} is not served`)
    const run: (input: never, request: Request) => Promise<object> = operation.run
    return membersOf(await run(input as never, { ...TEST_REQUEST, ...request }))
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
}

import { compileFindViolations } from '../../src/api/find-violations.ts'
import type { Request } from '../../src/api/operation.ts'
import { ServiceError } from '../../src/api/service-error.ts'
import { SeededRandom } from '../../src/base/random.ts'
import type { Command } from '../../src/core/command.ts'
import { kinesis } from '../../src/services/kinesis/service.ts'
import { TEST_REQUEST, TEST_TOKEN_KEY, TestCell } from '../../src/services/sqs/test-cell.ts'

export const START = Date.UTC(2026, 0, 1)
export const KINESIS_REQUEST: Request = TEST_REQUEST
export const TEST_STREAM = { accountId: '000000000000', region: 'eu-west-1', name: 'orders' }
export const TEST_STREAM_ARN = 'arn:aws:kinesis:eu-west-1:000000000000:stream/orders'

type Input = Readonly<Record<string, unknown>>
// biome-ignore lint/suspicious/noExplicitAny: answers of every operation, for tests to look into.
type Output = Readonly<Record<string, any>>

/** Kinesis on a cell without a state, which gives these replies, one for each command. Inputs are checked as the protocol does. */
export class ScriptedKinesis {
  now = START
  throughputLimits = false
  readonly #cell: TestCell
  readonly #service: ReturnType<typeof kinesis>

  constructor(...replies: readonly unknown[]) {
    this.#cell = new TestCell(replies)
    const hasLimits = () => this.throughputLimits
    this.#service = kinesis({
      ...{ cell: this.#cell, random: new SeededRandom(1), tokenKey: TEST_TOKEN_KEY },
      ...{ now: () => this.now, transitionMs: 7 },
      get throughputLimits() {
        return hasLimits()
      },
    })
  }

  /** What the cell was asked. */
  get commands(): readonly Command[] {
    return this.#cell.commands
  }

  async run(name: string, input: Input = {}, request: Partial<Request> = {}): Promise<Output> {
    const { model, operations, refuseInput } = this.#service
    const shape = model.operations.get(name)!.input
    const violations = compileFindViolations(shape, model.checksConstraints)(input)
    if (violations.length > 0) throw refuseInput(violations[0]!, violations)
    const operation = operations.get(name)
    if (operation === undefined) throw new Error(`${name} is not served`)
    const run: (input: never, request: Request) => Promise<object> = operation.run
    return run(input as never, { ...KINESIS_REQUEST, ...request })
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

import type { Request } from '../../src/api/operation.ts'
import type { Command } from '../../src/core/command.ts'
import { TEST_REQUEST, TestCell } from '../../src/services/sqs/test-cell.ts'
import { KinesisOperations } from './kinesis-operations.ts'

export const START = Date.UTC(2026, 0, 1)
export const KINESIS_REQUEST: Request = TEST_REQUEST
export const TEST_STREAM = { accountId: '000000000000', region: 'eu-west-1', name: 'orders' }
export const TEST_STREAM_ARN = 'arn:aws:kinesis:eu-west-1:000000000000:stream/orders'

/** Kinesis on a cell without a state, which gives these replies, one for each command. */
export class ScriptedKinesis extends KinesisOperations {
  now = START
  override transitionMs = 7
  readonly #cell: TestCell

  constructor(...replies: readonly unknown[]) {
    const cell = new TestCell(replies)
    super(cell)
    this.#cell = cell
  }

  /** What the cell was asked. */
  get commands(): readonly Command[] {
    return this.#cell.commands
  }
}

import type { ClientConnection, Operation, Request } from '../../api/operation.ts'
import { membersOf } from '../../api/self-written.ts'
import { ServiceError } from '../../api/service-error.ts'
import { SeededRandom } from '../../base/random.ts'
import type { Command } from '../../core/command.ts'
import type { ReadLanded } from '../../core/landing.ts'
import type { Abandonable, CellClient } from '../../core/ports.ts'
import type { Cooldowns, SqsPorts } from './ports.ts'

/** For tests: a cell without a state, which records what it's asked and answers as it was told. */
export class TestCell implements CellClient {
  readonly commands: Command[] = []
  readonly connections: (Abandonable | undefined)[] = []
  readonly #replies: readonly unknown[]

  constructor(replies: readonly unknown[] = []) {
    this.#replies = replies
  }

  execute(command: Command, connection?: Abandonable): Promise<unknown> {
    const reply = this.#replies[this.commands.length]
    this.commands.push(command)
    this.connections.push(connection)
    return reply instanceof Error ? Promise.reject(reply) : Promise.resolve(reply)
  }
}

export const TEST_TOKEN_KEY = new Uint8Array(32).fill(7)

export const NO_COOLDOWNS: Cooldowns = { purge: false, deletion: false }

export const NOTHING_LANDED: ReadLanded = () => Promise.reject(new Error('nothing landed here'))

export const OPEN_CONNECTION: ClientConnection = { closed: false, onClose: () => () => {} }

export const TEST_REQUEST: Request = {
  requestId: 'r-1',
  caller: {
    accountId: '000000000000',
    region: 'eu-west-1',
    userId: 'AIDAEXAMPLE',
    principalArn: 'arn:aws:iam::000000000000:user/example',
  },
  endpoint: 'http://localhost:4566',
  path: '/',
  traceHeader: undefined,
  connection: OPEN_CONNECTION,
  origin: { isSecure: false, address: '127.0.0.1', headers: new Map() },
  isPermitted: false,
  recheck: () => {},
}

export const TEST_QUEUE = { accountId: '000000000000', region: 'eu-west-1', name: 'orders' }
export const TEST_FIFO_QUEUE = { ...TEST_QUEUE, name: 'orders.fifo' }
export const TEST_FIFO_QUEUE_URL = 'http://localhost:4566/000000000000/orders.fifo'
export const TEST_QUEUE_URL = 'http://localhost:4566/000000000000/orders'

/** Runs one operation against a cell that gives these replies, one for each command. */
export async function runOperation(
  declare: (ports: SqsPorts) => Operation,
  input: object,
  options: {
    readonly replies?: readonly unknown[]
    readonly request?: Partial<Request>
    readonly cooldowns?: Cooldowns
    readonly readLanded?: ReadLanded
  } = {},
): Promise<{ readonly output: object; readonly commands: readonly Command[]; readonly cell: TestCell }> {
  const cell = new TestCell(options.replies)
  const { request, cooldowns, readLanded } = options
  const { output } = await runIn(cell, declare, input, request, { cooldowns, readLanded })
  return { output, commands: cell.commands, cell }
}

/** What a client is told of a request that is refused before the cell hears of it. */
export async function refusalOf(
  declare: (ports: SqsPorts) => Operation,
  input: object,
  request: Partial<Request> = {},
): Promise<{ readonly code: string; readonly message: string }> {
  const cell = new TestCell()
  const { error } = await runIn(cell, declare, input, request).then(
    () => ({ error: new Error('the operation was not refused') }),
    (error: unknown) => ({ error }),
  )
  if (!(error instanceof ServiceError)) throw error
  if (cell.commands.length > 0) throw new Error('the cell was asked')
  return { code: error.shape.code, message: error.message }
}

async function runIn(
  cell: CellClient,
  declare: (ports: SqsPorts) => Operation,
  input: object,
  request: Partial<Request> = {},
  {
    cooldowns = NO_COOLDOWNS,
    readLanded = NOTHING_LANDED,
  }: { readonly cooldowns?: Cooldowns | undefined; readonly readLanded?: ReadLanded | undefined } = {},
): Promise<{ readonly output: object }> {
  const random = new SeededRandom(1)
  const operation = declare({ cell, random, tokenKey: TEST_TOKEN_KEY, cooldowns, readLanded })
  const run: (input: never, request: Request) => Promise<object> = operation.run
  return { output: membersOf(await run(input as never, { ...TEST_REQUEST, ...request })) }
}

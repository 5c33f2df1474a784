import { Buffer } from 'node:buffer'
import type { Request } from '../../src/api/operation.ts'
import { membersOf } from '../../src/api/self-written.ts'
import { ServiceError } from '../../src/api/service-error.ts'
import { SeededRandom } from '../../src/base/random.ts'
import { Cell } from '../../src/cell/cell.ts'
import { openMemoryJournal } from '../../src/engines/memory/memory-journal.ts'
import { kinesis } from '../../src/services/kinesis/service.ts'
import { KinesisState } from '../../src/services/kinesis/state/kinesis-state.ts'
import type { Subscription } from '../../src/services/kinesis/subscription.ts'
import { TEST_TOKEN_KEY } from '../../src/services/sqs/test-cell.ts'
import { SimulatedTime } from '../simulation/simulated-time.ts'
import { KINESIS_REQUEST, START, TEST_STREAM_ARN } from './scripted-kinesis.ts'
import { TestKeys } from './test-encryption.ts'

type Input = Readonly<Record<string, unknown>>
// biome-ignore lint/suspicious/noExplicitAny: answers of every operation, for tests to look into.
type Output = Readonly<Record<string, any>>

export const ORDERS = { StreamName: 'orders' }

export const bytesOf = (text: string) => new Uint8Array(Buffer.from(text))

export interface WorldOptions {
  readonly transitionMs?: number
  readonly throughputLimits?: boolean
}

/** Kinesis on a cell with a journal in memory, in simulated time: operations are run as a client's request would. */
export class KinesisWorld {
  readonly time: SimulatedTime
  readonly keys = new TestKeys()
  readonly #cell: Cell
  readonly #appended: readonly Uint8Array[]
  readonly #service: ReturnType<typeof kinesis>

  static async open(options: WorldOptions = {}): Promise<KinesisWorld> {
    const time = new SimulatedTime(START)
    const appended: Uint8Array[] = []
    const fail = (error: Error) => {
      throw error
    }
    const cell = await Cell.open({
      ...{ clock: time, timers: time, acceptClock: false, onFailure: fail, report: fail },
      states: (units, host) => [new KinesisState(units, host)],
      openJournal: async (_recovery, listener) => {
        const journal = openMemoryJournal(time, listener)
        const append = journal.append.bind(journal)
        journal.append = (now, events, bodies, lifetimes) => {
          appended.push(...bodies)
          return append(now, events, bodies, lifetimes)
        }
        return journal
      },
    })
    return new KinesisWorld(time, cell, appended, options)
  }

  /** With a stream `orders`, by default of one shard. */
  static async withStream(ShardCount = 1, options: WorldOptions = {}): Promise<KinesisWorld> {
    const world = await KinesisWorld.open(options)
    await world.run('CreateStream', { ...ORDERS, ShardCount })
    return world
  }

  private constructor(
    time: SimulatedTime,
    cell: Cell,
    appended: readonly Uint8Array[],
    options: WorldOptions,
  ) {
    this.time = time
    this.#appended = appended
    this.#cell = cell
    this.#service = kinesis({
      ...{ cell, random: new SeededRandom(1), tokenKey: TEST_TOKEN_KEY, now: () => time.now(), timers: time },
      ...{ transitionMs: 0, throughputLimits: false, encryption: this.keys.encryption, ...options },
    })
  }

  async run(name: string, input: Input = {}, request: Partial<Request> = {}): Promise<Output> {
    const operation = this.#service.operations.get(name)
    if (operation === undefined) throw new Error(`${name} is not served`)
    const run: (input: never, request: Request) => Promise<object> = operation.run
    return membersOf(await this.time.settle(run(input as never, { ...KINESIS_REQUEST, ...request })))
  }

  /** What a client is told of a request that is refused. */
  async refusal(name: string, input: Input = {}): Promise<string> {
    try {
      await this.run(name, input)
    } catch (error) {
      if (error instanceof ServiceError) return `${error.shape.code}: ${error.message}`
      throw error
    }
    return 'not refused'
  }

  /** Puts records with these texts in one request, and returns their sequence numbers. */
  async put(...texts: readonly string[]): Promise<readonly string[]> {
    const Records = texts.map((text) => ({ PartitionKey: 'k', Data: bytesOf(text) }))
    const answer = await this.run('PutRecords', { ...ORDERS, Records })
    return answer.Records.map(({ SequenceNumber }: { readonly SequenceNumber: string }) => SequenceNumber)
  }

  /** Registers a consumer and returns its ARN. */
  async consumer(ConsumerName = 'app'): Promise<string> {
    const input = { StreamARN: TEST_STREAM_ARN, ConsumerName }
    return (await this.run('RegisterStreamConsumer', input)).Consumer.ConsumerARN
  }

  async subscribe(
    ConsumerARN: string,
    StartingPosition: Input = { Type: 'TRIM_HORIZON' },
    ShardId = 'shardId-000000000000',
  ): Promise<Subscription> {
    return (await this.run('SubscribeToShard', { ConsumerARN, ShardId, StartingPosition })).EventStream
  }

  async iterator(ShardId: string, start: Input = { ShardIteratorType: 'TRIM_HORIZON' }): Promise<string> {
    const input = { ...ORDERS, ShardId, ...start }
    return (await this.run('GetShardIterator', input)).ShardIterator
  }

  /** How many bodies were ever stored. */
  get bodies(): number {
    return this.#appended.length
  }

  /** How many of the bodies that were ever stored have the text in them. */
  stored(text: string): number {
    return this.#appended.filter((body) => Buffer.from(body).includes(text)).length
  }

  /** A server that stops answers all that wait. */
  stop(): void {
    this.#cell.releaseWaiting()
  }
}

import { Buffer } from 'node:buffer'
import type { Request } from '../../src/api/operation.ts'
import { ServiceError } from '../../src/api/service-error.ts'
import { SeededRandom } from '../../src/base/random.ts'
import type { Command } from '../../src/core/command.ts'
import type { Abandonable } from '../../src/core/ports.ts'
import type {
  KinesisCommand,
  RecordPosition,
  RecordSlices,
  ShardDescription,
} from '../../src/services/kinesis/commands.ts'
import { subscribeToShard } from '../../src/services/kinesis/operations/subscribe-to-shard.ts'
import type { Subscription } from '../../src/services/kinesis/subscription.ts'
import { TEST_TOKEN_KEY } from '../../src/services/sqs/test-cell.ts'
import { KINESIS_REQUEST, START, TEST_STREAM_ARN } from './scripted-kinesis.ts'
import { TestKeys } from './test-encryption.ts'

export const SHARD = { number: 3, createdSecond: 1_767_000_000 }

interface Put {
  readonly data: string
  readonly time: number
}

/** A cell with one shard, which keeps readers waiting as the real one does, and a client to it. */
export class OneShard {
  now = START
  status = 'ACTIVE'
  position: RecordPosition = { index: 1, since: 0 }
  children: readonly ShardDescription[] | null = null
  /** What commands of a kind are refused with. */
  readonly refusals = new Map<string, Error>()
  readonly commands: Command[] = []
  /** Readers that wait: each is answered when it's let go of, or something comes. */
  readonly waiting = new Set<() => void>()
  readonly keys = new TestKeys()
  readonly #records: Put[] = []
  readonly #operation = subscribeToShard({
    ...{ cell: this, random: new SeededRandom(1), tokenKey: TEST_TOKEN_KEY },
    ...{ now: () => this.now, transitionMs: 0, throughputLimits: false },
    ...{ timers: { soon: queueMicrotask }, encryption: this.keys.encryption },
  })

  async execute(command: Command, connection?: Abandonable): Promise<unknown> {
    this.commands.push(command)
    const refusal = this.refusals.get(command.kind)
    if (refusal !== undefined) throw refusal
    if (command.kind === 'getConsumer')
      return { name: 'app', status: this.status, created: 1_767_000_100_000 }
    if (command.kind === 'findPosition') return { streamNumber: 9, position: this.position }
    const { position, waitMs } = command as KinesisCommand<'readRecords'>
    const hasSome = () => this.#records.length >= position.index || this.children !== null
    if (!hasSome() && waitMs > 0 && connection?.closed !== true) {
      const givenUp = this.now + waitMs
      await new Promise<void>((resolve) => {
        const look = () => {
          if (!hasSome() && this.now < givenUp && connection?.closed !== true && !this.isStopping) return
          this.waiting.delete(look)
          resolve()
        }
        this.waiting.add(look)
        connection?.onClose(look)
      })
      if (hasSome()) connection?.recheck?.()
      const late = this.refusals.get(command.kind)
      if (late !== undefined) throw late
    }
    return this.#slices(position)
  }

  isStopping = false

  look(): void {
    for (const look of [...this.waiting]) look()
  }

  put(data: string): void {
    this.#records.push({ data, time: this.now })
    this.look()
  }

  pass(milliseconds: number): void {
    this.now += milliseconds
    this.look()
  }

  #slices(position: RecordPosition): RecordSlices {
    const there = this.#records.slice(position.index - 1)
    const bodies = there.map(({ data }) => Buffer.from(`\x01${String.fromCharCode(data.length)}k${data}`))
    return {
      slices: there.map(({ time }, i) => ({
        ...{ firstIndex: position.index + i, count: 1, time, offset: 0, bytes: bodies[i]!.length },
        ...{ isPacked: false, isEncrypted: false, isSealed: false },
      })),
      bodies,
      ...{ trimmedBefore: 0, now: this.now, tip: this.#records.length + 1 },
      ...{ createdSecond: SHARD.createdSecond, children: this.children },
    }
  }

  async subscribe(
    position: object = { Type: 'TRIM_HORIZON' },
    request: Partial<Request> = {},
  ): Promise<Subscription> {
    const run: (input: never, request: Request) => Promise<object> = this.#operation.run
    const input = {
      ConsumerARN: `${TEST_STREAM_ARN}/consumer/app:1767000100`,
      ShardId: 'shardId-000000000003',
      StartingPosition: position,
    }
    const output = await run(input as never, { ...KINESIS_REQUEST, ...request })
    return (output as { EventStream: Subscription }).EventStream
  }

  async refusal(position?: object): Promise<string> {
    return told(this.subscribe(position))
  }

  reads(): readonly Command[] {
    return this.commands.filter(({ kind }) => kind === 'readRecords')
  }
}

/** What a client is told of what is refused. */
export async function told(promise: Promise<unknown>): Promise<string> {
  try {
    await promise
  } catch (error) {
    if (error instanceof ServiceError) return `${error.shape.code}: ${error.message}`
    throw error
  }
  return 'not refused'
}

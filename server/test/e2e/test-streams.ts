import {
  CreateStreamCommand,
  type CreateStreamCommandInput,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  type GetRecordsCommandOutput,
  GetShardIteratorCommand,
  KinesisClient,
  type KinesisClientConfig,
  ListShardsCommand,
  PutRecordCommand,
  type PutRecordCommandInput,
  type _Record as Record,
  RegisterStreamConsumerCommand,
  type Shard,
  type StartingPosition,
  SubscribeToShardCommand,
  type SubscribeToShardEvent,
} from '@aws-sdk/client-kinesis'
import { ServerProcess, TEST_KEY } from '../server-process.ts'
import { TEST_REGION } from './test-topics.ts'

export const FIRST_SHARD = 'shardId-000000000000'

/** A server of its own with a client for streams, each of which has a name that no other has. */
export class TestStreams {
  readonly server: ServerProcess
  readonly kinesis: KinesisClient
  #names = 0

  private constructor(server: ServerProcess) {
    this.server = server
    this.kinesis = streamClient(server)
  }

  static async start(...flags: string[]): Promise<TestStreams> {
    const server = await ServerProcess.create(...flags)
    await server.start()
    return new TestStreams(server)
  }

  async destroy(): Promise<void> {
    this.kinesis.destroy()
    await this.server.destroy()
  }

  /** Its name. */
  async newStream(ShardCount = 1, options: Partial<CreateStreamCommandInput> = {}): Promise<string> {
    const StreamName = `stream-${++this.#names}`
    await this.kinesis.send(new CreateStreamCommand({ StreamName, ShardCount, ...options }))
    return StreamName
  }

  async arnOf(StreamName: string): Promise<string> {
    const { StreamDescriptionSummary } = await this.kinesis.send(
      new DescribeStreamSummaryCommand({ StreamName }),
    )
    return StreamDescriptionSummary!.StreamARN!
  }

  put(StreamName: string, text: string, options: Partial<PutRecordCommandInput> = {}) {
    const input = { StreamName, Data: Buffer.from(text), PartitionKey: 'key', ...options }
    return this.kinesis.send(new PutRecordCommand(input))
  }

  async shards(StreamName: string): Promise<Shard[]> {
    return (await this.kinesis.send(new ListShardsCommand({ StreamName }))).Shards ?? []
  }

  async iterator(
    StreamName: string,
    position: Partial<StartingPosition> = {},
    ShardId = FIRST_SHARD,
  ): Promise<string> {
    const { Type = 'TRIM_HORIZON', SequenceNumber, Timestamp } = position
    const { ShardIterator } = await this.kinesis.send(
      new GetShardIteratorCommand({
        ...{ StreamName, ShardId, ShardIteratorType: Type },
        ...{ StartingSequenceNumber: SequenceNumber, Timestamp },
      }),
    )
    return ShardIterator!
  }

  /** All records of a shard from a place on, to its tip. */
  async read(
    StreamName: string,
    position: Partial<StartingPosition> = {},
    ShardId = FIRST_SHARD,
  ): Promise<Record[]> {
    const records: Record[] = []
    let ShardIterator: string | undefined = await this.iterator(StreamName, position, ShardId)
    while (ShardIterator !== undefined) {
      const answer: GetRecordsCommandOutput = await this.kinesis.send(
        new GetRecordsCommand({ ShardIterator }),
      )
      records.push(...(answer.Records ?? []))
      if (answer.MillisBehindLatest === 0) break
      ShardIterator = answer.NextShardIterator
    }
    return records
  }

  /** The ARN of a new consumer. */
  async newConsumer(StreamName: string): Promise<string> {
    const { Consumer } = await this.kinesis.send(
      new RegisterStreamConsumerCommand({
        StreamARN: await this.arnOf(StreamName),
        ConsumerName: `consumer-${++this.#names}`,
      }),
    )
    return Consumer!.ConsumerARN!
  }

  async subscribe(
    ConsumerARN: string,
    StartingPosition: StartingPosition = { Type: 'TRIM_HORIZON' },
    ShardId = FIRST_SHARD,
    client = this.kinesis,
  ): Promise<AsyncIterable<{ SubscribeToShardEvent?: SubscribeToShardEvent }>> {
    const { EventStream } = await client.send(
      new SubscribeToShardCommand({ ConsumerARN, ShardId, StartingPosition }),
    )
    return EventStream!
  }
}

export function streamClient(server: ServerProcess, options: KinesisClientConfig = {}): KinesisClient {
  return new KinesisClient({
    ...{ endpoint: server.url, region: TEST_REGION, credentials: TEST_KEY, maxAttempts: 1 },
    ...options,
  })
}

export function textsOf(records: readonly Record[]): string[] {
  return records.map(({ Data }) => Buffer.from(Data!).toString())
}

import {
  CreateStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  KinesisServiceException,
  ListShardsCommand,
  MergeShardsCommand,
  PutRecordsCommand,
  type _Record as Record,
  RegisterStreamConsumerCommand,
  ResourceInUseException,
  SplitShardCommand,
  SubscribeToShardCommand,
} from '@aws-sdk/client-kinesis'
import { SeededRandom } from '../../src/base/random.ts'
import { parseSequenceNumber } from '../../src/services/kinesis/sequence-number.ts'
import { ServerProcess, TEST_KEY } from '../server-process.ts'
import { bodyOf, readBody } from '../simulation/message-bodies.ts'
import { StreamHistory, type StreamViolation } from '../simulation/stream-history.ts'
import { type Lease, LeaseTable } from './lease-table.ts'

const StreamName = 'tortured'
const ConsumerName = 'fan-out'
const PRODUCERS = 3
const WORKERS = 3
const KEYS_PER_PRODUCER = 5
const OPEN_SHARDS_MAX = 6

export interface StreamTortureReport {
  readonly violations: readonly StreamViolation[]
  readonly kills: number
  readonly records: number
  readonly acknowledged: number
  readonly shards: number
  /** Events that came to enhanced fan-out with records. */
  readonly pushed: number
}

/**
 * A real server under load from real SDK clients, killed with -9 at random moments while its shards are split and merged. Workers
 * read as those of the Kinesis Client Library do: with leases and checkpoints, children after parents, and anew from
 * the checkpoint after each kill. Every acknowledged record is behind a checkpoint exactly once in the end, where its answer
 * said, and those of a key are there in the order in which they were put.
 */
export async function tortureStreams(options: { kills: number; seed: number }): Promise<StreamTortureReport> {
  const server = await ServerProcess.create()
  const torture = new StreamTorture(server, options.seed)
  try {
    for (let kill = 0; kill < options.kills; kill++) {
      await server.start()
      if (kill === 0) await torture.begin()
      await torture.liveUntilKilled()
    }
    await server.start()
    await torture.readAll()
    const code = await server.stop()
    if (code !== 0) throw new Error(`the server stopped with code ${code}`)
  } finally {
    await server.destroy()
  }
  return { kills: options.kills, ...torture.report() }
}

class StreamTorture {
  readonly #server: ServerProcess
  readonly #random: SeededRandom
  readonly #history = new StreamHistory()
  readonly #leases = new LeaseTable()
  readonly #places = new Map<number, number>()
  #client: KinesisClient
  #consumer = ''
  #isOver = false
  #acknowledged = 0
  #pushed = 0

  constructor(server: ServerProcess, seed: number) {
    this.#server = server
    this.#random = new SeededRandom(seed)
    this.#client = this.#newClient()
  }

  async begin(): Promise<void> {
    await this.#client.send(new CreateStreamCommand({ StreamName, ShardCount: 2 }))
    const StreamARN = `arn:aws:kinesis:us-east-1:000000000000:stream/${StreamName}`
    const { Consumer } = await this.#client.send(
      new RegisterStreamConsumerCommand({ StreamARN, ConsumerName }),
    )
    this.#consumer = Consumer!.ConsumerARN!
    const { Shards = [] } = await this.#client.send(new ListShardsCommand({ StreamName }))
    this.#leases.begin(Shards)
  }

  async liveUntilKilled(): Promise<void> {
    this.#isOver = false
    const clients = [
      ...Array.from({ length: PRODUCERS }, (_, producer) => this.#untilKilled(() => this.#put(producer))),
      ...Array.from({ length: WORKERS }, () => this.#untilKilled(() => this.#work())),
      this.#untilKilled(() => this.#reshard()),
    ]
    await new Promise((resolve) => setTimeout(resolve, 100 + this.#random.below(900)))
    await this.#server.kill()
    this.#isOver = true
    await Promise.all(clients)
    this.#client.destroy()
    this.#client = this.#newClient()
  }

  /** Reads what is left, until there is nothing in any shard. */
  async readAll(): Promise<void> {
    this.#isOver = false
    for (let idle = 0; idle < this.#leases.due.length; ) {
      idle = 0
      for (const lease of this.#leases.due) if ((await this.#deal(lease, 'to the tip')) === 0) idle++
    }
    this.#client.destroy()
    this.#history.checkAll()
  }

  report(): Omit<StreamTortureReport, 'kills'> {
    return {
      violations: this.#history.violations,
      records: this.#history.size,
      acknowledged: this.#acknowledged,
      shards: this.#leases.shards.length,
      pushed: this.#pushed,
    }
  }

  /** Repeats a request until the server is killed: the one that fails then is the one that was under way. */
  async #untilKilled(request: () => Promise<void>): Promise<void> {
    while (!this.#isOver) {
      try {
        await request()
      } catch (error) {
        // What the server answered is a defect; everything else is how a client notices that it is gone.
        if (error instanceof KinesisServiceException) throw error
        return
      }
    }
  }

  async #put(producer: number): Promise<void> {
    const count = 1 + this.#random.below(20)
    const sent = Array.from({ length: count }, () => {
      const place = (this.#places.get(producer) ?? 0) + 1
      this.#places.set(producer, place)
      return { id: `${producer}-${place}`, key: `${producer}/${this.#random.below(KEYS_PER_PRODUCER)}` }
    })
    const puts = this.#history.begin(sent)
    const { FailedRecordCount, Records = [] } = await this.#client.send(
      new PutRecordsCommand({
        StreamName,
        Records: sent.map(({ id, key }) => ({ Data: bodyOf(id), PartitionKey: key })),
      }),
    )
    if (FailedRecordCount !== 0) throw new Error(`records failed: ${JSON.stringify(Records)}`)
    Records.forEach(({ SequenceNumber }, i) => {
      const { shard, index } = parseSequenceNumber(SequenceNumber!)
      this.#history.acknowledged(puts[i]!, shard, index)
    })
    this.#acknowledged += count
  }

  async #reshard(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, this.#random.below(150)))
    const { Shards = [] } = await this.#client.send(
      new ListShardsCommand({ StreamName, ShardFilter: { Type: 'AT_LATEST' } }),
    )
    const open = Shards.map(({ ShardId, HashKeyRange }) => ({
      id: ShardId!,
      from: BigInt(HashKeyRange!.StartingHashKey!),
      to: BigInt(HashKeyRange!.EndingHashKey!),
    })).sort((a, b) => (a.from < b.from ? -1 : 1))
    const at = this.#random.below(open.length)
    const [shard, next] = [open[at]!, open[at + 1]]
    if (next !== undefined && (open.length >= OPEN_SHARDS_MAX || this.#random.chance(0.4))) {
      const AdjacentShardToMerge = next.id
      await this.#client.send(
        new MergeShardsCommand({ StreamName, ShardToMerge: shard.id, AdjacentShardToMerge }),
      )
    } else if (open.length < OPEN_SHARDS_MAX) {
      const NewStartingHashKey = String((shard.from + shard.to) / 2n)
      await this.#client.send(
        new SplitShardCommand({ StreamName, ShardToSplit: shard.id, NewStartingHashKey }),
      )
    }
  }

  /** Takes a lease, as one of the workers, and deals with some of its shard. */
  async #work(): Promise<void> {
    const { due } = this.#leases
    const lease = due[this.#random.below(Math.max(1, due.length))]
    if (lease === undefined) return new Promise((resolve) => setTimeout(resolve, 10))
    lease.isTaken = true
    try {
      const isPushed = this.#random.chance(0.3) && (await this.#subscribe(lease))
      if (!isPushed) await this.#deal(lease, 1 + this.#random.below(5))
    } finally {
      lease.isTaken = false
    }
  }

  /** Reads so many times from the checkpoint on; returns how many records came. */
  async #deal(lease: Lease, reads: number | 'to the tip'): Promise<number> {
    let read = 0
    let unsaved: Record[] = []
    let ShardIterator = await this.#iterator(lease)
    for (let i = 0; reads === 'to the tip' || i < reads; i++) {
      const answer = await this.#client.send(
        new GetRecordsCommand({ ShardIterator, Limit: 1 + this.#random.below(60) }),
      )
      const { Records = [], NextShardIterator, MillisBehindLatest } = answer
      unsaved.push(...Records)
      read += Records.length
      if (NextShardIterator === undefined) {
        this.#save(lease, unsaved)
        this.#leases.end(lease, answer.ChildShards!)
        return read
      }
      ShardIterator = NextShardIterator
      if (reads === 'to the tip' || this.#random.chance(0.5)) {
        this.#save(lease, unsaved)
        unsaved = []
      }
      if (reads === 'to the tip' && MillisBehindLatest === 0 && Records.length === 0) break
    }
    // What was read behind the checkpoint is what the next worker gets again.
    return read
  }

  async #iterator({ shard, checkpoint }: Lease): Promise<string> {
    const { ShardIterator } = await this.#client.send(
      new GetShardIteratorCommand({ StreamName, ShardId: shard, ...iteratorOf(checkpoint) }),
    )
    return ShardIterator!
  }

  /** Has some events pushed, each of which is saved when it's there. False where the one before still has the shard. */
  async #subscribe(lease: Lease): Promise<boolean> {
    const { ShardIteratorType: Type, StartingSequenceNumber: SequenceNumber } = iteratorOf(lease.checkpoint)
    const StartingPosition = { Type, SequenceNumber }
    const subscription = this.#client.send(
      new SubscribeToShardCommand({ ConsumerARN: this.#consumer, ShardId: lease.shard, StartingPosition }),
    )
    const events = await subscription.catch((error: unknown) => {
      if (error instanceof ResourceInUseException) return null
      throw error
    })
    if (events === null) return false
    const wanted = 1 + this.#random.below(4)
    let seen = 0
    for await (const { SubscribeToShardEvent: event } of events.EventStream!) {
      const records = event!.Records ?? []
      if (records.length > 0) this.#pushed++
      this.#save(lease, records)
      if (event!.ChildShards !== undefined) this.#leases.end(lease, event!.ChildShards)
      if (++seen === wanted) break
    }
    return true
  }

  /** The records are behind the checkpoint from now on: they have to be new ones. */
  #save(lease: Lease, records: readonly Record[]): void {
    for (const { Data, SequenceNumber } of records) {
      const { id, intact } = readBody(Data!)
      const { shard, index } = parseSequenceNumber(SequenceNumber!)
      this.#history.found(id, intact, shard, index)
      lease.checkpoint = SequenceNumber!
    }
  }

  #newClient(): KinesisClient {
    return new KinesisClient({
      endpoint: this.#server.url,
      region: 'us-east-1',
      credentials: TEST_KEY,
      // What an SDK tries again by itself would be put twice.
      maxAttempts: 1,
    })
  }
}

function iteratorOf(checkpoint: string) {
  return checkpoint === 'TRIM_HORIZON'
    ? ({ ShardIteratorType: 'TRIM_HORIZON', StartingSequenceNumber: undefined } as const)
    : ({ ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber: checkpoint } as const)
}

import type { ByteReader } from '../../../base/byte-reader.ts'
import type { ByteWriter } from '../../../base/byte-writer.ts'
import type { Command } from '../../../core/command.ts'
import type { GuardedResource } from '../../../core/guarded-resource.ts'
import { unpackIds } from '../../../core/packed-lists.ts'
import type { Chore, ServiceState, StateHost, Step, VisitBody, Waiting } from '../../../core/service-state.ts'
import type { Units } from '../../../core/units.ts'
import type { KinesisCommand, KinesisReplies, RecordReplies } from '../commands.ts'
import { Account, Accounts } from './account.ts'
import { accountDecisions } from './account-decisions.ts'
import { applyEvent, removeDeparted } from './apply.ts'
import { Cleanup } from './cleanup.ts'
import { consumerDecisions } from './consumer-decisions.ts'
import type { KinesisContext } from './context.ts'
import type { AnyDecision } from './decision.ts'
import { Departures } from './departures.ts'
import { decodeEvent, encodeEvent, type KinesisEvent } from './events.ts'
import { packingChore } from './packing/packing-decisions.ts'
import { PackingQueue } from './packing/packing-queue.ts'
import { recordDecisions, waitForRecords } from './record-decisions.ts'
import { reshardDecisions } from './reshard-decisions.ts'
import { decodeRoot, Root } from './root.ts'
import { settingsDecisions } from './settings-decisions.ts'
import { Stream } from './stream.ts'
import { streamDecisions } from './stream-decisions.ts'
import { Streams } from './streams.ts'

const DECISIONS = {
  ...streamDecisions,
  ...reshardDecisions,
  ...settingsDecisions,
  ...consumerDecisions,
  ...accountDecisions,
  ...recordDecisions,
}

/** What makes the journal grow for good. */
const GROWING: ReadonlySet<KinesisCommand['kind']> = new Set([
  'createStream',
  'splitShard',
  'setShardCount',
  'registerConsumer',
  'putRecords',
  // It writes once more what is there, and what it lets go of is given back later.
  'packRecords',
])

/** All streams of one cell. */
export class KinesisState implements ServiceState<KinesisEvent> {
  readonly service = 'kinesis'
  readonly number = 3
  readonly #context: KinesisContext

  /** A state without streams. To go on from a snapshot, call `restore` before anything else. */
  constructor(units: Units, host: StateHost) {
    const streams = new Streams()
    const accounts = new Accounts()
    const root = new Root(units, streams, accounts)
    const cleanup = new Cleanup(units, host, streams)
    const held = { streams, accounts, departures: new Departures(), packing: new PackingQueue() }
    this.#context = { units, host, root, cleanup, ...held }
    units.addAs(this.number, root)
    units.touch(root)
  }

  execute(command: Command, step: Step<KinesisEvent>): KinesisReplies[keyof KinesisReplies] {
    // The operations of this service are the only ones that make its commands.
    const kinesis = command as KinesisCommand
    const decide: AnyDecision = DECISIONS[kinesis.kind]
    return decide(this.#context, kinesis as never, step)
  }

  /** Undefined where there is no such stream or consumer. */
  guarded(arn: string): GuardedResource | undefined {
    const [streamArn = '', consumer] = arn.split('/consumer/')
    const stream = this.#context.streams.withArn(streamArn)
    if (stream === undefined || consumer === undefined) return stream?.settings
    return stream.consumer(consumer.split(':')[0]!)?.record
  }

  /** The end of what is being deleted. */
  get nextWakeAt(): number {
    return this.#context.departures.earliest
  }

  advance(now: number): void {
    removeDeparted(this.#context, now)
  }

  apply(event: KinesisEvent, now: number): void {
    applyEvent(this.#context, event, now)
  }

  encode(event: KinesisEvent, writer: ByteWriter): void {
    encodeEvent(event, writer)
  }

  decode(kind: number, version: number, reader: ByteReader): KinesisEvent {
    return decodeEvent(kind, version, reader)
  }

  waitFor(command: Command, reply: unknown): Waiting | null {
    const kinesis = command as KinesisCommand
    if (kinesis.kind !== 'readRecords') return null
    return waitForRecords(this.#context, kinesis, reply as RecordReplies['readRecords'])
  }

  grows(command: Command): boolean {
    const { kind } = command as KinesisCommand
    return GROWING.has(kind)
  }

  chore(): Chore | null {
    return packingChore(this.#context)
  }

  tidy(now: number, afresh: boolean): boolean {
    return this.#context.cleanup.tidy(now, afresh)
  }

  restore(snapshot: ReadonlyMap<number, Uint8Array>, units: Units): void {
    const rootBytes = snapshot.get(this.number)
    // Snapshots from before there were streams have none.
    if (rootBytes === undefined) return
    const { root, streams, accounts, departures, packing } = this.#context
    const record = decodeRoot(rootBytes)
    root.nextStream = record.nextStream
    root.nextMap = record.nextMap
    const contentOf = (unit: number) => {
      const bytes = snapshot.get(unit)
      if (bytes === undefined) throw new Error(`the snapshot lacks unit ${unit} of the Kinesis state`)
      return bytes
    }
    for (const unit of unpackIds(record.streams)) {
      const stream = Stream.restore(units, unit, contentOf)
      streams.add(stream)
      if (stream.madeArrivals !== null) packing.note(stream)
      const { number, settledAt } = stream
      if (stream.isDeleting) departures.add({ at: settledAt, stream: number, consumer: null })
      for (const { record: consumer } of stream.consumers) {
        if (!consumer.isDeleting) continue
        departures.add({ at: consumer.settledAt, stream: number, consumer: consumer.name })
      }
    }
    for (const unit of unpackIds(record.accounts)) accounts.add(Account.restore(units, unit, contentOf))
    units.touch(root)
  }

  /** Records lie in bodies. */
  live(visit: VisitBody): void {
    const { streams, cleanup } = this.#context
    for (const { shards, madeArrivals } of streams) {
      madeArrivals?.visitBodies(visit)
      for (const { madeRecords } of shards) madeRecords?.visitBodies(visit)
    }
    cleanup.live(visit)
  }
}

import { Account } from './account.ts'
import { applyRecordEvent } from './apply-records.ts'
import type { Consumer } from './consumer.ts'
import type { KinesisContext } from './context.ts'
import { EVENT, type KinesisEvent, type Resharded, type StreamCreated } from './events.ts'
import { rangesFrom, uniformStarts } from './hash-range.ts'
import type { Shard } from './shard.ts'
import { Stream } from './stream.ts'
import { DEFAULT_STREAM_SETTINGS } from './stream-settings.ts'

/** Changes the state as the event says, at the time it happened. What doesn't fit the state is a defect and throws. */
export function applyEvent(context: KinesisContext, event: KinesisEvent, now: number): void {
  const { units, root, streams, accounts, cleanup, departures } = context
  switch (event.kind) {
    case EVENT.streamCreated:
      applyCreated(context, event, now)
      return
    case EVENT.streamDeleted: {
      const { stream, settledAt } = event
      streamNumbered(context, stream).begin('DELETING', settledAt)
      departures.add({ at: settledAt, stream, consumer: null })
      removeDeparted(context, now)
      return
    }
    case EVENT.streamChanged: {
      const stream = streamNumbered(context, event.stream)
      takeMap(context, event.map)
      streams.recount(stream, () => stream.change(event.changes, event.map))
      if (event.settledAt !== null) stream.begin('UPDATING', event.settledAt)
      return
    }
    case EVENT.allStreamsDeleted:
      root.touch()
      departures.clear()
      for (const account of accounts.takeAll()) units.remove(account)
      for (const stream of streams.takeAll()) {
        wakeReaders(context, stream)
        cleanup.add(stream)
      }
      return
    case EVENT.resharded:
      applyResharded(context, event, now)
      return
    case EVENT.consumerRegistered: {
      const { consumer: name, createdSecond, settledAt, tags } = event
      const record = { name, createdSecond, tags, policy: '', isDeleting: false, settledAt }
      streamNumbered(context, event.stream).addConsumer(record)
      return
    }
    case EVENT.consumerDeregistered: {
      const { stream, consumer, settledAt } = event
      consumerNamed(streamNumbered(context, stream), consumer).change(units, { isDeleting: true, settledAt })
      departures.add({ at: settledAt, stream, consumer })
      removeDeparted(context, now)
      return
    }
    case EVENT.consumerChanged:
      consumerNamed(streamNumbered(context, event.stream), event.consumer).change(units, event.changes)
      return
    case EVENT.accountChanged: {
      const account = accounts.at(event.scope)
      if (account !== undefined) {
        units.touch(account)
        account.commitment = event.commitment
        return
      }
      root.touch()
      const added = new Account(event.scope, event.commitment)
      units.add(added)
      accounts.add(added)
      return
    }
    default:
      applyRecordEvent(context, event, now)
  }
}

/** What is being deleted is gone when its time has come. */
export function removeDeparted(context: KinesisContext, now: number): void {
  const { root, streams, cleanup, departures } = context
  for (let departure = departures.take(now); departure !== undefined; departure = departures.take(now)) {
    const stream = streams.numbered(departure.stream)
    // With its stream a consumer went, too.
    if (stream === undefined) continue
    if (departure.consumer !== null) {
      stream.removeConsumer(consumerNamed(stream, departure.consumer))
      wakeReaders(context, stream)
      continue
    }
    root.touch()
    streams.remove(stream)
    wakeReaders(context, stream)
    cleanup.add(stream)
  }
}

/** Those who wait for records are to hear that there is no such stream, or no such consumer, any more. */
function wakeReaders({ host }: KinesisContext, stream: Stream): void {
  for (const shard of stream.shards) host.wake(shard)
}

function applyCreated(context: KinesisContext, event: StreamCreated, now: number): void {
  const { units, root, streams } = context
  root.touch()
  root.nextStream = event.stream + 1
  takeMap(context, event.map)
  const { stream: number, address, id, settledAt, map: mapVersion } = event
  // A setting that came with a later version takes its default in streams that are older.
  const settings = { ...DEFAULT_STREAM_SETTINGS, ...event.settings }
  const stream = new Stream(units, { number, address, id, createdAt: now, settings, settledAt, mapVersion })
  units.add(stream)
  for (const range of rangesFrom(uniformStarts(event.shards))) stream.open(range, now, event.second)
  streams.add(stream)
}

function applyResharded(context: KinesisContext, event: Resharded, now: number): void {
  const { streams, host } = context
  const stream = streamNumbered(context, event.stream)
  takeMap(context, event.map)
  streams.recount(stream, () => {
    // Whoever waits for records of a shard that is closed is to go on with its children.
    const wake = (closed: Shard) => host.wake(closed)
    for (const step of event.steps) stream.reshard(step, now, wake)
  })
  stream.change(event.changes, event.map)
  stream.begin('UPDATING', event.settledAt)
}

/** A version is never used again. */
function takeMap({ root }: KinesisContext, version: number | null): void {
  if (version === null) return
  root.touch()
  root.nextMap = version + 1
}

function streamNumbered({ streams }: KinesisContext, number: number): Stream {
  const stream = streams.numbered(number)
  if (stream === undefined) throw new Error(`no stream has the number ${number}`)
  return stream
}

function consumerNamed(stream: Stream, name: string): Consumer {
  const consumer = stream.consumer(name)
  if (consumer === undefined) throw new Error(`stream ${stream.number} has no consumer ${name}`)
  return consumer
}

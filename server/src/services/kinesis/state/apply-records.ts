import { RECORD_EVENT, type RecordEvent } from './record-events.ts'
import type { RecordContext, RecordShard, RecordStream } from './record-stream.ts'

/** Changes the records as the event says. */
export function applyRecordEvent(
  { host, packing, streams }: RecordContext,
  event: RecordEvent,
  now: number,
): void {
  const stream = streams.numbered(event.stream)
  if (stream === undefined) throw new Error(`there is no stream ${event.stream}`)
  switch (event.kind) {
    case RECORD_EVENT.recordsArrived: {
      const { bodyId, bodyBytes, lifetime, isEncrypted, isSealed, runs } = event
      const arrival = { bodyId, bodyBytes, time: now, lifetime, isEncrypted, isSealed }
      stream.arrivals.add(arrival, runs, (shard) => host.wake(shard))
      packing.note(stream)
      return
    }
    case RECORD_EVENT.chunkMade:
      shardNumbered(stream, event.shard).records.pack(event, event)
      return
    case RECORD_EVENT.runsKept:
      shardNumbered(stream, event.shard).records.keep(event)
      return
    case RECORD_EVENT.arrivalsPassed:
      stream.arrivals.removeUpTo(event.lastBodyId, (bodyId, bytes) => host.release(bodyId, bytes))
      packing.note(stream)
      return
    default:
      event satisfies never
  }
}

function shardNumbered(stream: RecordStream, number: number): RecordShard {
  const shard = stream.shardNumbered(number)
  if (shard === undefined) throw new Error(`stream ${stream.number} has no shard ${number}`)
  return shard
}

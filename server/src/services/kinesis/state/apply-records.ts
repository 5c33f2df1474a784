import { RECORD_EVENT, type RecordEvent } from './record-events.ts'
import type { RecordContext, RecordShard, RecordStream } from './record-stream.ts'

/** Changes the records as the event says. */
export function applyRecordEvent(context: RecordContext, event: RecordEvent, now: number): void {
  const { host, packing } = context
  const stream = context.streams.numbered(event.stream)
  if (stream === undefined) throw new Error(`there is no stream ${event.stream}`)
  switch (event.kind) {
    case RECORD_EVENT.recordsPut:
    case RECORD_EVENT.sealedRecordsPut: {
      const { bodyId, bodyBytes, lifetime, isEncrypted, runs } = event
      const isSealed = event.kind === RECORD_EVENT.sealedRecordsPut
      const origin = { time: now, isPacked: false, isEncrypted, isSealed, bodyId, bodyBytes, lifetime }
      for (const run of runs) {
        const shard = shardNumbered(stream, run.shard)
        if (shard.records.append(run, origin)) packing.note(stream, shard)
        host.wake(shard)
      }
      return
    }
    case RECORD_EVENT.recordsPacked: {
      const shard = shardNumbered(stream, event.shard)
      shard.records.pack(event, event, (bodyId, bytes) => host.release(bodyId, bytes))
      packing.note(stream, shard)
      return
    }
    case RECORD_EVENT.runsKept: {
      const shard = shardNumbered(stream, event.shard)
      shard.records.keep(event, (bodyId, bytes) => host.release(bodyId, bytes))
      packing.note(stream, shard)
      return
    }
    default:
      event satisfies never
  }
}

function shardNumbered(stream: RecordStream, number: number): RecordShard {
  const shard = stream.shardNumbered(number)
  if (shard === undefined) throw new Error(`stream ${stream.number} has no shard ${number}`)
  return shard
}

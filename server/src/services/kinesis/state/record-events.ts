import type { ByteReader } from '../../../base/byte-reader.ts'
import type { ByteWriter } from '../../../base/byte-writer.ts'
import type { Lifetime } from '../../../core/lifetime.ts'

/**
 * What can happen to records, as it is journaled. Kinds and layouts are for ever: they are only ever added to. Layouts are fixed and
 * little-endian, drawn at each codec below.
 */
export const RECORD_EVENT = {
  recordsPut: 0x0340,
  recordsPacked: 0x0341,
  runsKept: 0x0342,
  sealedRecordsPut: 0x0343,
} as const

/** Records that stand together in a body came to a shard. */
export interface RunPut {
  readonly shard: number
  readonly offset: number
  readonly bytes: number
  readonly count: number
}

/** Each run is behind all that its shard has. The body has one reference for each. */
export interface RecordsPut {
  /** Whether each run is sealed by itself. */
  readonly kind: typeof RECORD_EVENT.recordsPut | typeof RECORD_EVENT.sealedRecordsPut
  readonly stream: number
  readonly bodyId: number
  readonly bodyBytes: number
  readonly lifetime: Lifetime
  readonly isEncrypted: boolean
  readonly runs: readonly RunPut[]
}

/** The shard's oldest recent runs, those with the records from one index on up to before another, are one chunk. */
export interface RecordsPacked {
  readonly kind: typeof RECORD_EVENT.recordsPacked
  readonly stream: number
  readonly shard: number
  readonly from: number
  readonly to: number
  readonly bodyId: number
  readonly bytes: number
  readonly lifetime: Lifetime
}

/** The shard's oldest recent runs, those with the records from one index on up to before another, are a chunk each, as they are. */
export interface RunsKept {
  readonly kind: typeof RECORD_EVENT.runsKept
  readonly stream: number
  readonly shard: number
  readonly from: number
  readonly to: number
}

export type RecordEvent = RecordsPut | RecordsPacked | RunsKept

const ENCRYPTED = 1
const LIFETIME_SHIFT = 1
const LIFETIMES = 3
const PUT_BYTES = 24
const RUN_BYTES = 16

export function encodeRecordEvent(event: RecordEvent, writer: ByteWriter): void {
  writer.uint32(event.stream)
  switch (event.kind) {
    // u32 stream │ f64 body id │ u32 bytes of the body │ u32 flags: 1 encrypted, 2 and 4 the lifetime │ u32 runs
    // for each run: u32 shard │ u32 offset │ u32 bytes │ u32 records
    case RECORD_EVENT.recordsPut:
    case RECORD_EVENT.sealedRecordsPut: {
      const { bodyId, bodyBytes, lifetime, isEncrypted, runs } = event
      writer.reserve(PUT_BYTES + runs.length * RUN_BYTES)
      writer.float64(bodyId)
      writer.uint32(bodyBytes)
      writer.uint32((isEncrypted ? ENCRYPTED : 0) | (lifetime << LIFETIME_SHIFT))
      writer.uint32(runs.length)
      for (const { shard, offset, bytes, count } of runs) writer.fourUint32s(shard, offset, bytes, count)
      return
    }
    // u32 stream │ u32 shard │ f64 from │ f64 to │ f64 body id │ u32 bytes │ u32 lifetime
    case RECORD_EVENT.recordsPacked:
      writeRange(writer, event)
      writer.float64(event.bodyId)
      writer.uint32(event.bytes)
      writer.uint32(event.lifetime)
      return
    // u32 stream │ u32 shard │ f64 from │ f64 to
    case RECORD_EVENT.runsKept:
      writeRange(writer, event)
      return
    default:
      event satisfies never
  }
}

/** The event of that kind. */
export function decodeRecordEvent(kind: RecordEvent['kind'], reader: ByteReader): RecordEvent {
  const stream = reader.uint32()
  switch (kind) {
    case RECORD_EVENT.recordsPut:
    case RECORD_EVENT.sealedRecordsPut: {
      const bodyId = reader.float64()
      const bodyBytes = reader.uint32()
      const flags = reader.uint32()
      const lifetime = lifetimeOf(flags >>> LIFETIME_SHIFT)
      const runs: RunPut[] = []
      for (let left = reader.uint32(); left > 0; left--) {
        runs.push({
          shard: reader.uint32(),
          offset: reader.uint32(),
          bytes: reader.uint32(),
          count: reader.uint32(),
        })
      }
      return { kind, stream, bodyId, bodyBytes, lifetime, isEncrypted: (flags & ENCRYPTED) !== 0, runs }
    }
    case RECORD_EVENT.recordsPacked: {
      const range = readRange(reader)
      const chunk = {
        bodyId: reader.float64(),
        bytes: reader.uint32(),
        lifetime: lifetimeOf(reader.uint32()),
      }
      return { kind, stream, ...range, ...chunk }
    }
    case RECORD_EVENT.runsKept:
      return { kind, stream, ...readRange(reader) }
    default:
      return kind satisfies never
  }
}

interface ShardRange {
  readonly shard: number
  readonly from: number
  readonly to: number
}

function writeRange(writer: ByteWriter, { shard, from, to }: ShardRange): void {
  writer.uint32(shard)
  writer.float64(from)
  writer.float64(to)
}

function readRange(reader: ByteReader): ShardRange {
  return { shard: reader.uint32(), from: reader.float64(), to: reader.float64() }
}

function lifetimeOf(value: number): Lifetime {
  return (value & LIFETIMES) as Lifetime
}

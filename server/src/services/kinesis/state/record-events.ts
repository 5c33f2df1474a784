import type { ByteReader } from '../../../base/byte-reader.ts'
import type { ByteWriter } from '../../../base/byte-writer.ts'
import type { Lifetime } from '../../../core/lifetime.ts'
import type { Arrival } from './records/arrival-page.ts'
import { type RunWords, RunWordsWriter, WORDS_PER_RUN } from './records/run-words.ts'
import type { ChunkBody } from './records/shard-records.ts'

/**
 * What can happen to records, as it is journaled. Kinds and layouts are for ever: they are only ever added to. Layouts are fixed and
 * little-endian, drawn at each codec below.
 */
export const RECORD_EVENT = {
  recordsArrived: 0x0344,
  chunkMade: 0x0345,
  runsKept: 0x0342,
  arrivalsPassed: 0x0346,
} as const

/** What earlier builds wrote, which is read as what this one writes. */
export const EARLIER_RECORD_EVENT = {
  recordsPut: 0x0340,
  recordsPacked: 0x0341,
  sealedRecordsPut: 0x0343,
} as const

/** A body of records came to a stream: each of its runs is behind all that its shard has. There is one reference to it. */
export interface RecordsArrived extends Omit<Arrival, 'time'> {
  readonly kind: typeof RECORD_EVENT.recordsArrived
  readonly stream: number
  readonly runs: RunWords
}

/** The oldest runs of a shard that are in no chunk, those with the records from one index on up to before another, are in one. */
export interface ChunkMade extends ChunkBody {
  readonly kind: typeof RECORD_EVENT.chunkMade
  readonly stream: number
  readonly shard: number
  readonly from: number
  readonly to: number
}

/** The oldest runs of a shard that are in no chunk, those with the records from one index on up to before another, are a chunk each, as they are. */
export interface RunsKept {
  readonly kind: typeof RECORD_EVENT.runsKept
  readonly stream: number
  readonly shard: number
  readonly from: number
  readonly to: number
}

/** All records of the oldest arrivals of a stream, those whose bodies have ids up to this, are in chunks. */
export interface ArrivalsPassed {
  readonly kind: typeof RECORD_EVENT.arrivalsPassed
  readonly stream: number
  readonly lastBodyId: number
}

export type RecordEvent = RecordsArrived | ChunkMade | RunsKept | ArrivalsPassed

type AnyKind =
  | (typeof RECORD_EVENT)[keyof typeof RECORD_EVENT]
  | (typeof EARLIER_RECORD_EVENT)[keyof typeof EARLIER_RECORD_EVENT]

const ENCRYPTED = 1
const LIFETIME_SHIFT = 1
const LIFETIMES = 3
const SEALED = 8
const ARRIVED_BYTES = 24
const WORD_BYTES = 4

export function encodeRecordEvent(event: RecordEvent, writer: ByteWriter): void {
  writer.uint32(event.stream)
  switch (event.kind) {
    // u32 stream │ f64 body id │ u32 bytes of the body │ u32 flags: 1 encrypted, 2 and 4 the lifetime, 8 sealed │ u32 runs
    // for each run: two words, see run-words.ts
    case RECORD_EVENT.recordsArrived: {
      const { bodyId, bodyBytes, runs } = event
      writer.reserve(ARRIVED_BYTES + runs.length * WORD_BYTES)
      writer.float64(bodyId)
      writer.uint32(bodyBytes)
      writer.uint32(flagsOf(event) | (event.isEncrypted ? ENCRYPTED : 0))
      writer.uint32(runs.length / WORDS_PER_RUN)
      for (let i = 0; i < runs.length; i++) writer.uint32(runs[i]! >>> 0)
      return
    }
    // u32 stream │ u32 shard │ f64 from │ f64 to │ f64 body id │ u32 bytes │ f64 time of the first record │ u32 flags: 2 and 4 the lifetime, 8 sealed
    case RECORD_EVENT.chunkMade: {
      const { bodyId, bytes, lifetime, origin } = event
      if (origin === null) throw new Error('a chunk is made of runs that are known')
      writeRange(writer, event)
      writer.float64(bodyId)
      writer.uint32(bytes)
      writer.float64(origin.time)
      writer.uint32(flagsOf({ lifetime, isSealed: origin.isSealed }))
      return
    }
    // u32 stream │ u32 shard │ f64 from │ f64 to
    case RECORD_EVENT.runsKept:
      writeRange(writer, event)
      return
    // u32 stream │ f64 body id
    case RECORD_EVENT.arrivalsPassed:
      writer.float64(event.lastBodyId)
      return
    default:
      event satisfies never
  }
}

/** The event of that kind. */
export function decodeRecordEvent(kind: AnyKind, reader: ByteReader): RecordEvent {
  const stream = reader.uint32()
  switch (kind) {
    case RECORD_EVENT.recordsArrived: {
      const body = readBody(reader)
      const runs = Array.from({ length: reader.uint32() * WORDS_PER_RUN }, () => reader.uint32() | 0)
      return { kind, stream, ...body, runs }
    }
    case RECORD_EVENT.chunkMade: {
      const range = readRange(reader)
      const body = { bodyId: reader.float64(), bytes: reader.uint32() }
      const time = reader.float64()
      const flags = reader.uint32()
      const origin = { time, isSealed: (flags & SEALED) !== 0 }
      return { kind, stream, ...range, ...body, lifetime: lifetimeIn(flags), origin }
    }
    case RECORD_EVENT.runsKept:
      return { kind, stream, ...readRange(reader) }
    case RECORD_EVENT.arrivalsPassed:
      return { kind, stream, lastBodyId: reader.float64() }
    // u32 stream │ f64 body id │ u32 bytes of the body │ u32 flags: 1 encrypted, 2 and 4 the lifetime │ u32 runs
    // for each run: u32 shard │ u32 offset │ u32 bytes │ u32 records
    case EARLIER_RECORD_EVENT.recordsPut:
    case EARLIER_RECORD_EVENT.sealedRecordsPut: {
      const body = { ...readBody(reader), isSealed: kind === EARLIER_RECORD_EVENT.sealedRecordsPut }
      const writer = new RunWordsWriter()
      for (let left = reader.uint32(); left > 0; left--) {
        writer.add(reader.uint32(), reader.uint32(), reader.uint32(), reader.uint32())
      }
      writer.end(body.bodyBytes)
      return { kind: RECORD_EVENT.recordsArrived, stream, ...body, runs: writer.words }
    }
    // u32 stream │ u32 shard │ f64 from │ f64 to │ f64 body id │ u32 bytes │ u32 lifetime
    case EARLIER_RECORD_EVENT.recordsPacked: {
      const range = readRange(reader)
      const body = { bodyId: reader.float64(), bytes: reader.uint32() }
      const lifetime = (reader.uint32() & LIFETIMES) as Lifetime
      return { kind: RECORD_EVENT.chunkMade, stream, ...range, ...body, lifetime, origin: null }
    }
    default:
      return kind satisfies never
  }
}

function readBody(reader: ByteReader): Omit<RecordsArrived, 'kind' | 'stream' | 'runs'> {
  const bodyId = reader.float64()
  const bodyBytes = reader.uint32()
  const flags = reader.uint32()
  const kind = { isEncrypted: (flags & ENCRYPTED) !== 0, isSealed: (flags & SEALED) !== 0 }
  return { bodyId, bodyBytes, lifetime: lifetimeIn(flags), ...kind }
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

function flagsOf({ lifetime, isSealed }: Pick<Arrival, 'lifetime' | 'isSealed'>): number {
  return (lifetime << LIFETIME_SHIFT) | (isSealed ? SEALED : 0)
}

function lifetimeIn(flags: number): Lifetime {
  return ((flags >>> LIFETIME_SHIFT) & LIFETIMES) as Lifetime
}

import { Buffer } from 'node:buffer'
import type {
  PutOutcome,
  RecordGroups,
  RecordPosition,
  RecordReplies,
  StreamAddress,
} from '../../src/services/kinesis/commands.ts'
import { RecordReader, recordBytes, writeVarint } from '../../src/services/kinesis/record-format.ts'
import { groupsOf, type RecordGroup } from './record-groups.ts'
import { ORDERS, type StreamLife } from './stream-life.ts'

export interface RecordToPut {
  readonly shard: number
  readonly key: string
  readonly text: string
}

/** A record as a reader gets it. */
export interface ReadRecord {
  readonly index: number
  readonly key: string
  readonly text: string
  readonly time: number
  readonly isEncrypted: boolean
}

interface PutOptions {
  readonly stream?: StreamAddress
  readonly isMetered?: boolean
  readonly map?: number
}

interface ReadOptions {
  readonly stream?: StreamAddress
  readonly limit?: number
  readonly bytesMax?: number
}

/** Puts records as the operations do. */
export function put(life: StreamLife, records: readonly RecordToPut[], options: PutOptions = {}): PutOutcome {
  const { stream = ORDERS, isMetered = false, map = life.ask('getShardMap', { stream }).version } = options
  return life.ask('putRecords', { stream, map, isMetered, ...inGroups(records, isMetered) })
}

/** What a command to put records says of them: those of a shard together, and where throughput is metered each in its own group. */
export function inGroups(
  records: readonly RecordToPut[],
  isMetered: boolean,
): { readonly groups: RecordGroups; readonly bodies: readonly [Uint8Array] } {
  const sorted = [...records].sort((a, b) => a.shard - b.shard)
  const groups: RecordGroup[] = []
  const written = sorted.map((record) => {
    const bytes = encode(record)
    const payloadBytes = Buffer.byteLength(record.key) + Buffer.byteLength(record.text)
    const last = groups.at(-1)
    if (last?.shard === record.shard && !isMetered) {
      const sums = { bytes: last.bytes + bytes.length, payloadBytes: last.payloadBytes + payloadBytes }
      groups[groups.length - 1] = { shard: last.shard, count: last.count + 1, ...sums }
    } else {
      groups.push({ shard: record.shard, count: 1, bytes: bytes.length, payloadBytes })
    }
    return bytes
  })
  return { groups: groupsOf(groups), bodies: [Buffer.concat(written)] }
}

/** One read, as a reader's call comes to the cell. */
export function readSlices(
  life: StreamLife,
  shard: number,
  position: RecordPosition,
  { stream = ORDERS, limit = 100, bytesMax = 1_000_000 }: ReadOptions = {},
): RecordReplies['readRecords'] {
  const start = { type: 'latest' } as const
  const { streamNumber } = life.ask('findPosition', { stream, shard, start })
  const wanted = { limit, bytesMax, waitMs: 0, isMetered: false }
  return life.ask('readRecords', { stream, streamNumber, shard, position, ...wanted })
}

/** All that a reader gets from a position on, call after call, until it is at the shard's tip. */
export async function readAll(
  life: StreamLife,
  shard: number,
  position: RecordPosition = { index: 1, since: 0 },
  options: ReadOptions = {},
): Promise<readonly ReadRecord[]> {
  const found: ReadRecord[] = []
  for (let { index } = position; ; ) {
    const reply = readSlices(life, shard, { ...position, index }, options)
    const page = await recordsIn(reply, { ...position, index })
    found.push(...page.records)
    index = page.next
    if (index >= reply.tip || reply.slices.length === 0) return found
  }
}

/** The records of a read from the position on that are there, and where the next read begins. */
export async function recordsIn(
  { slices, bodies, trimmedBefore }: RecordReplies['readRecords'],
  { index: from, since }: RecordPosition,
): Promise<{ readonly records: readonly ReadRecord[]; readonly next: number }> {
  const records: ReadRecord[] = []
  const contents = await bodies
  let index = from
  for (const [i, slice] of slices.entries()) {
    const body = contents[i]
    index = Math.max(index, slice.firstIndex)
    if (body !== null && body !== undefined) {
      const reader = new RecordReader(body, slice)
      reader.skip(index - slice.firstIndex)
      for (; reader.next(); index++) {
        const { partitionKey: key, data, time, isEncrypted } = reader
        if (time < trimmedBefore || time < since) continue
        records.push({ index, key, text: Buffer.from(data).toString(), time, isEncrypted })
      }
    }
    index = slice.firstIndex + slice.count
  }
  return { records, next: index }
}

function encode({ key, text }: RecordToPut): Uint8Array {
  const [keyBytes, data] = [Buffer.from(key), Buffer.from(text)]
  const bytes = new Uint8Array(recordBytes(keyBytes.length, data.length))
  const at = writeVarint(bytes, writeVarint(bytes, 0, keyBytes.length), data.length)
  bytes.set(keyBytes, at)
  bytes.set(data, at + keyBytes.length)
  return bytes
}

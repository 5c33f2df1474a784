import { Buffer } from 'node:buffer'
import type { PutRecordsRequestEntry } from '../../api/generated/kinesis.ts'
import type { HashKey } from './commands.ts'
import { invalidArgument } from './errors.ts'
import { parseHashKey } from './hash-key.ts'
import { PUT_BYTES_MAX } from './limits.ts'
import { RecordReader, recordBytes, writeVarint } from './record-format.ts'

/**
 * A request's records in its order, as they are stored: one run, if one shard gets all of them. There is no object for a single one, of
 * which there may be a hundred thousand a second.
 */
export interface PackedRecords {
  readonly count: number
  /** Nobody else's: they are put into another order where they are. */
  readonly bytes: Uint8Array
  /** Bytes of data and partition keys: of all, and of the record that has most. */
  readonly payloadBytes: number
  readonly largest: number
  /** Those that clients gave; null where none did. */
  readonly hashKeys: readonly (HashKey | null)[] | null
}

const KIB = 1024
/** Up to so many characters a loop is quicker than a call out of the virtual machine. */
const COPIED_CHARACTERS_MAX = 64

/** Refuses records that are too much for one request, and hash keys that are none. */
export function packRecords(records: readonly PutRecordsRequestEntry[]): PackedRecords {
  const count = records.length
  const keyBytes = new Array<number>(count)
  let [largest, payloadBytes, length] = [0, 0, 0]
  let hasHashKeys = false
  for (let i = 0; i < count; i++) {
    const { PartitionKey, Data, ExplicitHashKey } = records[i]!
    keyBytes[i] = Buffer.byteLength(PartitionKey)
    const payload = keyBytes[i]! + Data.length
    if (payload > largest) largest = payload
    payloadBytes += payload
    length += recordBytes(keyBytes[i]!, Data.length)
    if (ExplicitHashKey !== undefined) hasHashKeys = true
  }
  // Of one record alone it's told that the record is too large.
  if (payloadBytes > PUT_BYTES_MAX && count > 1) {
    throw invalidArgument(`Records size exceeds ${PUT_BYTES_MAX / KIB / KIB} MB limit`)
  }
  const hashKeys = hasHashKeys ? records.map(hashKeyOf) : null
  const bytes = Buffer.allocUnsafe(length)
  let end = 0
  for (let i = 0; i < count; i++) {
    const { PartitionKey, Data } = records[i]!
    end = writeRecord(bytes, end, PartitionKey, keyBytes[i]!, Data)
  }
  return { count, bytes, payloadBytes, largest, hashKeys }
}

/** Whether all records go to the same shard, as far as the first two tell: whoever puts records in order gives all of a request one key. Not of one record alone. */
export function areOfOneKey(records: PackedRecords): boolean {
  if (records.count < 2) return false
  if (records.hashKeys !== null)
    return records.hashKeys[0] === records.hashKeys[1] && records.hashKeys[0] !== null
  const reader = readPacked(records)
  reader.next()
  const first = records.bytes.subarray(reader.keyAt, reader.dataAt)
  reader.next()
  return Buffer.compare(first, records.bytes.subarray(reader.keyAt, reader.dataAt)) === 0
}

/** As if one request had brought them all. Where they lie one behind the other in memory, as those do that were read one after the other, nothing is copied. */
export function joinRecords(parts: readonly PackedRecords[]): PackedRecords {
  let [count, payloadBytes, largest] = [0, 0, 0]
  for (const part of parts) {
    count += part.count
    payloadBytes += part.payloadBytes
    largest = Math.max(largest, part.largest)
  }
  const hashKeys = parts.some((part) => part.hashKeys !== null)
    ? parts.flatMap((part) => part.hashKeys ?? new Array<null>(part.count).fill(null))
    : null
  return { count, bytes: joinBytes(parts), payloadBytes, largest, hashKeys }
}

function joinBytes(parts: readonly PackedRecords[]): Uint8Array {
  const { buffer, byteOffset } = parts[0]!.bytes
  let end = byteOffset
  let isOnePiece = true
  for (const { bytes } of parts) {
    isOnePiece &&= bytes.buffer === buffer && bytes.byteOffset === end
    end += bytes.length
  }
  return isOnePiece
    ? new Uint8Array(buffer, byteOffset, end - byteOffset)
    : Buffer.concat(parts.map(({ bytes }) => bytes))
}

/** Goes through the records. */
export function readPacked({ bytes, count }: PackedRecords): RecordReader {
  const place = { offset: 0, bytes: bytes.length, count, time: 0, isPacked: false, isEncrypted: false }
  return new RecordReader(bytes, place)
}

function hashKeyOf({ ExplicitHashKey }: PutRecordsRequestEntry): HashKey | null {
  if (ExplicitHashKey === undefined) return null
  const hashKey = parseHashKey(ExplicitHashKey)
  if (hashKey !== null) return hashKey
  throw invalidArgument(
    `Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified value was ${ExplicitHashKey}`,
  )
}

/** Returns where the record ends. */
function writeRecord(body: Buffer, at: number, key: string, keyBytes: number, data: Uint8Array): number {
  const keyAt = writeVarint(body, writeVarint(body, at, keyBytes), data.length)
  if (keyBytes === key.length && keyBytes <= COPIED_CHARACTERS_MAX) {
    for (let i = 0; i < keyBytes; i++) body[keyAt + i] = key.charCodeAt(i)
  } else {
    body.write(key, keyAt, 'utf8')
  }
  body.set(data, keyAt + keyBytes)
  return keyAt + keyBytes + data.length
}

import { Buffer } from 'node:buffer'
import type { PackedRecords } from '../../src/services/kinesis/packed-records.ts'

/** The records of requests, each behind the one before it, as what is read one after the other lies in memory. */
export function layTogether(requests: readonly PackedRecords[]): readonly PackedRecords[] {
  const memory = Buffer.concat(requests.map(({ bytes }) => bytes))
  let end = 0
  return requests.map((records) => {
    const start = end
    end += records.bytes.length
    return { ...records, bytes: memory.subarray(start, end) }
  })
}

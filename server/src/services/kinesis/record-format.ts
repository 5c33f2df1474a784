/**
 * Records as they are stored, those of one shard one after the other:
 *
 * ```
 *   record     varint bytes of the partition key │ varint bytes of the data │ partition key, UTF-8 │ data
 *   run        record │ record │ …                          all arrived at the same time, which the shard knows
 *   chunk      varint runs │ for each run: varint records, varint ms since the run before, varint bytes, u8 flags │ run │ run │ …
 * ```
 *
 * A varint is seven bits a byte, the lowest first, with the eighth set where more follow. Flag 1: the stream was encrypted with a
 * key of its own when the records arrived. docs/formats/records.md draws it.
 */
export interface StoredRecord {
  readonly partitionKey: string
  readonly data: Uint8Array
  /** When it arrived, in milliseconds since the epoch. */
  readonly time: number
  readonly isEncrypted: boolean
}

/** Bytes that a record takes. */
export function recordBytes(keyBytes: number, dataBytes: number): number {
  return varintBytes(keyBytes) + varintBytes(dataBytes) + keyBytes + dataBytes
}

export function varintBytes(value: number): number {
  let bytes = 1
  for (let rest = value; rest > 127; rest = Math.floor(rest / 128)) bytes++
  return bytes
}

/** Writes a varint at `at` and returns where it ends. */
export function writeVarint(bytes: Uint8Array, at: number, value: number): number {
  let rest = value
  let end = at
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes[end++] = (rest % 128) + 128
  bytes[end++] = rest
  return end
}

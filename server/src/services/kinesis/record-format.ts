import { Buffer } from 'node:buffer'
import { ByteSlabs } from '../../base/byte-slabs.ts'

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
 * key of its own when the records arrived; 2: the run is sealed, as `core/sealed-body.ts` has it, and is to be opened first.
 * docs/formats/records.md draws it.
 */
export interface StoredRecord {
  readonly partitionKey: string
  readonly data: Uint8Array
  /** When it arrived, in milliseconds since the epoch. */
  readonly time: number
  readonly isEncrypted: boolean
}

/** Where records of one shard lie in a body: a run, or a chunk. `RecordSlice` of commands.ts is one. */
export interface PlacedRecords {
  readonly offset: number
  readonly bytes: number
  readonly count: number
  /** When the first record arrived, in milliseconds since the epoch. */
  readonly time: number
  readonly isPacked: boolean
  /** Of a run; each run of a chunk says it for itself. */
  readonly isEncrypted: boolean
}

/** A run that is to go into a chunk, and where it lies in its body. */
export interface RunToPack {
  readonly offset: number
  readonly bytes: number
  readonly count: number
  readonly time: number
  readonly isEncrypted: boolean
  readonly isSealed: boolean
}

const ENCRYPTED = 1
const SEALED = 2
/** Seven bits each: more than any length, and than any time between two runs. */
const VARINT_BYTES_MAX = 7

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

/** What runs take that are to go into one chunk, told of each in turn, the oldest first. */
export class ChunkSize {
  runs = 0
  recordsBytes = 0
  /** When the first run arrived. */
  firstTime = 0
  #headBytes = 0
  #lastTime = 0

  add({ bytes, count, time }: Pick<RunToPack, 'bytes' | 'count' | 'time'>): void {
    if (this.runs === 0) {
      this.firstTime = time
      this.#lastTime = time
    }
    this.#headBytes += varintBytes(count) + varintBytes(time - this.#lastTime) + varintBytes(bytes) + 1
    this.recordsBytes += bytes
    this.#lastTime = time
    this.runs++
  }

  get headBytes(): number {
    return varintBytes(this.runs) + this.#headBytes
  }
}

/** Chunks live until they are written. */
const slabs = new ByteSlabs()

/** Writes into one chunk the runs that it was measured for, in the same order. */
export class ChunkWriter {
  /** Whole when all runs are in it. */
  readonly chunk: Uint8Array
  #head: number
  #at: number
  #time: number

  constructor({ runs, headBytes, recordsBytes, firstTime }: ChunkSize) {
    this.chunk = slabs.take(headBytes + recordsBytes)
    this.#head = writeVarint(this.chunk, 0, runs)
    this.#at = headBytes
    this.#time = firstTime
  }

  /** The run lies in `body`. */
  add({ offset, bytes, count, time, isEncrypted, isSealed }: RunToPack, body: Uint8Array): void {
    const { chunk } = this
    let head = writeVarint(chunk, this.#head, count)
    head = writeVarint(chunk, head, time - this.#time)
    head = writeVarint(chunk, head, bytes)
    chunk[head++] = (isEncrypted ? ENCRYPTED : 0) | (isSealed ? SEALED : 0)
    chunk.set(body.subarray(offset, offset + bytes), this.#at)
    this.#head = head
    this.#at += bytes
    this.#time = time
  }
}

/** Writes runs, the oldest first, into one chunk; `bodies` has the body of each. */
export function writeChunk(runs: readonly RunToPack[], bodies: readonly Uint8Array[]): Uint8Array {
  const size = new ChunkSize()
  for (const run of runs) size.add(run)
  const writer = new ChunkWriter(size)
  for (let i = 0; i < runs.length; i++) writer.add(runs[i]!, bodies[i]!)
  return writer.chunk
}

/** The runs of a chunk, the oldest first, as they lie in its body. */
export function runsOfChunk(
  body: Uint8Array,
  { offset, bytes, time: firstTime }: PlacedRecords,
): readonly RunToPack[] {
  const heads = new Varints(body, offset, offset + bytes)
  const runs: { -readonly [Member in keyof RunToPack]: RunToPack[Member] }[] = []
  let time = firstTime
  for (let left = heads.next(); left > 0; left--) {
    const count = heads.next()
    time += heads.next()
    const length = heads.next()
    const flags = body[heads.at]!
    heads.pass(1)
    const kind = { isEncrypted: (flags & ENCRYPTED) !== 0, isSealed: (flags & SEALED) !== 0 }
    runs.push({ offset: 0, bytes: length, count, time, ...kind })
  }
  let at = heads.at
  for (const run of runs) {
    run.offset = at
    at += run.bytes
  }
  if (at !== offset + bytes) throw new Error(`the runs of a chunk end ${offset + bytes - at} bytes early`)
  return runs
}

/**
 * Reads records one after the other, and is each of them in turn:
 *
 * ```
 *   const reader = new RecordReader(body, slice)
 *   reader.skip(3)
 *   while (reader.next()) … reader.partitionKey, reader.data, reader.time …
 * ```
 *
 * Nothing is copied or made for a record but what is asked for. Throws where the bytes aren't what they are said to be: that's
 * a defect, since the journal has checked them already.
 */
export class RecordReader implements StoredRecord {
  /** That of the present record, or of the one that comes next. */
  time: number
  isEncrypted: boolean
  /** Where the present record's partition key and data lie in the body. */
  keyAt = 0
  dataAt = 0
  dataEnd = 0
  readonly #bytes: Buffer
  /** At the present run's next record, up to the run's end. */
  readonly #records: Varints
  #recordsLeft: number
  /** At the next run's head, up to the end of the heads. Null without. */
  readonly #heads: Varints | null
  #runsLeft = 0

  constructor(body: Uint8Array, slice: PlacedRecords) {
    const { offset, bytes, count, time, isPacked, isEncrypted } = slice
    if (offset + bytes > body.length)
      throw new Error(`records end at ${offset + bytes} of ${body.length} bytes`)
    this.#bytes = Buffer.from(body.buffer, body.byteOffset, body.length)
    this.time = time
    this.isEncrypted = isEncrypted
    this.#records = new Varints(body, offset, offset + bytes)
    this.#recordsLeft = count
    this.#heads = isPacked ? this.#findHeads(body, count) : null
  }

  get partitionKey(): string {
    return this.#bytes.toString('utf8', this.keyAt, this.dataAt)
  }

  /** A view of the body. */
  get data(): Uint8Array {
    return this.#bytes.subarray(this.dataAt, this.dataEnd)
  }

  /** Goes on to the next record; false where there is none. */
  next(): boolean {
    while (this.#recordsLeft === 0) if (!this.#nextRun()) return false
    const records = this.#records
    const keyBytes = records.next()
    const dataBytes = records.next()
    this.keyAt = records.at
    this.dataAt = this.keyAt + keyBytes
    this.dataEnd = this.dataAt + dataBytes
    records.pass(keyBytes + dataBytes)
    this.#recordsLeft--
    return true
  }

  /** Passes over so many of the records that follow, or all where there are fewer. */
  skip(count: number): void {
    let left = count
    while (left >= this.#recordsLeft) {
      left -= this.#recordsLeft
      this.#records.at = this.#records.end
      this.#recordsLeft = 0
      if (!this.#nextRun()) return
    }
    for (; left > 0; left--) this.next()
  }

  /** Leaves the reader before the first run. */
  #findHeads(body: Uint8Array, count: number): Varints {
    const all = this.#records
    this.#runsLeft = all.next()
    const heads = new Varints(body, all.at, all.end)
    let [records, bytes] = [0, 0]
    for (let run = 0; run < this.#runsLeft; run++) {
      records += all.next()
      all.next()
      bytes += all.next()
      all.pass(1)
    }
    heads.end = all.at
    if (records !== count || bytes !== all.end - all.at) {
      throw new Error(
        `a chunk of ${count} records says it has ${records} in ${bytes} of ${all.end - all.at} bytes`,
      )
    }
    all.end = all.at
    this.#recordsLeft = 0
    return heads
  }

  #nextRun(): boolean {
    const records = this.#records
    if (records.at !== records.end)
      throw new Error(`${records.end - records.at} bytes behind the last record`)
    const heads = this.#heads
    if (heads === null || this.#runsLeft === 0) return false
    this.#runsLeft--
    this.#recordsLeft = heads.next()
    this.time += heads.next()
    records.end = records.at + heads.next()
    const flags = this.#bytes[heads.at]!
    if ((flags & SEALED) !== 0) throw new Error('sealed records are read before they were opened')
    this.isEncrypted = (flags & ENCRYPTED) !== 0
    heads.pass(1)
    return true
  }
}

/** Numbers that lie in a part of some bytes, and what lies between them. */
class Varints {
  at: number
  end: number
  readonly #bytes: Uint8Array

  constructor(bytes: Uint8Array, at: number, end: number) {
    this.#bytes = bytes
    this.at = at
    this.end = end
  }

  next(): number {
    let value = 0
    let scale = 1
    for (let i = 0; i < VARINT_BYTES_MAX && this.at < this.end; i++, scale *= 128) {
      const byte = this.#bytes[this.at++]!
      value += (byte & 127) * scale
      if (byte < 128) return value
    }
    throw new Error('stored records end within a number')
  }

  pass(bytes: number): void {
    this.at += bytes
    if (this.at > this.end) throw new Error(`stored records end ${this.at - this.end} bytes early`)
  }
}

import type { Record as RecordOut } from '../../api/generated/kinesis.ts'
import type { Bodies } from '../../core/service-state.ts'
import type { RecordPosition, RecordSlices } from './commands.ts'
import { RecordReader } from './record-format.ts'
import {
  SEQUENCE_NUMBER_DIGITS,
  SequenceNumberCursor,
  SequenceNumberWriter,
  type ShardOrigin,
  secondOf,
} from './sequence-number.ts'

/** Records as clients get them, and where their reader has come to. */
export interface TakenRecords {
  readonly records: readonly RecordOut[]
  readonly next: RecordPosition
  /** When the last record arrived that was taken or passed over, in milliseconds since the epoch; null without. */
  readonly lastTime: number | null
  /** How far behind the shard's tip the reader is. */
  readonly millisBehind: number
  /** Nothing comes any more: the shard is closed, and all was read. */
  readonly isAtEnd: boolean
}

/** How much is wanted: records, and bytes of data and partition keys. One record is taken however large it is. */
export interface Wanted {
  readonly limit: number
  readonly bytesMax: number
}

/**
 * Takes the records from a position on out of what a read found: not those that arrived before the position's time, nor those that
 * the stream keeps no longer. What is lost is passed over.
 */
export function takeRecords(
  found: RecordSlices,
  bodies: Bodies,
  shard: ShardOrigin,
  position: RecordPosition,
  wanted: Wanted,
): TakenRecords {
  const taking = new Taking(found, shard, position, wanted)
  let isFull = false
  for (let i = 0; i < found.slices.length && !isFull; i++) isFull = taking.takeFrom(i, bodies[i] ?? null)
  // Nothing lies between the last slice and the tip only where none was found.
  if (found.slices.length === 0) taking.index = found.tip
  const { index, lastTime } = taking
  const isAtTip = index >= found.tip
  return {
    records: taking.finish(),
    next: { index, since: position.since },
    lastTime,
    millisBehind: isAtTip || lastTime === null ? 0 : Math.max(0, found.now - lastTime),
    isAtEnd: isAtTip && found.children !== null,
  }
}

/** A record whose sequence number is yet to come: those of all are made together. */
type Unnumbered = { -readonly [Member in keyof RecordOut]: RecordOut[Member] }

class Taking {
  /** Of the next record. */
  index: number
  lastTime: number | null = null
  readonly #found: RecordSlices
  readonly #wanted: Wanted
  /** Records that arrived before are passed over. */
  readonly #notBefore: number
  readonly #records: Unnumbered[] = []
  readonly #cursor: SequenceNumberCursor
  readonly #numbers: SequenceNumberWriter
  #bytes = 0

  constructor(found: RecordSlices, shard: ShardOrigin, position: RecordPosition, wanted: Wanted) {
    this.index = position.index
    this.#found = found
    this.#wanted = wanted
    this.#notBefore = Math.max(found.trimmedBefore, position.since)
    const there = found.slices.reduce((sum, { count }) => sum + count, 0)
    this.#cursor = new SequenceNumberCursor(shard)
    this.#numbers = new SequenceNumberWriter(Math.min(wanted.limit, there))
  }

  /** True once there is as much as is wanted. */
  takeFrom(slice: number, body: Uint8Array | null): boolean {
    const place = this.#found.slices[slice]!
    const { firstIndex, count } = place
    if (body === null) {
      this.#passTo(firstIndex + count, place.time)
      return false
    }
    const reader = new RecordReader(body, place)
    if (firstIndex < this.index) reader.skip(this.index - firstIndex)
    else this.index = firstIndex
    while (reader.next()) {
      if (reader.time >= this.#notBefore && !this.#take(reader)) return true
      this.#passTo(this.index + 1, reader.time)
    }
    return false
  }

  finish(): readonly RecordOut[] {
    const texts = this.#numbers.read()
    const records = this.#records
    for (let i = 0, at = 0; i < records.length; i++, at += SEQUENCE_NUMBER_DIGITS) {
      records[i]!.SequenceNumber = texts.slice(at, at + SEQUENCE_NUMBER_DIGITS)
    }
    return records
  }

  /** False where the record is more than is wanted. */
  #take(reader: RecordReader): boolean {
    const bytes = reader.dataEnd - reader.keyAt
    const taken = this.#records.length
    if (taken === this.#wanted.limit || (taken > 0 && this.#bytes + bytes > this.#wanted.bytesMax))
      return false
    this.#bytes += bytes
    const record: Unnumbered = {
      SequenceNumber: '',
      ApproximateArrivalTimestamp: reader.time,
      Data: reader.data,
      PartitionKey: reader.partitionKey,
    }
    if (reader.isEncrypted) record.EncryptionType = 'KMS'
    this.#records.push(record)
    this.#cursor.moveTo(this.index, secondOf(reader.time))
    this.#numbers.write(this.#cursor)
    return true
  }

  #passTo(index: number, time: number): void {
    if (index > this.index) this.index = index
    this.lastTime = time
  }
}

import { crc32 } from 'node:zlib'
import { JournalError } from '../../journal/journal.ts'
import { readUint53, writeUint53 } from '../../journal/uint53.ts'
import type { Disk } from './disk.ts'
import { LOSSES_FILE } from './file-names.ts'
import { readWholeFile, writeNewFile } from './whole-file.ts'

/**
 * Bodies that a repair wrote off, in `accepted.losses`. All numbers are little-endian.
 *
 * ```
 *     0  8  magic "MRLOSSES"
 *     8  4  number of ranges
 *    12  4  CRC32 of the ranges
 *    16     ranges, 16 bytes each, ascending: 8 first body id, 8 last body id
 * ```
 *
 * What refers to such a body stays: reading it says that it is lost (`BodiesLostError`), so that whoever refers to it can let
 * go of it. Without this file a journal that misses a body would not open at all.
 */
const MAGIC = new TextEncoder().encode('MRLOSSES')
const HEAD_BYTES = 16
const RANGE_BYTES = 16

/** Both ends are included. */
export interface IdRange {
  readonly first: number
  readonly last: number
}

export class Losses {
  readonly ranges: readonly IdRange[]

  constructor(ranges: readonly IdRange[]) {
    this.ranges = mergeRanges(ranges)
  }

  has(bodyId: number): boolean {
    return this.ranges.some(({ first, last }) => first <= bodyId && bodyId <= last)
  }

  hasAll(range: IdRange): boolean {
    return this.ranges.some(({ first, last }) => first <= range.first && range.last <= last)
  }
}

/** Rejects with `JournalError` if the file is there and is not what was written. */
export async function readLosses(disk: Disk, names: readonly string[]): Promise<Losses> {
  if (!names.includes(LOSSES_FILE)) return new Losses([])
  const bytes = await readWholeFile(disk, LOSSES_FILE)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const whole =
    bytes.length >= HEAD_BYTES &&
    MAGIC.every((byte, i) => bytes[i] === byte) &&
    bytes.length === HEAD_BYTES + view.getUint32(8, true) * RANGE_BYTES &&
    crc32(bytes.subarray(HEAD_BYTES)) === view.getUint32(12, true)
  if (!whole) throw new JournalError(`${LOSSES_FILE} is corrupt: run \`millrace journal repair\``)
  const ranges: IdRange[] = []
  for (let at = HEAD_BYTES; at < bytes.length; at += RANGE_BYTES) {
    ranges.push({ first: readUint53(view, at), last: readUint53(view, at + 8) })
  }
  return new Losses(ranges)
}

/** Durable when it resolves. */
export async function writeLosses(disk: Disk, losses: Losses): Promise<void> {
  const bytes = new Uint8Array(HEAD_BYTES + losses.ranges.length * RANGE_BYTES)
  const view = new DataView(bytes.buffer)
  bytes.set(MAGIC, 0)
  view.setUint32(8, losses.ranges.length, true)
  losses.ranges.forEach(({ first, last }, i) => {
    writeUint53(view, HEAD_BYTES + i * RANGE_BYTES, first)
    writeUint53(view, HEAD_BYTES + i * RANGE_BYTES + 8, last)
  })
  view.setUint32(12, crc32(bytes.subarray(HEAD_BYTES)), true)
  await writeNewFile(disk, LOSSES_FILE, [bytes])
}

function mergeRanges(ranges: readonly IdRange[]): IdRange[] {
  const merged: IdRange[] = []
  for (const range of ranges.toSorted((a, b) => a.first - b.first)) {
    const before = merged.at(-1)
    if (before === undefined || range.first > before.last + 1) merged.push(range)
    else merged[merged.length - 1] = { first: before.first, last: Math.max(before.last, range.last) }
  }
  return merged
}

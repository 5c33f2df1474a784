import assert from 'node:assert/strict'
import { readUint53, writeUint53 } from '../../journal/uint53.ts'

/**
 * One entry, little-endian:
 *
 * ```
 *    0   4  unit
 *    4   4  length of its bytes
 *    8   8  frame of the snapshot file that has them: this one or an older one
 *   16   8  offset in that file
 *   24   4  CRC32 of the bytes
 *   28   4  zeros
 * ```
 */
export const ENTRY_BYTES = 32

/** Where the bytes of one unit lie. */
export interface UnitPlace {
  readonly unit: number
  readonly frame: number
  readonly offset: number
  readonly length: number
  readonly checksum: number
}

/** What a directory needs of one snapshot file. */
export interface FileUse {
  /** Of all units that lie there. */
  readonly bytes: number
  /** Where the last of them ends. */
  readonly end: number
}

const NO_ROW = -1

/**
 * Where each unit of a snapshot lies: about 40 bytes a unit, in typed arrays, so that 100,000 units neither weigh much nor
 * give the garbage collector work. Entries stand in the order they were added.
 */
export class SnapshotDirectory {
  #rows = 0
  #units: Uint32Array
  #frames: Float64Array
  #offsets: Float64Array
  #lengths: Uint32Array
  #checksums: Uint32Array
  /** Open-addressed: row + 1, or 0. A power of two, at most half full. */
  #slots: Int32Array
  readonly #files = new Map<number, FileUse>()
  #bytes = 0

  /** `expected` units have room without growing, which takes a moment for many. */
  constructor(expected: number) {
    const capacity = Math.max(64, expected)
    this.#units = new Uint32Array(capacity)
    this.#frames = new Float64Array(capacity)
    this.#offsets = new Float64Array(capacity)
    this.#lengths = new Uint32Array(capacity)
    this.#checksums = new Uint32Array(capacity)
    this.#slots = new Int32Array(slotsFor(capacity))
  }

  get rows(): number {
    return this.#rows
  }

  /** The length of all units together. */
  get bytes(): number {
    return this.#bytes
  }

  /** Each file that has units of this snapshot, by its frame. */
  get files(): ReadonlyMap<number, FileUse> {
    return this.#files
  }

  /** Adds an entry; false if the unit has one already. */
  add(place: UnitPlace): boolean {
    const { unit, frame, offset, length, checksum } = place
    assert(Number.isInteger(unit) && unit >= 0 && unit < 2 ** 32, 'a unit is a 32-bit number')
    const slot = this.#slotOf(unit)
    if (this.#slots[slot] !== 0) return false
    const row = this.#rows
    if (row === this.#units.length) {
      this.#grow()
      return this.add(place)
    }
    this.#slots[slot] = row + 1
    this.#units[row] = unit
    this.#frames[row] = frame
    this.#offsets[row] = offset
    this.#lengths[row] = length
    this.#checksums[row] = checksum
    this.#rows++
    this.#bytes += length
    const use = this.#files.get(frame)
    const end = offset + length
    this.#files.set(frame, { bytes: (use?.bytes ?? 0) + length, end: Math.max(use?.end ?? 0, end) })
    return true
  }

  find(unit: number): UnitPlace | null {
    const row = this.#slots[this.#slotOf(unit)]! - 1
    return row === NO_ROW ? null : this.at(row)
  }

  at(row: number): UnitPlace {
    assert(row < this.#rows, 'the row exists')
    return {
      unit: this.#units[row]!,
      frame: this.#frames[row]!,
      offset: this.#offsets[row]!,
      length: this.#lengths[row]!,
      checksum: this.#checksums[row]!,
    }
  }

  /** The rows of all units that lie in one file, by their offset. */
  rowsIn(frame: number): Uint32Array {
    const rows = new Uint32Array(this.#rows)
    let count = 0
    let ordered = true
    let last = 0
    for (let row = 0; row < this.#rows; row++) {
      if (this.#frames[row] !== frame) continue
      const offset = this.#offsets[row]!
      ordered &&= offset >= last
      last = offset
      rows[count++] = row
    }
    const found = rows.slice(0, count)
    return ordered ? found : found.sort((a, b) => this.#offsets[a]! - this.#offsets[b]!)
  }

  /** The entries of the rows from `first` up to, not including, `end`, as they stand in a file. */
  encode(first: number, end: number): Uint8Array {
    const bytes = new Uint8Array((end - first) * ENTRY_BYTES)
    const view = new DataView(bytes.buffer)
    for (let row = first; row < end; row++) {
      const at = (row - first) * ENTRY_BYTES
      view.setUint32(at, this.#units[row]!, true)
      view.setUint32(at + 4, this.#lengths[row]!, true)
      writeUint53(view, at + 8, this.#frames[row]!)
      writeUint53(view, at + 16, this.#offsets[row]!)
      view.setUint32(at + 24, this.#checksums[row]!, true)
    }
    return bytes
  }

  #slotOf(unit: number): number {
    const mask = this.#slots.length - 1
    let slot = (Math.imul(unit, 0x9e3779b1) >>> 8) & mask
    for (;;) {
      const row = this.#slots[slot]! - 1
      if (row === NO_ROW || this.#units[row] === unit) return slot
      slot = (slot + 1) & mask
    }
  }

  #grow(): void {
    const capacity = this.#units.length * 2
    this.#units = copied(this.#units, new Uint32Array(capacity))
    this.#frames = copied(this.#frames, new Float64Array(capacity))
    this.#offsets = copied(this.#offsets, new Float64Array(capacity))
    this.#lengths = copied(this.#lengths, new Uint32Array(capacity))
    this.#checksums = copied(this.#checksums, new Uint32Array(capacity))
    this.#slots = new Int32Array(slotsFor(capacity))
    for (let row = 0; row < this.#rows; row++) this.#slots[this.#slotOf(this.#units[row]!)] = row + 1
  }
}

/** The entries that `encode` wrote; `bytes` is a whole number of them. */
export function* decodeEntries(bytes: Uint8Array): Generator<UnitPlace> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let at = 0; at < bytes.length; at += ENTRY_BYTES) {
    yield {
      unit: view.getUint32(at, true),
      length: view.getUint32(at + 4, true),
      frame: readUint53(view, at + 8),
      offset: readUint53(view, at + 16),
      checksum: view.getUint32(at + 24, true),
    }
  }
}

function slotsFor(capacity: number): number {
  return 2 ** Math.ceil(Math.log2(capacity * 2))
}

function copied<T extends Uint32Array | Float64Array>(from: T, to: T): T {
  to.set(from)
  return to
}

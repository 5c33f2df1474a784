import { KEY_WORDS, keyHash } from './key.ts'

/**
 * Finds entries, numbered from 1, by their hash: 32 bits, evenly spread. The hash stands beside the entry, so that a search reads
 * one place in memory, and goes to the entries only where the hash is the same.
 *
 * ```
 *   directory   by the hash's leading bits, as many as the deepest table has      (extendible hashing: Fagin et al. 1979)
 *      │  │  └──▶ table   places of (hash, entry), 0 for none: the first free one from the hash's last bits on
 *      └──┴─────▶ table   of which the hashes share fewer leading bits: it's there several times
 * ```
 *
 * A table that is full becomes twice as large, or two tables when it is as large as they get: so no insertion pays for more than one
 * table of 32 KiB, however many entries there are. What is removed leaves nothing behind. Takes 11 to 22 bytes for an entry.
 * Not part of snapshots: it is rebuilt from the entries.
 */
const PLACES_MIN = 16
const PLACES_MAX = 4096
/** How full a table gets, and how empty before it is made smaller. */
const LOAD_MAX = 0.75
const LOAD_MIN = 0.15
/** Tables are not told apart by more bits: hashes that share so many were sought out. Theirs grow as they must. */
const DEPTH_MAX = 16

export class HashIndex {
  /** Means nothing. Were what `lookAhead` reads not kept, it would not be read at all. */
  readAhead = 0
  #directory: Table[] = [new Table(PLACES_MIN, 0)]
  /** Leading bits of a hash by which the directory goes. Never fewer again: a million entries need nine, which is 4 KiB. */
  #depth = 0
  #size = 0
  // The search under way.
  #words: Int32Array = NOTHING
  #hash = 0
  #at = 0

  get size(): number {
    return this.#size
  }

  /** The entry with this hash that was added first, 0 for none; `next` gives the others. */
  first(hash: number): number {
    const { words } = this.#tableOf(hash)
    return this.#search(words, hash | 0, homeOf(hash, words))
  }

  /** Of the entries with the hash that `first` found one of, the one that was added next; 0 for none. None may come or go in between. */
  next(): number {
    return this.#search(this.#words, this.#hash, this.#at)
  }

  /** Most searches find nothing, and leave nothing behind. */
  #search(words: Int32Array, hash: number, from: number): number {
    const mask = words.length - 1
    for (let at = from; ; at = (at + 2) & mask) {
      const entry = words[at + 1]!
      if (entry === 0) return 0
      if (words[at] !== hash) continue
      this.#words = words
      this.#hash = hash
      this.#at = (at + 2) & mask
      return entry
    }
  }

  /**
   * Reads where the hash of each of the keys will be looked for, so that the processor fetches all of these from memory at the same time, and
   * not one after the other as they are come upon.
   */
  lookAhead(keys: Uint32Array): void {
    let read = 0
    for (let at = 0; at < keys.length; at += KEY_WORDS) {
      const hash = keyHash(keys, at)
      const { words } = this.#tableOf(hash)
      read ^= words[homeOf(hash, words)]!
    }
    this.readAhead = read
  }

  add(hash: number, entry: number): void {
    const table = this.#tableOf(hash)
    this.#size++
    if (table.put(hash, entry)) this.#enlarge(table, hash)
  }

  /** Takes an entry out, which must be in. */
  remove(hash: number, entry: number): void {
    const table = this.#tableOf(hash)
    this.#size--
    if (table.remove(hash, entry)) this.#reduce(table, hash)
  }

  #tableOf(hash: number): Table {
    return this.#directory[leadingBits(hash, this.#depth)]!
  }

  #enlarge(table: Table, hash: number): void {
    const { places, depth } = table
    if (places < PLACES_MAX || depth === DEPTH_MAX) {
      const larger = new Table(places * 2, depth)
      table.pourInto(larger, larger)
      this.#replace(larger, hash)
      return
    }
    if (depth === this.#depth) {
      this.#directory = this.#directory.flatMap((each) => [each, each])
      this.#depth++
    }
    const bit = bitAt(depth)
    const [zeros, ones] = [new Table(places, depth + 1), new Table(places, depth + 1)]
    table.pourInto(zeros, ones)
    this.#replace(zeros, hash & ~bit)
    this.#replace(ones, hash | bit)
  }

  /** Joins a table to the one that it was split from; or makes it smaller by itself. */
  #reduce(table: Table, hash: number): void {
    const { places, depth } = table
    const other = depth === 0 ? table : this.#tableOf(hash ^ bitAt(depth - 1))
    const joinedPlaces = Math.max(places, other.places)
    const fits = (table.size + other.size) * 2 < joinedPlaces * LOAD_MAX
    if (other !== table && other.depth === depth && fits) {
      const joined = new Table(joinedPlaces, depth - 1)
      table.pourInto(joined, joined)
      other.pourInto(joined, joined)
      this.#replace(joined, hash)
      return
    }
    if (places === PLACES_MIN) return
    const smaller = new Table(places / 2, depth)
    table.pourInto(smaller, smaller)
    this.#replace(smaller, hash)
  }

  /** The table stands at all places of the directory whose bits its hashes begin with, as `hash` does. */
  #replace(table: Table, hash: number): void {
    const count = 1 << (this.#depth - table.depth)
    const first = leadingBits(hash, table.depth) * count
    this.#directory.fill(table, first, first + count)
  }
}

class Table {
  /** Pairs of hash and entry, signed, since such numbers are small ones to V8. A power of two of them, so that a mask goes round. */
  readonly words: Int32Array
  /** The leading bits that all of its hashes share. */
  readonly depth: number
  size = 0

  constructor(places: number, depth: number) {
    this.words = new Int32Array(places * 2)
    this.depth = depth
  }

  get places(): number {
    return this.words.length / 2
  }

  /** True if that was the last one to come: the table is to be made larger. */
  put(hash: number, entry: number): boolean {
    const { words } = this
    const mask = words.length - 1
    let at = homeOf(hash, words)
    while (words[at + 1] !== 0) at = (at + 2) & mask
    words[at] = hash
    words[at + 1] = entry
    return ++this.size > (words.length / 2) * LOAD_MAX
  }

  /** True if the table is to be made smaller. What stands behind moves up to where it belongs, in its order. */
  remove(hash: number, entry: number): boolean {
    const { words } = this
    const mask = words.length - 1
    let hole = homeOf(hash, words)
    while (words[hole + 1] !== entry) {
      if (words[hole + 1] === 0) throw new Error(`entry ${entry} is not in the index`)
      hole = (hole + 2) & mask
    }
    for (let at = (hole + 2) & mask; words[at + 1] !== 0; at = (at + 2) & mask) {
      const home = homeOf(words[at]!, words)
      if (((at - home) & mask) < ((at - hole) & mask)) continue
      words[hole] = words[at]!
      words[hole + 1] = words[at + 1]!
      hole = at
    }
    words[hole + 1] = 0
    return --this.size < (words.length / 2) * LOAD_MIN
  }

  /** Puts all of it, in the order in which equal hashes came, into one of two tables, by the bit behind those that they share. */
  pourInto(zeros: Table, ones: Table): void {
    const { words } = this
    const mask = words.length - 1
    const bit = bitAt(this.depth)
    // What begins at the table's end may go on at its beginning: so it's gone round from a free place on.
    let start = 0
    while (words[start + 1] !== 0) start += 2
    for (let at = (start + 2) & mask; at !== start; at = (at + 2) & mask) {
      const entry = words[at + 1]!
      if (entry === 0) continue
      const hash = words[at]!
      if ((hash & bit) === 0) zeros.put(hash, entry)
      else ones.put(hash, entry)
    }
  }
}

const NOTHING = new Int32Array(2)

/** Where a search for the hash begins. */
function homeOf(hash: number, words: Int32Array): number {
  return (hash << 1) & (words.length - 1)
}

/** In two steps, since a shift by 32 bits is none. */
function leadingBits(hash: number, count: number): number {
  return (hash >>> 1) >>> (31 - count)
}

/** The bit behind `depth` leading ones. */
function bitAt(depth: number): number {
  return 0x8000_0000 >>> depth
}

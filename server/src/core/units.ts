/**
 * The state of a cell, cut into units that a snapshot writes one by one while the cell goes on working.
 *
 * ```
 *            touch            cut                touch, or its turn in the snapshot
 *   clean ─────────▶ dirty ─────────▶ due ─────────────────────────────────────▶ captured: dirty again, or clean
 * ```
 *
 * A snapshot has every unit as it was at the cut. Units that were not touched since the snapshot before need no writing:
 * they are kept where they are. A due unit that is about to change is captured (encoded) first: copy on write.
 *
 * Cutting takes the same time for any number of units: it begins a new epoch, and a unit knows the epoch it was last
 * touched in.
 */
export abstract class Unit {
  /** Its number in snapshots; given by `Units.add` or `Units.addAs`. */
  id = -1
  /** The epoch in which it was touched and is still to be written for; `CLEAN` if there is none. */
  touchedIn = CLEAN
  /** Its place among what was touched in the present epoch, if it was. */
  touchedAt = -1
  /** The epoch for whose cut it was captured last. */
  capturedFor = CLEAN
  /** The unit's bytes in a snapshot. The caller owns the result. */
  abstract encode(): Uint8Array
}

const CLEAN = -1

/** A unit that is plain memory, seen as 32-bit words and as 64-bit floats. */
export class Page extends Unit {
  readonly words: Uint32Array
  readonly floats: Float64Array

  constructor(bytes: number, content?: Uint8Array) {
    super()
    const memory = new ArrayBuffer(bytes)
    this.words = new Uint32Array(memory)
    this.floats = new Float64Array(memory)
    if (content !== undefined) new Uint8Array(memory).set(content)
  }

  encode(): Uint8Array {
    return new Uint8Array(this.words.buffer.slice(0) as ArrayBuffer)
  }
}

/** One unit as a snapshot takes it: with its bytes, or kept from the snapshot before. */
export interface CapturedUnit {
  readonly id: number
  readonly bytes: Uint8Array | null
}

/** All units of a cell. */
export class Units {
  readonly #byId: (Unit | undefined)[] = []
  readonly #freeIds: number[] = []
  /** What was touched since the last cut, each once, and is still there. */
  #dirty: Unit[] = []
  #epoch = 0
  #cut: Cut | null = null

  /** Ids below this are for the roots of services, which are found by their number. */
  static readonly ROOTS = 16

  constructor() {
    for (let id = 0; id < Units.ROOTS; id++) this.#byId.push(undefined)
  }

  add(unit: Unit): void {
    this.#place(unit, this.#freeIds.pop() ?? this.#byId.length)
    this.touch(unit)
  }

  /** To be called before units of a snapshot are added with `addAs`: a new one that comes meanwhile gets none of their ids. */
  reserve(ids: Iterable<number>): void {
    for (const id of ids) while (this.#byId.length <= id) this.#byId.push(undefined)
  }

  /** Adds a unit under the id it has in a snapshot, as clean; or a service's root under its number. */
  addAs(id: number, unit: Unit): void {
    for (let free = this.#byId.length; free < id; free++) {
      this.#byId.push(undefined)
      this.#freeIds.push(free)
    }
    this.#place(unit, id)
  }

  /** To be called once all units of a snapshot were added with `addAs`: makes the ids in between usable. */
  settleIds(): void {
    this.#freeIds.length = 0
    for (let id = this.#byId.length - 1; id >= Units.ROOTS; id--) {
      if (this.#byId[id] === undefined) this.#freeIds.push(id)
    }
  }

  /** To be called before a unit changes. */
  touch(unit: Unit): void {
    if (unit.touchedIn === this.#epoch) return
    this.#cut?.captureIfDue(unit)
    unit.touchedIn = this.#epoch
    unit.touchedAt = this.#dirty.length
    this.#dirty.push(unit)
  }

  /** Takes the unit out of the state. It must never change again: a snapshot under way may still write it. */
  remove(unit: Unit): void {
    this.#byId[unit.id] = undefined
    this.#freeIds.push(unit.id)
    unit.id = -1 - unit.id
    if (unit.touchedIn === this.#epoch) this.#forget(unit)
  }

  /** How many units the next cut has to write. */
  get dirty(): number {
    return this.#dirty.length
  }

  /** Until the next cut there may be many that come and go, and hours: none of them is to be held for so long. */
  #forget(unit: Unit): void {
    const last = this.#dirty.pop()!
    if (last !== unit) {
      this.#dirty[unit.touchedAt] = last
      last.touchedAt = unit.touchedAt
    }
    unit.touchedIn = CLEAN
  }

  /**
   * Cuts: what the returned iterator yields is the state as it is now, whatever changes meanwhile. One at a
   * time: throws while another is neither drained nor abandoned.
   */
  cut(): Cut {
    if (this.#cut !== null) throw new Error('a cut is under way')
    const touched = this.#dirty
    this.#dirty = []
    this.#cut = new Cut(this.#epoch++, this.#byId.slice(), touched, () => {
      this.#cut = null
    })
    return this.#cut
  }

  #place(unit: Unit, id: number): void {
    unit.id = id
    this.#byId[id] = unit
  }
}

/** A cut under way. */
export class Cut {
  readonly #epoch: number
  /** All units by their ids at the cut, when some ids may have belonged to others than now. */
  readonly #all: readonly (Unit | undefined)[]
  readonly #touched: readonly Unit[]
  readonly #captured: CapturedUnit[] = []
  readonly #done: () => void
  #nextKept = 0
  #nextTouched = 0

  constructor(epoch: number, all: readonly (Unit | undefined)[], touched: readonly Unit[], done: () => void) {
    this.#epoch = epoch
    this.#all = all
    this.#touched = touched
    this.#done = done
  }

  /** Encodes a unit that is about to change, if it is still to be written. */
  captureIfDue(unit: Unit): void {
    if (unit.touchedIn === this.#epoch && this.#has(unit)) this.#captured.push(this.#capture(unit))
  }

  /** The next unit of the snapshot, or null when it has them all. */
  next(): CapturedUnit | null {
    const captured = this.#captured.pop()
    if (captured !== undefined) return captured
    // Those to be kept come first: as long as no unit had its turn, they are the ones that are not due and were not captured.
    while (this.#nextKept < this.#all.length) {
      const id = this.#nextKept++
      const unit = this.#all[id]
      if (unit === undefined || unit.touchedIn === this.#epoch || unit.capturedFor === this.#epoch) continue
      return { id, bytes: null }
    }
    while (this.#nextTouched < this.#touched.length) {
      const unit = this.#touched[this.#nextTouched++]!
      if (unit.touchedIn !== this.#epoch || !this.#has(unit)) continue
      unit.touchedIn = CLEAN
      return this.#capture(unit)
    }
    this.#done()
    return null
  }

  /** Ends the cut early. What it held is to be written by the next one. */
  abandon(units: Units): void {
    this.#done()
    for (const unit of this.#touched) if (unit.id >= 0) units.touch(unit)
  }

  /** False for what was removed before the cut. */
  #has(unit: Unit): boolean {
    return this.#all[idOf(unit)] === unit
  }

  #capture(unit: Unit): CapturedUnit {
    unit.capturedFor = this.#epoch
    return { id: idOf(unit), bytes: unit.encode() }
  }
}

/** A removed unit remembers its id as a negative number; the id may belong to another unit by now. */
function idOf(unit: Unit): number {
  return unit.id < 0 ? -1 - unit.id : unit.id
}

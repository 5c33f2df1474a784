/**
 * The state of a cell, cut into units that a snapshot writes one by one while the cell goes on working.
 *
 * ```
 *            touch            cut                      touch, or its turn in the snapshot
 *   clean ─────────▶ dirty ─────────▶ dirty + due ─────────────────────────────────────▶ captured
 * ```
 *
 * A snapshot has every unit as it was at the cut. Units that were not touched since the snapshot before need no writing:
 * they are kept where they are. A due unit that is about to change is captured (encoded) first: copy on write.
 */
export abstract class Unit {
  /** Its number in snapshots; given by `Units.add` or `Units.addAs`. */
  id = -1
  /**
   * False only while the unit may change without telling anyone: it is dirty, and no snapshot waits for it. Whoever
   * changes a unit calls `Units.touch` first if this is true.
   */
  guarded = true
  dirty = false
  due = false
  /** The unit's bytes in a snapshot. The caller owns the result. */
  abstract encode(): Uint8Array
}

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
  #dirty: Unit[] = []
  #cut: Cut | null = null

  /** Ids below this are for the roots of services, which are found by their number. */
  static readonly ROOTS = 16

  constructor() {
    for (let id = 0; id < Units.ROOTS; id++) this.#byId.push(undefined)
  }

  get count(): number {
    return this.#byId.length - this.#freeIds.length
  }

  add(unit: Unit): void {
    this.#place(unit, this.#freeIds.pop() ?? this.#byId.length)
    this.touch(unit)
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

  /** To be called before a unit with `guarded` set changes. */
  touch(unit: Unit): void {
    if (unit.due) this.#cut!.capture(unit)
    if (!unit.dirty) {
      unit.dirty = true
      this.#dirty.push(unit)
    }
    unit.guarded = false
  }

  /** Takes the unit out of the state. It must never change again: a snapshot under way may still write it. */
  remove(unit: Unit): void {
    this.#byId[unit.id] = undefined
    this.#freeIds.push(unit.id)
    unit.id = -1 - unit.id
  }

  /**
   * Cuts: what the returned iterator yields is the state as it is now, whatever changes meanwhile. One at a
   * time: throws while another is neither drained nor abandoned.
   */
  cut(): Cut {
    if (this.#cut !== null) throw new Error('a cut is under way')
    const clean: number[] = []
    for (const unit of this.#byId) if (unit !== undefined && !unit.dirty) clean.push(unit.id)
    const due = this.#dirty.filter((unit) => unit.id >= 0)
    this.#dirty = []
    this.#cut = new Cut(due, clean, () => {
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
  readonly #due: Unit[]
  readonly #ids: number[]
  readonly #clean: readonly number[]
  readonly #captured: CapturedUnit[] = []
  readonly #done: () => void
  #nextDue = 0
  #nextClean = 0

  constructor(due: Unit[], clean: readonly number[], done: () => void) {
    this.#due = due
    this.#ids = due.map((unit) => unit.id)
    this.#clean = clean
    this.#done = done
    for (const unit of due) {
      unit.due = true
      unit.dirty = false
      unit.guarded = true
    }
  }

  capture(unit: Unit): void {
    unit.due = false
    // A removed unit remembers its id as a negative number; the id may belong to another unit by now.
    this.#captured.push({ id: unit.id < 0 ? -1 - unit.id : unit.id, bytes: unit.encode() })
  }

  /** The next unit of the snapshot, or null when it has them all. */
  next(): CapturedUnit | null {
    const captured = this.#captured.pop()
    if (captured !== undefined) return captured
    while (this.#nextDue < this.#due.length) {
      const at = this.#nextDue++
      const unit = this.#due[at]!
      if (!unit.due) continue
      unit.due = false
      return { id: this.#ids[at]!, bytes: unit.encode() }
    }
    if (this.#nextClean < this.#clean.length) return { id: this.#clean[this.#nextClean++]!, bytes: null }
    this.#done()
    return null
  }

  /** Ends the cut early. What it held is to be written by the next one. */
  abandon(units: Units): void {
    for (const unit of this.#due) {
      unit.due = false
      if (unit.id >= 0) units.touch(unit)
    }
    this.#done()
  }
}

import { expect, test } from 'vitest'
import { SeededRandom } from '../../../base/random.ts'
import { Units } from '../../../core/units.ts'
import { Archive, type ArchivedMessage } from './archive.ts'

const START = 1_000_000
/** A page's times and body ids are told from its first by 32 bits. */
const FAR = 2 ** 32

/** An archive, and beside it the same in its plainest form. */
class Both {
  units = new Units()
  archive = new Archive(this.units, START, 7)
  model: ArchivedMessage[] = []
  now = START
  #bodyId = 0
  #sequence = 7
  #snapshot: ReadonlyMap<number, Uint8Array> = new Map()

  constructor() {
    this.units.add(this.archive)
  }

  add(bytes: number, ids = 1): void {
    this.#bodyId += ids
    this.archive.add(this.#bodyId, bytes, this.now)
    this.model.push({ sequence: this.#sequence++, bodyId: this.#bodyId, bytes, time: this.now })
  }

  drop(before: number, sequence: number, limit: number): void {
    const released: number[] = []
    const more = this.archive.drop({ before, sequence, limit }, (bodyId) => released.push(bodyId))
    const isOld = (each: ArchivedMessage) => each.time < before && each.sequence < sequence
    const old = this.model.filter(isOld)
    expect(released).toEqual(old.slice(0, limit).map(({ bodyId }) => bodyId))
    expect(more).toBe(old.length > limit)
    this.model = this.model.slice(released.length)
  }

  /** As a restart from a snapshot brings it back. */
  restore(): void {
    const before = this.#snapshot
    const cut = this.units.cut()
    const units = new Map<number, Uint8Array>()
    for (let unit = cut.next(); unit !== null; unit = cut.next())
      units.set(unit.id, unit.bytes ?? before.get(unit.id)!)
    this.#snapshot = units
    const restored = new Units()
    this.archive = Archive.restore(restored, this.archive.id, (unit) => units.get(unit)!)
    restored.settleIds()
    this.units = restored
  }

  check(times: readonly number[]): void {
    const { archive, model } = this
    expect([archive.firstSequence, archive.nextSequence, archive.size]).toEqual([
      model[0]?.sequence ?? this.#sequence,
      this.#sequence,
      model.length,
    ])
    for (const time of times) {
      const first = model.find((each) => each.time >= time)
      expect(archive.firstAt(time)).toBe(first?.sequence ?? this.#sequence)
      if (first !== undefined) expect(archive.from(first.sequence).next().value).toEqual(first)
    }
    expect([...archive.from(archive.firstSequence)]).toEqual(model)
    const bodies: number[] = []
    archive.visitBodies((bodyId) => bodies.push(bodyId))
    expect(bodies).toEqual(model.map(({ bodyId }) => bodyId))
  }
}

test('an archive finds messages by number and time, and lets go of the oldest, as a plain list does', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const random = new SeededRandom(seed)
    const both = new Both()
    for (let round = 0; round < 15; round++) {
      const times = [both.now]
      for (let count = random.below(900); count > 0; count--) {
        if (random.below(3) > 0) both.now += random.below(50)
        if (random.below(400) === 0) both.now += FAR
        both.add(random.below(1000), random.below(300) === 0 ? FAR : 1 + random.below(3))
      }
      const oldest = both.model[0]
      if (oldest !== undefined) {
        const some = both.model[random.below(both.model.length)]!
        const other = both.model[random.below(both.model.length)]!
        times.push(oldest.time, oldest.time - 1, some.time, some.time + 1)
        const pinned = random.below(2) === 0 ? Number.POSITIVE_INFINITY : other.sequence
        both.drop(random.below(4) === 0 ? Number.POSITIVE_INFINITY : some.time, pinned, 1 + random.below(700))
      }
      both.check(times)
      if (random.below(2) === 0) {
        both.restore()
        both.check(times)
      }
    }
  }
})

test('what the archive is drained of is given up page by page, and it goes on from there', () => {
  const both = new Both()
  for (let i = 0; i < 2000; i++) both.add(1)
  both.drop(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 5000)
  both.restore()
  both.check([START])
  both.add(9)
  both.restore()
  both.check([START])
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { HashIndex } from './hash-index.ts'

function* found(index: HashIndex, hash: number): Iterable<number> {
  for (let entry = index.first(hash); entry !== 0; entry = index.next()) yield entry
}

/** An index beside what is known by heart, with the entries of each hash in the order in which they came. */
class Rig {
  readonly index = new HashIndex()
  readonly present = new Map<number, number[]>()
  readonly order: { readonly hash: number; readonly entry: number }[] = []
  #entries = 0

  add(hash: number): void {
    const entry = ++this.#entries
    this.index.add(hash, entry)
    this.order.push({ hash, entry })
    this.present.set(hash, [...(this.present.get(hash) ?? []), entry])
  }

  /** Takes out one of those that are in, whichever `choice` says. */
  remove(choice: number): void {
    if (this.order.length === 0) return
    const last = this.order.pop()!
    const place = choice % (this.order.length + 1)
    const { hash, entry } = this.order[place] ?? last
    if (place < this.order.length) this.order[place] = last
    this.index.remove(hash, entry)
    this.present.set(
      hash,
      this.present.get(hash)!.filter((other) => other !== entry),
    )
  }

  check(): void {
    expect(this.index.size).toBe(this.order.length)
    // Which changes nothing.
    this.index.lookAhead(Uint32Array.from(this.order, ({ hash }) => hash))
    const listed = [...this.present.keys()].map((hash) => [...found(this.index, hash)])
    expect(listed).toEqual([...this.present.values()])
  }
}

test('every entry is found while it is in, in the order of coming, and no other, however the index grew and shrank', () => {
  const hash = fc.oneof(
    fc.nat(0xffff_ffff),
    fc.constantFrom(0, 1, 0x8000_0000, 0xffff_ffff),
    // Neighbours, at the end of a table too, from where it goes on at the beginning.
    fc.nat(20).map((low) => (low + 0x1234_0ff8) >>> 0),
  )
  // Stretches of adding and of removing, so that it grows and shrinks by much.
  const stretches = fc.array(fc.tuple(fc.boolean(), fc.array(hash, { maxLength: 400, size: 'max' })), {
    maxLength: 8,
  })
  fc.assert(
    fc.property(stretches, (list) => {
      const rig = new Rig()
      for (const [adds, hashes] of list) {
        for (const each of hashes) {
          if (adds) rig.add(each)
          else rig.remove(each)
        }
        rig.check()
      }
    }),
    { numRuns: 60 },
  )
})

test.each([
  ['evenly spread', (n: number) => Math.imul(n, 0x9e37_79b1) >>> 0],
  ['with the same leading bits', (n: number) => (0xabcd_0000 | (Math.imul(n, 0x9e37) & 0xffff)) >>> 0],
  [
    'the most of them with the same leading bits',
    (n: number) => (n % 7 === 0 ? Math.imul(n, 0x9e37_79b1) : n) >>> 0,
  ],
])('thirty thousand hashes, %s, are found while tables split and join', (_, hashOf) => {
  const rig = new Rig()
  for (let n = 1; n <= 30_000; n++) rig.add(hashOf(n))
  rig.check()
  for (let left = 30_000; left > 100; left--) {
    rig.remove(left * 7919)
    if (left === 15_000 || left === 2000) rig.check()
  }
  rig.check()
  for (let n = 1; n <= 20_000; n++) rig.add(hashOf(n))
  rig.check()
  while (rig.order.length > 0) rig.remove(rig.order.length * 7919)
  rig.check()
})

test('an entry that is not in cannot be taken out', () => {
  const index = new HashIndex()
  index.add(5, 1)
  expect(() => index.remove(5, 2)).toThrow('entry 2 is not in the index')
  expect(() => index.remove(6, 1)).toThrow('entry 1 is not in the index')
})

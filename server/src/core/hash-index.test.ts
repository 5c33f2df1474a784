import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Hashed, HashIndex } from './hash-index.ts'

class Entries implements Hashed {
  readonly hashes: number[] = [0]
  readonly #next: number[] = []
  hash(entry: number): number {
    return this.hashes[entry]!
  }
  nextInBucket(entry: number): number {
    return this.#next[entry] ?? 0
  }
  setNextInBucket(entry: number, next: number): void {
    this.#next[entry] = next
  }
}

function* found(index: HashIndex, entries: Entries, hash: number): Iterable<number> {
  for (let entry = index.first(hash); entry !== 0; entry = entries.nextInBucket(entry)) {
    if (entries.hash(entry) === hash) yield entry
  }
}

test('every entry is found while it is in, and no other, however the index grew and shrank', () => {
  const hash = fc.oneof(fc.nat(0xffff_ffff), fc.constantFrom(0, 1, 0x8000_0000, 0xffff_ffff))
  // Stretches of adding and of removing, so that it grows and shrinks by much.
  const stretches = fc.array(fc.tuple(fc.boolean(), fc.array(hash, { maxLength: 400, size: 'max' })), {
    maxLength: 8,
  })
  fc.assert(
    fc.property(stretches, (list) => {
      const entries = new Entries()
      const index = new HashIndex(entries)
      const present = new Map<number, number[]>()
      const order: number[] = []
      for (const [adds, hashes] of list) {
        for (const each of hashes) {
          if (adds) {
            const entry = entries.hashes.push(each) - 1
            index.add(entry)
            order.push(entry)
            present.set(each, [entry, ...(present.get(each) ?? [])])
          } else if (order.length > 0) {
            const [entry] = order.splice(each % order.length, 1)
            index.remove(entry!)
            const hashOf = entries.hashes[entry!]!
            present.set(
              hashOf,
              present.get(hashOf)!.filter((other) => other !== entry),
            )
          }
        }
        expect(index.size).toBe(order.length)
        // The newest of those with the same hash comes first, whatever happened to their bucket.
        for (const [each, expected] of present) expect([...found(index, entries, each)]).toEqual(expected)
      }
    }),
    { numRuns: 60 },
  )
})

test('a hundred thousand entries are found in buckets of a few', () => {
  const entries = new Entries()
  const index = new HashIndex(entries)
  for (let entry = 1; entry <= 100_000; entry++) {
    entries.hashes.push(Math.imul(entry, 0x9e37_79b1) >>> 0)
    index.add(entry)
  }
  let longest = 0
  for (let entry = 1; entry <= 100_000; entry += 7) {
    let length = 0
    for (let each = index.first(entries.hash(entry)); each !== 0; each = entries.nextInBucket(each)) length++
    longest = Math.max(longest, length)
    expect([...found(index, entries, entries.hash(entry))]).toEqual([entry])
  }
  expect(longest).toBeLessThan(12)
  for (let entry = 1; entry <= 100_000; entry++) index.remove(entry)
  expect(index.size).toBe(0)
  expect([...found(index, entries, entries.hash(5))]).toEqual([])
})

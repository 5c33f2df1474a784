import { expect, test } from 'vitest'
import { SeededRandom } from '../../base/random.ts'
import { decodeEntries, SnapshotDirectory, type UnitPlace } from './snapshot-directory.ts'

/** Places with units far apart and close together, in no order, over three files. */
function places(count: number): UnitPlace[] {
  const random = new SeededRandom(1)
  const units = new Set<number>([4_294_967_295, 0])
  while (units.size < count / 2) units.add(random.below(count))
  while (units.size < count) units.add(random.uint32())
  return [...units].map((unit, i) => ({
    unit,
    frame: i % 3,
    offset: random.below(1_000_000) * 1_000_000_000,
    length: random.below(10_000),
    checksum: random.uint32(),
  }))
}

test('each of many units is found where it was put, however little room there was at first', () => {
  const all = places(10_000)
  const directory = new SnapshotDirectory(0)
  expect(all.filter((place) => !directory.add(place))).toEqual([])
  expect(all.map((place) => directory.find(place.unit))).toEqual(all)
  expect(all.filter((place) => directory.add({ ...place, offset: 1 }))).toEqual([])
  expect(directory.rows).toBe(10_000)
  expect(directory.bytes).toBe(all.reduce((sum, place) => sum + place.length, 0))
  const unused = [1, 2, 3, 4, 5].map((i) => 5_000_000 + i)
  for (const unit of unused) expect(directory.find(unit)).toBeNull()
})

test('what a file is needed for is added up, and its units come by their offsets', () => {
  const all = places(300)
  const directory = new SnapshotDirectory(300)
  for (const place of all) directory.add(place)
  const inFile = all.filter((place) => place.frame === 1).sort((a, b) => a.offset - b.offset)
  expect([...directory.rowsIn(1)].map((row) => directory.at(row))).toEqual(inFile)
  expect(directory.files.get(1)).toEqual({
    bytes: inFile.reduce((sum, place) => sum + place.length, 0),
    end: Math.max(...inFile.map((place) => place.offset + place.length)),
  })
  expect([...directory.rowsIn(7)]).toEqual([])
})

test('entries survive being encoded, in slices of any size', () => {
  const all = places(100)
  const directory = new SnapshotDirectory(100)
  for (const place of all) directory.add(place)
  const bytes = Buffer.concat([directory.encode(0, 1), directory.encode(1, 99), directory.encode(99, 100)])
  expect([...decodeEntries(bytes)]).toEqual(all)
})

import { expect, test } from 'vitest'
import { SeededRandom } from '../../base/random.ts'
import { ColdFile } from './body-file.ts'
import { ColdRanges } from './cold-ranges.ts'

function coldOf(serial: number, ids: readonly number[]): ColdFile {
  const cold = new ColdFile(serial, 1)
  cold.ids = Float64Array.from(ids)
  return cold
}

test('the files that have a body are found, whatever their ranges, while files come and go', () => {
  const random = new SeededRandom(3)
  const ranges = new ColdRanges()
  let colds: ColdFile[] = []
  for (let serial = 1; serial < 200; serial++) {
    // Mostly one behind the other, now and then one over the ranges of many.
    const first = random.below(10) === 0 ? random.below(1000) : serial * 5
    const step = random.below(10) === 0 ? 50 : 1
    const ids = Array.from({ length: random.below(12) }, (_, i) => first + i * step)
    const cold = coldOf(serial, ids)
    colds.push(cold)
    ranges.add(cold)
    if (random.below(3) === 0) {
      const gone = colds[random.below(colds.length)]!
      colds = colds.filter((each) => each !== gone)
      ranges.remove(gone)
    }
    for (let i = 0; i < 20; i++) {
      const bodyId = random.below(1700)
      const found = ranges.having(bodyId).map((each) => each.serial)
      const having = colds.filter((each) => each.ids.includes(bodyId))
      expect(found.sort((a, b) => a - b)).toEqual(having.map((each) => each.serial))
    }
  }
})

test('among ten thousand files few are looked at', () => {
  let looked = 0
  class CountingFile extends ColdFile {
    override ordinalOf(bodyId: number): number {
      looked++
      return super.ordinalOf(bodyId)
    }
  }
  const ranges = new ColdRanges()
  for (let serial = 1; serial <= 10_000; serial++) {
    const cold = new CountingFile(serial, 1)
    cold.ids = Float64Array.of(serial * 10, serial * 10 + 5)
    ranges.add(cold)
  }
  // One over all of them does not bring all of them into question.
  const wide = new CountingFile(10_001, 2)
  wide.ids = Float64Array.of(1, 1_000_000)
  ranges.add(wide)
  expect(ranges.having(50_005).map(({ serial }) => serial)).toEqual([5000])
  expect(looked).toBe(2)
})

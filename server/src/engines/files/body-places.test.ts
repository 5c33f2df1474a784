import { expect, test } from 'vitest'
import { ColdFile, Segment } from './body-file.ts'
import { BodyPlaces } from './body-places.ts'

function coldOf(serial: number, generation: number, ids: readonly number[]): ColdFile {
  const cold = new ColdFile(serial, generation)
  cold.ids = Float64Array.from(ids)
  return cold
}

test('a body counts in the cold file that it was moved to last, whatever the order of their ids', () => {
  for (const withSegment of [true, false]) {
    const places = new BodyPlaces()
    const segment = new Segment(1, 1, new Uint8Array(8), 1)
    segment.bodies = 20
    if (withSegment) places.addSegment(segment)
    const colds = [
      coldOf(1, 1, [2, 5, 9]),
      coldOf(2, 1, [4, 12]),
      coldOf(3, 2, [1, 5, 12]),
      coldOf(4, 2, [9]),
    ]
    for (const cold of colds) places.addCold(cold)
    const serials = [1, 2, 4, 5, 9, 12].map((bodyId) => places.find(bodyId))
    expect(serials.map((file) => (file instanceof ColdFile ? file.serial : null))).toEqual([3, 1, 2, 3, 4, 3])
    expect(places.find(3)).toBe(withSegment ? segment : null)
    expect(places.holder(5)).toBeNull()
    colds[0]!.live.add(1, 10)
    expect(places.holder(5)).toBe(colds[0])
    places.removeCold(colds[2]!)
    expect(places.find(12)).toBe(colds[1])
  }
})

import { expect, test } from 'vitest'
import { Segment } from './body-file.ts'
import { BodyPlaces } from './body-places.ts'
import { Losses } from './losses.ts'
import { References } from './references.ts'

function oneSegment(bodies: number) {
  const places = new BodyPlaces()
  const segment = new Segment(1, 1, new Uint8Array(8), 1)
  segment.bodies = bodies
  places.addSegment(segment)
  return { segment, references: new References(places, new Losses([])) }
}

test('a body of several references is taken to live for the longest of them', () => {
  const { segment, references } = oneSegment(2)
  for (const lifetime of [0, 3, 1] as const) references.adopt(1, 10, lifetime)
  for (const lifetime of [2, 0] as const) references.adopt(2, 20, lifetime)
  expect([0, 1].map((ordinal) => segment.live.lifetimeOf(ordinal))).toEqual([3, 2])
  expect([0, 2, 3].map((lifetime) => segment.live.bytesOf(lifetime as 0 | 2 | 3))).toEqual([0, 20, 10])
  for (let i = 0; i < 2; i++) references.release(1, 10)
  expect(segment.live.bytes).toBe(30)
  references.release(1, 10)
  expect(segment.live.bytes).toBe(20)
})

test('bodies without lifetimes are short-lived; where there are some, each has one', () => {
  const { segment, references } = oneSegment(0)
  const bodies = [new Uint8Array(5), new Uint8Array(6)]
  references.begin(segment, bodies, null)
  references.begin(segment, bodies, [1, 0])
  expect([0, 1, 2, 3].map((ordinal) => segment.live.lifetimeOf(ordinal))).toEqual([0, 0, 1, 0])
  expect(() => references.begin(segment, bodies, [1])).toThrow('each body has a lifetime')
})

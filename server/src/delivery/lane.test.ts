import { expect, test } from 'vitest'
import { Lane } from './lane.ts'

/** Begins as many attempts as there is room for. */
function fill(lane: Lane, now = 0, spacingMs = 0): number {
  const room = lane.room(now)
  lane.began(room, spacingMs, now)
  return room
}

test('a source begins with one attempt, and gets more with each that is answered, up to a limit', () => {
  const lane = new Lane('s')
  expect(fill(lane)).toBe(1)
  const rooms: number[] = []
  for (let answered = 0; answered < 8; answered++) {
    lane.ended(true)
    rooms.push(fill(lane))
  }
  expect(rooms).toEqual([2, 3, 5, 9, 1, 1, 1, 1])
  expect(lane.underWay).toBe(16)
})

test('one attempt that is not answered sets it back to one at a time', () => {
  const lane = new Lane('s')
  fill(lane)
  lane.ended(true)
  expect(fill(lane)).toBe(2)
  lane.ended(false)
  expect([lane.answers, lane.room(0)]).toEqual([false, 0])
  lane.ended(false)
  expect(fill(lane)).toBe(1)
  expect(lane.isWorthKeeping(0)).toBe(true)
  lane.ended(true)
  expect(lane.isWorthKeeping(0)).toBe(false)
})

test('spaced attempts keep to their rate, and catch up on a tenth of a second at most', () => {
  const lane = new Lane('s')
  let begun = 0
  const run = (from: number, to: number) => {
    begun = 0
    for (let now = from; now < to; now++) {
      const room = lane.room(now)
      if (room === 0) {
        expect(lane.delay(now)).toBeGreaterThan(0)
        continue
      }
      lane.began(room, 20, now)
      for (let i = 0; i < room; i++) lane.ended(true)
      begun += room
    }
  }
  run(0, 1000)
  expect(begun).toBe(50)
  expect(lane.isWorthKeeping(1000)).toBe(false)
  run(5000, 6000)
  expect(begun).toBe(55)
})

import { expect, test } from 'vitest'
import type { Connection } from '../load/connection.ts'
import { type Player, TURN_MS, takeTurns } from './turns.ts'

const LANES = 3
const lanes = Array.from({ length: LANES }, () => ({}) as Connection)
const tick = () => new Promise<void>((resolve) => setImmediate(resolve))

/** One that has so many messages for each step, as long as there are any. */
function playerWith(entered: string[], name: string, messages: number): Player {
  let left = messages
  return {
    side: {
      connections: lanes,
      step: async () => {
        await tick()
        expect(entered.at(-1)).toBe(name)
        if (left === 0) return 0
        left -= 1
        return 1
      },
    },
    tally: { counted: 0, milliseconds: 0, done: 0 },
    enter: () => entered.push(name),
  }
}

test('each has its turns, alone', async () => {
  const entered: string[] = []
  const players = ['a', 'b'].map((name) => playerWith(entered, name, Number.POSITIVE_INFINITY))
  expect(await takeTurns(players, 2 * TURN_MS)).toBe(true)
  expect(entered).toEqual(['a', 'b', 'a', 'b'])
  for (const { tally } of players) {
    expect(tally.milliseconds).toBe(2 * TURN_MS)
    expect(tally.counted).toBeGreaterThan(0)
    // What a turn has begun when it is over: one step of each connection.
    expect(tally.done).toBeGreaterThanOrEqual(tally.counted)
    expect(tally.done).toBeLessThanOrEqual(tally.counted + 2 * LANES)
  }
})

test('a round in which one runs dry counts for nobody', async () => {
  const entered: string[] = []
  const players = [playerWith(entered, 'a', Number.POSITIVE_INFINITY), playerWith(entered, 'b', 7)]
  expect(await takeTurns(players, 10 * TURN_MS)).toBe(false)
  expect(entered).toEqual(['a', 'b'])
  expect(players.map(({ tally }) => [tally.counted, tally.milliseconds])).toEqual([
    [0, 0],
    [0, 0],
  ])
  expect(players[1]!.tally.done).toBe(7)
})

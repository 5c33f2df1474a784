import type { Side } from './side.ts'

/** Long beside a request, short beside the moods of a machine that others use too. */
export const TURN_MS = 250

/** What a side did in its turns. */
export interface Tally {
  /** Within the time of its turns. */
  counted: number
  /** The turns' time. */
  milliseconds: number
  /** All of it: what a turn had begun when its time was over, included. */
  done: number
}

/** A side, and who lets its server alone run. */
export interface Player {
  readonly side: Pick<Side, 'connections' | 'step'>
  readonly tally: Tally
  readonly enter: () => void
}

/**
 * Gives each player turns, one after the other, until each has had so many milliseconds of them. Whoever runs out of messages ends it for all: the
 * round in which that happens counts for nobody, and `false` is returned.
 *
 * ```
 *   ceiling   ▇▇▇▇▇▇▇▇            ▇▇▇▇▇▇▇▇
 *   Millrace            ▇▇▇▇▇▇▇▇            ▇▇▇▇▇▇▇▇      a turn's time ─▶ what it had begun is waited for, and not counted
 * ```
 */
export async function takeTurns(players: readonly Player[], milliseconds: number): Promise<boolean> {
  for (let left = milliseconds; left > 0; left -= TURN_MS) {
    const counts: number[] = []
    let isDry = false
    for (const { side, tally, enter } of players) {
      enter()
      const turn = await takeTurn(side)
      tally.done += turn.done
      counts.push(turn.counted)
      isDry ||= turn.isDry
    }
    if (isDry) return false
    for (const [i, { tally }] of players.entries()) {
      tally.counted += counts[i]!
      tally.milliseconds += TURN_MS
    }
  }
  return true
}

async function takeTurn({ connections, step }: Player['side']) {
  const end = performance.now() + TURN_MS
  const turn = { counted: 0, done: 0, isDry: false }
  const loop = async (connection: (typeof connections)[number]) => {
    while (performance.now() < end && !turn.isDry) {
      const messages = await step(connection)
      turn.done += messages
      if (messages === 0) turn.isDry = true
      if (performance.now() <= end) turn.counted += messages
    }
  }
  await Promise.all(connections.map(loop))
  return turn
}

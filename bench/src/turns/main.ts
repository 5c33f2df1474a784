/**
 * The load generator of several servers, which have it in turns: takes a `TurnsPlan` as its only argument, prints a `TurnsResult`. A server
 * stands still while another one has its turn, so that what it left undone is its own loss.
 */
import type { TurnsPlan, TurnsResult } from './plan.ts'
import type { Side } from './side.ts'
import { openSide } from './sides.ts'
import { type Player, takeTurns } from './turns.ts'

const plan: TurnsPlan = JSON.parse(process.argv[2]!)
try {
  process.stdout.write(`${JSON.stringify(await perform())}\n`)
} finally {
  for (const { pid } of plan.sides) process.kill(pid, 'SIGCONT')
}
process.exit()

async function perform(): Promise<TurnsResult> {
  const { warmUpSeconds, seconds } = plan
  const sides: Side[] = []
  for (const [i, sidePlan] of plan.sides.entries()) {
    runAlone(i)
    const side = await openSide(sidePlan, plan)
    await side.prepare(warmUpSeconds + seconds)
    sides.push(side)
  }
  const done = sides.map(() => 0)
  /** Says how many messages each side had in a second of its turns. */
  const inTurns = async (duration: number): Promise<readonly number[]> => {
    const players = sides.map((side, i): Player => {
      const tally = { counted: 0, milliseconds: 0, done: 0 }
      return { side, tally, enter: () => runAlone(i) }
    })
    const isWhole = await takeTurns(players, duration * 1000)
    for (const [i, { tally }] of players.entries()) done[i]! += tally.done
    if (!isWhole && players[0]!.tally.milliseconds === 0) {
      throw new Error('a queue ran dry before there was anything to measure; take more --seconds')
    }
    return players.map(({ tally }) => (tally.counted / tally.milliseconds) * 1000)
  }
  await inTurns(warmUpSeconds)
  const [cpu, startedAt] = [process.cpuUsage(), performance.now()]
  const rates = await inTurns(seconds)
  const { user, system } = process.cpuUsage(cpu)
  const ownCpu = (user + system) / 1000 / (performance.now() - startedAt)
  for (const [i, side] of sides.entries()) {
    runAlone(i)
    await side.finish(done[i]!)
  }
  return { rates, ownCpu }
}

function runAlone(side: number): void {
  for (const [i, { pid }] of plan.sides.entries()) process.kill(pid, i === side ? 'SIGCONT' : 'SIGSTOP')
}

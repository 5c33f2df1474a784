import type { SeededRandom } from '../../src/base/random.ts'
import type { SimulatedDisk } from '../../src/engines/files/simulated-disk.ts'
import type { SimulatedTime } from './simulated-time.ts'

export interface MortalLifeOptions {
  readonly disk: SimulatedDisk
  readonly time: SimulatedTime
  readonly random: SeededRandom
  /** How the server ends; by chance, at one of so many calls of the disk or not at all, where that is a number. */
  readonly ends: Death | number
  /** Starts a server and goes on until it closes it, or until `isOver` says that it died. */
  readonly serve: (isOver: () => boolean) => Promise<void>
}

/** What ends a server: its process is killed, or the machine loses its power, at a call of the disk, counted from 1. */
export interface Death {
  readonly atCall: number
  readonly isKilled: boolean
}

export interface LifeLived {
  /** As the next server finds it. */
  readonly disk: SimulatedDisk
  /** How often the disk was called, reads not counted. */
  readonly calls: number
}

/** One start of a server, until it is closed, killed or loses its power. */
export async function liveOnce(options: MortalLifeOptions): Promise<LifeLived> {
  const { disk, time, random, ends, serve } = options
  const { isKilled, atCall } =
    typeof ends === 'number' ? { isKilled: random.chance(0.5), atCall: 1 + random.below(ends) } : ends
  const life: { next: SimulatedDisk | null } = { next: null }
  let calls = 0
  disk.onOperation = (operation) => {
    if (operation === 'read' || life.next !== null || ++calls !== atCall) return
    life.next = isKilled ? disk.kill() : disk.crash()
  }
  const isOver = () => life.next !== null
  await time.settle(serve(isOver)).catch((error: Error) => {
    // A server whose process has ended may end in the middle of anything.
    if (!isOver()) throw error
  })
  return { disk: life.next ?? disk.kill(), calls }
}

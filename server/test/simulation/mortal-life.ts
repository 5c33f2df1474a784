import type { SeededRandom } from '../../src/base/random.ts'
import type { SimulatedDisk } from '../../src/engines/files/simulated-disk.ts'
import type { SimulatedTime } from './simulated-time.ts'

export interface MortalLifeOptions {
  readonly disk: SimulatedDisk
  readonly time: SimulatedTime
  readonly random: SeededRandom
  /** The server dies at one of so many calls of the disk, or not at all. */
  readonly fatalCallMax: number
  /** Starts a server and goes on until it closes it, or until `isOver` says that it died. */
  readonly serve: (isOver: () => boolean) => Promise<void>
}

/** One start of a server, until it is closed, killed or loses its power. Returns the disk that the next one finds. */
export async function liveOnce(options: MortalLifeOptions): Promise<SimulatedDisk> {
  const { disk, time, random, fatalCallMax, serve } = options
  const isKilled = random.chance(0.5)
  const fatalCall = 1 + random.below(fatalCallMax)
  const life: { next: SimulatedDisk | null } = { next: null }
  let calls = 0
  disk.onOperation = (operation) => {
    if (operation === 'read' || life.next !== null || ++calls !== fatalCall) return
    life.next = isKilled ? disk.kill() : disk.crash()
  }
  const isOver = () => life.next !== null
  await time.settle(serve(isOver)).catch((error: Error) => {
    // A server whose process has ended may end in the middle of anything.
    if (!isOver()) throw error
  })
  return life.next ?? disk.kill()
}

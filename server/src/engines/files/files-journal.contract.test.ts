import { testEncryption } from '../../../test/journal/encryption.ts'
import { SimulatedTime } from '../../../test/simulation/simulated-time.ts'
import { SeededRandom } from '../../base/random.ts'
import { journalContract } from '../../journal/contract.ts'
import { openFilesJournal } from './files-journal.ts'
import { SimulatedDisk } from './simulated-disk.ts'

const KIB = 1024

/** Small, so that a few appends make frames of several kinds and more than one segment. */
const SMALL_LIMITS = { segmentBytes: 64 * KIB, frameBytes: 16 * KIB, writeBytes: 64 * KIB }

for (const [size, limits, encryption] of [
  ['usual segments', {}, undefined],
  ['small segments', SMALL_LIMITS, undefined],
  ['usual segments, encrypted', {}, testEncryption()],
  ['small segments, encrypted', SMALL_LIMITS, testEncryption()],
] as const) {
  journalContract(`files, ${size}`, (seed) => {
    const random = new SeededRandom(seed)
    const timers = new SimulatedTime(0, random)
    let disk = new SimulatedDisk({ random, timers })
    return {
      open: (recovery, listener) =>
        openFilesJournal({ disk, random, timers, recovery, listener, limits, encryption }),
      settle: (promise) => timers.settle(promise),
      step: () => timers.step(),
      durable: {
        kill: () => {
          disk = disk.kill()
        },
        crash: () => {
          disk = disk.dead ? disk : disk.crash()
        },
        failNextSync: () => disk.failCall('sync', 1, 'EIO'),
      },
    }
  })
}

import { SMALL } from '../../../test/journal/ledger.ts'
import { SimulatedTime } from '../../../test/simulation/simulated-time.ts'
import { SeededRandom } from '../../base/random.ts'
import { journalContract } from '../../journal/contract.ts'
import { openFilesJournal } from './files-journal.ts'
import { SimulatedDisk } from './simulated-disk.ts'

journalContract('files', (seed) => {
  const time = new SimulatedTime(0)
  const random = new SeededRandom(seed)
  let disk = new SimulatedDisk({ random, timers: time })
  return {
    open: (recovery, listener) =>
      openFilesJournal({ disk, random, timers: time, recovery, listener, limits: SMALL }),
    settle: (promise) => time.settle(promise),
    step: () => time.step(),
    durable: {
      kill: () => {
        disk = disk.kill()
      },
      crash: () => {
        disk = disk.crash()
      },
      failNextSync: () => disk.failCall('sync', 1, 'EIO'),
    },
  }
})

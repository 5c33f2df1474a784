import { expect, test } from 'vitest'
import type { DiskFault, DiskOperation } from '../../src/engines/files/simulated-disk-calls.ts'
import { JournalError } from '../../src/journal/journal.ts'
import { pause } from './clients.ts'
import { diskWith } from './damaged-start.ts'
import { failuresOf } from './faulty-life.ts'
import { type LedgerLegacy, LedgerServer, leaveLedger, PACKED_MS } from './ledger-server.ts'

const RECORDS = 300
const MORE = 60
/** How many calls of each kind go wrong, the first and the last among them. */
const PER_KIND = 6
const OPERATIONS: readonly DiskOperation[] = ['create', 'open', 'read', 'write', 'sync', 'rename', 'remove']

interface Fault {
  readonly operation: DiskOperation
  readonly nth: number
  readonly fault: DiskFault
}

/** A server that packs, takes a snapshot and is written to, while one call to its disk fails; then one that is well. */
async function liveThrough(legacy: LedgerLegacy, fault: Fault | null) {
  const disk = diskWith(legacy.files)
  if (fault !== null) disk.failCall(fault.operation, fault.nth, fault.fault)
  let last = legacy.records
  const server = await LedgerServer.start(disk, legacy.now).catch((error: unknown) => {
    if (error instanceof JournalError) return null
    throw error
  })
  if (server !== null) {
    const { cell, time } = server
    const work = async () => {
      const puts = server.put(last + 1, last + MORE, (place) => {
        last = place
      })
      // It may fail while the snapshot does.
      puts.catch(() => {})
      await pause(time, PACKED_MS)
      await cell.snapshot()
      await puts
      await cell.close()
    }
    // Whoever has asked a server that stops hears nothing any more.
    const ends = work().catch(() => {})
    await time.settle(Promise.race([ends, pause(time, 2 * PACKED_MS)]))
  }
  const calls = new Map(OPERATIONS.map((operation) => [operation, disk.count(operation)]))
  const healthy = await LedgerServer.start(disk.kill(), legacy.now + 3 * PACKED_MS)
  await healthy.pack()
  const outcomes = await healthy.readEach(last)
  expect(healthy.failures).toEqual([])
  await healthy.close()
  return { calls, failures: server?.failures ?? [], outcomes, last }
}

test('a call to the disk that fails while records are packed loses none, and brings none twice', {
  timeout: 300_000,
}, async () => {
  const legacy = await leaveLedger(RECORDS)
  const undisturbed = await liveThrough(legacy, null)
  expect(undisturbed).toMatchObject({ failures: [], last: RECORDS + MORE })
  expect(undisturbed.calls.get('read')).toBeGreaterThan(10)
  let stopped = 0
  for (const { operation, nth, fault } of failuresOf(undisturbed.calls, PER_KIND)) {
    if (operation === undefined || (fault !== 'EIO' && fault !== 'ENOSPC')) continue
    const what = `${fault} at ${operation} ${nth}`
    const { outcomes, failures } = await liveThrough(legacy, { operation, nth, fault })
    expect(failures.every((each) => each instanceof JournalError) && failures.length < 2, what).toBe(true)
    stopped += failures.length
    expect(
      outcomes.filter((each) => each !== 'found'),
      what,
    ).toEqual([])
  }
  expect(stopped).toBeGreaterThan(3)
})

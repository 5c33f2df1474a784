import { beforeAll, expect, test } from 'vitest'
import { JournalError } from '../../src/journal/journal.ts'
import { diskWith } from './damaged-start.ts'
import { damagesTo } from './damages.ts'
import { regionsOf } from './file-regions.ts'
import { type LedgerLegacy, LedgerServer, leaveLedger } from './ledger-server.ts'

const RECORDS = 400

let legacy: LedgerLegacy
beforeAll(async () => {
  legacy = await leaveLedger(RECORDS)
})

test('records that can not be read any more stop neither the packing of the rest nor the server', async () => {
  const { files, now } = legacy
  const bodies = [...files].flatMap(([name, bytes]) =>
    regionsOf(name, bytes).filter(({ kind }) => /^segment (?:body|bodies)$/.test(kind)),
  )
  expect(bodies.length).toBeGreaterThan(50)
  for (const { file, start, end } of [bodies[0]!, bodies[20]!, bodies[40]!]) {
    const bytes = files.get(file)!.slice()
    bytes[Math.floor((start + end) / 2)]! ^= 1
    const server = await LedgerServer.start(diskWith(new Map([...files, [file, bytes]])), now)
    await server.pack()
    expect(server.failures).toEqual([])
    expect(server.reports.join('\n')).toContain(`${file} is corrupt at offset`)
    const outcomes = await server.readEach(RECORDS)
    expect(outcomes).not.toContain('wrong')
    const unreadable = outcomes.filter((each) => each === 'unreadable').length
    expect(unreadable).toBeGreaterThan(0)
    expect(unreadable).toBeLessThan(RECORDS / 4)
    await server.close()
  }
})

test('no damage to the files that records lie in is served, or stops a server that has started', {
  timeout: 120_000,
}, async () => {
  const { files, now } = legacy
  for (const { what, replaced } of damagesTo(files, { perKind: 2, stride: null })) {
    const damaged = new Map(files)
    for (const [name, bytes] of Object.entries(replaced)) {
      if (bytes === null) damaged.delete(name)
      else damaged.set(name, bytes)
    }
    const server = await LedgerServer.start(diskWith(damaged), now).catch((error: unknown) => {
      if (error instanceof JournalError) return null
      throw error
    })
    if (server === null) continue
    await server.pack()
    expect(server.failures, what).toEqual([])
    const outcomes = await server.readEach(RECORDS)
    // A frame at the very end may be lost with the power; what is there is what was put there.
    const there = outcomes.slice(0, outcomes.lastIndexOf('found') + 1)
    expect(there, what).not.toContain('wrong')
    await server.close()
  }
})

import { beforeAll, expect, test } from 'vitest'
import { SeededRandom } from '../../src/base/random.ts'
import type { Cell } from '../../src/cell/cell.ts'
import { SimulatedDisk } from '../../src/engines/files/simulated-disk.ts'
import { JournalError } from '../../src/journal/journal.ts'
import type { StreamAddress } from '../../src/services/kinesis/commands.ts'
import { recordsIn } from '../kinesis/record-life.ts'
import { pause } from './clients.ts'
import { diskWith } from './damaged-start.ts'
import { damagesTo } from './damages.ts'
import { regionsOf } from './file-regions.ts'
import { openServer, SMALL_FILES } from './simulated-server.ts'
import { SimulatedTime } from './simulated-time.ts'
import { createStream, putInto, send } from './stream-requests.ts'

const STREAM: StreamAddress = { accountId: '000000000000', region: 'us-east-1', name: 'ledger' }
const RECORDS = 400
/** After so long runs are packed that are enough for it. */
const PACKED_MS = 15_000

let files: ReadonlyMap<string, Uint8Array>
let now = Date.UTC(2026, 0, 1)

interface Server {
  readonly cell: Cell
  readonly time: SimulatedTime
  readonly failures: readonly Error[]
  readonly reports: readonly string[]
}

async function start(disk: SimulatedDisk): Promise<Server> {
  const time = new SimulatedTime(now, new SeededRandom(1))
  const failures: Error[] = []
  const reports: string[] = []
  const cell = await time.settle(
    openServer({
      ...{ disk, time, random: new SeededRandom(2), limits: SMALL_FILES },
      onFailure: (error) => failures.push(error),
      report: (problem) => reports.push(problem),
    }),
  )
  return { cell, time, failures, reports }
}

const textOf = (place: number) => `${place}`.padEnd(150, '.')

/** A shard with records of which none is packed yet, and a server that was killed. */
beforeAll(async () => {
  const disk = new SimulatedDisk({ random: new SeededRandom(3) })
  const { cell, time } = await start(disk)
  const work = async () => {
    await createStream(cell, STREAM)
    for (let place = 1; place <= RECORDS; place++) {
      await putInto(cell, STREAM, [{ shard: 0, key: 'key', text: textOf(place) }])
      await pause(time, 5)
    }
  }
  await time.settle(work())
  now = time.now()
  const left = disk.kill()
  files = new Map(left.names().map((name) => [name, left.contents(name)]))
})

/** Reads record after record, and tells of each whether it was found, wrong, or could not be read. */
async function readEach({
  cell,
  time,
}: Server): Promise<ReadonlyMap<number, 'found' | 'wrong' | 'unreadable'>> {
  const read = async () => {
    const outcomes = new Map<number, 'found' | 'wrong' | 'unreadable'>()
    for (let index = 1; index <= RECORDS; index++) {
      const position = { index, since: 0 }
      const wanted = { limit: 1, bytesMax: 1, waitMs: 0, isMetered: false }
      const reply = await send(cell, 'readRecords', {
        ...{ stream: STREAM, streamNumber: 1, shard: 0, position, ...wanted },
      })
      const records = await recordsIn(reply, position).catch((error: unknown) => {
        if (error instanceof JournalError) return null
        throw error
      })
      const isRight = records?.records[0]?.text === textOf(index)
      outcomes.set(index, records === null ? 'unreadable' : isRight ? 'found' : 'wrong')
    }
    return outcomes
  }
  return time.settle(read())
}

test('records that can not be read any more stop neither the packing of the rest nor the server', async () => {
  const bodies = [...files].flatMap(([name, bytes]) =>
    regionsOf(name, bytes).filter(({ kind }) => /^segment (?:body|bodies)$/.test(kind)),
  )
  expect(bodies.length).toBeGreaterThan(50)
  for (const { file, start: from, end } of [bodies[0]!, bodies[20]!, bodies[40]!]) {
    const bytes = files.get(file)!.slice()
    bytes[Math.floor((from + end) / 2)]! ^= 1
    const server = await start(diskWith(new Map([...files, [file, bytes]])))
    await server.time.settle(pause(server.time, PACKED_MS))
    expect(server.failures).toEqual([])
    expect(server.reports.join('\n')).toContain(`${file} is corrupt at offset`)
    const outcomes = [...(await readEach(server)).values()]
    expect(outcomes.filter((each) => each === 'wrong')).toEqual([])
    const unreadable = outcomes.filter((each) => each === 'unreadable').length
    expect(unreadable).toBeGreaterThan(0)
    expect(unreadable).toBeLessThan(RECORDS / 4)
    await server.time.settle(server.cell.close())
  }
})

test('no damage to the files that records lie in is served, or stops a server that has started', {
  timeout: 120_000,
}, async () => {
  for (const { what, replaced } of damagesTo(files, { perKind: 2, stride: null })) {
    const damaged = new Map(files)
    for (const [name, bytes] of Object.entries(replaced)) {
      if (bytes === null) damaged.delete(name)
      else damaged.set(name, bytes)
    }
    const server = await start(diskWith(damaged)).catch((error: unknown) => {
      if (error instanceof JournalError) return null
      throw error
    })
    if (server === null) continue
    await server.time.settle(pause(server.time, PACKED_MS))
    expect(server.failures, what).toEqual([])
    const outcomes = [...(await readEach(server)).values()]
    // A frame at the very end may be lost with the power; what is there is what was put there.
    const wrong = outcomes.lastIndexOf('found') + 1
    expect(outcomes.slice(0, wrong).includes('wrong'), what).toBe(false)
    await server.time.settle(server.cell.close())
  }
})

import { expect, test } from 'vitest'
import { ServiceError } from '../../src/api/service-error.ts'
import { SeededRandom } from '../../src/base/random.ts'
import { SimulatedDisk } from '../../src/engines/files/simulated-disk.ts'
import type { StreamAddress } from '../../src/services/kinesis/commands.ts'
import { recordsIn } from '../kinesis/record-life.ts'
import { pause } from './clients.ts'
import { openServer, SMALL_FILES } from './simulated-server.ts'
import { SimulatedTime } from './simulated-time.ts'
import { createStream, putInto, send } from './stream-requests.ts'

const STREAM: StreamAddress = { accountId: '000000000000', region: 'us-east-1', name: 'ledger' }
const START = Date.UTC(2026, 0, 1)
const CAPACITY_BYTES = 9_000_000
/** More than one chore of packing writes, as real disks have it: their headroom is several times that. */
const FLOOR_BYTES = 4_000_000
const SPACE = { reserveBytes: 65_536, headroomBytes: 32_768, askAfterBytes: 16_384, askAfterMilliseconds: 50 }
const DAY_MS = 86_400_000
/** After so long runs are packed that are enough for it, and what that let go of was given back. */
const PACKED_MS = 30_000

const textOf = (place: number) => `${place}`.padEnd(3000, '.')

/** What clients do with a server that starts on the disk at a time. */
async function serve(disk: SimulatedDisk, now: number) {
  const time = new SimulatedTime(now, new SeededRandom(1))
  const failures: Error[] = []
  const cell = await time.settle(
    openServer({
      ...{ disk, time, random: new SeededRandom(2), limits: SMALL_FILES },
      space: { clock: time, floorBytes: FLOOR_BYTES, limits: SPACE },
      onFailure: (error) => failures.push(error),
    }),
  )
  /** Puts until that is refused, or so many; returns how many there were. */
  const putFrom = async (first: number, most: number): Promise<number> => {
    for (let place = first; place < first + most; place++) {
      try {
        await putInto(cell, STREAM, [{ shard: 0, key: 'key', text: textOf(place) }])
      } catch (error) {
        expect(error).toBeInstanceOf(ServiceError)
        expect(error).toMatchObject({ shape: { code: 'ServiceUnavailable', status: 503 } })
        return place - first
      }
      await pause(time, 5)
    }
    return most
  }
  const readAll = async () => {
    const found: string[] = []
    let chunks = 0
    for (let index = 1; ; ) {
      const position = { index, since: 0 }
      const wanted = { limit: 100, bytesMax: 1_000_000, waitMs: 0, isMetered: false }
      const reply = await send(cell, 'readRecords', {
        ...{ stream: STREAM, streamNumber: 1, shard: 0, position, ...wanted },
      })
      if (reply.slices.length === 0) return { found, chunks }
      chunks += reply.slices.filter(({ isPacked }) => isPacked).length
      const { records, next } = await recordsIn(reply, position)
      found.push(...records.map(({ text }) => text))
      index = next
    }
  }
  return { cell, time, failures, putFrom, readAll }
}

test('on a full disk records are refused and none are packed, readers go on, and retention makes room again', {
  timeout: 120_000,
}, async () => {
  const disk = new SimulatedDisk({ random: new SeededRandom(3), capacityBytes: CAPACITY_BYTES })
  const full = await serve(disk, START)
  const there = await full.time.settle(
    (async () => {
      await createStream(full.cell, STREAM)
      const count = await full.putFrom(1, 2000)
      // What gathered is due for packing, which would write all of it once more.
      await pause(full.time, PACKED_MS)
      expect(full.failures).toEqual([])
      const { found, chunks } = await full.readAll()
      expect(found).toEqual(Array.from({ length: count }, (_, i) => textOf(i + 1)))
      expect(chunks).toBe(0)
      await full.cell.close()
      return count
    })(),
  )
  expect(there).toBeGreaterThan(200)
  expect(there).toBeLessThan(2000)

  const later = await serve(disk.kill(), START + DAY_MS + 2 * PACKED_MS)
  await later.time.settle(
    (async () => {
      await pause(later.time, PACKED_MS)
      for (let i = 0; i < 4; i++) {
        await later.cell.snapshot()
        await pause(later.time, 5000)
      }
      expect((await later.readAll()).found).toEqual([])
      expect(await later.putFrom(there + 1, 100)).toBe(100)
      await pause(later.time, PACKED_MS)
      const { found, chunks } = await later.readAll()
      expect(found).toHaveLength(100)
      expect(chunks).toBeGreaterThan(0)
      await later.cell.close()
    })(),
  )
  expect(later.failures).toEqual([])
})

import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { groupsOf } from '../../../test/kinesis/record-groups.ts'
import { KINESIS_REQUEST, TEST_STREAM } from '../../../test/kinesis/scripted-kinesis.ts'
import { TestKeys } from '../../../test/kinesis/test-encryption.ts'
import type { Bodies } from '../../core/service-state.ts'
import type { RecordPosition, RecordSlice, RecordSlices } from './commands.ts'
import { recordBytes, writeChunk, writeVarint } from './record-format.ts'
import { SealedRecords, sealRecords, sealUseOf } from './sealed-records.ts'
import { takeRecords } from './take-records.ts'

const ORIGIN = { number: 3, createdSecond: 1_767_000_000 }
const START = 1_767_000_100_000

interface WrittenRun {
  readonly texts: readonly string[]
  readonly pause: number
  /** Null for one that isn't sealed. */
  readonly keyId: string | null
}

const anyRun: fc.Arbitrary<WrittenRun> = fc.record({
  texts: fc.array(fc.string({ maxLength: 20 }), { minLength: 1, maxLength: 4 }),
  pause: fc.nat(3),
  keyId: fc.option(fc.constantFrom('alias/a', 'alias/b'), { nil: null }),
})
/** Runs that lie in one body; more than one are packed. */
const anyBody = fc.record({
  isLost: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
  runs: fc.array(anyRun, { minLength: 1, maxLength: 5 }),
})

function write(texts: readonly string[]): Uint8Array {
  const parts = texts.map((text) => {
    const data = Buffer.from(text)
    const bytes = new Uint8Array(recordBytes(1, data.length))
    const at = writeVarint(bytes, writeVarint(bytes, 0, 1), data.length)
    bytes.set(Buffer.from('k'), at)
    bytes.set(data, at + 1)
    return bytes
  })
  return Buffer.concat(parts)
}

/** A shard's bodies, sealed as the runs say, or none of them. */
async function shardOf(
  keys: TestKeys,
  bodies: readonly { readonly isLost: boolean; readonly runs: readonly WrittenRun[] }[],
  isSealing: boolean,
): Promise<{ readonly slices: readonly RecordSlice[]; readonly bodies: Bodies; readonly tip: number }> {
  const slices: RecordSlice[] = []
  const contents: (Uint8Array | null)[] = []
  let [index, time] = [7, START]
  for (const { isLost, runs } of bodies) {
    const firstIndex = index
    const places: Parameters<typeof writeChunk>[0][number][] = []
    const parts: Uint8Array[] = []
    for (const { texts, pause, keyId } of runs) {
      time += pause
      index += texts.length
      const isSealed = keyId !== null && isSealing
      const plain = write(texts)
      const part = isSealed ? await sealed(keys, keyId, plain) : plain
      parts.push(part)
      const place = { offset: 0, bytes: part.length, count: texts.length, time }
      places.push({ ...place, isEncrypted: keyId !== null, isSealed })
    }
    const [only] = places as [(typeof places)[0]]
    const isPacked = runs.length > 1
    const body = isPacked ? writeChunk(places, parts) : parts[0]!
    slices.push({
      ...{
        firstIndex,
        count: index - firstIndex,
        time: only.time,
        offset: isPacked ? 0 : 2,
        bytes: body.length,
      },
      ...{
        isPacked,
        isEncrypted: !isPacked && only.isEncrypted,
        isSealed: places.some((run) => run.isSealed),
      },
    })
    const stored = isPacked ? body : Buffer.concat([Buffer.from('xx'), body, Buffer.from('y')])
    contents.push(isLost ? null : stored)
  }
  return { slices, bodies: contents, tip: index }
}

async function sealed({ encryption }: TestKeys, keyId: string, plain: Uint8Array): Promise<Uint8Array> {
  const groups = groupsOf([{ shard: 3, count: 1, bytes: plain.length, payloadBytes: plain.length }])
  const use = sealUseOf(encryption, TEST_STREAM, keyId, KINESIS_REQUEST)
  return (await sealRecords(encryption, use, { groups, body: plain })).body
}

/** All records that a reader gets who asks again until there is nothing more. */
async function readAll(
  keys: TestKeys,
  shard: Awaited<ReturnType<typeof shardOf>>,
  from: RecordPosition,
  wanted: { readonly limit: number; readonly bytesMax: number },
  trimmedBefore: number,
) {
  const records: unknown[] = []
  const reader = new SealedRecords(keys.encryption, TEST_STREAM, KINESIS_REQUEST)
  for (let position = from; position.index < shard.tip; ) {
    const there = shard.slices
      .map((slice, i) => ({ slice, body: shard.bodies[i]! }))
      .filter(({ slice }) => slice.firstIndex + slice.count > position.index)
    const found: RecordSlices = {
      slices: there.map(({ slice }) => slice),
      bodies: there.map(({ body }) => body),
      ...{ trimmedBefore, now: START + 100, tip: shard.tip, children: null },
      createdSecond: ORIGIN.createdSecond,
    }
    const opened = await reader.open(found, await found.bodies, position, wanted)
    const taken = takeRecords({ ...found, slices: opened.slices }, opened.bodies, ORIGIN, position, wanted)
    expect(taken.records.length).toBeLessThanOrEqual(wanted.limit)
    expect(taken.next.index).toBeGreaterThan(position.index)
    records.push(...taken.records.map((record) => ({ ...record, Data: Buffer.from(record.Data).toString() })))
    position = taken.next
  }
  return records
}

test('whoever reads sealed records gets what others get of plain ones, wherever and however much of them', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyBody, { minLength: 1, maxLength: 6 }),
      fc.record({ index: fc.integer({ min: 1, max: 40 }), since: fc.nat(12).map((n) => START + n) }),
      fc.record({ limit: fc.integer({ min: 1, max: 9 }), bytesMax: fc.integer({ min: 1, max: 900 }) }),
      fc.nat(6).map((n) => START + n),
      async (bodies, from, wanted, trimmedBefore) => {
        const keys = new TestKeys()
        const plain = await readAll(keys, await shardOf(keys, bodies, false), from, wanted, trimmedBefore)
        const same = await readAll(keys, await shardOf(keys, bodies, true), from, wanted, trimmedBefore)
        expect(same).toEqual(plain)
      },
    ),
    { numRuns: 300 },
  )
})

test('what is not wanted stays closed', async () => {
  const keys = new TestKeys()
  const run = { texts: ['a', 'b'], pause: 1, keyId: 'alias/a' }
  const shard = await shardOf(keys, [{ isLost: false, runs: Array.from({ length: 9 }, () => run) }], true)
  keys.asked.length = 0
  const reader = new SealedRecords(keys.encryption, TEST_STREAM, KINESIS_REQUEST)
  const found = { ...shard, trimmedBefore: 0, now: START, children: null, createdSecond: 1 }
  // The third run begins at 11; four records are in that and in the next.
  const { slices } = await reader.open(
    found,
    shard.bodies,
    { index: 11, since: 0 },
    { limit: 4, bytesMax: 9e9 },
  )
  expect(slices).toMatchObject([
    { firstIndex: 11, count: 4, isPacked: true, isSealed: false, time: START + 3 },
  ])
  expect(keys.asked).toHaveLength(2)
  keys.asked.length = 0
  // The last three runs are not older than that.
  const since = { index: 1, since: START + 7 }
  const young = await reader.open(found, shard.bodies, since, { limit: 100, bytesMax: 9e9 })
  expect(young.slices).toMatchObject([{ firstIndex: 19, count: 6, time: START + 7 }])
  expect(keys.asked).toHaveLength(3)
})

test('where nothing is sealed, the very same is handed on', () => {
  const { encryption } = new TestKeys()
  const slice = { firstIndex: 1, count: 1, time: 1, offset: 0, bytes: 3, isPacked: false, isEncrypted: true }
  const slices = [{ ...slice, isSealed: false }]
  const bodies = [new Uint8Array(3)]
  const found = { slices, bodies, trimmedBefore: 0, now: 1, tip: 2, createdSecond: 1, children: null }
  const reader = new SealedRecords(encryption, TEST_STREAM, KINESIS_REQUEST)
  const opened = reader.open(found, bodies, { index: 1, since: 0 }, { limit: 1, bytesMax: 1 })
  if (opened instanceof Promise) throw new Error('nothing is to be waited for')
  expect(opened.slices).toBe(slices)
  expect(opened.bodies).toBe(bodies)
})

test('each group is sealed by itself, with the ARN of its stream', async () => {
  const keys = new TestKeys()
  const body = Buffer.from('first/second')
  const groups = { shards: [1, 2], counts: [1, 1], bytes: [6, 6], payloadBytes: [6, 6] }
  const use = sealUseOf(keys.encryption, TEST_STREAM, 'alias/a', KINESIS_REQUEST)
  const stored = await sealRecords(keys.encryption, use, { groups, body })
  expect(Buffer.from(stored.body).includes('first')).toBe(false)
  expect(stored.groups).toMatchObject({ shards: [1, 2], counts: [1, 1], payloadBytes: [6, 6] })
  const second = stored.body.subarray(stored.groups.bytes[0])
  expect(second.length).toBe(stored.groups.bytes[1])
  const opened = await keys.encryption.seals.open({ ...TEST_STREAM, reuseMs: 1, user: null }, second)
  expect(Buffer.from(opened).toString()).toBe('second')
  const context = '{"aws:kinesis:arn":"arn:aws:kinesis:eu-west-1:000000000000:stream/orders"}'
  expect(keys.asked).toEqual([`GenerateDataKey alias/a ${context}`, `Decrypt alias/a ${context}`])
})

test('who reads is asked about once for each key, however many seals there are', async () => {
  const keys = new TestKeys()
  const runs = ['alias/a', 'alias/b'].flatMap((keyId) =>
    Array.from({ length: 20 }, () => ({ texts: ['x'], pause: 0, keyId })),
  )
  const shard = await shardOf(keys, [{ isLost: false, runs }], true)
  const asked: string[] = []
  keys.user = {
    denial: (action, key) => {
      asked.push(`${action} ${key}`)
      return null
    },
  }
  await readAll(keys, shard, { index: 1, since: 0 }, { limit: 100, bytesMax: 9e9 }, 0)
  expect(asked).toEqual(['Decrypt alias/a', 'Decrypt alias/b'])
})

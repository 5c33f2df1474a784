import { expect, test } from 'vitest'
import { groupsOf } from '../../../../test/kinesis/record-groups.ts'
import { put, readAll, readSlices } from '../../../../test/kinesis/record-life.ts'
import { HOUR_MS, named, ORDERS, StreamLife } from '../../../../test/kinesis/stream-life.ts'
import type { RecordReplies } from '../commands.ts'
import { CHUNK_RUNS, PACKED_AFTER_MS, READ_RUNS_MAX } from './packing/packing.ts'

const HALF = `8${'0'.repeat(31)}`
const FIRST = { index: 1, since: 0 }
const KIB = 'x'.repeat(1024)

function lifeOf(shards = 1): StreamLife {
  const life = new StreamLife()
  life.ask('createStream', { shards })
  return life
}

const record = (shard: number, text = 'text') => ({ shard, key: 'key', text })

function putKibs(life: StreamLife, count: number, kib = 1): void {
  for (let i = 0; i < count; i++) put(life, [record(0, KIB.repeat(kib))])
}

function waitFor(life: StreamLife, reply: RecordReplies['readRecords'], waitMs = 500) {
  const command = {
    stream: ORDERS,
    streamNumber: 1,
    shard: 0,
    position: FIRST,
    limit: 1,
    bytesMax: 1,
    waitMs,
  }
  const all = { service: 'kinesis', kind: 'readRecords', isMetered: false, ...command }
  return life.machine.stateOf(all).waitFor(all, reply)
}

test('records of a request get the next indexes of their shards, and are stored in one body', async () => {
  const life = lifeOf(2)
  const records = [record(1, 'a'), record(0, 'b'), record(1, 'c')]
  const answer = { kind: 'put', now: life.now, isEncrypted: false }
  expect(put(life, records)).toEqual({ ...answer, firstIndexes: [1, 1] })
  expect(put(life, records)).toEqual({ ...answer, firstIndexes: [2, 3] })
  expect(life.bodies).toBe(2)
  const texts = async (shard: number) => (await readAll(life, shard)).map(({ index, text }) => [index, text])
  expect(await texts(0)).toEqual([
    [1, 'b'],
    [2, 'b'],
  ])
  expect(await texts(1)).toEqual([
    [1, 'a'],
    [2, 'c'],
    [3, 'a'],
    [4, 'c'],
  ])
})

test('nothing is put where the shards are others than was thought, and the answer says which there are', () => {
  const life = lifeOf()
  const map = life.ask('getShardMap')
  life.ask('splitShard', { shard: 0, at: HALF })
  const entries = life.log.length
  const present = life.ask('getShardMap')
  expect(put(life, [record(0)], { map: map.version })).toEqual({ kind: 'stale', map: present })
  expect([life.log.length, life.bodies]).toEqual([entries, 0])
  expect(present.shards.map(({ number }) => number)).toEqual([1, 2])
  life.ask('deleteStream')
  life.ask('createStream')
  expect(put(life, [record(1)], { map: present.version }).kind).toBe('stale')
})

test('what there is not is not found', () => {
  const life = new StreamLife()
  const noStream = 'ResourceNotFoundException: Stream orders under account 000000000000 not found.'
  const start = { type: 'oldest' } as const
  const put = { map: 1, groups: groupsOf([]), isMetered: false, bodies: [new Uint8Array(0)] } as const
  const read = { shard: 0, position: FIRST, limit: 1, bytesMax: 1, waitMs: 0, isMetered: false }
  const expectNone = () => {
    expect(life.refusal('getShardMap')).toBe(noStream)
    expect(life.refusal('putRecords', put)).toBe(noStream)
    expect(life.refusal('findPosition', { shard: 0, start })).toBe(noStream)
    expect(life.refusal('readRecords', { ...read, streamNumber: 1 })).toBe(noStream)
  }
  expectNone()
  life.ask('createStream', { settleMs: 1000 })
  expectNone()
  life.wait(1000)
  const noShard =
    'ResourceNotFoundException: Could not find shard shardId-000000000001 in stream orders under account 000000000000.'
  expect(life.refusal('findPosition', { shard: 1, start })).toBe(noShard)
  expect(life.refusal('readRecords', { ...read, shard: 1, streamNumber: 1 })).toBe(noShard)
  expect(life.refusal('readRecords', { ...read, streamNumber: 1 })).toBe('not refused')
  life.ask('deleteStream')
  life.ask('createStream')
  expect(life.refusal('readRecords', { ...read, streamNumber: 1 })).toBe(noStream)
})

test('a sequence number of a shard that was created at another time did not come from this one', () => {
  const life = lifeOf()
  put(life, [record(0), record(0)])
  const [{ createdSecond } = { createdSecond: 0 }] = life.ask('getShardMap').shards
  const at = (index: number, second = createdSecond) =>
    life.ask('findPosition', { shard: 0, start: { type: 'index', index, createdSecond: second } }).position
      .index
  expect([0, 1, 2, 3, Number.MAX_SAFE_INTEGER].map((index) => at(index))).toEqual([1, 1, 2, 3, 3])
  const start = { type: 'index', index: 1, createdSecond: createdSecond + 1 } as const
  expect(life.refusal('findPosition', { shard: 0, start })).toMatch(
    /^InvalidArgumentException: .*come from this/,
  )
})

test('an answer has whole runs until there are as many records or bytes as were asked for', () => {
  const life = lifeOf()
  for (let i = 0; i < 5; i++) put(life, [record(0), record(0), record(0)])
  const counts = (limit: number, bytesMax: number, index = 1) =>
    readSlices(life, 0, { index, since: 0 }, { limit, bytesMax }).slices.map(({ firstIndex }) => firstIndex)
  expect(counts(1, 1000)).toEqual([1])
  expect(counts(4, 1000)).toEqual([1, 4])
  expect(counts(4, 1000, 3)).toEqual([1, 4])
  expect(counts(100, 1)).toEqual([1])
  expect(counts(100, 28)).toEqual([1, 4])
  const { tip, now, children, createdSecond } = readSlices(life, 0, { index: 16, since: 0 })
  expect({ tip, now, children, createdSecond }).toEqual({
    ...{ tip: 16, now: life.now, children: null, createdSecond: Math.floor(life.now / 1000) },
  })
})

test('records are there for as long as the stream keeps them, whether they were cleaned up or not', async () => {
  const life = lifeOf()
  put(life, [record(0, 'old')])
  life.wait(HOUR_MS)
  put(life, [record(0, 'new')])
  life.wait(23 * HOUR_MS)
  expect((await readAll(life, 0)).length).toBe(2)
  life.wait(1)
  expect((await readAll(life, 0)).map(({ index, text }) => [index, text])).toEqual([[2, 'new']])
  const start = { type: 'oldest' } as const
  expect(life.ask('findPosition', { shard: 0, start }).position).toEqual({ index: 2, since: 0 })
  expect(life.bodies).toBe(2)
  life.ask('setRetention', { hours: 48, direction: 'increase' })
  expect((await readAll(life, 0)).length).toBe(1)
  life.tidy()
  expect(life.bodies).toBe(1)
})

test('a closed shard is read to its end, where its children begin', () => {
  const life = lifeOf()
  put(life, [record(0)])
  life.ask('splitShard', { shard: 0, at: HALF })
  const children = life.shards().slice(1)
  expect(readSlices(life, 0, FIRST)).toMatchObject({ tip: 2, children })
  expect(readSlices(life, 0, { index: 2, since: 0 })).toMatchObject({
    slices: [],
    bodies: [],
    tip: 2,
    children,
  })
})

test('a read that finds nothing waits for its shard, until records come, the shard is closed or the stream goes', () => {
  const life = lifeOf()
  const waiting = waitFor(life, readSlices(life, 0, FIRST))
  expect(waiting).toEqual({ resource: expect.anything(), milliseconds: 500, isForAll: true })
  const isWoken = () => life.woken.delete(waiting!.resource)
  expect(waitFor(life, readSlices(life, 0, FIRST), 0)).toBeNull()
  expect(isWoken()).toBe(false)
  put(life, [record(0)])
  expect(isWoken()).toBe(true)
  expect(waitFor(life, readSlices(life, 0, FIRST))).toBeNull()
  expect(waitFor(life, readSlices(life, 0, { index: 2, since: 0 }))?.resource).toBe(waiting!.resource)
  life.ask('splitShard', { shard: 0, at: HALF })
  expect(isWoken()).toBe(true)
  expect(waitFor(life, readSlices(life, 0, { index: 2, since: 0 }))).toBeNull()
})

test('a shard takes a thousand records or a mebibyte in a second, where that is limited, and refuses record by record', async () => {
  const life = lifeOf(2)
  const outcome = (records: Parameters<typeof put>[1]) => {
    const found = put(life, records, { isMetered: true })
    return found.kind === 'put' ? found.firstIndexes : []
  }
  const large = KIB.repeat(400)
  const records = [record(0, large), record(0, large), record(0, large), record(0, 'small'), record(1)]
  expect(outcome(records)).toEqual([1, 2, null, 3, 1])
  expect((await readAll(life, 0)).map(({ text }) => text.length)).toEqual([large.length, large.length, 5])
  life.checkBodies()
  const entries = life.log.length
  expect(outcome([record(0, large)])).toEqual([null])
  expect(life.log.length).toBe(entries)
  life.wait(1000)
  expect(outcome(Array.from({ length: 1002 }, () => record(0, '')))).toEqual([
    ...Array.from({ length: 1000 }, (_, i) => i + 4),
    ...[null, null],
  ])
  life.wait(1000)
  expect(outcome([record(0, KIB.repeat(3000)), record(0)])).toEqual([1004, null])
  life.wait(2000)
  expect(outcome([record(0)])).toEqual([null])
  life.wait(1000)
  expect(outcome([record(0)])).toEqual([1005])
})

test('a shard is read five times or two mebibytes in a second, where that is limited', () => {
  const life = lifeOf()
  putKibs(life, 5, 1000)
  const read = { streamNumber: 1, shard: 0, limit: 1, bytesMax: 10_000_000, waitMs: 0, isMetered: true }
  const refusal = (limit: number) => life.refusal('readRecords', { ...read, limit, position: FIRST })
  const refused =
    'ProvisionedThroughputExceededException: Rate exceeded for shard shardId-000000000000 in stream orders under account 000000000000.'
  expect([1, 1, 1].map(refusal)).toEqual(['not refused', 'not refused', 'not refused'])
  expect(refusal(1)).toBe(refused)
  life.wait(1500)
  expect(refusal(5)).toBe('not refused')
  life.wait(2400)
  expect(refusal(1)).toBe(refused)
  life.wait(100)
  const nothing = { ...read, position: { index: 6, since: 0 } }
  for (let i = 0; i < 5; i++) expect(life.refusal('readRecords', nothing)).toBe('not refused')
  expect(life.refusal('readRecords', nothing)).toBe(refused)
})

test('of a run that a read begins within, as much is counted as it gives', () => {
  const life = lifeOf()
  put(life, [record(0, KIB.repeat(3000)), record(0, KIB.repeat(3000)), record(0, KIB)])
  const read = { streamNumber: 1, shard: 0, limit: 10, bytesMax: 10_000_000, isMetered: true }
  expect(life.refusal('readRecords', { ...read, position: { index: 3, since: 0 } })).toBe('not refused')
  life.wait(1000)
  expect(life.refusal('readRecords', { ...read, position: FIRST })).toBe('not refused')
})

test('a read that waits is one read, however often it is decided', () => {
  const life = lifeOf()
  const command = {
    ...{ service: 'kinesis', kind: 'readRecords', stream: ORDERS, streamNumber: 1, shard: 0 },
    ...{ position: FIRST, limit: 1, bytesMax: 1, waitMs: 100, isMetered: true },
  }
  for (let i = 0; i < 20; i++) expect(() => life.machine.execute(command, 0)).not.toThrow()
})

test('small runs are packed when enough of them have gathered for ten seconds', async () => {
  const life = lifeOf()
  putKibs(life, 63)
  life.wait(PACKED_AFTER_MS)
  expect(life.doChores()).toBe(0)
  putKibs(life, 37)
  const before = await readAll(life, 0)
  expect([life.doChores(), life.bodies]).toEqual([1, 2])
  expect(life.lifetimes).toEqual([1, 1])
  expect(await readAll(life, 0)).toEqual(before)
  const { slices } = readSlices(life, 0, { index: 3, since: 0 }, { limit: 99 })
  expect(slices.map(({ isPacked, count }) => [isPacked, count])).toEqual([
    [true, 50],
    [true, 50],
  ])
  life.checkBodies()
  putKibs(life, 1)
  expect((await readAll(life, 0)).length).toBe(101)
})

test('the shards of a stream are packed together, by one command that reads each body once', async () => {
  const life = lifeOf(5)
  for (let i = 0; i < 80; i++) {
    put(
      life,
      [0, 1, 2, 3].map((shard) => record(shard, KIB)),
    )
  }
  put(life, [record(4, KIB)])
  const before = await Promise.all([0, 1, 2, 3, 4].map((shard) => readAll(life, shard)))
  life.wait(PACKED_AFTER_MS)
  expect(life.machine.chore()?.reads?.()).toEqual(Array.from({ length: 81 }, (_, i) => i))
  const entries = life.log.length
  // The one that is the only of its shard has its body for itself, and stays; what it holds its body by counts with the next command.
  expect([life.doChores(), life.log.length - entries, life.bodies]).toEqual([2, 2, 4 + 1])
  expect(await Promise.all([0, 1, 2, 3, 4].map((shard) => readAll(life, shard)))).toEqual(before)
  life.checkBodies()
})

/** Of more shards than one chore packs: the first of them has done its part. */
async function lifeWithWorkLeft() {
  const life = lifeOf(40)
  const shards = Array.from({ length: 40 }, (_, shard) => shard)
  for (let i = 0; i < 80; i++) {
    put(
      life,
      shards.map((shard) => record(shard, KIB)),
    )
  }
  const read = () => Promise.all(shards.map((shard) => readAll(life, shard)))
  const before = await read()
  life.wait(PACKED_AFTER_MS)
  expect(life.doChores(1)).toBe(1)
  const packed = () => shards.filter((shard) => readSlices(life, shard, FIRST).slices[0]?.isPacked).length
  // Of each 80 KiB, and 2 MiB in all.
  expect(packed()).toBe(26)
  return { life, packed, unchanged: async () => expect(await read()).toEqual(before) }
}

test('what is read for more shards than one chore packs is used by the chore behind it, which reads nothing', async () => {
  const { life, packed, unchanged } = await lifeWithWorkLeft()
  expect(life.machine.chore()).toMatchObject({ command: { done: 26 } })
  expect(life.machine.chore()?.reads).toBeUndefined()
  // Until all are packed, the bodies stay.
  expect(life.bodies).toBe(80 + 26)
  expect([life.doChores(), packed(), life.bodies]).toEqual([1, 40, 40])
  expect(life.machine.chore()).toBeNull()
  await unchanged()
  life.checkBodies()
})

test('what one chore left for another is found again after a restart, and gone with its stream', async () => {
  const { life } = await lifeWithWorkLeft()
  const restarted = life.restarted(null, life.log)
  expect(restarted.machine.chore()?.reads?.()).toHaveLength(80)
  expect([restarted.doChores(), restarted.bodies]).toEqual([1, 40])
  life.ask('deleteStream')
  expect(life.doChores()).toBe(1)
  life.tidy()
  expect([life.machine.chore(), life.bodies]).toEqual([null, 0])
})

test('of shards that are packed together, each minds what happened to it meanwhile', async () => {
  const life = lifeOf(2)
  for (let i = 0; i < 100; i++) put(life, [record(0, KIB), record(1, KIB)])
  life.lose(3)
  const before = await readAll(life, 1)
  life.wait(PACKED_AFTER_MS)
  const late = life.beginChore()
  life.ask('splitShard', { shard: 0, at: `4${'0'.repeat(31)}` })
  put(life, [record(1, KIB)])
  late?.()
  for (const shard of [0, 1]) {
    const { slices } = readSlices(life, shard, FIRST, { limit: 50 })
    expect(slices.slice(0, 3).map(({ count, isPacked }) => [count, isPacked])).toEqual([
      [3, true],
      [1, false],
      [48, true],
    ])
  }
  life.doChores()
  expect((await readAll(life, 1)).slice(0, before.length)).toEqual(before)
  life.checkBodies()
})

test('large runs stay as they are, and are stored for as long as the stream keeps its records', async () => {
  const life = lifeOf()
  life.ask('setRetention', { hours: 24 * 30, direction: 'increase' })
  putKibs(life, 3, 40)
  putKibs(life, 1)
  putKibs(life, 1, 40)
  expect(life.lifetimes).toEqual([2, 2, 2, 0, 2])
  const bodies = life.bodies
  const before = await readAll(life, 0)
  life.wait(PACKED_AFTER_MS)
  const reads = life.machine.chore()?.reads?.()
  // Of the large ones nothing is read. The small one by itself is not copied: it has its body for itself.
  expect([reads, life.doChores()]).toEqual([[3], 2])
  expect(life.machine.chore()).toBeNull()
  putKibs(life, 2, 40)
  life.wait(PACKED_AFTER_MS)
  expect([life.doChores(), life.bodies]).toEqual([2, bodies + 2])
  expect((await readAll(life, 0)).slice(0, before.length)).toEqual(before)
  life.checkBodies()
})

test('a stream with more runs than are read at once is packed without delay', () => {
  const life = lifeOf()
  for (let i = 0; i < READ_RUNS_MAX; i++) put(life, [record(0, '')])
  expect(life.doChores()).toBe(0)
  put(life, [record(0, '')])
  expect([life.doChores(), life.bodies]).toEqual([4, READ_RUNS_MAX / CHUNK_RUNS + 1])
})

test('between two chores that pack, requests have the thread for themselves', () => {
  const life = lifeOf()
  putKibs(life, 3000)
  life.wait(PACKED_AFTER_MS)
  const late = life.beginChore()
  const { now } = life
  late?.()
  // 2 MiB written of nearly 3 MiB that were read, in some 10 ms.
  expect(life.machine.chore()?.at).toBe(now + 152)
  expect(life.beginChore()).toBeNull()
  life.wait(152)
  expect([life.doChores(), life.machine.chore()]).toEqual([1, null])
})

test('a run that is lost stays as it is, its records are passed over, and the others are packed', async () => {
  const life = lifeOf()
  putKibs(life, 300)
  const all = await readAll(life, 0)
  for (const bodyId of [0, 1, 70, 71]) life.lose(bodyId)
  const left = all.filter(({ index }) => ![1, 2, 71, 72].includes(index))
  expect(await readAll(life, 0)).toEqual(left)
  life.wait(PACKED_AFTER_MS)
  expect(life.doChores()).toBe(2)
  expect(await readAll(life, 0)).toEqual(left)
  const { slices } = readSlices(life, 0, FIRST, { limit: 1000 })
  expect(slices.map(({ count, isPacked }) => [count, isPacked])).toEqual([
    ...[1, 1].map((count) => [count, false]),
    ...[[68, true]],
    ...[1, 1].map((count) => [count, false]),
    ...[57, 57, 57, 57].map((count) => [count, true]),
  ])
  life.checkBodies()
})

test('what happened while the bodies were read is minded: what went, what was packed, what was deleted', async () => {
  const life = lifeOf()
  putKibs(life, 100)
  life.wait(PACKED_AFTER_MS)
  const first = life.beginChore()
  const second = life.beginChore()
  first?.()
  const entries = life.log.length
  second?.()
  expect(life.log.length).toBe(entries)
  putKibs(life, 100)
  life.wait(PACKED_AFTER_MS)
  const late = life.beginChore()
  life.wait(25 * HOUR_MS)
  life.tidy()
  late?.()
  expect([life.log.length, life.bodies]).toEqual([entries + 100, 0])
  putKibs(life, 100)
  life.wait(PACKED_AFTER_MS)
  const deleted = life.beginChore()
  life.ask('deleteStream')
  deleted?.()
  expect(life.machine.chore()).toBeNull()
  life.tidy()
  expect(life.bodies).toBe(0)
})

test('a run between two that are lost is not copied by itself', async () => {
  const life = lifeOf()
  putKibs(life, 100)
  for (const bodyId of [1, 3]) life.lose(bodyId)
  life.wait(PACKED_AFTER_MS)
  life.doChores()
  const { slices } = readSlices(life, 0, FIRST)
  expect(slices.map(({ count, isPacked }) => [count, isPacked]).slice(0, 5)).toEqual([
    ...Array.from({ length: 4 }, () => [1, false]),
    [48, true],
  ])
})

test('what was to be packed of a stream that is gone is not in the way of another', () => {
  const life = lifeOf()
  putKibs(life, 100)
  const other = named('other')
  life.ask('createStream', { stream: other })
  for (let i = 0; i < 100; i++) put(life, [record(0, KIB)], { stream: other })
  life.ask('deleteStream')
  life.wait(PACKED_AFTER_MS)
  expect(life.machine.chore()?.command).toMatchObject({ streamNumber: 2 })
  expect(life.doChores()).toBe(1)
})

test('groups of a shard that do not lie together have indexes one behind the other, too', async () => {
  const life = lifeOf(2)
  const { version: map } = life.ask('getShardMap')
  const group = (shard: number) => ({ shard, count: 1, bytes: 3, payloadBytes: 1 })
  const bodies = [Uint8Array.of(1, 0, 97, 1, 0, 98, 1, 0, 99)] as const
  const groups = groupsOf([group(0), group(1), group(0)])
  const outcome = life.ask('putRecords', { map, groups, isMetered: false, bodies })
  expect(outcome).toMatchObject({ firstIndexes: [1, 1, 2] })
  expect((await readAll(life, 0)).map(({ index, key }) => [index, key])).toEqual([
    [1, 'a'],
    [2, 'c'],
  ])
  life.checkBodies()
})

test('a stream that is due is found again after a restart', async () => {
  const life = lifeOf(3)
  for (let i = 0; i < 200; i++) put(life, [record(1, KIB), record(2, '')])
  const before = await readAll(life, 1)
  life.wait(PACKED_AFTER_MS)
  const restarted = life.restarted({ units: life.finish(life.cut()), now: life.now }, [])
  // Some 200 KiB are three chunks, and what the other shard has is one.
  expect([restarted.doChores(), restarted.bodies]).toEqual([1, 4])
  expect(await readAll(restarted, 1)).toEqual(before)
  restarted.checkBodies()
})

test('records of a stream with a key of its own say so, packed or not', async () => {
  const life = lifeOf()
  putKibs(life, 40)
  life.ask('setEncryption', { keyId: 'alias/streams' })
  putKibs(life, 40)
  const flags = async () => (await readAll(life, 0)).map(({ isEncrypted }) => isEncrypted)
  const expected = Array.from({ length: 80 }, (_, i) => i >= 40)
  expect(await flags()).toEqual(expected)
  life.wait(PACKED_AFTER_MS)
  expect(life.doChores()).toBe(1)
  expect(await flags()).toEqual(expected)
})

test('groups that are not all of the body are a defect', () => {
  const life = lifeOf()
  const { version: map } = life.ask('getShardMap')
  const groups = groupsOf([{ shard: 0, count: 1, bytes: 3, payloadBytes: 1 }])
  const asked = { map, groups, isMetered: false, bodies: [new Uint8Array(4)] } as const
  expect(() => life.ask('putRecords', asked)).toThrow('groups of 3 bytes in a body of 4')
})

import { Buffer } from 'node:buffer'
import { expect, test } from 'vitest'
import { bytesOf, KinesisWorld, ORDERS } from '../../../../test/kinesis/kinesis-world.ts'

const SHARD = 'shardId-000000000000'
const KIB = 'x'.repeat(1024)

const encryptionWith = (KeyId: string) => ({ ...ORDERS, EncryptionType: 'KMS', KeyId })
const start = (world: KinesisWorld, KeyId = 'alias/a') =>
  world.run('StartStreamEncryption', encryptionWith(KeyId))
const stop = (world: KinesisWorld, KeyId = 'alias/a') =>
  world.run('StopStreamEncryption', encryptionWith(KeyId))
const record = (text: string) => ({ PartitionKey: 'k', Data: bytesOf(text) })

/** The texts and encryption types of what one GetRecords brings, and where the next one begins. */
async function read(world: KinesisWorld, ShardIterator: string, input: object = {}) {
  const answer = await world.run('GetRecords', { ShardIterator, ...input })
  const records: (readonly [string, string | undefined])[] = answer.Records.map(
    ({ Data, EncryptionType }: { Data: Uint8Array; EncryptionType?: string }) => [
      Buffer.from(Data).toString(),
      EncryptionType,
    ],
  )
  return { records, next: answer.NextShardIterator as string }
}

test('records are what they were put as, whatever key the stream had before and has by now', async () => {
  const world = await KinesisWorld.withStream()
  await world.put('plain')
  await start(world)
  const [Record] = (await world.run('PutRecords', { ...ORDERS, Records: [record('first')] })).Records
  expect(Record).toMatchObject({ ShardId: SHARD })
  await start(world, 'alias/b')
  expect(await world.run('PutRecord', { ...ORDERS, ...record('second') })).toMatchObject({
    EncryptionType: 'KMS',
  })
  await stop(world, 'alias/b')
  expect((await world.run('PutRecord', { ...ORDERS, ...record('last') })).EncryptionType).toBeUndefined()
  const { records } = await read(world, await world.iterator(SHARD))
  expect(records).toEqual([
    ['plain', undefined],
    ['first', 'KMS'],
    ['second', 'KMS'],
    ['last', undefined],
  ])
  expect(world.stored('first') + world.stored('second')).toBe(0)
  expect(world.stored('plain')).toBe(1)
})

test('packed records stay sealed, and are read from anywhere', async () => {
  const world = await KinesisWorld.withStream(2)
  const puts = Array.from({ length: 150 }, (_, i) => `${i} `.padEnd(1000, '.'))
  const put = (text: string) =>
    world.run('PutRecords', {
      ...ORDERS,
      Records: ['0', (2n ** 128n - 1n).toString()].map((ExplicitHashKey) => ({
        ...record(text),
        ExplicitHashKey,
      })),
    })
  for (const text of puts.slice(0, 30)) await put(text)
  await start(world)
  for (const text of puts.slice(30)) await put(text)
  await world.time.runFor(11_000)
  for (const shard of [SHARD, 'shardId-000000000001']) {
    let { records, next } = await read(world, await world.iterator(shard), { Limit: 7 })
    for (let page = await read(world, next, { Limit: 7 }); page.records.length > 0; ) {
      records = [...records, ...page.records]
      next = page.next
      page = await read(world, next, { Limit: 7 })
    }
    expect(records).toEqual(puts.map((text, i) => [text, i < 30 ? undefined : 'KMS']))
  }
  // In runs, and in the chunks that were made of them.
  expect(world.stored('40 ..')).toBe(0)
  expect(world.stored('20 ..')).toBeGreaterThan(1)
})

test.each([
  ['disabled', 'KMSDisabledException'],
  ['invalid state', 'KMSInvalidStateException'],
  ['not found', 'KMSNotFoundException'],
] as const)('while a key is %s nothing is put under it, and nothing is read', async (problem, code) => {
  const world = await KinesisWorld.withStream()
  await start(world)
  await world.put('first')
  world.keys.problems.set('alias/a', problem)
  const refusal = `${code}: alias/a is ${problem}.`
  expect(await world.refusal('PutRecord', { ...ORDERS, ...record('second') })).toBe(refusal)
  expect(await world.refusal('PutRecords', { ...ORDERS, Records: [record('second')] })).toBe(refusal)
  const ShardIterator = await world.iterator(SHARD)
  expect(await world.refusal('GetRecords', { ShardIterator })).toBe(refusal)
  world.keys.problems.clear()
  expect((await read(world, ShardIterator)).records).toEqual([['first', 'KMS']])
})

test('records whose key can not be used hide none that come before them, packed or not', async () => {
  for (const texts of [['a', 'b', 'c', 'd'], Array.from({ length: 100 }, (_, i) => `${i} ${KIB}`)]) {
    const world = await KinesisWorld.withStream()
    const half = texts.length / 2
    await start(world)
    for (const text of texts.slice(0, half)) await world.put(text)
    await start(world, 'alias/b')
    for (const text of texts.slice(half)) await world.put(text)
    await world.time.runFor(11_000)
    world.keys.problems.set('alias/b', 'disabled')
    let next = await world.iterator(SHARD)
    for (let seen = 0; seen < half; ) {
      const page = await read(world, next)
      expect(page.records[0]![0]).toBe(texts[seen])
      seen += page.records.length
      next = page.next
    }
    const refusal = 'KMSDisabledException: alias/b is disabled.'
    expect(await world.refusal('GetRecords', { ShardIterator: next })).toBe(refusal)
    world.keys.problems.clear()
    expect((await read(world, next)).records.map(([text]) => text)).toEqual(texts.slice(half))
  }
})

test('who may not use the key is told so, and reads and puts nothing', async () => {
  const world = await KinesisWorld.withStream()
  await start(world)
  await world.put('first')
  const arn = 'arn:aws:kinesis:eu-west-1:000000000000:stream/orders'
  world.keys.user = {
    denial: (action, key, context) => `no ${action} with ${key} for ${context['aws:kinesis:arn']}`,
  }
  expect(await world.refusal('PutRecord', { ...ORDERS, ...record('second') })).toBe(
    `KMSAccessDeniedException: no GenerateDataKey with alias/a for ${arn}`,
  )
  const ShardIterator = await world.iterator(SHARD)
  expect(await world.refusal('GetRecords', { ShardIterator })).toBe(
    `KMSAccessDeniedException: no Decrypt with alias/a for ${arn}`,
  )
  // Whoever administers the stream needs no leave to use its key.
  await start(world, 'alias/b')
})

test('a subscriber is told of a key that can not be used, and goes on behind what it had', async () => {
  const world = await KinesisWorld.withStream()
  await start(world)
  const [first] = await world.put('first')
  const arn = await world.consumer()
  const events = await world.subscribe(arn)
  const one = await world.time.settle(events.next())
  expect(Buffer.from(one.value!.SubscribeToShardEvent.Records[0]!.Data).toString()).toBe('first')
  await world.put('second')
  world.keys.problems.set('alias/a', 'disabled')
  await expect(world.time.settle(events.next())).rejects.toMatchObject({
    shape: { code: 'KMSDisabledException' },
  })
  expect(await world.time.settle(events.next())).toEqual({ done: true, value: undefined })
  world.keys.problems.clear()
  const again = await world.subscribe(arn, { Type: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: first })
  const other = await world.time.settle(again.next())
  expect(Buffer.from(other.value!.SubscribeToShardEvent.Records[0]!.Data).toString()).toBe('second')
})

test('where throughput is limited, of records for one shard some are sealed and stored, and others refused', async () => {
  const world = await KinesisWorld.withStream(1, { throughputLimits: true })
  await start(world)
  const Records = [record(KIB.repeat(400)), record(KIB.repeat(400)), record(KIB.repeat(400)), record('small')]
  const answer = await world.run('PutRecords', { ...ORDERS, Records })
  expect(answer).toMatchObject({ FailedRecordCount: 1, EncryptionType: 'KMS' })
  await world.time.runFor(2000)
  const { records } = await read(world, await world.iterator(SHARD))
  expect(records.map(([text]) => text.length)).toEqual([409_600, 409_600, 5])
})

test('records that are on their way when the stream gets another key are sealed under that', async () => {
  const world = await KinesisWorld.withStream()
  await world.put('first')
  await start(world, 'alias/a')
  await world.put('second')
  await start(world, 'alias/b')
  // What the front knows of the stream is old by now; a key that can't be used any more is not in the way.
  world.keys.problems.set('alias/a', 'disabled')
  await world.put('third')
  await stop(world, 'alias/b')
  world.keys.problems.set('alias/b', 'disabled')
  await world.put('fourth')
  world.keys.problems.clear()
  const { records } = await read(world, await world.iterator(SHARD))
  expect(records).toEqual([
    ['first', undefined],
    ['second', 'KMS'],
    ['third', 'KMS'],
    ['fourth', undefined],
  ])
  const made = world.keys.asked.filter((words) => words.startsWith('GenerateDataKey'))
  expect(made.map((words) => words.split(' ')[1])).toEqual(['alias/a', 'alias/a', 'alias/b', 'alias/b'])
})

import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bytesOf, KinesisWorld, ORDERS, type WorldOptions } from '../../../test/kinesis/kinesis-world.ts'
import { layTogether } from '../../../test/kinesis/lay-together.ts'
import { GATHERED_BYTES_MAX, GATHERED_RECORDS_MAX } from './limits.ts'
import { packRecords } from './packed-records.ts'

interface PutEntry {
  readonly SequenceNumber: string
  readonly ShardId: string
}

/** Records with these texts, each with a key of its own, in one request. */
function entriesOf(texts: readonly string[]) {
  return texts.map((text, i) => ({ PartitionKey: `${text.slice(0, 9)} ${i}`, Data: bytesOf(text) }))
}

async function putAll(world: KinesisWorld, requests: readonly (readonly string[])[]) {
  const answers = await Promise.all(
    requests.map((texts) => world.run('PutRecords', { ...ORDERS, Records: entriesOf(texts) })),
  )
  return answers.map(({ Records }) => Records as readonly PutEntry[])
}

/** By shard and sequence number, all there is. */
async function readAll(world: KinesisWorld): Promise<ReadonlyMap<string, string>> {
  const { Shards } = await world.run('ListShards', ORDERS)
  const texts = new Map<string, string>()
  for (const { ShardId } of Shards) {
    const { Records } = await world.run('GetRecords', { ShardIterator: await world.iterator(ShardId) })
    for (const { SequenceNumber, Data } of Records) {
      texts.set(`${ShardId} ${SequenceNumber}`, Buffer.from(Data).toString())
    }
  }
  return texts
}

/** What each request was answered is where its records are, and there are no others. */
async function expectPut(
  world: KinesisWorld,
  requests: readonly (readonly string[])[],
  answers: readonly (readonly PutEntry[])[],
): Promise<void> {
  const found = await readAll(world)
  const told = answers.map((records) =>
    records.map(({ ShardId, SequenceNumber }) => found.get(`${ShardId} ${SequenceNumber}`)),
  )
  expect(told).toEqual(requests)
  expect(found.size).toBe(requests.flat().length)
}

const textsOf = (request: number, count: number, bytes = 0) =>
  Array.from({ length: count }, (_, i) => `r${request}.${i} `.padEnd(bytes, '.'))

/** The shards of the stream are known to the server already. */
async function warmWorld(shards: number, options: WorldOptions = {}): Promise<KinesisWorld> {
  const world = await KinesisWorld.withStream(shards, options)
  await world.run('PutRecords', { ...ORDERS, Records: entriesOf(['first']) })
  return world
}

test('requests of one turn are put as one, and each is answered for its own records', async () => {
  const world = await KinesisWorld.withStream(5)
  const requests = [textsOf(0, 7), textsOf(1, 1), textsOf(2, 40), textsOf(3, 3)]
  const before = world.bodies
  const answers = await putAll(world, requests)
  expect(world.bodies).toBe(before + 1)
  await expectPut(world, requests, answers)
})

test('requests of different turns are put one after the other, and so is what comes by itself', async () => {
  const world = await KinesisWorld.withStream(3)
  const requests = [textsOf(0, 5), textsOf(1, 5)]
  const answers = [
    ...(await putAll(world, requests.slice(0, 1))),
    ...(await putAll(world, requests.slice(1))),
  ]
  expect(world.bodies).toBe(2)
  await expectPut(world, requests, answers)
})

test('what clients say of hash keys holds for their records alone', async () => {
  const world = await KinesisWorld.withStream(4)
  const least = { PartitionKey: 'k', Data: bytesOf('least'), ExplicitHashKey: '0' }
  const greatest = { ...least, Data: bytesOf('greatest'), ExplicitHashKey: (2n ** 128n - 1n).toString() }
  const put = (Records: readonly object[]) => world.run('PutRecords', { ...ORDERS, Records })
  const [, ends] = await Promise.all([
    put(entriesOf(textsOf(0, 9))),
    put([greatest, least]),
    put(entriesOf(['x'])),
  ])
  expect(world.bodies).toBe(1)
  expect(ends.Records.map(({ ShardId }: PutEntry) => ShardId)).toEqual([
    'shardId-000000000003',
    'shardId-000000000000',
  ])
})

test('single records are put together as well', async () => {
  const world = await KinesisWorld.withStream(4)
  const texts = textsOf(0, 20)
  const answers = await Promise.all(
    entriesOf(texts).map((record) => world.run('PutRecord', { ...ORDERS, ...record })),
  )
  expect(world.bodies).toBe(1)
  await expectPut(world, [texts], [answers as unknown as PutEntry[]])
})

test('no more is put at once than a limit of records, or of bytes, says', async () => {
  const world = await KinesisWorld.withStream(2)
  const many = [textsOf(0, 500), textsOf(1, 500), textsOf(2, GATHERED_RECORDS_MAX - 1000), textsOf(3, 1)]
  const first = await putAll(world, many)
  expect(world.bodies).toBe(2)
  const third = Math.floor(GATHERED_BYTES_MAX / 3)
  const large = [textsOf(4, 2, third), textsOf(5, 1, third), textsOf(6, 3, third), textsOf(7, 1)]
  const second = await putAll(world, large)
  // The last two of four have no room together with those before, nor with each other.
  expect(world.bodies).toBe(2 + 4)
  await expectPut(world, [...many, ...large], [...first, ...second])
})

test('as many records as are put at once may be one run of one shard', async () => {
  const world = await KinesisWorld.withStream(2)
  const requests = [textsOf(0, 500), textsOf(1, 400), textsOf(2, GATHERED_RECORDS_MAX - 900)]
  const answers = await Promise.all(
    requests.map((texts) => {
      // Hash keys of the first shard, each another: so the requests are put together.
      const hashed = entriesOf(texts).map((record, i) => ({ ...record, ExplicitHashKey: String(i) }))
      return world.run('PutRecords', { ...ORDERS, Records: hashed })
    }),
  )
  expect(world.bodies).toBe(1)
  await expectPut(
    world,
    requests,
    answers.map(({ Records }) => Records as readonly PutEntry[]),
  )
})

test('shards that are others by now are found anew, for each request by itself', async () => {
  const world = await warmWorld(2)
  await world.run('SplitShard', { ...ORDERS, ShardToSplit: 'shardId-000000000000', NewStartingHashKey: '5' })
  const requests = [textsOf(0, 30), textsOf(1, 30)]
  const before = world.bodies
  const answers = await putAll(world, requests)
  expect(world.bodies).toBe(before + 2)
  expect(answers.flat().some(({ ShardId }) => ShardId === 'shardId-000000000000')).toBe(false)
  await expectPut(world, [['first'], ...requests], [await firstOf(world), ...answers])
})

test('requests that lie one behind the other in memory are each as it was when the shards are others by now', async () => {
  const world = await warmWorld(9)
  const { StreamARN } = (await world.run('DescribeStreamSummary', ORDERS)).StreamDescriptionSummary
  await world.run('UpdateMaxRecordSize', { StreamARN, MaxRecordSizeInKiB: 2048 })
  const requests = [textsOf(0, 30), textsOf(1, 3), textsOf(2, 50)]
  const together = layTogether(requests.map((texts) => packRecords(entriesOf(texts))))
  const answers = await Promise.all(
    together.map((Records) => world.run('PutRecords', { ...ORDERS, Records })),
  )
  const puts = answers.map(({ Records }) => Records as readonly PutEntry[])
  await expectPut(world, [['first'], ...requests], [await firstOf(world), ...puts])
})

/** Where the record is that `warmWorld` put. */
async function firstOf(world: KinesisWorld): Promise<readonly PutEntry[]> {
  const found = await readAll(world)
  const [place] = [...found].find(([, text]) => text === 'first')!
  const [ShardId = '', SequenceNumber = ''] = place.split(' ')
  return [{ ShardId, SequenceNumber }]
}

test.each([
  ['resharded', 'UpdateShardCount', { TargetShardCount: 5, ScalingType: 'UNIFORM_SCALING' }, undefined],
  ['encrypted', 'StartStreamEncryption', { EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' }, 'KMS'],
])(
  'a stream that is %s in the turn in which requests come takes each by itself',
  async (_, change, input, type) => {
    const world = await warmWorld(3)
    const requests = [textsOf(0, 20), textsOf(1, 1), textsOf(2, 30)]
    const before = world.bodies
    const [first, , ...others] = await Promise.all([
      world.run('PutRecords', { ...ORDERS, Records: entriesOf(requests[0]!) }),
      world.run(change, { ...ORDERS, ...input }),
      ...requests.slice(1).map((texts) => world.run('PutRecords', { ...ORDERS, Records: entriesOf(texts) })),
    ])
    const answers = [first, ...others]
    expect(world.bodies).toBe(before + 3)
    expect(answers.map(({ EncryptionType }) => EncryptionType)).toEqual([type, type, type])
    const puts = answers.map(({ Records }) => Records as readonly PutEntry[])
    await expectPut(world, [['first'], ...requests], [await firstOf(world), ...puts])
  },
)

test('whoever puts into a stream that is gone is told so', async () => {
  const world = await warmWorld(2)
  await world.run('DeleteStream', ORDERS)
  const put = () => world.refusal('PutRecords', { ...ORDERS, Records: entriesOf(['late']) })
  const gone = 'ResourceNotFoundException: Stream orders under account 000000000000 not found.'
  expect(await Promise.all([put(), put(), put()])).toEqual([gone, gone, gone])
})

test.each([
  ['throughput is limited', 2, { throughputLimits: true }],
  ['there is one shard', 1, {}],
])('where %s, each request is put by itself', async (_, shards, options) => {
  const world = await KinesisWorld.withStream(shards, options)
  const requests = [textsOf(0, 3), textsOf(1, 3)]
  const answers = await putAll(world, requests)
  expect(world.bodies).toBe(2)
  await expectPut(world, requests, answers)
})

test('a request that is for one shard is one run anyway: it has its body for itself', async () => {
  const world = await KinesisWorld.withStream(4)
  const put = (PartitionKey: string, texts: readonly string[], hash: object = {}) =>
    world.run('PutRecords', {
      ...ORDERS,
      Records: texts.map((text) => ({ PartitionKey, Data: bytesOf(text), ...hash })),
    })
  const requests = [textsOf(0, 3), textsOf(1, 2), textsOf(2, 2), textsOf(3, 2)]
  const [a, b, c, d] = requests as [string[], string[], string[], string[]]
  const answers = await Promise.all([
    put('a', a),
    put('b', b),
    put('c', c, { ExplicitHashKey: '7' }),
    world.run('PutRecords', { ...ORDERS, Records: entriesOf(d) }),
  ])
  expect(world.bodies).toBe(4)
  await expectPut(
    world,
    requests,
    answers.map(({ Records }) => Records as readonly PutEntry[]),
  )
})

type Happening =
  | { readonly kind: 'PutRecords'; readonly count: number; readonly hashed: number }
  | { readonly kind: 'PutRecord' }
  | { readonly kind: 'SplitShard' | 'MergeShards'; readonly at: number }
  | { readonly kind: 'StartStreamEncryption' | 'StopStreamEncryption' }

const anyHappening: fc.Arbitrary<Happening> = fc.oneof(
  {
    arbitrary: fc.record({
      kind: fc.constant('PutRecords' as const),
      ...{ count: fc.integer({ min: 1, max: 30 }), hashed: fc.constantFrom(0, 0, 0.5) },
    }),
    weight: 8,
  },
  { arbitrary: fc.record({ kind: fc.constant('PutRecord' as const) }), weight: 5 },
  {
    arbitrary: fc.record({
      kind: fc.constantFrom('SplitShard' as const, 'MergeShards' as const),
      at: fc.nat(),
    }),
    weight: 2,
  },
  {
    arbitrary: fc.record({
      kind: fc.constantFrom('StartStreamEncryption' as const, 'StopStreamEncryption' as const),
    }),
    weight: 1,
  },
)

interface OpenShard {
  readonly ShardId: string
  readonly HashKeyRange: { readonly StartingHashKey: string; readonly EndingHashKey: string }
}

/** The input of a change, to whichever of the shards. The stream may refuse it: then there is none. */
function changeOf(happening: Happening, shards: readonly OpenShard[]): object {
  if (!('at' in happening)) return { EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' }
  const place = happening.at % shards.length
  const { ShardId, HashKeyRange } = shards[place]!
  if (happening.kind === 'MergeShards') {
    return { ShardToMerge: ShardId, AdjacentShardToMerge: shards[(place + 1) % shards.length]!.ShardId }
  }
  const middle = (BigInt(HashKeyRange.StartingHashKey) + BigInt(HashKeyRange.EndingHashKey)) / 2n
  return { ShardToSplit: ShardId, NewStartingHashKey: middle.toString() }
}

test('whatever comes in one turn, each request is answered where its records are, and no other ones are there', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(anyHappening, { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 4 }),
      async (turns) => {
        const world = await KinesisWorld.withStream(3)
        const requests: (readonly string[])[] = []
        const answers: Promise<readonly PutEntry[]>[] = []
        for (const turn of turns) {
          const { Shards } = await world.run('ListShards', { ...ORDERS, ShardFilter: { Type: 'AT_LATEST' } })
          const isOver = turn.map(async (happening) => {
            if (happening.kind === 'PutRecord' || happening.kind === 'PutRecords') {
              const { count = 1, hashed = 0 } = 'count' in happening ? happening : {}
              const texts = textsOf(requests.length, count)
              const Records = entriesOf(texts).map((record, i) => ({
                ...record,
                ...(i < count * hashed && { ExplicitHashKey: (2n ** 128n / BigInt(i + 2)).toString() }),
              }))
              const input = happening.kind === 'PutRecord' ? Records[0]! : { Records }
              const answer = world.run(happening.kind, { ...ORDERS, ...input })
              requests.push(texts)
              answers.push(answer.then((told) => told.Records ?? [told]))
              await answer
            } else {
              await world.refusal(happening.kind, { ...ORDERS, ...changeOf(happening, Shards) })
            }
          })
          await Promise.all(isOver)
        }
        await expectPut(world, requests, await Promise.all(answers))
      },
    ),
    { numRuns: 60 },
  )
})

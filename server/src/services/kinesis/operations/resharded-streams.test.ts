import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  byIterator,
  bySubscription,
  type DrainedRecord,
  drainStream,
} from '../../../../test/kinesis/drain-stream.ts'
import { bytesOf, KinesisWorld, ORDERS } from '../../../../test/kinesis/kinesis-world.ts'

type Work =
  | { readonly kind: 'put'; readonly keys: readonly number[]; readonly isSingle: boolean }
  | { readonly kind: 'split' | 'merge'; readonly which: number }
  | { readonly kind: 'count'; readonly shards: number }
  | { readonly kind: 'wait'; readonly milliseconds: number }

const anyWork: fc.Arbitrary<Work> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('put' as const),
      keys: fc.array(fc.nat({ max: 12 }), { minLength: 1, maxLength: 30 }),
      isSingle: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constantFrom('split' as const, 'merge' as const), which: fc.nat() }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('count' as const), shards: fc.integer({ min: 1, max: 6 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), milliseconds: fc.nat({ max: 40_000 }) }),
  },
)

interface ListedShard {
  readonly ShardId: string
  readonly HashKeyRange: { readonly StartingHashKey: string; readonly EndingHashKey: string }
  readonly SequenceNumberRange: { readonly EndingSequenceNumber?: string }
}

async function openShards(world: KinesisWorld): Promise<readonly ListedShard[]> {
  const { Shards } = await world.run('ListShards', ORDERS)
  const open = (Shards as ListedShard[]).filter(
    ({ SequenceNumberRange }) => SequenceNumberRange.EndingSequenceNumber === undefined,
  )
  const start = ({ HashKeyRange }: ListedShard) => BigInt(HashKeyRange.StartingHashKey)
  return open.sort((a, b) => (start(a) < start(b) ? -1 : 1))
}

/** Does the work, and returns what was put: texts by their partition keys, in order, and all sequence numbers. */
async function doWork(world: KinesisWorld, work: readonly Work[]) {
  const byKey = new Map<string, string[]>()
  const numbers = new Set<string>()
  let count = 0
  const records = (keys: readonly number[]) =>
    keys.map((key) => {
      const word = `${count++}`
      const PartitionKey = `key-${key}`
      byKey.set(PartitionKey, [...(byKey.get(PartitionKey) ?? []), word])
      return { PartitionKey, Data: bytesOf(word) }
    })
  for (const step of work) {
    if (step.kind === 'wait') {
      await world.time.runFor(step.milliseconds)
    } else if (step.kind === 'put' && step.isSingle) {
      for (const record of records(step.keys.slice(0, 3))) {
        numbers.add((await world.run('PutRecord', { ...ORDERS, ...record })).SequenceNumber)
      }
    } else if (step.kind === 'put') {
      const answer = await world.run('PutRecords', { ...ORDERS, Records: records(step.keys) })
      for (const { SequenceNumber } of answer.Records) numbers.add(SequenceNumber)
    } else {
      await reshard(world, step)
    }
  }
  return { byKey, numbers, count }
}

async function reshard(
  world: KinesisWorld,
  step: Work & { kind: 'split' | 'merge' | 'count' },
): Promise<void> {
  const open = await openShards(world)
  if (step.kind === 'count') {
    const input = { ...ORDERS, TargetShardCount: step.shards, ScalingType: 'UNIFORM_SCALING' }
    // More than double, less than half, or too often: that's refused.
    await world.refusal('UpdateShardCount', input)
    return
  }
  const at = step.which % open.length
  const { ShardId, HashKeyRange } = open[at]!
  if (step.kind === 'merge') {
    if (at + 1 === open.length) return
    await world.run('MergeShards', {
      ...{ ...ORDERS, ShardToMerge: ShardId, AdjacentShardToMerge: open[at + 1]!.ShardId },
    })
    return
  }
  const middle = (BigInt(HashKeyRange.StartingHashKey) + BigInt(HashKeyRange.EndingHashKey)) / 2n
  await world.run('SplitShard', { ...ORDERS, ShardToSplit: ShardId, NewStartingHashKey: String(middle) })
}

test('every record is read once, in the order of its key, however the stream was resharded', async () => {
  const scenario = fc.array(anyWork, { minLength: 3, maxLength: 25 })
  await fc.assert(
    fc.asyncProperty(
      scenario,
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 50 }),
      async (work, shards, limit) => {
        const world = await KinesisWorld.withStream(shards)
        const consumer = await world.consumer()
        const { byKey, numbers, count } = await doWork(world, work)
        for (const readShard of [byIterator(limit), bySubscription(consumer)]) {
          const records = await drainStream(world, readShard)
          expect(records).toHaveLength(count)
          expect(new Set(records.map(({ sequenceNumber }) => sequenceNumber))).toEqual(numbers)
          expect(numbers.size).toBe(count)
          const perKey = (key: string) => records.filter((record) => record.key === key)
          for (const [key, texts] of byKey) {
            expect(perKey(key).map(({ text }) => text)).toEqual(texts)
            expect(isGrowing(perKey(key))).toBe(true)
          }
          for (const shard of new Set(records.map(({ shard }) => shard))) {
            expect(isGrowing(records.filter((record) => record.shard === shard))).toBe(true)
          }
        }
      },
    ),
    { numRuns: 40 },
  )
})

function isGrowing(records: readonly DrainedRecord[]): boolean {
  return records.every(
    ({ sequenceNumber }, i) => i === 0 || BigInt(records[i - 1]!.sequenceNumber) < BigInt(sequenceNumber),
  )
}

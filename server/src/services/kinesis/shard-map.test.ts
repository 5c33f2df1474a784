import { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ShardMap } from './commands.ts'
import { ShardMapView } from './shard-map.ts'

const mapOf = (startingHashKeys: readonly string[]): ShardMap => ({
  ...{ version: 1, maxRecordKiB: 1024, keyId: null },
  shards: startingHashKeys.map((startingHashKey, i) => ({
    ...{ number: i + 10, startingHashKey, createdSecond: 1_700_000_000 },
  })),
})

function shardOf(view: ShardMapView, key: string): number {
  const bytes = Buffer.from(key)
  return view.shardOf(bytes, 0, bytes.length)
}

const anyHashKey = fc
  .bigInt({ min: 0n, max: 2n ** 128n - 1n })
  .map((key) => key.toString(16).padStart(32, '0'))

test('a hash key goes to the last shard that begins at it or before', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(anyHashKey, { maxLength: 40 }),
      fc.array(anyHashKey, { minLength: 1 }),
      (others, keys) => {
        const starts = [...new Set(['0'.repeat(32), ...others])].sort()
        const view = new ShardMapView(mapOf(starts))
        for (const key of [...keys, ...starts, 'f'.repeat(32)]) {
          expect(view.shardAt(key)).toBe(starts.findLastIndex((start) => start <= key))
        }
      },
    ),
  )
})

test('where all shards are of one size, a hash key is found beside every border', () => {
  for (const count of [2, 3, 7, 100, 1000]) {
    const starts = Array.from({ length: count }, (_, i) => (2n ** 128n * BigInt(i)) / BigInt(count))
    const text = (key: bigint) => key.toString(16).padStart(32, '0')
    const view = new ShardMapView(mapOf(starts.map(text)))
    for (const [i, start] of starts.entries()) {
      expect(view.shardAt(text(start))).toBe(i)
      if (i > 0) expect(view.shardAt(text(start - 1n))).toBe(i - 1)
    }
    expect(view.shardAt('f'.repeat(32))).toBe(count - 1)
  }
})

test("a partition key's hash is the MD5 of its UTF-8", () => {
  const starts = Array.from({ length: 16 }, (_, i) => i.toString(16).padEnd(32, '0'))
  const view = new ShardMapView(mapOf(starts))
  for (const key of ['a', 'orders-17', 'ä', '💣', 'x'.repeat(256)]) {
    const digit = createHash('md5').update(key, 'utf8').digest('hex').charAt(0)
    expect(shardOf(view, key)).toBe(Number.parseInt(digit, 16))
  }
})

test('shards are named as clients know them', () => {
  const view = new ShardMapView(mapOf(['0'.repeat(32)]))
  expect(view.shards).toMatchObject([{ number: 10, id: 'shardId-000000000010' }])
  expect(shardOf(view, 'anything')).toBe(0)
})

import { expect, test } from 'vitest'
import { parseShardId, resolveShard, shardId } from './shard-id.ts'

test('a shard is named by its number', () => {
  expect(shardId(0)).toBe('shardId-000000000000')
  expect(shardId(2_147_483_647)).toBe('shardId-002147483647')
  expect(parseShardId('shardId-000000000012')).toBe(12)
})

test.each([
  ['2147483647', 2_147_483_647],
  ['a-00002147483647', 2_147_483_647],
  ['-5', 5],
  ['shard-0', 0],
])('as at AWS, %s is a shard too', (id, number) => {
  expect(parseShardId(id)).toBe(number)
})

test.each(['2147483648', 'shardId-002147483648', 'ABKLFD8', '2.14E4', 'shardId-', '1-2-3', '9'.repeat(128)])(
  '%s is no shard',
  (id) => {
    expect(parseShardId(id)).toBeNull()
    expect(() =>
      resolveShard(id, { accountId: '000000000000', region: 'eu-west-1', name: 'orders' }),
    ).toThrow(`Could not find shard ${id} in stream orders under account 000000000000.`)
  },
)

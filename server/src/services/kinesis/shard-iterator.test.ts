import { expect, test } from 'vitest'
import { SeededRandom } from '../../base/random.ts'
import { decodeShardIterator, encodeShardIterator, type ShardIterator } from './shard-iterator.ts'

const START = Date.UTC(2015, 11, 10, 1, 59, 39)
const ACCOUNT = '000000000000'

const portsAt = (now: number, key = 7) => ({
  ...{ tokenKey: new Uint8Array(32).fill(key), random: new SeededRandom(1), now: () => now },
})
const ITERATOR: ShardIterator = {
  stream: { accountId: ACCOUNT, region: 'eu-west-1', name: 'orders' },
  ...{ streamNumber: 17, shard: 5, position: { index: 42, since: START - 1000 } },
}

test('an iterator is read as it was made, for five minutes', () => {
  const token = encodeShardIterator(portsAt(START), ITERATOR)
  expect(decodeShardIterator(portsAt(START), token)).toEqual(ITERATOR)
  expect(decodeShardIterator(portsAt(START + 300_000), token)).toEqual(ITERATOR)
  expect(() => decodeShardIterator(portsAt(START + 300_001), token)).toThrow(
    'Iterator expired. The iterator was created at time Thu Dec 10 01:59:39 UTC 2015 while right now it is ' +
      'Thu Dec 10 02:04:39 UTC 2015 which is further in the future than the tolerated delay of 300000 milliseconds.',
  )
})

test('days and hours are of two digits', () => {
  const early = Date.UTC(2026, 0, 2, 3, 4, 5)
  const token = encodeShardIterator(portsAt(early), ITERATOR)
  expect(() => decodeShardIterator(portsAt(early + 360_000), token)).toThrow(
    'created at time Fri Jan 02 03:04:05 UTC 2026 while right now it is Fri Jan 02 03:10:05 UTC 2026 which',
  )
})

test('no two iterators are the same', () => {
  const ports = portsAt(START)
  expect(encodeShardIterator(ports, ITERATOR)).not.toBe(encodeShardIterator(ports, ITERATOR))
})

test('an iterator of another server, or that was changed, is none', () => {
  const token = encodeShardIterator(portsAt(START), ITERATOR)
  const refuses = (token: string, key = 7) =>
    expect(() => decodeShardIterator(portsAt(START, key), token)).toThrow('Invalid ShardIterator.')
  refuses(token, 8)
  refuses(`${token}A`)
  for (let i = 0; i < token.length; i++) {
    const other = token[i] === 'A' ? 'B' : 'A'
    refuses(token.slice(0, i) + other + token.slice(i + 1))
  }
  for (const made of ['A', '', 'AAAAAAAAAAGiOt', ' ', token.slice(1)]) refuses(made)
})

test('an iterator of the longest name fits into the 512 characters that there are', () => {
  const stream = { accountId: ACCOUNT, region: 'r'.repeat(32), name: 'n'.repeat(128) }
  const position = { index: Number.MAX_SAFE_INTEGER, since: START * 2 }
  const longest = { stream, streamNumber: Number.MAX_SAFE_INTEGER, shard: 2 ** 31 - 1, position }
  expect(encodeShardIterator(portsAt(START), longest).length).toBeLessThan(512)
})

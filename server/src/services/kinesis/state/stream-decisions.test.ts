import { expect, test } from 'vitest'
import { HOUR_MS, named, ORDERS, SCOPE, START, StreamLife } from '../../../../test/kinesis/stream-life.ts'
import type { HashKey, ShardFilter } from '../commands.ts'
import { ON_DEMAND_STREAMS_MAX } from '../limits.ts'

const HALF: HashKey = `8${'0'.repeat(31)}`
const QUARTER: HashKey = `4${'0'.repeat(31)}`

test('a stream is created with what was asked for, and shards of the same size', () => {
  const life = new StreamLife()
  life.ask('createStream', { shards: 2, tags: { team: 'billing' }, maxRecordKiB: 2048, id: 'an-id' })
  expect(life.ask('getStream')).toEqual({
    ...{ name: 'orders', status: 'ACTIVE', mode: 'PROVISIONED', created: START, id: 'an-id' },
    ...{ retentionHours: 24, maxRecordKiB: 2048, warmThroughput: null, monitored: [], keyId: null },
    ...{ openShards: 2, consumers: 0 },
  })
  const second = START / 1000
  const rest = { parent: null, adjacentParent: null, createdSecond: second, closed: null }
  expect(life.ask('listShards')).toEqual({
    shards: [
      { number: 0, startingHashKey: '0'.repeat(32), endingHashKey: `7${'f'.repeat(31)}`, ...rest },
      { number: 1, startingHashKey: HALF, endingHashKey: 'f'.repeat(32), ...rest },
    ],
    next: null,
    created: START,
  })
  expect(life.ask('listTags', { resource: { stream: ORDERS, consumer: null } })).toEqual({ team: 'billing' })
})

test('a name is taken once in each account and region', () => {
  const life = new StreamLife()
  life.ask('createStream')
  expect(life.refusal('createStream')).toBe(
    'ResourceInUseException: Stream orders under account 000000000000 already exists.',
  )
  life.ask('createStream', { stream: { ...ORDERS, region: 'us-east-1' } })
  life.ask('createStream', { stream: { ...ORDERS, accountId: '111111111111' } })
  expect(life.ask('reset')).toEqual({ streams: 3 })
})

test('what nobody created is not found', () => {
  const life = new StreamLife()
  const answer = 'ResourceNotFoundException: Stream orders under account 000000000000 not found.'
  const resource = { stream: ORDERS, consumer: null }
  for (const kind of ['getStream', 'deleteStream', 'listShards', 'splitShard', 'setMode'] as const) {
    expect(life.refusal(kind)).toBe(answer)
  }
  for (const kind of ['registerConsumer', 'getConsumer', 'listConsumers'] as const) {
    expect(life.refusal(kind)).toBe(answer)
  }
  for (const kind of ['tagResource', 'listTags', 'setPolicy', 'getPolicy'] as const) {
    expect(life.refusal(kind, { resource })).toBe(answer)
  }
})

test('a stream is created, changed and deleted over time', () => {
  const life = new StreamLife()
  const settleMs = 500
  life.ask('createStream', { settleMs })
  expect(life.ask('getStream').status).toBe('CREATING')
  expect(life.shards()).toEqual([])
  expect(life.refusal('splitShard', { shard: 0, at: HALF })).toBe(
    'ResourceInUseException: Stream orders under account 000000000000 not ACTIVE, instead in state CREATING',
  )
  expect(life.refusal('deleteStream')).toMatch(/not ACTIVE, instead in state CREATING$/)
  life.wait(499)
  expect(life.ask('getStream').status).toBe('CREATING')
  life.wait(1)
  expect(life.ask('getStream').status).toBe('ACTIVE')
  expect(life.shards()).toHaveLength(1)
  life.ask('splitShard', { shard: 0, at: HALF, settleMs })
  expect(life.ask('getStream').status).toBe('UPDATING')
  // The shards are there at once, and the status alone takes its time.
  expect(life.openShards().map(({ number }) => number)).toEqual([1, 2])
  expect(life.refusal('splitShard', { shard: 0, at: HALF })).toMatch(/not ACTIVE, instead in state UPDATING$/)
  life.wait(500)
  expect(life.machine.nextWakeAt).toBe(Number.POSITIVE_INFINITY)
  life.ask('deleteStream', { settleMs })
  expect(life.machine.nextWakeAt).toBe(life.now + 500)
  expect(life.ask('getStream').status).toBe('DELETING')
  expect(life.ask('listStreams').streams.map(({ status }) => status)).toEqual(['DELETING'])
  expect(life.refusal('deleteStream')).toMatch(/not ACTIVE, instead in state DELETING$/)
  expect(life.refusal('createStream')).toMatch(/already exists/)
  life.wait(499)
  expect(life.ask('getStream').status).toBe('DELETING')
  life.wait(1)
  expect(life.refusal('getStream')).toMatch(/^ResourceNotFoundException/)
  expect(life.machine.nextWakeAt).toBe(Number.POSITIVE_INFINITY)
})

test('a move that takes no time is over for the next command', () => {
  const life = new StreamLife()
  life.ask('createStream')
  life.ask('splitShard', { shard: 0, at: HALF })
  expect(life.ask('getStream').status).toBe('ACTIVE')
  life.ask('deleteStream')
  expect(life.refusal('getStream')).toMatch(/not found/)
  life.ask('createStream')
  expect(life.shards()).toHaveLength(1)
})

test('streams that are deleted go in the order of their time, whatever the order of the commands', () => {
  const life = new StreamLife()
  for (const name of ['a', 'b', 'c']) life.ask('createStream', { stream: named(name) })
  life.ask('deleteStream', { stream: named('a'), settleMs: 300 })
  life.ask('deleteStream', { stream: named('b'), settleMs: 100 })
  life.ask('deleteStream', { stream: named('c'), settleMs: 200 })
  const names = () => life.ask('listStreams').streams.map(({ name }) => name)
  for (const left of [['a', 'c'], ['a'], []]) {
    life.wait(100)
    expect(names()).toEqual(left)
  }
})

test('a stream with consumers is deleted only with them', () => {
  const life = new StreamLife()
  life.ask('createStream')
  life.ask('registerConsumer', { name: 'reader' })
  expect(life.refusal('deleteStream')).toBe(
    "ResourceInUseException: DeleteStream can't delete 000000000000:orders because there are consumers associated " +
      'with this data stream. To delete orders anyway, set the EnforceConsumerDeletion parameter to true to force ' +
      'the deletion of all the consumers that are associated with it.',
  )
  life.ask('deleteStream', { withConsumers: true })
  life.ask('createStream')
  expect(life.ask('getStream').consumers).toBe(0)
})

test('no more than five streams are created at a time in an account and region', () => {
  const life = new StreamLife()
  for (let i = 0; i < 5; i++) life.ask('createStream', { stream: named(`s${i}`), settleMs: 1000 })
  expect(life.refusal('createStream', { settleMs: 1000 })).toMatch(/^LimitExceededException/)
  life.ask('createStream', { stream: { ...ORDERS, region: 'us-east-1' }, settleMs: 1000 })
  life.wait(1000)
  for (let i = 5; i < 10; i++) life.ask('createStream', { stream: named(`s${i}`), settleMs: 1000 })
  life.ask('reset')
  life.ask('createStream', { settleMs: 1000 })
})

test('provisioned shards are limited for an account in a region, and those of on-demand streams are not counted', () => {
  const life = new StreamLife()
  life.ask('createStream', { stream: named('large'), shards: 9_999 })
  life.ask('createStream', { stream: named('other'), shards: 9_999 })
  life.ask('createStream', { stream: named('free'), mode: 'ON_DEMAND', shards: 4 })
  expect(life.ask('getLimits')).toEqual({ openShards: 19_998, onDemandStreams: 1 })
  expect(life.refusal('createStream', { shards: 3 })).toBe(
    'LimitExceededException: This request would exceed the shard limit for the account 000000000000 in eu-west-1. ' +
      'Current shard count for the account: 19998. Limit: 20000. ' +
      'Number of additional shards that would have resulted from this request: 3. ' +
      'Refer to the AWS Service Limits page (http://docs.aws.amazon.com/general/latest/gr/aws_service_limits.html) ' +
      'for current limits and how to request higher limits.',
  )
  life.ask('createStream', { shards: 2 })
  expect(life.refusal('splitShard', { shard: 0, at: QUARTER })).toMatch(
    /^LimitExceededException.*request: 1\./,
  )
  expect(life.refusal('setMode', { stream: named('free'), mode: 'PROVISIONED' })).toMatch(/request: 4\./)
  life.ask('mergeShards', { stream: named('large'), shard: 0, adjacent: 1 })
  life.ask('splitShard', { shard: 0, at: QUARTER })
  life.ask('deleteStream', { stream: named('large') })
  expect(life.ask('getLimits').openShards).toBe(10_002)
  life.ask('setMode', { stream: named('free'), mode: 'PROVISIONED' })
  expect(life.ask('getLimits')).toEqual({ openShards: 10_006, onDemandStreams: 0 })
})

test('on-demand streams are limited for an account in a region', () => {
  const life = new StreamLife()
  for (let i = 0; i < ON_DEMAND_STREAMS_MAX; i++) {
    life.ask('createStream', { stream: named(`s${i}`), mode: 'ON_DEMAND' })
  }
  expect(life.refusal('createStream', { mode: 'ON_DEMAND' })).toMatch(/^LimitExceededException/)
  life.ask('createStream', { mode: 'PROVISIONED' })
  expect(life.refusal('setMode', { mode: 'ON_DEMAND' })).toMatch(/^LimitExceededException/)
})

test('streams are listed by name, page by page', () => {
  const life = new StreamLife()
  for (const name of ['b', 'c', 'a']) life.ask('createStream', { stream: named(name) })
  life.ask('createStream', { stream: { ...named('elsewhere'), region: 'us-east-1' } })
  const page = (after: string) => {
    const { streams, next } = life.ask('listStreams', { after, limit: 2 })
    return [streams.map(({ name }) => name), next]
  }
  expect(page('')).toEqual([['a', 'b'], 'b'])
  expect(page('b')).toEqual([['c'], null])
})

test('shards are listed page by page, in the order of their numbers', () => {
  const life = new StreamLife()
  life.ask('createStream', { shards: 5 })
  const page = (from: number, filter: ShardFilter | null = null) => {
    const { shards, next } = life.ask('listShards', { from, limit: 2, filter })
    return [shards.map(({ number }) => number), next]
  }
  expect(page(0)).toEqual([[0, 1], 2])
  expect(page(2)).toEqual([[2, 3], 4])
  expect(page(4)).toEqual([[4], null])
  expect(page(0, { type: 'AFTER_SHARD_ID', shard: 2 })).toEqual([[3, 4], null])
})

test('a stream of the same name that was created since is another one', () => {
  const life = new StreamLife()
  life.now += 250
  life.ask('createStream')
  const created = life.now
  for (const known of [created, START, null]) life.ask('listShards', { created: known })
  expect(life.refusal('listShards', { created: created + 1 })).toMatch(/^ResourceNotFoundException/)
  expect(life.refusal('listConsumers', { created: created - 1 })).toMatch(/^ResourceNotFoundException/)
})

/** Shard 0 until an hour, then 1 and 2; 1 until two hours, then 3 and 4. The time is three hours. */
function resharded(): StreamLife {
  const life = new StreamLife()
  life.ask('createStream')
  life.wait(HOUR_MS)
  life.ask('splitShard', { shard: 0, at: HALF })
  life.wait(HOUR_MS)
  life.ask('splitShard', { shard: 1, at: QUARTER })
  life.wait(HOUR_MS)
  return life
}

test.each<readonly [ShardFilter | null, readonly number[]]>([
  [null, [0, 1, 2, 3, 4]],
  [{ type: 'FROM_TRIM_HORIZON' }, [0, 1, 2, 3, 4]],
  [{ type: 'AT_TRIM_HORIZON' }, [0]],
  [{ type: 'AT_LATEST' }, [2, 3, 4]],
  [{ type: 'AFTER_SHARD_ID', shard: 1 }, [2, 3, 4]],
  [{ type: 'AT_TIMESTAMP', time: 0 }, [0]],
  [{ type: 'AT_TIMESTAMP', time: START + HOUR_MS - 1 }, [0]],
  [{ type: 'AT_TIMESTAMP', time: START + HOUR_MS }, [0, 1, 2]],
  [{ type: 'AT_TIMESTAMP', time: START + HOUR_MS + 1 }, [1, 2]],
  [{ type: 'AT_TIMESTAMP', time: START + 3 * HOUR_MS }, [2, 3, 4]],
  [{ type: 'FROM_TIMESTAMP', time: 0 }, [0, 1, 2, 3, 4]],
  [{ type: 'FROM_TIMESTAMP', time: START + HOUR_MS }, [0, 1, 2, 3, 4]],
  [{ type: 'FROM_TIMESTAMP', time: START + HOUR_MS + 1 }, [1, 2, 3, 4]],
  [{ type: 'FROM_TIMESTAMP', time: START + 3 * HOUR_MS }, [2, 3, 4]],
])('the filter %j lets those shards through that AWS says', (filter, numbers) => {
  const { shards } = resharded().ask('listShards', { filter })
  expect(shards.map(({ number }) => number)).toEqual(numbers)
})

test('what was open when the oldest records arrived moves on with retention', () => {
  const life = resharded()
  const atHorizon = () =>
    life.ask('listShards', { filter: { type: 'AT_TRIM_HORIZON' } }).shards.map(({ number }) => number)
  life.now = START + 25 * HOUR_MS + 1
  expect(atHorizon()).toEqual([1, 2])
  life.now = START + 26 * HOUR_MS + 1
  expect(atHorizon()).toEqual([2, 3, 4])
})

test.each([false, true])(
  'a closed shard goes when all its records are too old (after clean-up: %s)',
  (isTidied) => {
    const life = resharded()
    const numbers = () => {
      if (isTidied) life.tidy()
      return life.shards().map(({ number }) => number)
    }
    life.now = START + 25 * HOUR_MS
    expect(numbers()).toEqual([0, 1, 2, 3, 4])
    life.now++
    expect(numbers()).toEqual([1, 2, 3, 4])
    expect(life.refusal('splitShard', { shard: 0, at: HALF })).toBe(
      'ResourceNotFoundException: Could not find shard shardId-000000000000 in stream orders under account 000000000000.',
    )
    // A longer retention brings back nothing.
    life.ask('setRetention', { hours: 48, direction: 'increase' })
    expect(numbers()).toEqual([1, 2, 3, 4])
    life.now = START + 50 * HOUR_MS
    expect(numbers()).toEqual([1, 2, 3, 4])
    life.now++
    expect(numbers()).toEqual([2, 3, 4])
    expect(life.shards()[1]).toMatchObject({ parent: 1 })
  },
)

test('clean-up lets go of all that deleted streams and closed shards held', () => {
  const life = resharded()
  life.finish(life.cut())
  const withShards = life.units
  life.now = START + 27 * HOUR_MS
  life.tidy()
  life.finish(life.cut())
  // Two shards; none has records.
  expect(life.units).toBe(withShards - 2)
  life.ask('registerConsumer', { name: 'reader' })
  life.ask('setAccount', { commitment: true })
  life.ask('reset')
  life.tidy()
  life.finish(life.cut())
  expect(life.units).toBe(1)
})

test('whoever waits for records of a shard that is closed or deleted is woken', () => {
  const life = new StreamLife()
  life.ask('createStream', { shards: 2 })
  life.ask('splitShard', { shard: 0, at: QUARTER })
  expect(life.woken.size).toBe(1)
  life.ask('deleteStream', { settleMs: 10 })
  expect(life.woken.size).toBe(1)
  life.wait(10)
  expect(life.woken.size).toBe(4)
  life.ask('createStream')
  life.ask('reset')
  expect(life.woken.size).toBe(5)
})

test('numbers of streams and versions of shard maps are not given again', () => {
  const life = new StreamLife()
  life.ask('createStream')
  life.ask('reset')
  life.ask('createStream')
  life.ask('reset')
  expect(life.ask('getLimits', SCOPE)).toEqual({ openShards: 0, onDemandStreams: 0 })
  const again = life.restarted(null, life.log)
  again.ask('createStream')
  life.ask('createStream')
  expect(again.log).toEqual([life.log.at(-1)])
})

import { expect, test } from 'vitest'
import { HOUR_MS, ORDERS, StreamLife } from '../../../../test/kinesis/stream-life.ts'
import type { ResourceAddress, StreamMode } from '../commands.ts'

const STREAM: ResourceAddress = { stream: ORDERS, consumer: null }

function withStream(mode: StreamMode = 'PROVISIONED'): StreamLife {
  const life = new StreamLife()
  life.ask('createStream', { mode })
  return life
}

test('every setting that takes its time shows in the status, and is refused meanwhile', () => {
  const settleMs = 100
  const changes = {
    setRetention: { hours: 48, direction: 'increase' },
    setMode: { mode: 'ON_DEMAND' },
    setMaxRecordSize: { maxRecordKiB: 2048 },
    setMonitoring: { enable: ['IncomingBytes'] },
    setEncryption: { keyId: 'alias/aws/kinesis' },
  } as const
  for (const kind of Object.keys(changes) as (keyof typeof changes)[]) {
    const life = withStream()
    life.ask(kind, { settleMs, ...changes[kind] })
    expect(life.ask('getStream').status).toBe('UPDATING')
    expect(life.refusal(kind, changes[kind])).toBe(
      'ResourceInUseException: Stream orders under account 000000000000 not ACTIVE, instead in state UPDATING',
    )
    expect(life.refusal('tagResource', { resource: STREAM, tags: { a: 'b' } })).toMatch(/UPDATING$/)
    life.wait(settleMs)
    expect(life.ask('getStream').status).toBe('ACTIVE')
    // It's as it is to be.
    const entries = life.log.length
    life.ask(kind, { settleMs, ...changes[kind] })
    expect(life.log.length).toBe(entries)
  }
})

test('retention is made longer by an increase and shorter by a decrease', () => {
  const life = withStream()
  life.ask('setRetention', { hours: 25, direction: 'increase' })
  expect(life.refusal('setRetention', { hours: 24, direction: 'increase' })).toBe(
    'InvalidArgumentException: Requested retention period (24 hours) for stream orders can not be shorter than ' +
      'existing retention period (25 hours). Use DecreaseRetentionPeriod API.',
  )
  expect(life.refusal('setRetention', { hours: 26, direction: 'decrease' })).toBe(
    'InvalidArgumentException: Requested retention period (26 hours) for stream orders can not be longer than ' +
      'existing retention period (25 hours). Use IncreaseRetentionPeriod API.',
  )
  life.ask('setRetention', { hours: 24, direction: 'decrease' })
  expect(life.ask('getStream').retentionHours).toBe(24)
})

test('the mode is changed twice in any 24 hours', () => {
  const life = withStream()
  life.ask('setMode', { mode: 'ON_DEMAND' })
  life.ask('setMode', { mode: 'ON_DEMAND' })
  life.wait(HOUR_MS)
  life.ask('setMode', { mode: 'PROVISIONED' })
  expect(life.refusal('setMode', { mode: 'ON_DEMAND' })).toBe(
    'LimitExceededException: UpdateStreamMode is allowed 2 times in a rolling 24-hour period ' +
      'for stream orders under account 000000000000.',
  )
  life.wait(23 * HOUR_MS)
  life.ask('setMode', { mode: 'ON_DEMAND' })
  expect(life.ask('getStream').mode).toBe('ON_DEMAND')
})

test('warm throughput is for on-demand streams of accounts that commit to a minimum', () => {
  const life = withStream()
  const warm = { warmThroughput: 100 }
  expect(life.refusal('setWarmThroughput', warm)).toMatch(/^ValidationException.*Provisioned mode\.$/)
  expect(life.refusal('setMode', { mode: 'PROVISIONED', ...warm })).toMatch(/^ValidationException/)
  expect(life.refusal('createStream', { stream: { ...ORDERS, name: 'other' }, ...warm })).toMatch(
    /Provisioned mode\.$/,
  )
  const uncommitted = /^ValidationException.*MinimumThroughputBillingCommitment/
  expect(life.refusal('setMode', { mode: 'ON_DEMAND', ...warm })).toMatch(uncommitted)
  life.ask('setMode', { mode: 'ON_DEMAND' })
  expect(life.refusal('setWarmThroughput', warm)).toMatch(uncommitted)
  life.ask('setAccount', { commitment: true })
  expect(life.ask('setWarmThroughput', warm)).toEqual({ before: 0 })
  expect(life.ask('setWarmThroughput', { warmThroughput: 50 })).toEqual({ before: 100 })
  life.ask('setMode', { mode: 'ON_DEMAND', warmThroughput: 60 })
  expect(life.ask('getStream').warmThroughput).toBe(60)
  life.ask('setMode', { mode: 'PROVISIONED' })
  expect(life.ask('getStream').warmThroughput).toBeNull()
})

test('metrics of shards are added and taken away', () => {
  const life = withStream()
  const enable = ['IncomingBytes', 'OutgoingBytes', 'IncomingBytes'] as const
  expect(life.ask('setMonitoring', { enable })).toEqual({
    before: [],
    after: ['IncomingBytes', 'OutgoingBytes'],
  })
  expect(life.ask('setMonitoring', { disable: ['IncomingBytes', 'IteratorAgeMilliseconds'] })).toEqual({
    before: ['IncomingBytes', 'OutgoingBytes'],
    after: ['OutgoingBytes'],
  })
  expect(life.ask('getStream').monitored).toEqual(['OutgoingBytes'])
})

test('a stream is encrypted with a key, another one, and none', () => {
  const life = withStream()
  for (const keyId of ['alias/a', 'alias/b', null]) {
    life.ask('setEncryption', { keyId })
    expect(life.ask('getStream').keyId).toBe(keyId)
  }
})

test('whoever puts records is told of what has changed for them', () => {
  const life = withStream()
  const map = () => {
    const { version, maxRecordKiB, keyId } = life.ask('getShardMap')
    return { version, maxRecordKiB, keyId }
  }
  expect(map()).toEqual({ version: 1, maxRecordKiB: 1024, keyId: null })
  life.ask('setMaxRecordSize', { maxRecordKiB: 2048 })
  expect(map()).toEqual({ version: 2, maxRecordKiB: 2048, keyId: null })
  life.ask('setEncryption', { keyId: 'alias/a' })
  expect(map()).toEqual({ version: 3, maxRecordKiB: 2048, keyId: 'alias/a' })
  life.ask('setEncryption', { keyId: 'alias/b' })
  life.ask('setRetention', { hours: 48, direction: 'increase' })
  expect(map()).toEqual({ version: 4, maxRecordKiB: 2048, keyId: 'alias/b' })
})

test('keys are applied 25 times in any 24 hours', () => {
  const life = withStream()
  for (let i = 0; i < 25; i++) life.ask('setEncryption', { keyId: `alias/${i}` })
  expect(life.refusal('setEncryption', { keyId: 'alias/more' })).toMatch(
    /^LimitExceededException: StartStreamEncryption is allowed 25 times/,
  )
  life.ask('setEncryption', { keyId: null })
  life.wait(24 * HOUR_MS)
  life.ask('setEncryption', { keyId: 'alias/more' })
})

test('tags are added, replaced and taken away, of streams and consumers', () => {
  const life = withStream()
  const { name, created } = life.ask('registerConsumer', { name: 'reader', tags: { a: '1' } })
  const consumer: ResourceAddress = { stream: ORDERS, consumer: { name, created: created / 1000 } }
  for (const resource of [STREAM, consumer]) {
    life.ask('tagResource', { resource, tags: { a: '2', b: '3' } })
    life.ask('tagResource', { resource, tags: { b: '4', c: '5' } })
    expect(life.ask('listTags', { resource })).toEqual({ a: '2', b: '4', c: '5' })
    life.ask('untagResource', { resource, keys: ['a', 'never there'] })
    expect(life.ask('listTags', { resource })).toEqual({ b: '4', c: '5' })
  }
  expect(life.ask('getStream').status).toBe('ACTIVE')
})

test('a resource has 50 tags at most', () => {
  const life = withStream()
  const tags = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, 'v']))
  const told =
    'InvalidArgumentException: Failed to add tags to stream orders under account 000000000000 ' +
    'because a given stream cannot have more than 50 tags associated with it.'
  expect(life.refusal('tagResource', { resource: STREAM, tags: tags(51) })).toBe(told)
  life.ask('tagResource', { resource: STREAM, tags: tags(50) })
  life.ask('tagResource', { resource: STREAM, tags: { k7: 'another' } })
  expect(life.refusal('tagResource', { resource: STREAM, tags: { more: 'v' } })).toBe(told)
  expect(life.refusal('registerConsumer', { name: 'reader', tags: tags(51) })).toBe(told)
  expect(life.refusal('createStream', { stream: { ...ORDERS, name: 'b' }, tags: tags(51) })).toMatch(
    /50 tags/,
  )
})

test('streams and consumers have a policy or none', () => {
  const life = withStream()
  life.ask('registerConsumer', { name: 'reader' })
  for (const resource of [STREAM, { stream: ORDERS, consumer: { name: 'reader', created: null } }]) {
    expect(life.ask('getPolicy', { resource })).toEqual({ policy: '' })
    life.ask('setPolicy', { resource, policy: '{"Version":"2012-10-17"}' })
    expect(life.ask('getPolicy', { resource })).toEqual({ policy: '{"Version":"2012-10-17"}' })
    life.ask('setPolicy', { resource, policy: null })
    expect(life.ask('getPolicy', { resource })).toEqual({ policy: '' })
  }
})

import { expect, test } from 'vitest'
import { ORDERS, START, StreamLife } from '../../../../test/kinesis/stream-life.ts'
import type { StreamMode } from '../commands.ts'

const READER = { name: 'reader', created: null }
const resource = { stream: ORDERS, consumer: READER }

function withStream(mode: StreamMode = 'PROVISIONED'): StreamLife {
  const life = new StreamLife()
  life.ask('createStream', { mode })
  return life
}

test('a consumer is registered, found by its name and by its creation, and deregistered', () => {
  const life = withStream()
  life.now += 1_999
  const created = START + 1_000
  expect(life.ask('registerConsumer', { name: 'reader' })).toEqual({
    name: 'reader',
    status: 'ACTIVE',
    created,
  })
  expect(life.ask('getStream').consumers).toBe(1)
  for (const known of [null, created / 1000]) {
    expect(life.ask('getConsumer', { consumer: { name: 'reader', created: known } }).created).toBe(created)
  }
  const told = 'ResourceNotFoundException: Consumer reader, account 000000000000 not found.'
  expect(life.refusal('getConsumer', { consumer: { name: 'reader', created: START / 1000 } })).toBe(told)
  life.ask('deregisterConsumer', { consumer: READER })
  expect(life.refusal('getConsumer', { consumer: READER })).toBe(told)
  expect(life.refusal('deregisterConsumer', { consumer: READER })).toBe(told)
  expect(life.refusal('listTags', { resource })).toBe(told)
  expect(life.ask('getStream').consumers).toBe(0)
})

test('a consumer is created and deleted over time', () => {
  const life = withStream()
  const status = () => life.ask('getConsumer', { consumer: READER }).status
  const inactive =
    `ResourceInUseException: Consumer reader with creation timestamp ${START / 1000} under stream: orders ` +
    ', account 000000000000 is not in ACTIVE status.'
  life.ask('registerConsumer', { name: 'reader', settleMs: 100 })
  expect(status()).toBe('CREATING')
  expect(life.refusal('setPolicy', { resource, policy: '{}' })).toBe(inactive)
  expect(life.refusal('deregisterConsumer', { consumer: READER })).toBe(inactive)
  life.wait(100)
  expect(status()).toBe('ACTIVE')
  life.ask('deregisterConsumer', { consumer: READER, settleMs: 100 })
  expect(life.machine.nextWakeAt).toBe(life.now + 100)
  expect(status()).toBe('DELETING')
  expect(life.refusal('registerConsumer', { name: 'reader' })).toBe(
    `ResourceInUseException: Consumer reader with creation timestamp ${START / 1000} under stream orders ` +
      'and account 000000000000 already exists.',
  )
  life.wait(100)
  expect(life.refusal('getConsumer', { consumer: READER })).toMatch(/not found/)
  life.ask('registerConsumer', { name: 'reader' })
})

test('a consumer that is being deleted goes with its stream', () => {
  const life = withStream()
  life.ask('registerConsumer', { name: 'reader' })
  life.ask('deregisterConsumer', { consumer: READER, settleMs: 100 })
  life.ask('deleteStream', { withConsumers: true })
  life.ask('createStream')
  life.ask('registerConsumer', { name: 'reader' })
  life.ask('createStream', { stream: { ...ORDERS, name: 'other' } })
  life.ask('deleteStream', { stream: { ...ORDERS, name: 'other' }, settleMs: 100 })
  life.wait(100)
  expect(life.ask('getConsumer', { consumer: READER }).status).toBe('ACTIVE')
  expect(life.ask('listStreams').streams.map(({ name }) => name)).toEqual(['orders'])
})

test('a stream has 20 consumers at most, five of them being created', () => {
  const life = withStream()
  for (let i = 0; i < 20; i++) {
    if (i % 5 === 0) life.wait(100)
    life.ask('registerConsumer', { name: `c${i}`, settleMs: 100 })
    if (i % 5 !== 4 || i === 19) continue
    expect(life.refusal('registerConsumer', { name: 'more', settleMs: 100 })).toMatch(
      /^LimitExceededException: No more than 5 consumers/,
    )
  }
  expect(life.refusal('registerConsumer', { name: 'more' })).toBe(
    "LimitExceededException: Stream orders under account 000000000000 can't have more than 20 registered consumers.",
  )
})

test.each([
  ['ON_DEMAND', true, 50],
  ['ON_DEMAND', false, 20],
  ['PROVISIONED', true, 20],
] as const)(
  'a stream of mode %s, with a commitment (%s), has %i consumers at most',
  (mode, commitment, max) => {
    const life = withStream(mode)
    life.ask('setAccount', { commitment })
    for (let i = 0; i < max; i++) life.ask('registerConsumer', { name: `c${i}` })
    expect(life.refusal('registerConsumer', { name: 'more' })).toMatch(/^LimitExceededException/)
  },
)

test('consumers are listed by name, page by page', () => {
  const life = withStream()
  for (const name of ['b', 'c', 'a']) life.ask('registerConsumer', { name })
  const page = (after: string) => {
    const { consumers, next, created } = life.ask('listConsumers', { after, limit: 2 })
    expect(created).toBe(START)
    return [consumers.map(({ name }) => name), next]
  }
  expect(page('')).toEqual([['a', 'b'], 'b'])
  expect(page('b')).toEqual([['c'], null])
})

test('a commitment lasts a day at least', () => {
  const day = 24 * 3_600_000
  const life = new StreamLife()
  const none = { commitment: false, since: null, until: null, endsAt: null }
  expect(life.ask('getAccount')).toEqual(none)
  expect(life.ask('setAccount', { commitment: false })).toEqual(none)
  const committed = { commitment: true, since: START, until: START + day, endsAt: null }
  expect(life.ask('setAccount', { commitment: true })).toEqual(committed)
  life.wait(1000)
  expect(life.ask('setAccount', { commitment: true })).toEqual(committed)
  const ending = { ...committed, endsAt: START + day }
  expect(life.ask('setAccount', { commitment: false })).toEqual(ending)
  expect(life.ask('setAccount', { commitment: false })).toEqual(ending)
  // Who changes their mind goes on as before.
  expect(life.ask('setAccount', { commitment: true })).toEqual(committed)
  life.ask('setAccount', { commitment: false })
  life.now = START + day - 1
  expect(life.ask('getAccount')).toEqual(ending)
  life.now++
  expect(life.ask('getAccount')).toEqual({ ...ending, commitment: false })
  // Another one begins anew, and ends at once where its day is over.
  const since = life.now
  expect(life.ask('setAccount', { commitment: true })).toMatchObject({
    commitment: true,
    since,
    endsAt: null,
  })
  life.now = since + 2 * day
  expect(life.ask('setAccount', { commitment: false })).toMatchObject({ commitment: false, endsAt: life.now })
  expect(life.ask('getAccount', { region: 'us-east-1' })).toEqual(none)
})

import { expect, test } from 'vitest'
import { KinesisWorld, ORDERS } from '../../../../test/kinesis/kinesis-world.ts'
import { START } from '../../../../test/kinesis/scripted-kinesis.ts'
import type { SubscriptionEvent } from '../subscription.ts'

const SHARD = 'shardId-000000000000'

async function eventOf(world: KinesisWorld, next: Promise<IteratorResult<SubscriptionEvent, undefined>>) {
  const { value } = await world.time.settle(next)
  if (value === undefined) throw new Error('the subscription is over')
  return value.SubscribeToShardEvent
}

test('a subscription is told of records the moment they are there, and of a shard that is closed', async () => {
  const world = await KinesisWorld.withStream()
  const events = await world.subscribe(await world.consumer(), { Type: 'LATEST' })
  const first = events.next()
  await world.time.runFor(1000)
  const [number] = await world.put('a')
  const asked = world.time.now()
  expect(await eventOf(world, first)).toMatchObject({
    ...{ Records: [{ SequenceNumber: number }], ContinuationSequenceNumber: number, MillisBehindLatest: 0 },
  })
  expect(world.time.now()).toBe(asked)
  const last = events.next()
  await world.time.runFor(100)
  await world.run('UpdateShardCount', { ...ORDERS, TargetShardCount: 2, ScalingType: 'UNIFORM_SCALING' })
  const end = await eventOf(world, last)
  expect(end).toMatchObject({ Records: [], ChildShards: [{}, {}] })
  expect(end.ContinuationSequenceNumber).toBeUndefined()
  expect(await world.time.settle(events.next())).toEqual({ done: true, value: undefined })
})

test('a subscription beats every five seconds, for five minutes, and goes on from where it was', async () => {
  const world = await KinesisWorld.withStream()
  const arn = await world.consumer()
  const events = await world.subscribe(arn, { Type: 'TRIM_HORIZON' })
  let continuation: string | undefined
  let beats = 0
  for (;;) {
    const { value } = await world.time.settle(events.next())
    if (value === undefined) break
    continuation = value.SubscribeToShardEvent.ContinuationSequenceNumber
    beats++
  }
  expect(beats).toBe(60)
  expect(world.time.now()).toBe(START + 300_000)
  await world.put('a')
  const again = await world.subscribe(arn, { Type: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: continuation })
  expect((await eventOf(world, again.next())).Records).toHaveLength(1)
})

test('the last beat of a subscription is at its end, wherever the others were', async () => {
  const world = await KinesisWorld.withStream()
  const events = await world.subscribe(await world.consumer(), { Type: 'LATEST' })
  const first = events.next()
  await world.time.runFor(2000)
  await world.put('a')
  await eventOf(world, first)
  while ((await world.time.settle(events.next())).done !== true);
  expect(world.time.now()).toBe(START + 300_000)
})

test('subscriptions end with their consumer or their stream', async () => {
  const world = await KinesisWorld.withStream()
  const arn = await world.consumer()
  const other = await world.consumer('other')
  const third = await world.consumer('third')
  const outcome = (next: Promise<unknown>) =>
    next.then(
      (result) => JSON.stringify(result),
      (error: Error) => error.message,
    )
  const waits = outcome((await world.subscribe(arn, { Type: 'LATEST' })).next())
  const late = await world.subscribe(other, { Type: 'LATEST' })
  await world.time.runFor(2000)
  const waitsToo = outcome(late.next())
  const before = world.time.now()
  await world.run('DeregisterStreamConsumer', { ConsumerARN: other })
  expect(await world.time.settle(waitsToo)).toBe('Consumer other, account 000000000000 not found.')
  expect(world.time.now()).toBe(before)
  const stopped = outcome((await world.subscribe(third, { Type: 'LATEST' })).next())
  await world.run('DeleteStream', { ...ORDERS, EnforceConsumerDeletion: true })
  expect(await world.time.settle(waits)).toBe(
    `Shard ${SHARD} in stream orders under account 000000000000 does not exist`,
  )
  expect(await world.time.settle(stopped)).toContain('does not exist')
})

test('a server that stops ends subscriptions', async () => {
  const world = await KinesisWorld.withStream()
  const next = (await world.subscribe(await world.consumer(), { Type: 'LATEST' })).next()
  await world.time.runFor(1000)
  world.stop()
  expect(await world.time.settle(next)).toEqual({ done: true, value: undefined })
})

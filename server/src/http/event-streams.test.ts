import {
  KinesisClient,
  PutRecordCommand,
  ResourceInUseException,
  ResourceNotFoundException,
  SubscribeToShardCommand,
} from '@aws-sdk/client-kinesis'
import { afterEach, expect, test } from 'vitest'
import { startWith, tick } from '../../test/http/test-listener.ts'
import { compileModel } from '../api/compile-model.ts'
import { kinesisModel } from '../api/generated/kinesis-model.ts'
import { type Operation, operation, type Request } from '../api/operation.ts'
import { ServiceError } from '../api/service-error.ts'
import { TrustingAuthenticator } from '../auth/trusting-authenticator.ts'
import { createDispatcher } from '../protocol/dispatch.ts'
import { AwsHandler } from './aws-handler.ts'

/** A scripted Kinesis, asked by Amazon's own client: HTTP/2 with prior knowledge, and a connection for each subscription. */

const refusal = (code: string) => new ServiceError({ code, status: 400, fault: 'client' }, `says ${code}`)

type Script = (request: Request) => AsyncIterable<object>

const clients: KinesisClient[] = []
afterEach(() => {
  for (const client of clients.splice(0)) client.destroy()
})

async function start(script: Script) {
  const reported: unknown[] = []
  const subscribe: Operation = operation('SubscribeToShard', async (_: object, request) => ({
    EventStream: script(request),
  }))
  const put: Operation = operation('PutRecord', async () => ({ ShardId: 's', SequenceNumber: '7' }))
  const service = {
    name: 'kinesis',
    model: compileModel('kinesis', kinesisModel),
    operations: new Map([subscribe, put].map((each) => [each.name, each])),
    refuseInput: () => new Error('never'),
    access: { SubscribeToShard: () => [], PutRecord: () => [] },
    refuseAccess: () => new Error('never'),
  }
  const dispatcher = createDispatcher([service], (error) => reported.push(error))
  const handler = new AwsHandler(dispatcher, new TrustingAuthenticator(), { now: () => Date.now() })
  const { listener, address, log } = await startWith(handler)
  const client = new KinesisClient({
    endpoint: `http://127.0.0.1:${address.port}`,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    maxAttempts: 1,
  })
  clients.push(client)
  return { client, listener, log, reported }
}

const subscribe = (shard = 0) =>
  new SubscribeToShardCommand({
    ConsumerARN: 'arn:aws:kinesis:eu-west-1:000000000000:stream/s/consumer/c:1',
    ShardId: `shardId-${String(shard).padStart(12, '0')}`,
    StartingPosition: { Type: 'LATEST' },
  })

const event = (sequenceNumber: string, data: Uint8Array = Buffer.from('hello')) => ({
  SubscribeToShardEvent: {
    Records: [
      {
        Data: data,
        PartitionKey: 'k',
        SequenceNumber: sequenceNumber,
        ApproximateArrivalTimestamp: 1_700_000_000_500,
      },
    ],
    ContinuationSequenceNumber: sequenceNumber,
    MillisBehindLatest: 0,
  },
})

/** Waits until it is told to go on, or its client goes. */
function gate() {
  const waiting = new Set<() => void>()
  return {
    wait: ({ connection }: Request) =>
      new Promise<void>((resolve) => {
        waiting.add(resolve)
        connection.onClose(resolve)
      }),
    open: () => {
      for (const goOn of waiting) goOn()
      waiting.clear()
    },
  }
}

test('a subscription’s events arrive as they are put, and its end is an end', async () => {
  const { wait, open } = gate()
  const { client, listener, log, reported } = await start(async function* (request) {
    yield event('1')
    await wait(request)
    yield event('2')
  })
  const { EventStream, $metadata } = await client.send(subscribe())
  expect($metadata.httpStatusCode).toBe(200)
  const seen: unknown[] = []
  for await (const { SubscribeToShardEvent } of EventStream ?? []) {
    seen.push(SubscribeToShardEvent)
    if (seen.length === 1) setTimeout(open, 20)
  }
  expect(seen).toMatchObject([{ ContinuationSequenceNumber: '1' }, { ContinuationSequenceNumber: '2' }])
  expect(seen[0]).toMatchObject({
    MillisBehindLatest: 0,
    Records: [{ PartitionKey: 'k', ApproximateArrivalTimestamp: new Date(1_700_000_000_500) }],
  })
  while (listener.underWay > 0) await tick()
  expect(log.lines).toMatchObject([{ operation: 'SubscribeToShard', status: 200, errorCode: undefined }])
  expect(reported).toEqual([])
})

test('other requests are answered beside a subscription', async () => {
  const { wait, open } = gate()
  const { client } = await start(async function* (request) {
    yield event('1')
    await wait(request)
  })
  const { EventStream } = await client.send(subscribe())
  const iterator = EventStream![Symbol.asyncIterator]()
  await iterator.next()
  const put = new PutRecordCommand({ StreamName: 's', Data: Buffer.of(1), PartitionKey: 'k' })
  expect(await client.send(put)).toMatchObject({ SequenceNumber: '7' })
  open()
  expect((await iterator.next()).done).toBe(true)
})

test('a refusal before the stream, and one within it, are the client’s exceptions', async () => {
  const before = await start(() => {
    throw refusal('ResourceInUseException')
  })
  await expect(before.client.send(subscribe())).rejects.toThrow(ResourceInUseException)

  const within = await start(async function* () {
    yield event('1')
    throw refusal('ResourceNotFoundException')
  })
  const { EventStream } = await within.client.send(subscribe())
  const read = async () => {
    for await (const { SubscribeToShardEvent } of EventStream ?? []) {
      expect(SubscribeToShardEvent?.ContinuationSequenceNumber).toBe('1')
    }
  }
  const failure = await read().catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(ResourceNotFoundException)
  expect(failure).toMatchObject({ message: 'says ResourceNotFoundException' })
})

test('hundreds of subscriptions of one client are served at once', async () => {
  const { wait, open } = gate()
  let begun = 0
  const { client, listener } = await start(async function* (request) {
    begun++
    yield event('1')
    await wait(request)
    yield event('2')
  })
  const readers = Array.from({ length: 300 }, async (_, shard) => {
    const { EventStream } = await client.send(subscribe(shard))
    const seen: unknown[] = []
    for await (const { SubscribeToShardEvent } of EventStream ?? []) {
      seen.push(SubscribeToShardEvent?.ContinuationSequenceNumber)
    }
    return seen
  })
  while (begun < 300) await tick()
  while (listener.underWay < 300) await tick()
  await new Promise((resolve) => setTimeout(resolve, 100))
  open()
  expect(await Promise.all(readers)).toEqual(readers.map(() => ['1', '2']))
  while (listener.underWay > 0) await tick()
})

test('a consumer that is slow is not sent ahead of, and gets everything', async () => {
  const EVENTS = 100
  const data = Buffer.alloc(512 * 1024, 'x')
  let made = 0
  const { client } = await start(async function* () {
    for (let i = 1; i <= EVENTS; i++) {
      made = i
      yield event(String(i), data)
    }
  })
  const { EventStream } = await client.send(subscribe())
  let taken = 0
  for await (const { SubscribeToShardEvent } of EventStream ?? []) {
    taken++
    expect(SubscribeToShardEvent?.ContinuationSequenceNumber).toBe(String(taken))
    if (taken === 1) {
      await new Promise((resolve) => setTimeout(resolve, 500))
      // In JSON an event has some 700 KB: what the client's windows and buffers take, and one more.
      expect(made).toBeLessThan(20)
    }
  }
  expect(taken).toBe(EVENTS)
})

test('a client that goes ends its subscriptions, and the server’s stop ends them as an end', async () => {
  const ended: string[] = []
  const script: Script = async function* (request) {
    try {
      yield event('1')
      await gate().wait(request)
    } finally {
      ended.push('ended')
    }
  }
  const leaving = await start(script)
  const leave = new AbortController()
  const { EventStream } = await leaving.client.send(subscribe(), { abortSignal: leave.signal })
  await EventStream![Symbol.asyncIterator]().next()
  leave.abort()
  while (ended.length === 0) await tick()
  while (leaving.listener.underWay > 0) await tick()

  const stopped = await start(script)
  const stream = (await stopped.client.send(subscribe())).EventStream![Symbol.asyncIterator]()
  await stream.next()
  const next = stream.next()
  await stopped.listener.drain(60_000)
  expect((await next).done).toBe(true)
})

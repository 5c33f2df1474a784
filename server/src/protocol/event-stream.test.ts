import { crc32 } from 'node:zlib'
import { decode } from 'cborg'
import { describe, expect, test } from 'vitest'
import { ServiceError } from '../api/service-error.ts'
import { encodeCbor } from './cbor.ts'
import { cborRequest, createHarness, jsonRequest, REQUEST_ID } from './test-services.ts'
import type { StreamedBody } from './wire.ts'

const SUBSCRIBE = 'Kinesis_20131202.SubscribeToShard'
const INPUT = { ConsumerARN: 'arn', ShardId: 'shardId-0', StartingPosition: { Type: 'LATEST' } }
const inJson = jsonRequest(SUBSCRIBE, JSON.stringify(INPUT), 'application/x-amz-json-1.1')
const inCbor = cborRequest(SUBSCRIBE, encodeCbor(INPUT))

const event = (Data: Uint8Array) => ({
  SubscribeToShardEvent: {
    Records: [
      { Data, PartitionKey: 'k', SequenceNumber: '1', ApproximateArrivalTimestamp: 1_700_000_000_123 },
    ],
    ContinuationSequenceNumber: '1',
    MillisBehindLatest: 0,
  },
})

async function* of(...events: unknown[]): AsyncGenerator<unknown> {
  for (const each of events) {
    if (each instanceof Error) throw each
    yield each
  }
}

interface Message {
  readonly headers: Readonly<Record<string, string>>
  readonly payload: Buffer
}

/** A message, read as its specification says. */
function read(piece: Uint8Array): Message {
  const bytes = Buffer.from(piece)
  expect(bytes.readUInt32BE(0)).toBe(bytes.length)
  expect(bytes.readUInt32BE(8)).toBe(crc32(bytes.subarray(0, 8)))
  expect(bytes.readUInt32BE(bytes.length - 4)).toBe(crc32(bytes.subarray(0, bytes.length - 4)))
  const end = 12 + bytes.readUInt32BE(4)
  const headers: Record<string, string> = {}
  for (let at = 12; at < end; ) {
    const nameEnd = at + 1 + bytes.readUInt8(at)
    // A text.
    expect(bytes.readUInt8(nameEnd)).toBe(7)
    const valueEnd = nameEnd + 3 + bytes.readUInt16BE(nameEnd + 1)
    headers[bytes.toString('utf8', at + 1, nameEnd)] = bytes.toString('utf8', nameEnd + 3, valueEnd)
    at = valueEnd
  }
  return { headers, payload: bytes.subarray(end, -4) }
}

async function stream(request: typeof inJson, EventStream: AsyncIterable<unknown>) {
  const harness = createHarness(() => ({ EventStream }))
  const response = await harness.send(request)
  const messages: Message[] = []
  for await (const piece of response.body as StreamedBody) messages.push(read(piece))
  return { harness, response, messages, last: messages.at(-1)! }
}

describe('a stream', () => {
  test('begins with what else the answer has, and then has its events', async () => {
    const { response, messages, harness } = await stream(inJson, of(event(Buffer.of(1)), event(Buffer.of(2))))
    expect(harness.inputs).toEqual([INPUT])
    expect(response).toMatchObject({
      status: 200,
      headers: { 'content-type': 'application/vnd.amazon.eventstream', 'x-amzn-RequestId': REQUEST_ID },
    })
    expect(messages.map(({ headers }) => Object.entries(headers))).toEqual([
      [
        [':event-type', 'initial-response'],
        [':content-type', 'application/x-amz-json-1.1'],
        [':message-type', 'event'],
      ],
      ...[1, 2].map(() => [
        [':event-type', 'SubscribeToShardEvent'],
        [':content-type', 'application/json'],
        [':message-type', 'event'],
      ]),
    ])
    expect(messages.map(({ payload }) => JSON.parse(payload.toString()))).toEqual([
      {},
      ...['AQ==', 'Ag=='].map((Data) => ({
        Records: [
          { Data, PartitionKey: 'k', SequenceNumber: '1', ApproximateArrivalTimestamp: 1_700_000_000.123 },
        ],
        ContinuationSequenceNumber: '1',
        MillisBehindLatest: 0,
      })),
    ])
  })

  test('is in CBOR for who asked in CBOR', async () => {
    const { response, messages } = await stream(inCbor, of(event(Buffer.of(1))))
    expect(response.headers['content-type']).toBe('application/vnd.amazon.eventstream')
    expect(messages.map(({ headers }) => headers[':content-type'])).toEqual([
      'application/x-amz-cbor-1.1',
      'application/x-amz-cbor-1.1',
    ])
    const tags = { 1: (content: () => unknown) => ({ time: content() }) }
    expect(messages.map(({ payload }) => decode(payload, { tags }))).toEqual([
      {},
      {
        Records: [
          {
            Data: Uint8Array.of(1),
            PartitionKey: 'k',
            SequenceNumber: '1',
            ApproximateArrivalTimestamp: { time: 1_700_000_000_123 },
          },
        ],
        ContinuationSequenceNumber: '1',
        MillisBehindLatest: 0,
      },
    ])
  })

  test('that doesn’t come about is refused as any request is', async () => {
    const harness = createHarness(() => {
      throw new ServiceError(
        { code: 'ResourceNotFoundException', status: 400, fault: 'client' },
        'no consumer',
      )
    })
    expect(await harness.send(inJson)).toMatchObject({
      status: 400,
      headers: { 'content-type': 'application/x-amz-json-1.1' },
      body: '{"__type":"ResourceNotFoundException","message":"no consumer"}',
    })
  })

  test('of nothing that can be streamed is a failure of ours', async () => {
    const harness = createHarness(() => ({ EventStream: undefined }))
    expect((await harness.send(inJson)).status).toBe(500)
    expect(harness.reported.length).toBe(1)
  })
})

describe('a stream that fails', () => {
  test.each([
    ['JSON', inJson, 'application/json', (bytes: Buffer) => JSON.parse(bytes.toString())],
    ['CBOR', inCbor, 'application/x-amz-cbor-1.1', (bytes: Buffer) => decode(bytes)],
  ] as const)('with an error of its model ends with that, in %s', async (_, request, contentType, parse) => {
    const shape = { code: 'ResourceNotFoundException', status: 400, fault: 'client' } as const
    const { harness, last, messages } = await stream(
      request,
      of(event(Buffer.of(1)), new ServiceError(shape, 'gone')),
    )
    expect(messages.length).toBe(3)
    expect(Object.entries(last.headers)).toEqual([
      [':exception-type', 'ResourceNotFoundException'],
      [':content-type', contentType],
      [':message-type', 'exception'],
    ])
    expect(parse(last.payload)).toEqual({ message: 'gone' })
    expect(harness.reported).toEqual([])
  })

  test.each([
    ['a defect', new TypeError('secret')],
    [
      'an error that it may not end with',
      new ServiceError({ code: 'X', status: 400, fault: 'client' }, 'secret'),
    ],
    ['an event that it doesn’t have', { Other: {} }],
  ])('with %s ends with InternalFailureException, is reported, and tells nothing', async (_, cause) => {
    const { harness, last } = await stream(inJson, of(cause))
    expect(last.headers).toMatchObject({
      ':message-type': 'exception',
      ':exception-type': 'InternalFailureException',
    })
    expect(last.payload.toString()).not.toContain('secret')
    expect(harness.reported.length).toBe(1)
  })

  test('to write an event lets go of the others', async () => {
    let returned = 0
    const circular: { Records?: unknown } = {}
    circular.Records = [circular]
    const events = {
      [Symbol.asyncIterator]: () => ({
        next: async () => ({ done: false, value: { SubscribeToShardEvent: circular } }),
        return: async () => {
          returned++
          return { done: true, value: undefined }
        },
      }),
    }
    const { last } = await stream(inJson, events as AsyncIterable<unknown>)
    expect(last.headers[':exception-type']).toBe('InternalFailureException')
    expect(returned).toBe(1)
  })
})

describe('a stream that is given up', () => {
  function held() {
    const calls: string[] = []
    let resolve: (result: IteratorResult<unknown>) => void = () => {}
    const events: AsyncIterable<unknown> = {
      [Symbol.asyncIterator]() {
        calls.push('begun')
        return {
          next: () => {
            calls.push('next')
            return new Promise<IteratorResult<unknown>>((set) => {
              resolve = set
            })
          },
          return: async () => {
            calls.push('return')
            return { done: true, value: undefined }
          },
        }
      },
    }
    return { calls, events, give: (value: unknown) => resolve({ done: false, value }) }
  }

  async function bodyOf(events: AsyncIterable<unknown>) {
    const { body } = await createHarness(() => ({ EventStream: events })).send(inJson)
    return (body as StreamedBody)[Symbol.asyncIterator]()
  }

  test('lets go of its events at once, also while it waits for one', async () => {
    const { calls, events, give } = held()
    const body = await bodyOf(events)
    await body.next()
    const waiting = body.next()
    await body.return?.()
    await body.return?.()
    expect(calls).toEqual(['begun', 'next', 'return'])
    give(event(Buffer.of(1)))
    expect(await waiting).toEqual({ done: true, value: undefined })
    expect((await body.next()).done).toBe(true)
  })

  test('lets go of its events before anything was asked for', async () => {
    const { calls, events } = held()
    await (await bodyOf(events)).return?.()
    expect(calls).toEqual(['begun', 'return'])
  })
})

import { EventStreamCodec } from '@smithy/eventstream-codec'
import { AwsClient } from 'aws4fetch'
import { decode, Tagged } from 'cborg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Millrace, startMillrace } from '../../src/library/start-millrace.ts'
import { writeAsJackson } from '../../src/protocol/test-jackson.ts'

/** A stream as the SDKs for Java use it: in CBOR, by a client whose bytes are written from the specification. */

let millrace: Millrace
let client: AwsClient
beforeAll(async () => {
  millrace = await startMillrace()
  const { accessKeyId, secretAccessKey } = millrace.credentials
  client = new AwsClient({
    accessKeyId,
    secretAccessKey,
    service: 'kinesis',
    region: 'us-east-1',
    retries: 0,
  })
})
afterAll(() => millrace.stop())

const CBOR = 'application/x-amz-cbor-1.1'
const SHARD = 'shardId-000000000000'

function send(operation: string, input: unknown): Promise<Response> {
  const headers = { 'content-type': CBOR, 'x-amz-target': `Kinesis_20131202.${operation}` }
  return client.fetch(millrace.endpoint, {
    method: 'POST',
    headers,
    body: Buffer.from(writeAsJackson(input)),
  })
}

const parse = (bytes: Uint8Array) =>
  bytes.length === 0 ? null : decode(bytes, { tags: { 1: Tagged.decoder(1) } })

async function ask(operation: string, input: unknown) {
  const response = await send(operation, input)
  expect(response.headers.get('content-type')).toBe(CBOR)
  return { status: response.status, value: parse(new Uint8Array(await response.arrayBuffer())) }
}

test('records, times, errors and subscriptions are what a client in Java reads', async () => {
  const begun = Date.now()
  expect(await ask('CreateStream', { StreamName: 's', ShardCount: 1 })).toEqual({ status: 200, value: null })
  const Data = Buffer.from([0, 255, 0xbf])
  expect((await ask('PutRecord', { StreamName: 's', PartitionKey: 'k', Data })).value).toMatchObject({
    ShardId: SHARD,
  })

  const start = {
    StreamName: 's',
    ShardId: SHARD,
    ShardIteratorType: 'AT_TIMESTAMP',
    Timestamp: new Tagged(1, begun),
  }
  const { ShardIterator } = (await ask('GetShardIterator', start)).value
  const [record] = (await ask('GetRecords', { ShardIterator })).value.Records
  expect(Buffer.from(record.Data)).toEqual(Data)
  const arrived = record.ApproximateArrivalTimestamp
  expect([arrived.tag, Math.abs(arrived.value - Date.now()) < 60_000]).toEqual([1, true])

  expect(await ask('DescribeStream', { StreamName: 'none' })).toMatchObject({
    status: 400,
    value: { __type: 'ResourceNotFoundException', message: expect.stringContaining('none') },
  })
  expect((await ask('PutRecord', { StreamName: 's', PartitionKey: 'k', Data: 'AAAA' })).value).toMatchObject({
    __type: 'SerializationException',
  })

  const { StreamDescriptionSummary } = (await ask('DescribeStreamSummary', { StreamName: 's' })).value
  const consumer = { StreamARN: StreamDescriptionSummary.StreamARN, ConsumerName: 'c' }
  const { ConsumerARN } = (await ask('RegisterStreamConsumer', consumer)).value.Consumer
  const subscription = { ConsumerARN, ShardId: SHARD, StartingPosition: { Type: 'TRIM_HORIZON' } }
  const [initial, event] = await firstMessages(await send('SubscribeToShard', subscription), 2)
  expect(initial).toEqual({ type: 'initial-response', value: {} })
  expect(event).toMatchObject({
    type: 'SubscribeToShardEvent',
    value: { Records: [{ PartitionKey: 'k', ApproximateArrivalTimestamp: arrived }] },
  })
})

async function firstMessages(response: Response, count: number) {
  expect(response.headers.get('content-type')).toBe('application/vnd.amazon.eventstream')
  const codec = new EventStreamCodec(
    (bytes) =>
      new TextDecoder().decode(typeof bytes === 'string' ? Buffer.from(bytes) : Uint8Array.from(bytes)),
    (text) => Buffer.from(text),
  )
  const messages: { readonly type: unknown; readonly value: unknown }[] = []
  let held = Buffer.alloc(0)
  // Leaving the loop leaves the subscription.
  for await (const piece of response.body ?? []) {
    held = Buffer.concat([held, piece])
    while (held.length >= 4 && held.length >= held.readUInt32BE(0)) {
      const { headers, body } = codec.decode(held.subarray(0, held.readUInt32BE(0)))
      expect(headers[':content-type']?.value).toBe(CBOR)
      messages.push({ type: headers[':event-type']?.value, value: parse(body) })
      held = held.subarray(held.readUInt32BE(0))
    }
    if (messages.length >= count) break
  }
  return messages
}

import { afterEach, expect, test } from 'vitest'
import { AwsCaller } from '../../src/delivery/aws-caller.ts'
import { FirehoseTransport } from '../../src/delivery/firehose-transport.ts'
import { authorizationOf, heard } from './aws-peer.ts'
import { HeldTimers } from './held-timers.ts'
import { answer, type Behaviour, HttpPeer, hang, reset, say } from './http-peer.ts'
import { delivery, notification } from './test-delivery.ts'

const STREAM = 'arn:aws:firehose:eu-west-1:000000000000:deliverystream/flour'
const NEVER = new AbortController().signal
const CREDENTIALS = { accessKeyId: 'AKIAMILL', secretAccessKey: 'secret' }
const DELIVERED = { ok: true }
const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

const stored = (count: number) => {
  const RequestResponses = Array.from({ length: count }, (_, i) => ({ RecordId: `r${i}` }))
  return answer(200, JSON.stringify({ FailedPutCount: 0, RequestResponses }))
}

async function firehose(...script: Behaviour[]) {
  const peer = await HttpPeer.start(...script)
  const timers = new HeldTimers()
  const url = `http://127.0.0.1:${peer.port}`
  const endpoint = { url, service: 'firehose', credentials: CREDENTIALS }
  const transport = new FirehoseTransport(new AwsCaller(endpoint, timers, 15_000))
  cleanups.push(
    () => peer.stop(),
    () => transport.close(),
  )
  return { peer, timers, deliver: transport.deliver.bind(transport) }
}

/** What a call says, its records decoded. */
function call(request: string | undefined) {
  const { DeliveryStreamName, Records } = JSON.parse(heard(request).body)
  return {
    DeliveryStreamName,
    records: Records.map(({ Data }: { Data: string }) => Buffer.from(Data, 'base64').toString()),
  }
}

test('a notification is a document on a line of its own, without a signature', async () => {
  const { peer, deliver } = await firehose(stored(1))
  const messageAttributes = { grain: { Type: 'String', Value: 'rye' } }
  const what = delivery(STREAM, { subject: 'Grain is "here"', message: 'Mühle\n', messageAttributes })
  expect(await deliver(what, NEVER)).toEqual(DELIVERED)
  const request = heard(peer.requests[0])
  expect(request.line).toBe('POST / HTTP/1.1')
  expect(request.headers).toMatchObject({
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': 'Firehose_20150804.PutRecordBatch',
  })
  expect(request.headers.authorization).toBe(
    await authorizationOf(request, CREDENTIALS, 'firehose', 'eu-west-1'),
  )
  const { DeliveryStreamName, records } = call(peer.requests[0])
  expect(DeliveryStreamName).toBe('flour')
  const { messageId, topicArn, link } = notification()
  expect(records).toEqual([
    `{"Type":"Notification","MessageId":"${messageId}","TopicArn":"${topicArn}","Subject":"Grain is \\"here\\"","Message":"Mühle\\n","Timestamp":"2026-01-31T12:00:00.000Z","UnsubscribeURL":"${link}","MessageAttributes":{"grain":{"Type":"String","Value":"rye"}}}\n`,
  ])
})

test('without a subject and attributes there are none in the document', async () => {
  const { peer, deliver } = await firehose(stored(1))
  await deliver(delivery(STREAM), NEVER)
  const [record] = call(peer.requests[0]).records
  expect(Object.keys(JSON.parse(record))).toEqual([
    ...['Type', 'MessageId', 'TopicArn', 'Message', 'Timestamp', 'UnsubscribeURL'],
  ])
})

test('a raw record is the message, as it is', async () => {
  const { peer, deliver } = await firehose(stored(1))
  await deliver({ ...delivery(STREAM, { message: 'rye\u0000' }), raw: true }, NEVER)
  expect(call(peer.requests[0]).records).toEqual(['rye\u0000'])
})

test('what is handed over together goes in one call for each stream, in its order', async () => {
  const { peer, deliver } = await firehose(stored(3), stored(1))
  const other = STREAM.replace('flour', 'bran')
  const outcomes = await Promise.all(
    [
      ...['a', 'b'].map((message) => delivery(STREAM, { message })),
      delivery(other, { message: 'x' }),
      delivery(STREAM, { message: 'c' }),
    ].map((each) => deliver({ ...each, raw: true }, NEVER)),
  )
  expect(outcomes).toEqual([DELIVERED, DELIVERED, DELIVERED, DELIVERED])
  const calls = peer.requests.map(call)
  expect(calls).toHaveLength(2)
  expect(calls).toContainEqual({ DeliveryStreamName: 'flour', records: ['a', 'b', 'c'] })
  expect(calls).toContainEqual({ DeliveryStreamName: 'bran', records: ['x'] })
})

test('each record of a call fails for itself', async () => {
  const RequestResponses = [
    { RecordId: 'r0' },
    { ErrorCode: 'ServiceUnavailableException', ErrorMessage: 'Slow down.' },
    { RecordId: 'r2' },
  ]
  const { deliver } = await firehose(answer(200, JSON.stringify({ FailedPutCount: 1, RequestResponses })))
  const outcomes = await Promise.all([0, 1, 2].map(() => deliver(delivery(STREAM), NEVER)))
  const reason = 'the record failed (ServiceUnavailableException)'
  expect(outcomes).toEqual([DELIVERED, { ok: false, retryable: true, reason }, DELIVERED])
})

test.each([
  ['nothing', ''],
  ['no JSON', 'stored'],
  ['too few results', '{"FailedPutCount":1,"RequestResponses":[{"ErrorCode":"X"}]}'],
  ['no results', '{}'],
])('an answer that says %s leaves all to be tried again', async (_what, body) => {
  const { deliver } = await firehose(answer(200, body))
  const outcomes = await Promise.all([0, 1].map(() => deliver(delivery(STREAM), NEVER)))
  for (const outcome of outcomes) expect(outcome).toMatchObject({ ok: false, retryable: true })
})

test.each([
  ['ResourceNotFoundException', false],
  ['AccessDeniedException', false],
  ['InvalidArgumentException', false],
  ['com.amazonaws.firehose#ResourceNotFoundException', false],
  ['LimitExceededException', true],
  ['ThrottlingException', true],
  ['UnrecognizedClientException', true],
] as const)('%s is told in the body, and is retryable: %s', async (type, retryable) => {
  const { deliver } = await firehose(answer(400, JSON.stringify({ __type: type, message: 'no' })))
  expect(await deliver(delivery(STREAM), NEVER)).toMatchObject({ ok: false, retryable, status: 400 })
})

test.each<[string, Behaviour]>([
  ['503', answer(503)],
  ['a reset', reset],
  ['a reset in the body', say('HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{"Failed', reset)],
])('%s is tried again', async (_what, behaviour) => {
  const { deliver } = await firehose(behaviour)
  expect(await deliver(delivery(STREAM), NEVER)).toMatchObject({ ok: false, retryable: true })
})

test('a service that hangs is given up after 15 seconds, and at once when it is to stop', async () => {
  const { peer, deliver, timers } = await firehose(hang)
  const outcome = deliver(delivery(STREAM), NEVER)
  await peer.received(1)
  expect(timers.waiting).toEqual([15_000])
  timers.fire()
  expect(await outcome).toMatchObject({ retryable: true, reason: 'no answer in time' })
  const stop = new AbortController()
  const stopped = deliver(delivery(STREAM), stop.signal)
  await peer.received(2)
  stop.abort()
  expect(await stopped).toMatchObject({ reason: 'given up' })
})

test('a call has 4 MiB at most, and a record what Firehose takes', async () => {
  const { peer, deliver } = await firehose(stored(4), stored(1))
  const message = 'x'.repeat(1_000_000)
  const outcomes = await Promise.all(
    Array.from({ length: 5 }, () => deliver({ ...delivery(STREAM, { message }), raw: true }, NEVER)),
  )
  expect(outcomes).toEqual(Array.from({ length: 5 }, () => DELIVERED))
  expect(peer.requests).toHaveLength(2)
  const huge = delivery(STREAM, { message: '\u0001'.repeat(200_000) })
  expect(await deliver(huge, NEVER)).toMatchObject({ ok: false, retryable: false })
  expect(peer.requests).toHaveLength(2)
})

test('what is given up takes nothing else along', async () => {
  const { peer, deliver } = await firehose(stored(1))
  const stop = new AbortController()
  const [stopped, other] = [deliver(delivery(STREAM), stop.signal), deliver(delivery(STREAM), NEVER)]
  queueMicrotask(() => stop.abort())
  expect(await other).toEqual(DELIVERED)
  expect(await stopped).toMatchObject({ reason: 'given up' })
  expect(peer.requests.map(call).map(({ records }) => records.length)).toContain(1)
})

import { expect, test } from 'vitest'
import { KINESIS_REQUEST } from '../../../test/kinesis/scripted-kinesis.ts'
import { consumerArn, resolveConsumer, resolveResource, resolveStream, streamArn } from './stream-arn.ts'

const ORDERS = { accountId: '000000000000', region: 'eu-west-1', name: 'orders' }
const ARN = 'arn:aws:kinesis:eu-west-1:000000000000:stream/orders'
const CONSUMER = `${ARN}/consumer/app:1700000000`
const OTHERS = 'arn:aws:kinesis:eu-west-1:111111111111:stream/orders'

const stream = (reference: object) => resolveStream(reference, 'DescribeStream', KINESIS_REQUEST)
const resource = (arn: string) => resolveResource(arn, 'TagResource', KINESIS_REQUEST)
const consumer = (reference: object) => resolveConsumer(reference, 'DescribeStreamConsumer', KINESIS_REQUEST)

test('streams and consumers have ARNs', () => {
  expect(streamArn(ORDERS)).toBe(ARN)
  expect(consumerArn(ORDERS, { name: 'app', createdSecond: 1_700_000_000 })).toBe(CONSUMER)
})

test('a stream is named by its name, its ARN, or both', () => {
  expect(stream({ StreamName: 'orders' })).toEqual(ORDERS)
  expect(stream({ StreamARN: ARN })).toEqual(ORDERS)
  expect(stream({ StreamName: 'orders', StreamARN: ARN })).toEqual(ORDERS)
})

test("an ARN's region is the stream's, wherever the request was sent to", () => {
  const StreamARN = 'arn:aws:kinesis:us-east-1:000000000000:stream/orders'
  expect(stream({ StreamARN, StreamName: 'orders' })).toEqual({ ...ORDERS, region: 'us-east-1' })
})

test.each([
  [{}, 'Either StreamName or StreamARN should be provided.'],
  [
    { StreamARN: ARN, StreamName: 'others' },
    `StreamARN ${ARN} and StreamName others name different streams.`,
  ],
  [{ StreamARN: `${ARN}/x` }, 'Stream orders/x under account 000000000000 not found.'],
  [{ StreamARN: CONSUMER }, 'Stream orders/consumer/app:1700000000 under account 000000000000 not found.'],
  [
    { StreamARN: 'arn:aws-cn:kinesis:eu-west-1:000000000000:stream/orders' },
    'Stream orders under account 000000000000 not found.',
  ],
  [
    { StreamARN: OTHERS },
    `User: arn:aws:iam::000000000000:user/example is not authorized to perform: kinesis:DescribeStream on resource: ${OTHERS} because no resource-based policy allows the kinesis:DescribeStream action`,
  ],
])('the stream %j is refused', (reference, message) => {
  expect(() => stream(reference)).toThrow(message)
})

test('a resource is a stream or a consumer', () => {
  expect(resource(ARN)).toEqual({ stream: ORDERS, consumer: null })
  expect(resource(CONSUMER)).toEqual({ stream: ORDERS, consumer: { name: 'app', created: 1_700_000_000 } })
  expect(() => resource(`${CONSUMER}0000000000`)).toThrow(
    'Stream orders/consumer/app:17000000000000000000 under account 000000000000 not found.',
  )
})

test('a consumer is named by its ARN, by its stream and its name, or by all that', () => {
  const known = { stream: ORDERS, consumer: { name: 'app', created: 1_700_000_000 } }
  expect(consumer({ ConsumerARN: CONSUMER })).toEqual(known)
  expect(consumer({ ConsumerARN: CONSUMER, StreamARN: ARN, ConsumerName: 'app' })).toEqual(known)
  expect(consumer({ StreamARN: ARN, ConsumerName: 'app' })).toEqual({
    ...{ stream: ORDERS, consumer: { name: 'app', created: null } },
  })
})

test.each([{}, { StreamARN: ARN }, { ConsumerName: 'app' }])('%j names no consumer', (reference) => {
  expect(() => consumer(reference)).toThrow(
    'Either ConsumerARN or both StreamARN and ConsumerName should be provided.',
  )
})

test.each([{ StreamARN: `${ARN}s` }, { ConsumerName: 'other' }])(
  'a consumer whose ARN says something else than %j is refused',
  (reference) => {
    expect(() => consumer({ ConsumerARN: CONSUMER, ...reference })).toThrow(
      `ConsumerARN ${CONSUMER} conflicts with the given StreamARN or ConsumerName.`,
    )
  },
)

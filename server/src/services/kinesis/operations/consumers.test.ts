import { expect, test } from 'vitest'
import {
  ScriptedKinesis,
  START,
  TEST_STREAM,
  TEST_STREAM_ARN,
} from '../../../../test/kinesis/scripted-kinesis.ts'

const ARN = `${TEST_STREAM_ARN}/consumer/app:${START / 1000}`
const DESCRIPTION = { name: 'app', status: 'ACTIVE', created: START }
const RENDERED = {
  ...{ ConsumerName: 'app', ConsumerARN: ARN, ConsumerStatus: 'ACTIVE', ConsumerCreationTimestamp: START },
}
const KNOWN = { stream: TEST_STREAM, consumer: { name: 'app', created: START / 1000 } }

const refusal = (name: string, input: object) => new ScriptedKinesis().refusal(name, { ...input })

test('a consumer is registered with its tags', async () => {
  const kinesis = new ScriptedKinesis({ ...DESCRIPTION, status: 'CREATING' })
  const input = { StreamARN: TEST_STREAM_ARN, ConsumerName: 'app', Tags: { a: 'b' } }
  expect(await kinesis.run('RegisterStreamConsumer', input)).toEqual({
    Consumer: { ...RENDERED, ConsumerStatus: 'CREATING' },
  })
  expect(kinesis.commands).toEqual([
    {
      ...{ service: 'kinesis', kind: 'registerConsumer', stream: TEST_STREAM, name: 'app', settleMs: 7 },
      tags: { a: 'b' },
    },
  ])
})

test.each([
  [{ ConsumerName: '' }, "Value '' at 'consumerName'"],
  [{ ConsumerName: 'a/b' }, "Value 'a/b' at 'consumerName'"],
  [{ ConsumerName: 'x'.repeat(129) }, "at 'consumerName'"],
  [{ ConsumerName: undefined }, "Value null at 'consumerName'"],
  [{ StreamARN: 'orders' }, "Value 'orders' at 'streamARN'"],
  [{ StreamARN: undefined }, "Value null at 'streamARN'"],
  [{ Tags: { '': '' } }, "Value '{=}' at 'tags'"],
])('registering %j is refused in the words of the validator', async (input, at) => {
  const told = await refusal('RegisterStreamConsumer', {
    StreamARN: TEST_STREAM_ARN,
    ConsumerName: 'app',
    ...input,
  })
  expect(told).toMatch(/^ValidationException: \d validation errors? detected: /)
  expect(told).toContain(at)
})

test('what is wrong with tags of a consumer names it', async () => {
  const input = { StreamARN: TEST_STREAM_ARN, ConsumerName: 'app', Tags: { 'a%': '' } }
  expect(await refusal('RegisterStreamConsumer', input)).toBe(
    'InvalidArgumentException: Failed to add tags to consumer app of stream orders under account 000000000000 because some tags ' +
      "contained illegal characters. The allowed characters are Unicode letters, white-spaces, '_',',','/','=','+','-','@'.",
  )
})

test('a consumer is described, by its ARN or its name', async () => {
  const kinesis = new ScriptedKinesis(DESCRIPTION, DESCRIPTION)
  const described = { ConsumerDescription: { ...RENDERED, StreamARN: TEST_STREAM_ARN } }
  expect(await kinesis.run('DescribeStreamConsumer', { ConsumerARN: ARN })).toEqual(described)
  const named = { StreamARN: TEST_STREAM_ARN, ConsumerName: 'app' }
  expect(await kinesis.run('DescribeStreamConsumer', named)).toEqual(described)
  expect(kinesis.commands).toEqual([
    { service: 'kinesis', kind: 'getConsumer', ...KNOWN },
    {
      service: 'kinesis',
      kind: 'getConsumer',
      stream: TEST_STREAM,
      consumer: { name: 'app', created: null },
    },
  ])
})

test('a consumer is deregistered', async () => {
  const kinesis = new ScriptedKinesis(null)
  expect(await kinesis.run('DeregisterStreamConsumer', { ConsumerARN: ARN })).toEqual({})
  expect(kinesis.commands).toEqual([
    { service: 'kinesis', kind: 'deregisterConsumer', ...KNOWN, settleMs: 7 },
  ])
})

test.each(['DescribeStreamConsumer', 'DeregisterStreamConsumer'])('%s needs to know which', async (name) => {
  expect(await refusal(name, { StreamARN: TEST_STREAM_ARN })).toBe(
    'InvalidArgumentException: Either ConsumerARN or both StreamARN and ConsumerName should be provided.',
  )
  expect(await refusal(name, { ConsumerARN: TEST_STREAM_ARN })).toContain(
    "at 'consumerARN' failed to satisfy constraint: Member must satisfy regular expression pattern: ^(arn):aws.*:kinesis:",
  )
  expect(await refusal(name, { ConsumerARN: `${TEST_STREAM_ARN}/x/consumer/app:1` })).toContain(
    'ValidationException',
  )
})

test('consumers are listed by pages of a hundred', async () => {
  const page = { consumers: [DESCRIPTION], next: 'app', created: START }
  const kinesis = new ScriptedKinesis(page, { ...page, next: null })
  const StreamARN = TEST_STREAM_ARN
  const { Consumers, NextToken } = await kinesis.run('ListStreamConsumers', { StreamARN, MaxResults: 1 })
  expect(Consumers).toEqual([RENDERED])
  expect(await kinesis.run('ListStreamConsumers', { StreamARN, NextToken })).toEqual({
    Consumers: [RENDERED],
  })
  const listed = { service: 'kinesis', kind: 'listConsumers', stream: TEST_STREAM }
  expect(kinesis.commands).toEqual([
    { ...listed, created: null, after: '', limit: 1 },
    { ...listed, created: START, after: 'app', limit: 100 },
  ])
  for (const wrong of [
    { StreamARN: `${StreamARN}2`, NextToken },
    { StreamARN, NextToken: 'x' },
  ]) {
    expect(await refusal('ListStreamConsumers', wrong)).toBe('InvalidArgumentException: Invalid NextToken.')
  }
  expect(await refusal('ListStreamConsumers', { StreamARN, NextToken, StreamCreationTimestamp: 0 })).toBe(
    'InvalidArgumentException: NextToken and StreamCreationTimestamp cannot be provided together.',
  )
  kinesis.now += 300_001
  expect(await kinesis.refusal('ListStreamConsumers', { StreamARN, NextToken })).toContain(
    'ExpiredNextTokenException',
  )
})

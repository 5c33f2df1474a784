import { decode } from 'cborg'
import { describe, expect, test } from 'vitest'
import { ServiceError } from '../api/service-error.ts'
import { encodeCbor } from './cbor.ts'
import { writeAsJackson } from './test-jackson.ts'
import { cborRequest, createHarness, Escaped, fields, REQUEST_ID } from './test-services.ts'

const ECHO = 'Zoo_20240101.Echo'

async function answered(target: string, body: Uint8Array, answer?: () => object) {
  const response = await createHarness(answer).send(cborRequest(target, body))
  const value = decode(Buffer.from(response.body as Uint8Array), {
    tags: { 1: (content) => ({ time: content() }) },
  })
  return { ...response, value }
}

describe('a request', () => {
  test('of a client in Java reaches its operation, and is answered in its form', async () => {
    const harness = createHarness(() => ({ ShardId: 'shardId-000000000000', SequenceNumber: '49' }))
    const body = Buffer.from(
      '\xbfjStreamNamedtestdDataMhello, world!lPartitionKeylpartitionkey\xff',
      'latin1',
    )
    const response = await harness.send(cborRequest('Kinesis_20131202.PutRecord', body))
    expect(harness.inputs).toEqual([
      { StreamName: 'test', Data: Buffer.from('hello, world!'), PartitionKey: 'partitionkey' },
    ])
    expect(response).toMatchObject({
      status: 200,
      headers: { 'content-type': 'application/x-amz-cbor-1.1', 'x-amzn-RequestId': REQUEST_ID },
    })
    expect(decode(Buffer.from(response.body as Uint8Array))).toEqual({
      ShardId: 'shardId-000000000000',
      SequenceNumber: '49',
    })
  })

  test('leaves blobs that stay as they are, whatever its memory is used for afterwards', async () => {
    const harness = createHarness(() => ({}))
    const body = encodeCbor({ StreamName: 'test', Data: Buffer.from('a record'), PartitionKey: 'key' })
    const answer = harness.send(cborRequest('Kinesis_20131202.PutRecord', body))
    body.fill(0)
    await answer
    expect(harness.inputs).toMatchObject([{ Data: Buffer.from('a record') }])
  })

  test('carries times as milliseconds under tag 1, both ways', async () => {
    const time = 1_787_036_486_712
    const harness = createHarness(() => ({
      Records: [{ ApproximateArrivalTimestamp: time }],
      Extra: undefined,
    }))
    const request = {
      ShardId: 's',
      ShardIteratorType: 'AT_TIMESTAMP',
      StreamName: 'a',
    }
    const bytes = Buffer.from(encodeCbor(request))
    bytes[0] = 0xa4
    const timestamp = Buffer.from('6954696d657374616d70c11b000001a013accc38', 'hex')
    await harness.send(cborRequest('Kinesis_20131202.GetShardIterator', Buffer.concat([bytes, timestamp])))
    expect(harness.inputs).toEqual([{ ...request, Timestamp: time }])

    const { value } = await answered(
      'Kinesis_20131202.GetRecords',
      encodeCbor({ ShardIterator: 'i' }),
      () => ({
        Records: [
          { ApproximateArrivalTimestamp: time, Data: Buffer.of(1), PartitionKey: 'k', SequenceNumber: '1' },
        ],
        MillisBehindLatest: 0,
      }),
    )
    expect(value).toEqual({
      Records: [
        {
          ApproximateArrivalTimestamp: { time },
          Data: Uint8Array.of(1),
          PartitionKey: 'k',
          SequenceNumber: '1',
        },
      ],
      MillisBehindLatest: 0,
    })
  })

  test('may have a time without its tag', async () => {
    const harness = createHarness()
    await harness.send(cborRequest(ECHO, encodeCbor({ BornAt: 12.6 })))
    expect(harness.inputs).toEqual([{ BornAt: 13 }])
  })

  test('may give null for what it leaves out', async () => {
    const harness = createHarness()
    await harness.send(cborRequest(ECHO, encodeCbor({ Name: null, Labels: { a: null, b: 'c' } })))
    expect(harness.inputs).toEqual([{ Labels: { b: 'c' } }])
  })

  test('may have a text of any length', async () => {
    const harness = createHarness()
    const Name = '€𐍈'.repeat(3_000)
    await harness.send(cborRequest(ECHO, writeAsJackson({ Name })))
    expect(harness.inputs).toEqual([{ Name }])
  })

  test('for an operation without output is answered with an empty body', async () => {
    const response = await createHarness().send(cborRequest('Zoo_20240101.Feed', encodeCbor({})))
    expect(response).toMatchObject({ status: 200, body: '' })
  })

  test('for a service without CBOR is for an unknown operation', async () => {
    const { status, value } = await answered('AmazonSQS.ListQueues', encodeCbor({}))
    expect([status, value]).toEqual([400, { __type: 'UnknownOperationException' }])
  })

  test('without a target is no request', async () => {
    const headers = fields({ 'content-type': 'application/x-amz-cbor-1.1' })
    expect(await createHarness().send({ headers, body: encodeCbor({}) })).toMatchObject({ status: 404 })
  })
})

describe('an input that is not its shape', () => {
  test.each<[string, unknown, string]>([
    ['bytes for a text', { Name: Buffer.of(1) }, 'BLOB_VALUE can not be converted to a String'],
    ['a text for bytes', { Picture: 'AAAA' }, 'STRING_VALUE can not be converted to a Blob'],
    ['a fraction for a whole number', { Legs: 1.5 }, 'NUMBER_VALUE can not be converted to an Integer'],
    ['more than 32 bits', { Legs: 2 ** 31 }, 'NUMBER_VALUE can not be converted to an Integer'],
    ['a text for a time', { BornAt: '1' }, 'STRING_VALUE can not be converted to a Timestamp'],
    [
      'endless time',
      { BornAt: Number.POSITIVE_INFINITY },
      'NUMBER_VALUE can not be converted to a Timestamp',
    ],
    ['a text for a fraction', { Weight: 'NaN' }, 'STRING_VALUE can not be converted to a Double'],
    ['bytes for a list', { Young: Buffer.of(1) }, 'Expected list or null'],
    ['bytes for a map', { Labels: Buffer.of(1) }, 'Expected map or null'],
    ['bytes for a structure', { Young: [Buffer.of(1)] }, 'Expected null'],
    ['null in a list', { Nicknames: [null] }, 'Null found in a list where not expected'],
  ])('%s is a SerializationException', async (_, input, message) => {
    const { status, value, headers } = await answered(ECHO, encodeCbor(input))
    expect([status, value]).toEqual([400, { __type: 'SerializationException', message }])
    expect(headers['content-type']).toBe('application/x-amz-cbor-1.1')
  })

  test.each([
    '',
    'ff',
    '01',
    'f6',
    '6161',
    'a1 6161 01 00',
    '7b 226122',
    'a2 644e616d65 6161 644e616d65 6162',
  ])('a body of %s is a SerializationException without a text', async (hex) => {
    const { status, value } = await answered(ECHO, Buffer.from(hex.replaceAll(' ', ''), 'hex'))
    expect([status, value]).toEqual([400, { __type: 'SerializationException' }])
  })

  test('a body that is a list is refused in AWS’s words', async () => {
    const { value } = await answered(ECHO, encodeCbor([]))
    expect(value).toEqual({
      __type: 'SerializationException',
      message: 'Start of list found where not expected',
    })
  })
})

describe('an error', () => {
  test('has its name and its text, under the model’s name for it', async () => {
    const { status, value } = await answered(ECHO, encodeCbor({}), () => {
      throw new ServiceError(Escaped, 'gone')
    })
    expect([status, value]).toEqual([404, { __type: 'Escaped', Message: 'gone' }])
  })

  test('of ours is reported, and the client learns nothing of it', async () => {
    const { status, value } = await answered(ECHO, encodeCbor({}), () => {
      throw new TypeError('secret')
    })
    expect(status).toBe(500)
    expect(value).toMatchObject({ __type: 'InternalFailure' })
    expect(JSON.stringify(value)).not.toContain('secret')
  })
})

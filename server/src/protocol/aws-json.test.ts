import { describe, expect, test } from 'vitest'
import { ServiceError } from '../api/service-error.ts'
import { createHarness, Escaped, jsonRequest, QueueDoesNotExist, REQUEST_ID } from './test-services.ts'

const send = (target: string, body: string | Uint8Array, answer?: () => object) =>
  createHarness(answer).send(jsonRequest(target, body))

const SERIALIZATION = 'com.amazon.coral.service#SerializationException'

describe('a request', () => {
  test('reaches its operation as plain wire names and is answered with the output', async () => {
    const harness = createHarness(() => ({ MessageId: 'm1', MD5OfMessageBody: 'd41d' }))
    const response = await harness.send(
      jsonRequest('AmazonSQS.SendMessage', '{"QueueUrl":"http://q/1/a","MessageBody":"hi","DelaySeconds":3}'),
    )
    expect(harness.inputs).toEqual([{ QueueUrl: 'http://q/1/a', MessageBody: 'hi', DelaySeconds: 3 }])
    expect(response).toEqual({
      status: 200,
      headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-RequestId': REQUEST_ID },
      body: '{"MessageId":"m1","MD5OfMessageBody":"d41d"}',
    })
  })

  test('that says the same as one before is read once, and one that is refused each time', async () => {
    const harness = createHarness()
    const receive = (body: string) => harness.send(jsonRequest('AmazonSQS.ReceiveMessage', body))
    for (const body of ['{"QueueUrl":"q"}', '{"QueueUrl":"q"}', '{"QueueUrl":"r"}', '{"QueueUrl":"q"}']) {
      expect(await receive(body)).toMatchObject({ status: 200 })
    }
    expect(harness.inputs).toEqual(['q', 'q', 'r', 'q'].map((QueueUrl) => ({ QueueUrl })))
    expect(harness.inputs[1]).toBe(harness.inputs[0])
    for (const body of ['{}', '{}', '{', '{']) expect(await receive(body)).toMatchObject({ status: 400 })
    expect(harness.inputs).toHaveLength(4)
  })

  test('for an operation without output is answered with an empty body', async () => {
    const response = await send('AmazonSQS.DeleteMessage', '{"QueueUrl":"q","ReceiptHandle":"r"}')
    expect(response).toMatchObject({ status: 200, body: '' })
  })

  test('in version 1.1, or with a charset, is answered in its own content type', async () => {
    for (const contentType of ['application/x-amz-json-1.1', 'application/x-amz-json-1.1; charset=utf-8']) {
      const response = await createHarness().send(jsonRequest('Zoo_20240101.Echo', '{}', contentType))
      expect(response.headers['content-type']).toBe('application/x-amz-json-1.1')
    }
  })

  test('carries blobs as bytes and times as milliseconds, both ways', async () => {
    const harness = createHarness((input) => input)
    const body = '{"Picture":"AAH/","BornAt":1700000000.123,"Young":[{"Picture":""}],"Weight":"NaN"}'
    const response = await harness.send(jsonRequest('Zoo_20240101.Echo', body))
    const input = harness.inputs[0] as Record<string, unknown>
    expect(Uint8Array.from(input.Picture as Uint8Array)).toEqual(new Uint8Array([0, 1, 255]))
    expect(input.BornAt).toBe(1_700_000_000_123)
    expect(input.Weight).toBeNaN()
    expect(response.body).toBe(body)
  })

  test('can not have a time beyond all numbers', async () => {
    const response = await send('Zoo_20240101.Echo', '{"BornAt":1e999}')
    expect(response.body).toContain('NUMBER_VALUE can not be converted to a Timestamp')
  })

  test('may give null for what it leaves out', async () => {
    const harness = createHarness()
    await harness.send(
      jsonRequest('Zoo_20240101.Echo', '{"Name":null,"Labels":{"a":null,"b":"c"},"Young":[{"Legs":null}]}'),
    )
    expect(harness.inputs).toEqual([{ Labels: { b: 'c' }, Young: [{}] }])
  })

  test('with the same key twice means the last one', async () => {
    const harness = createHarness()
    await harness.send(jsonRequest('Zoo_20240101.Echo', '{"Name":"a","Name":"b"}'))
    expect(harness.inputs).toEqual([{ Name: 'b' }])
  })

  test('with a map key __proto__ changes no prototype', async () => {
    const harness = createHarness()
    await harness.send(
      jsonRequest('Zoo_20240101.Echo', '{"Labels":{"__proto__":"x"},"__proto__":{"Name":"y"}}'),
    )
    const input = harness.inputs[0] as { Labels: object; Name?: string }
    expect(Object.keys(input.Labels)).toEqual(['__proto__'])
    expect(input.Name).toBeUndefined()
    expect(Object.getPrototypeOf(input)).toBe(Object.prototype)
  })
})

describe('an input that is not its shape', () => {
  test.each([
    ['{"MessageBody":1}', 'NUMBER_VALUE can not be converted to a String'],
    ['{"MessageBody":true}', 'TRUE_VALUE can not be converted to a String'],
    ['{"MessageBody":false}', 'FALSE_VALUE can not be converted to a String'],
    ['{"MessageBody":["x"]}', 'Start of list found where not expected'],
    ['{"MessageBody":{}}', 'Start of structure or map found where not expected.'],
    ['{"DelaySeconds":"1"}', 'STRING_VALUE can not be converted to an Integer'],
    ['{"DelaySeconds":1.5}', 'NUMBER_VALUE can not be converted to an Integer'],
    ['{"DelaySeconds":2147483648}', 'NUMBER_VALUE can not be converted to an Integer'],
    ['{"DelaySeconds":-2147483649}', 'NUMBER_VALUE can not be converted to an Integer'],
    ['{"MessageAttributes":"x"}', 'Expected map or null'],
    ['{"MessageAttributes":[]}', 'Start of list found where not expected'],
    ['{"MessageAttributes":{"a":"x"}}', 'Expected null'],
    [
      '{"MessageAttributes":{"a":{"StringListValues":{}}}}',
      'Start of structure or map found where not expected.',
    ],
    ['{"MessageAttributes":{"a":{"StringListValues":"x"}}}', 'Expected list or null'],
    ['{"MessageAttributes":{"a":{"BinaryValue":"AA"}}}', 'STRING_VALUE can not be converted to a Blob'],
  ])('%s is a SerializationException', async (body, message) => {
    const response = await send('AmazonSQS.SendMessage', body)
    expect(response.status).toBe(400)
    expect(JSON.parse(String(response.body))).toEqual({ __type: SERIALIZATION, message })
    expect(response.headers['x-amzn-query-error']).toBeUndefined()
  })

  test.each(['', '{', '{"a":1,}', 'null', '1', '"x"', '\ufeff{}', '{"a":\u0001}'])(
    'a body of %j is a SerializationException without a text',
    async (body) => {
      const response = await send('AmazonSQS.SendMessage', body)
      expect(response).toMatchObject({ status: 400, body: `{"__type":"${SERIALIZATION}"}` })
    },
  )

  test('a body that is a list is refused in AWS’s words', async () => {
    const response = await send('AmazonSQS.SendMessage', '[]')
    expect(response.body).toContain('Start of list found where not expected')
  })

  test('malformed UTF-8 is refused, not replaced', async () => {
    const bytes = new Uint8Array([...new TextEncoder().encode('{"Name":"'), 0xc3, 0x28, 0x22, 0x7d])
    expect(await send('Zoo_20240101.Echo', bytes)).toMatchObject({ status: 400 })
  })

  test('endless nesting is refused, in recursive shapes and outside of them', async () => {
    const young = `${'{"Young":['.repeat(100_000)}${']}'.repeat(100_000)}`
    expect((await send('Zoo_20240101.Echo', young)).status).toBe(400)
    const unknown = `{"Unknown":${'['.repeat(100_000)}${']'.repeat(100_000)}}`
    expect((await send('Zoo_20240101.Echo', unknown)).status).toBe(200)
  })

  test('a missing member is told in the service’s words, by the name Query clients know', async () => {
    const response = await send('AmazonSQS.SendMessageBatch', '{"QueueUrl":"q","Entries":[{"Id":"1"}]}')
    expect(response.headers['x-amzn-query-error']).toBe('MissingParameter;Sender')
    expect(response.body).toContain('SendMessageBatchRequestEntry.1.MessageBody.')
  })
})

describe('an error', () => {
  test('of a 1.0 service has its namespace, and the Query code where the service is compatible', async () => {
    const response = await send('AmazonSQS.PurgeQueue', '{"QueueUrl":"q"}', () => {
      throw new ServiceError(QueueDoesNotExist, 'The specified queue does not exist.')
    })
    expect(response).toEqual({
      status: 400,
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amzn-RequestId': REQUEST_ID,
        'x-amzn-query-error': 'AWS.SimpleQueueService.NonExistentQueue;Sender',
      },
      errorCode: 'QueueDoesNotExist',
      body: '{"__type":"com.amazonaws.sqs#QueueDoesNotExist","message":"The specified queue does not exist."}',
    })
  })

  test('of a 1.1 service has neither, and its text under the model’s name', async () => {
    const harness = createHarness(() => {
      throw new ServiceError(Escaped, 'gone')
    })
    const response = await harness.send(jsonRequest('Zoo_20240101.Feed', '{}', 'application/x-amz-json-1.1'))
    expect(response).toMatchObject({ status: 404, body: '{"__type":"Escaped","Message":"gone"}' })
    expect(response.headers['x-amzn-query-error']).toBeUndefined()
  })

  test('of ours is reported, and the client learns nothing of it', async () => {
    const defect = new TypeError('secret')
    const harness = createHarness(() => {
      throw defect
    })
    const response = await harness.send(jsonRequest('AmazonSQS.ListQueues', '{}'))
    expect(response.status).toBe(500)
    expect(response.body).toContain('com.amazon.coral.service#InternalFailure')
    expect(response.body).not.toContain('secret')
    expect(harness.reported).toEqual([defect])
  })

  test('in writing the output is one of ours', async () => {
    const circular: { self?: object } = {}
    circular.self = circular
    const harness = createHarness(() => circular)
    expect((await harness.send(jsonRequest('AmazonSQS.ListQueues', '{}'))).status).toBe(500)
    expect(harness.reported).toHaveLength(1)
  })
})

describe('an operation that is not there', () => {
  test('is an UnknownOperationException', async () => {
    for (const target of [
      'AmazonSQS.Nonsense',
      'Nonsense.SendMessage',
      'AmazonSQS',
      '',
      '__proto__.toString',
    ]) {
      const response = await send(target, '{}')
      expect(response).toMatchObject({
        status: 400,
        body: '{"__type":"com.amazon.coral.service#UnknownOperationException"}',
      })
    }
  })

  test('a target with a body that is not JSON is no request at all', async () => {
    const response = await createHarness().send(jsonRequest('AmazonSQS.SendMessage', '{}', 'text/plain'))
    expect(response).toMatchObject({ status: 404, body: '<UnknownOperationException/>\n' })
  })
})

import { XMLParser } from 'fast-xml-parser'
import { describe, expect, test } from 'vitest'
import { ServiceError } from '../api/service-error.ts'
import {
  createHarness,
  Escaped,
  fields,
  formRequest,
  QueueDoesNotExist,
  REQUEST_ID,
} from './test-services.ts'

const SQS = 'Version=2012-11-05'
const ZOO = 'Version=2024-01-01'

async function inputOf(form: string, path?: string): Promise<unknown> {
  const harness = createHarness()
  const response = await harness.send(formRequest(form, path))
  return harness.inputs[0] ?? response.body
}

describe('a form', () => {
  test('with flattened lists, maps and structures is read by the names of the Query protocol', async () => {
    const form = [
      `Action=SendMessageBatch&${SQS}&QueueUrl=http%3A%2F%2Fq%2F1%2Fa`,
      'SendMessageBatchRequestEntry.1.Id=a&SendMessageBatchRequestEntry.1.MessageBody=x+y%2Bz',
      'SendMessageBatchRequestEntry.1.MessageAttribute.1.Name=kind',
      'SendMessageBatchRequestEntry.1.MessageAttribute.1.Value.DataType=Binary',
      'SendMessageBatchRequestEntry.1.MessageAttribute.1.Value.BinaryValue=AAH%2F',
      'SendMessageBatchRequestEntry.1.MessageSystemAttribute.1.Name=AWSTraceHeader',
      'SendMessageBatchRequestEntry.1.MessageSystemAttribute.1.Value.DataType=String',
      'SendMessageBatchRequestEntry.1.MessageSystemAttribute.1.Value.StringValue=Root',
      'SendMessageBatchRequestEntry.2.Id=b&SendMessageBatchRequestEntry.2.MessageBody=&SendMessageBatchRequestEntry.2.DelaySeconds=-5',
    ].join('&')
    expect(await inputOf(form)).toEqual({
      QueueUrl: 'http://q/1/a',
      Entries: [
        {
          Id: 'a',
          MessageBody: 'x y+z',
          MessageAttributes: { kind: { DataType: 'Binary', BinaryValue: Buffer.from([0, 1, 255]) } },
          MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: 'Root' } },
        },
        { Id: 'b', MessageBody: '', DelaySeconds: -5 },
      ],
    })
  })

  test.each([
    [
      'CreateQueue',
      'QueueName=q&Attribute.1.Name=DelaySeconds&Attribute.1.Value=5',
      { QueueName: 'q', Attributes: { DelaySeconds: '5' } },
    ],
    ['CreateQueue', 'QueueName=q&Tag.1.Key=a&Tag.1.Value=b', { QueueName: 'q', tags: { a: 'b' } }],
    [
      'SetQueueAttributes',
      'QueueUrl=q&Attribute.Name=DelaySeconds&Attribute.Value=5',
      { QueueUrl: 'q', Attributes: { DelaySeconds: '5' } },
    ],
    ['GetQueueAttributes', 'QueueUrl=q&AttributeName.1=All', { QueueUrl: 'q', AttributeNames: ['All'] }],
    ['GetQueueAttributes', 'QueueUrl=q&AttributeName=All', { QueueUrl: 'q', AttributeNames: ['All'] }],
    [
      'ReceiveMessage',
      'QueueUrl=q&MessageAttributeName.1=a&MaxNumberOfMessages=2',
      { QueueUrl: 'q', MessageAttributeNames: ['a'], MaxNumberOfMessages: 2 },
    ],
    [
      'ReceiveMessage',
      'QueueUrl=q&MessageSystemAttributeName.1=a&AttributeName.1=b',
      { QueueUrl: 'q', MessageSystemAttributeNames: ['a'], AttributeNames: ['b'] },
    ],
    ['UntagQueue', 'QueueUrl=q&TagKey.1=a&TagKey.2=b', { QueueUrl: 'q', TagKeys: ['a', 'b'] }],
    ['TagQueue', 'QueueUrl=q&Tag.1.Key=a&Tag.1.Value=b', { QueueUrl: 'q', Tags: { a: 'b' } }],
    [
      'AddPermission',
      'QueueUrl=q&Label=l&AWSAccountId.1=1&ActionName.1=All',
      { QueueUrl: 'q', Label: 'l', AWSAccountIds: ['1'], Actions: ['All'] },
    ],
    [
      'DeleteMessageBatch',
      'QueueUrl=q&DeleteMessageBatchRequestEntry.1.Id=a&DeleteMessageBatchRequestEntry.1.ReceiptHandle=r',
      { QueueUrl: 'q', Entries: [{ Id: 'a', ReceiptHandle: 'r' }] },
    ],
    [
      'ChangeMessageVisibilityBatch',
      'QueueUrl=q&ChangeMessageVisibilityBatchRequestEntry.1.Id=a&ChangeMessageVisibilityBatchRequestEntry.1.ReceiptHandle=r',
      { QueueUrl: 'q', Entries: [{ Id: 'a', ReceiptHandle: 'r' }] },
    ],
  ])('for %s may say %s', async (action, parameters, input) => {
    expect(await inputOf(`Action=${action}&${SQS}&${parameters}`)).toEqual(input)
  })

  test('with lists and maps that are not flattened has their elements under member and entry', async () => {
    const form = [
      `Action=Echo&${ZOO}&Young.member.1.Name=a&Young.member.2.Nickname.1=b&Tame=true&Weight=1.5e3`,
      'Labels.entry.1.key=__proto__&Labels.entry.1.value=v&Keepers.1.Who=w&Keepers.1.Feeds.Legs=4',
      'BornAt=2023-11-14T22%3A13%3A20.123Z&Atoms=-9007199254740991',
    ].join('&')
    expect(await inputOf(form)).toEqual({
      Young: [{ Name: 'a' }, { Nicknames: ['b'] }],
      Tame: true,
      Weight: 1500,
      Labels: Object.fromEntries([['__proto__', 'v']]),
      Keepers: { w: { Legs: 4 } },
      BornAt: 1_700_000_000_123,
      Atoms: -9007199254740991,
    })
  })

  test('may leave numbers out, count in any order, and give a list that is empty', async () => {
    const form = `Action=Echo&${ZOO}&Nickname.30=c&Nickname.4=b&Nickname.1=a&Young=`
    expect(await inputOf(form)).toEqual({ Nicknames: ['a', 'b', 'c'], Young: [] })
  })

  test('may be sent to the queue’s own URL in place of naming the queue', async () => {
    const path = '/000000000000/name'
    expect(await inputOf(`Action=PurgeQueue&${SQS}`, path)).toEqual({
      QueueUrl: 'http://localhost:4566/000000000000/name',
    })
    expect(await inputOf(`Action=PurgeQueue&${SQS}&QueueUrl=other`, path)).toEqual({ QueueUrl: 'other' })
    expect(await inputOf(`Action=ListQueues&${SQS}`, path)).toEqual({})
    expect(await inputOf(`Action=PurgeQueue&${SQS}`, '/')).toContain('<Code>MissingParameter</Code>')
  })

  test('may be the query string of a GET, or of both a POST and its body', async () => {
    const harness = createHarness()
    const query = `Action=SendMessage&${SQS}&MessageBody=hi&X-Amz-Signature=abc`
    await harness.send({ method: 'GET', path: '/000000000000/name', query })
    await harness.send({ ...formRequest('QueueUrl=q&MessageBody=hi'), query: `Action=SendMessage&${SQS}` })
    expect(harness.inputs).toEqual([
      { QueueUrl: 'http://localhost:4566/000000000000/name', MessageBody: 'hi' },
      { QueueUrl: 'q', MessageBody: 'hi' },
    ])
  })
})

describe('a form that cannot be read', () => {
  test.each([
    ['a number that is none', 'Action=ReceiveMessage&QueueUrl=q&MaxNumberOfMessages=1x', 'MalformedInput'],
    ['an empty number', 'Action=ReceiveMessage&QueueUrl=q&MaxNumberOfMessages=', 'MalformedInput'],
    ['a hexadecimal number', 'Action=ReceiveMessage&QueueUrl=q&MaxNumberOfMessages=0x1', 'MalformedInput'],
    [
      'a number too large',
      'Action=ReceiveMessage&QueueUrl=q&MaxNumberOfMessages=2147483648',
      'MalformedInput',
    ],
    ['a boolean in capitals', 'Action=Echo&Tame=TRUE', 'MalformedInput'],
    ['a time without a zone', 'Action=Echo&BornAt=2023-11-14T22:13:20', 'MalformedInput'],
    ['a day that is none', 'Action=Echo&BornAt=2023-02-40T22:13:20Z', 'MalformedInput'],
    ['base64 that is none', 'Action=Echo&Picture=A', 'MalformedInput'],
    ['a position far out', 'Action=Echo&Nickname.99999999999=x', 'MalformedInput'],
    ['a position of zero', 'Action=Echo&Nickname.0=x', 'MalformedInput'],
    ['a position that is a name', 'Action=Echo&Nickname.__proto__=x', 'MalformedInput'],
    ['a scalar with parts', 'Action=Echo&Name.first=x', 'MalformedInput'],
    ['an entry without its key', 'Action=Echo&Keepers.1.Feeds.Name=x', 'MalformedInput'],
    ['an entry without its value', 'Action=Echo&Labels.entry.1.key=x', 'MalformedInput'],
    ['two values for one name', 'Action=Echo&Name=a&Name=b', 'MalformedInput'],
    ['too many parts', `Action=Echo&${'Young.member.1.'.repeat(9)}Name=x`, 'MalformedInput'],
    ['too many parameters', `Action=Echo${'&a=b'.repeat(10_000)}`, 'MalformedInput'],
    ['a broken escape', 'Action=Echo&Name=%zz', 'MalformedQueryString'],
    ['an escape that is not UTF-8', 'Action=Echo&Name=%c3%28', 'MalformedQueryString'],
  ])('%s is refused', async (_, form, code) => {
    const harness = createHarness()
    const response = await harness.send(formRequest(form))
    expect(response.body).toContain(`<Code>${code}</Code>`)
    expect(response.status).toBeLessThan(500)
    expect(harness.inputs).toEqual([])
  })

  test('parameters are counted over query string and body together', async () => {
    const request = {
      ...formRequest(`a=b${'&a=b'.repeat(5_000)}`),
      query: `Action=Echo${'&a=b'.repeat(5_000)}`,
    }
    expect((await createHarness().send(request)).body).toContain('<Code>MalformedInput</Code>')
  })

  test('bytes that are not UTF-8 are refused', async () => {
    const request = { ...formRequest(''), body: new Uint8Array([...Buffer.from('Action=Echo&Name='), 0xff]) }
    expect((await createHarness().send(request)).body).toContain('<Code>MalformedQueryString</Code>')
  })

  test('a name given twice with one value is no contradiction', async () => {
    expect(await inputOf('Action=Echo&Name=a&Name=a')).toEqual({ Name: 'a' })
  })
})

describe('an action', () => {
  test('that is not there is an InvalidAction', async () => {
    const response = await createHarness().send(formRequest(`Action=No%3Cthing&${SQS}`))
    expect(response).toEqual({
      status: 400,
      headers: { 'content-type': 'text/xml', 'x-amzn-RequestId': REQUEST_ID },
      body:
        '<?xml version="1.0"?><ErrorResponse xmlns="http://queue.amazonaws.com/doc/2012-11-05/"><Error>' +
        '<Type>Sender</Type><Code>InvalidAction</Code>' +
        '<Message>The action No&lt;thing is not valid for this endpoint.</Message><Detail/></Error>' +
        `<RequestId>${REQUEST_ID}</RequestId></ErrorResponse>`,
      errorCode: 'InvalidAction',
    })
  })

  test('left out is a MissingAction; a request without any form is no request at all', async () => {
    const harness = createHarness()
    expect((await harness.send(formRequest(SQS))).body).toContain('<Code>MissingAction</Code>')
    expect(await harness.send({ method: 'GET', path: '/000000000000/name' })).toMatchObject({
      status: 404,
      body: '<UnknownOperationException/>\n',
    })
  })

  test('belongs to the service that was signed for, else of that version, else that alone has it', () => {
    const { dispatcher } = createHarness()
    const serviceOf = (form: string, authorization?: string) => {
      const headers = fields({ 'content-type': 'application/x-www-form-urlencoded', authorization })
      const request = { method: 'POST', path: '/', query: '', headers, body: Buffer.from(form) }
      const call = dispatcher.recognise(request)
      return call.kind === 'call' ? call.service.name : undefined
    }
    const authorization = 'AWS4-HMAC-SHA256 Credential=AKIA/20260101/us-east-1/zoo/aws4_request, Signature=00'
    expect(serviceOf(`Action=Echo&${SQS}`, authorization)).toBe('zoo')
    expect(serviceOf('Action=ListQueues', authorization)).toBeUndefined()
    expect(serviceOf('Action=Echo&X-Amz-Credential=AKIA%2F2%2Fr%2Fzoo%2Faws4_request')).toBe('zoo')
    expect(serviceOf(`Action=ListQueues&${SQS}`)).toBe('sqs')
    expect(serviceOf(`Action=ListQueues&${ZOO}`)).toBeUndefined()
    expect(serviceOf('Action=ListQueues&Version=1999-01-01')).toBe('sqs')
  })
})

describe('an answer', () => {
  test('wraps the result and escapes what XML would change', async () => {
    const body = 'a<b>&"c\r\n\u0000\ud83d\ude00'
    const harness = createHarness(() => ({
      Messages: [
        { Body: body, Attributes: { SentTimestamp: '1' }, MessageId: undefined },
        { MessageAttributes: { a: { DataType: 'Binary', BinaryValue: new Uint8Array([1]) } } },
      ],
    }))
    const response = await harness.send(formRequest(`Action=ReceiveMessage&${SQS}&QueueUrl=q`))
    expect(response).toEqual({
      status: 200,
      headers: { 'content-type': 'text/xml', 'x-amzn-RequestId': REQUEST_ID },
      body:
        '<?xml version="1.0"?><ReceiveMessageResponse xmlns="http://queue.amazonaws.com/doc/2012-11-05/">' +
        '<ReceiveMessageResult><Message><Attribute><Name>SentTimestamp</Name><Value>1</Value></Attribute>' +
        '<Body>a&lt;b&gt;&amp;&quot;c&#xD;\n\ufffd\ud83d\ude00</Body></Message>' +
        '<Message><MessageAttribute><Name>a</Name><Value><BinaryValue>AQ==</BinaryValue>' +
        '<DataType>Binary</DataType></Value></MessageAttribute></Message></ReceiveMessageResult>' +
        `<ResponseMetadata><RequestId>${REQUEST_ID}</RequestId></ResponseMetadata></ReceiveMessageResponse>`,
    })
  })

  test('with lists and maps that are not flattened wraps their elements', async () => {
    const harness = createHarness(() => ({
      Young: [{ Name: 'a' }, {}],
      Nicknames: ['n', ''],
      Labels: { k: 'v', left: undefined },
      Keepers: { w: { Legs: 4 } },
      BornAt: 1_700_000_000_000,
      Tame: false,
    }))
    const response = await harness.send(formRequest(`Action=Echo&${ZOO}`))
    const { EchoResponse } = new XMLParser().parse(String(response.body))
    expect(EchoResponse.EchoResult).toEqual({
      Young: { member: [{ Name: 'a' }, ''] },
      Nickname: ['n', ''],
      Labels: { entry: { key: 'k', value: 'v' } },
      Keepers: { Who: 'w', Feeds: { Legs: 4 } },
      BornAt: '2023-11-14T22:13:20Z',
      Tame: false,
    })
  })

  test('of an operation without output has no result, of an empty output an empty one', async () => {
    const send = async (form: string) => String((await createHarness().send(formRequest(form))).body)
    expect(await send(`Action=PurgeQueue&${SQS}&QueueUrl=q`)).not.toContain('PurgeQueueResult')
    expect(await send(`Action=ListQueues&${SQS}`)).toContain('<ListQueuesResult/>')
  })
})

describe('an error', () => {
  test('has the Query protocol’s code and text', async () => {
    const harness = createHarness(() => {
      throw new ServiceError(QueueDoesNotExist, 'gone', 'gone for this wsdl version')
    })
    const response = await harness.send(formRequest(`Action=PurgeQueue&${SQS}&QueueUrl=q`))
    expect(response.status).toBe(400)
    expect(response.body).toContain(
      '<Code>AWS.SimpleQueueService.NonExistentQueue</Code><Message>gone for this wsdl version</Message>',
    )
  })

  test('has its own status, and one of ours is the receiver’s', async () => {
    const failing = (error: unknown) =>
      createHarness(() => {
        throw error
      }).send(formRequest(`Action=Echo&${ZOO}`))
    expect(await failing(new ServiceError(Escaped, ''))).toMatchObject({ status: 404 })
    const ours = await failing(new Error('secret'))
    expect(ours.status).toBe(500)
    expect(ours.body).toContain('<Type>Receiver</Type><Code>InternalFailure</Code>')
    expect(ours.body).not.toContain('secret')
  })
})

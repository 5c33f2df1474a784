import { describe, expect, test } from 'vitest'
import { formatUuid } from '../../../base/uuid.ts'
import { attemptKey, bytesOf, deduplicationKey, groupKey, wordsOf } from '../../../core/keys.ts'
import { InvalidParameterValue, queueDoesNotExist } from '../errors.ts'
import { contentDeduplicationId, StoredMessage } from '../message-body.ts'
import {
  OPEN_CONNECTION,
  TEST_QUEUE_URL as QueueUrl,
  refusalOf,
  runOperation,
  TEST_FIFO_QUEUE,
  TEST_FIFO_QUEUE_URL,
  TEST_QUEUE,
} from '../test-cell.ts'
import { sendMessage } from './send-message.ts'

const input = { QueueUrl, MessageBody: 'hello' }
const text = (StringValue: string) => ({ DataType: 'String', StringValue })
const accepted = { replies: [[null]] }

function storedOf(commands: readonly { readonly bodies?: readonly Uint8Array[] }[]): StoredMessage {
  return new StoredMessage(commands[0]!.bodies![0]!)
}

test('sends one command with the message as it is stored, and answers with id and digest', async () => {
  const { output, commands } = await runOperation(sendMessage, input, accepted)
  expect(commands).toEqual([
    {
      service: 'sqs',
      kind: 'sendMessages',
      queue: TEST_QUEUE,
      messages: [{ body: 0, sizeBytes: 5, delaySeconds: undefined }],
      bodies: [expect.any(Uint8Array)],
    },
  ])
  const stored = storedOf(commands)
  expect(stored.text).toBe('hello')
  expect(stored.senderId).toBe('AIDAEXAMPLE')
  expect(output).toEqual({ MessageId: stored.id, MD5OfMessageBody: '5d41402abc4b2a76b9719d911017c592' })
})

test('attributes are stored, counted and answered with their digest', async () => {
  const { output, commands } = await runOperation(
    sendMessage,
    { ...input, MessageBody: 'é', DelaySeconds: 900, MessageAttributes: { Hello: text('World') } },
    accepted,
  )
  expect(commands).toMatchObject([
    { messages: [{ sizeBytes: 2 + 'HelloStringWorld'.length, delaySeconds: 900 }] },
  ])
  expect(output).toMatchObject({ MD5OfMessageAttributes: '7db7fb1ba7f41366a8ea5eb18220b26d' })
  expect(output).toMatchObject({ MD5OfMessageSystemAttributes: undefined })
  expect(storedOf(commands).attributes(() => true)).toMatchObject({
    attributes: [{ name: 'Hello', type: 'String', value: 'World' }],
  })
})

test('a message group id is kept: standard queues take one too', async () => {
  const { commands } = await runOperation(sendMessage, { ...input, MessageGroupId: 'tenant-1' }, accepted)
  expect(storedOf(commands).groupId).toBe('tenant-1')
})

describe('the trace header', () => {
  const MessageSystemAttributes = { AWSTraceHeader: text('some-trace-id') }

  test('given as a system attribute is stored, not counted, and answered with its digest', async () => {
    const { output, commands } = await runOperation(
      sendMessage,
      { ...input, MessageSystemAttributes },
      accepted,
    )
    expect(storedOf(commands).traceHeader).toBe('some-trace-id')
    expect(commands).toMatchObject([{ messages: [{ sizeBytes: 5 }] }])
    expect(output).toMatchObject({ MD5OfMessageSystemAttributes: 'fdce4f2818803f2f73becc09a54792c0' })
  })

  test('of the request is stored where the message brings none', async () => {
    const request = { traceHeader: 'Root=1-from-the-header' }
    const own = await runOperation(
      sendMessage,
      { ...input, MessageSystemAttributes },
      { ...accepted, request },
    )
    expect(storedOf(own.commands).traceHeader).toBe('some-trace-id')
    const none = await runOperation(sendMessage, input, { ...accepted, request })
    expect(storedOf(none.commands).traceHeader).toBe('Root=1-from-the-header')
    expect(none.output).toMatchObject({ MD5OfMessageSystemAttributes: undefined })
  })

  test('of the request never gets into the way', async () => {
    for (const traceHeader of ['', 'x'.repeat(2049), 'a\0b']) {
      const { commands } = await runOperation(sendMessage, input, { ...accepted, request: { traceHeader } })
      expect(storedOf(commands).traceHeader).toBeUndefined()
    }
  })
})

describe('is refused, and the cell never asked, for', () => {
  const REASON = 'The request include parameter that is not valid for this queue type.'
  const group = (id: string) =>
    `Value ${id} for parameter MessageGroupId is invalid. Reason: MessageGroupId can only include alphanumeric and punctuation characters. 1 to 128 in length.`

  test.each([
    [{ MessageBody: '' }, 'The request must contain the parameter MessageBody.'],
    [{ QueueUrl: '' }, 'The request must contain the parameter QueueUrl.'],
    [
      { DelaySeconds: -1 },
      'Value -1 for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.',
    ],
    [
      { DelaySeconds: 901 },
      'Value 901 for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.',
    ],
    [{ MessageGroupId: '' }, group('')],
    [{ MessageGroupId: 'group 123' }, group('group 123')],
    [{ MessageGroupId: 'a'.repeat(129) }, group('a'.repeat(129))],
    [
      { MessageDeduplicationId: 'd' },
      `Value d for parameter MessageDeduplicationId is invalid. Reason: ${REASON}`,
    ],
    [
      { MessageAttributes: { ErrorDetails: text('') } },
      "Message (user) attribute 'ErrorDetails' must contain a non-empty value of type 'String'.",
    ],
    [
      { MessageAttributes: { a: { DataType: 'StringList', StringListValues: ['x'] } } },
      'Message attribute list values in SendMessage operation are not supported.',
    ],
    [
      { MessageSystemAttributes: { Hello: text('World') } },
      "Message system attribute name 'Hello' is invalid.",
    ],
  ])('%j', async (wrong, message) => {
    expect(await refusalOf(sendMessage, { ...input, ...wrong })).toMatchObject({ message })
  })

  test.each(['\0', 'a\x08', '\x0b', '\x1f', '\ufffe', '\uffff', 'x\ud800', '\udc00\ud800'])(
    'a body with %j',
    async (MessageBody) => {
      expect(await refusalOf(sendMessage, { ...input, MessageBody })).toEqual({
        code: 'InvalidMessageContents',
        message:
          'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF',
      })
    },
  )
})

test('every character that AWS allows is taken', async () => {
  const MessageBody = '\t\n\r \x7f\u0080\ud7ff\ue000\ufffd\u{10000}\u{1ffff}\u{10ffff}'
  const { commands } = await runOperation(sendMessage, { ...input, MessageBody }, accepted)
  expect(storedOf(commands).text).toBe(MessageBody)
})

test('what the cell refuses is told to the client', async () => {
  const message = 'One or more parameters are invalid. Reason: Message must be shorter than 1024 bytes.'
  const tooLong = runOperation(sendMessage, input, { replies: [[{ error: InvalidParameterValue, message }]] })
  await expect(tooLong).rejects.toMatchObject({ shape: InvalidParameterValue, message })
  const missing = runOperation(sendMessage, input, { replies: [queueDoesNotExist()] })
  await expect(missing).rejects.toThrow('The specified queue does not exist.')
})

test('a send is not given up when its client goes', async () => {
  const request = { connection: { ...OPEN_CONNECTION, closed: true } }
  const { cell } = await runOperation(sendMessage, input, { ...accepted, request })
  expect(cell.connections).toEqual([undefined])
})

describe('to a FIFO queue', () => {
  const fifo = {
    QueueUrl: TEST_FIFO_QUEUE_URL,
    MessageBody: 'hello',
    MessageGroupId: 'g',
    MessageDeduplicationId: 'd',
  }
  const enqueued = { incarnation: 5, slot: 42, duplicateOf: null }
  const send = (changes: object = {}, outcome: object = enqueued) =>
    runOperation(sendMessage, { ...fifo, ...changes }, { replies: [[outcome]] })

  test('the cell is told keys, and the body has the texts', async () => {
    const { output, commands } = await send()
    const stored = storedOf(commands)
    expect(commands).toEqual([
      {
        service: 'sqs',
        kind: 'sendFifoMessages',
        queue: TEST_FIFO_QUEUE,
        messages: [
          {
            body: 0,
            sizeBytes: 5,
            deduplicatesByContent: false,
          },
        ],
        groupKeys: groupKey('g'),
        deduplicationKeys: deduplicationKey('d'),
        messageIds: expect.any(Uint32Array),
        bodies: [expect.any(Uint8Array)],
      },
    ])
    expect([stored.groupId, stored.deduplicationId, stored.text]).toEqual(['g', 'd', 'hello'])
    expect(output).toEqual({
      MessageId: stored.id,
      MD5OfMessageBody: '5d41402abc4b2a76b9719d911017c592',
      SequenceNumber: '10000050000000000042',
    })
    const { messageIds } = commands[0] as unknown as { messageIds: Uint32Array }
    expect(formatUuid(bytesOf(messageIds))).toBe(stored.id)
  })

  test('without a deduplication id the SHA-256 of the body is one, the same as if it had been given', async () => {
    const id = '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824'
    expect(contentDeduplicationId('hello')).toBe(id)
    const { commands } = await send({ MessageDeduplicationId: undefined })
    expect(commands).toMatchObject([
      { messages: [{ deduplicatesByContent: true }], deduplicationKeys: deduplicationKey(id) },
    ])
    expect(storedOf(commands).deduplicationId).toBe(id)
    const text = { DataType: 'String', StringValue: 'x' }
    const withAttribute = await send({ MessageDeduplicationId: undefined, MessageAttributes: { a: text } })
    expect(withAttribute.commands).toMatchObject([{ deduplicationKeys: deduplicationKey(id) }])
  })

  test('a duplicate is answered with the id and the sequence number of the first', async () => {
    const duplicateOf = wordsOf(Buffer.from('00112233445566778899aabbccddeeff', 'hex'))
    const { output } = await send({}, { incarnation: 5, slot: 7, duplicateOf })
    expect(output).toMatchObject({
      MessageId: '00112233-4455-6677-8899-aabbccddeeff',
      SequenceNumber: '10000050000000000007',
    })
  })

  test('a delay of nothing is taken', async () => {
    expect((await send({ DelaySeconds: 0 })).commands).toHaveLength(1)
  })

  test('every character that AWS allows is taken in both ids', async () => {
    const id = `aZ09!"#$%&'()*+,-./:;<=>?@[\\]^_\`{|}~`
    const { commands } = await send({ MessageGroupId: id, MessageDeduplicationId: id })
    const stored = storedOf(commands)
    expect([stored.groupId, stored.deduplicationId]).toEqual([id, id])
  })

  test('a group, a deduplication id and an attempt of the same text have different keys', () => {
    const keys = [groupKey('x'), deduplicationKey('x'), attemptKey('x'), groupKey('y')].map(String)
    expect(new Set(keys).size).toBe(4)
  })

  const characters = (name: string, value: string) =>
    `Value ${value} for parameter ${name} is invalid. Reason: ${name} can only include alphanumeric and punctuation characters. 1 to 128 in length.`
  const wrong = ['', 'group 123', 'a'.repeat(129), 'é', 'a\n']

  test.each([
    [
      { MessageGroupId: undefined },
      'MissingRequiredParameterException',
      'The request must contain the parameter MessageGroupId.',
    ],
    [
      { MessageBody: '' },
      'MissingRequiredParameterException',
      'The request must contain the parameter MessageBody.',
    ],
    ...['MessageGroupId', 'MessageDeduplicationId'].flatMap((name) =>
      wrong.map(
        (value) => [{ [name]: value }, 'InvalidParameterValueException', characters(name, value)] as const,
      ),
    ),
    [
      { DelaySeconds: 2 },
      'InvalidParameterValueException',
      'Value 2 for parameter DelaySeconds is invalid. Reason: The request include parameter that is not valid for this queue type.',
    ],
    [
      { DelaySeconds: 901 },
      'InvalidParameterValueException',
      'Value 901 for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.',
    ],
  ] as const)('%j is refused, and the cell never asked', async (changes, code, message) => {
    expect(await refusalOf(sendMessage, { ...fifo, ...changes })).toEqual({ code, message })
  })

  test('what the cell refuses is told to the client', async () => {
    const message = 'The queue should either have ContentBasedDeduplication enabled'
    await expect(send({}, { error: InvalidParameterValue, message })).rejects.toThrow(message)
  })
})

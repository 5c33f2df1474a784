import { describe, expect, test } from 'vitest'
import { attemptKey } from '../../../core/keys.ts'
import type { LandedMessage } from '../../../core/landing.ts'
import type { ReceivedMessage } from '../commands.ts'
import type { MessageAttribute } from '../message-attributes.ts'
import type { DeduplicationId } from '../message-body.ts'
import { encodeReceiptHandle } from '../receipt-handle.ts'
import {
  TEST_QUEUE_URL as QueueUrl,
  refusalOf,
  runOperation,
  TEST_FIFO_QUEUE,
  TEST_FIFO_QUEUE_URL,
  TEST_QUEUE,
  TEST_REQUEST,
} from '../test-cell.ts'
import { encodeOne } from '../test-messages.ts'
import { receiveMessage } from './receive-message.ts'

const ATTRIBUTES: readonly MessageAttribute[] = [
  { name: 'General', type: 'String', value: 'Kenobi' },
  { name: 'Hello', type: 'String', value: 'There' },
  { name: 'Help.Me', type: 'String', value: 'Me' },
]
const RECEIVED: ReceivedMessage = {
  receipt: { incarnation: 1, slot: 2, receiveNumber: 3, tagHigh: 4, tagLow: 5 },
  incarnation: 1,
  slot: 2,
  sentAt: 1_700_000_000_123,
  firstReceivedAt: 1_700_000_001_456,
  receiveCount: 7,
  deadLetterSource: null,
  redrives: 0,
  origin: null,
}
const LANDED: LandedMessage = {
  id: new Uint8Array(16).fill(0x11),
  senderId: 'AIDASNS',
  text: 'msg',
  traceHeader: 'Root=1',
  groupId: 'g',
  deduplicationId: 'd',
  attributes: ATTRIBUTES,
}
const stored = (
  changes: {
    readonly traceHeader?: string
    readonly groupId?: string
    readonly deduplicationId?: DeduplicationId
  } = {},
) =>
  encodeOne({
    id: new Uint8Array(16),
    text: 'msg',
    senderId: 'AIDASENDER',
    traceHeader: changes.traceHeader,
    groupId: changes.groupId,
    deduplicationId: changes.deduplicationId,
    attributes: ATTRIBUTES,
  }).bytes
const reply = (message: Partial<ReceivedMessage> = {}, body: Uint8Array = stored()) => ({
  messages: [{ ...RECEIVED, ...message }],
  bodies: [body],
})
const PLAIN = {
  MessageId: '00000000-0000-0000-0000-000000000000',
  ReceiptHandle: encodeReceiptHandle(RECEIVED.receipt),
  MD5OfBody: '6e2baaf3b97dbeef01c0043275f9a0e7',
  Body: 'msg',
}

async function received(input: object, answer: object = reply()): Promise<unknown> {
  const { output } = await runOperation(receiveMessage, { QueueUrl, ...input }, { replies: [answer] })
  return output
}

test('asks for one message, and leaves to the queue what the request leaves open', async () => {
  const { output, commands, cell } = await runOperation(receiveMessage, { QueueUrl }, { replies: [reply()] })
  expect(commands).toEqual([
    {
      service: 'sqs',
      kind: 'receiveMessages',
      queue: TEST_QUEUE,
      limit: 1,
      visibilityTimeoutSeconds: undefined,
      waitSeconds: undefined,
      tags: expect.objectContaining({ length: 8 }),
    },
  ])
  expect(output).toEqual({ Messages: [PLAIN] })
  const [client] = cell.connections
  expect(client!.closed).toBe(false)
  expect(client!.recheck).toBe(TEST_REQUEST.recheck)
})

test('the command carries limit, timeout, wait and a tag for each message', async () => {
  const { commands } = await runOperation(
    receiveMessage,
    { QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 0, WaitTimeSeconds: 20 },
    { replies: [reply()] },
  )
  expect(commands).toMatchObject([
    { limit: 10, visibilityTimeoutSeconds: 0, waitSeconds: 20, tags: { length: 80 } },
  ])
})

test('messages are left out when there are none', async () => {
  expect(await received({}, { messages: [], bodies: [] })).toEqual({})
})

test('messages whose bodies a repair wrote off are let go of, and the others come', async () => {
  const lost = { ...RECEIVED, receipt: { ...RECEIVED.receipt, slot: RECEIVED.receipt.slot + 1 } }
  const reply = { messages: [lost, RECEIVED], bodies: Promise.resolve([null, stored()]) }
  const { output, commands } = await runOperation(
    receiveMessage,
    { QueueUrl, MaxNumberOfMessages: 10 },
    { replies: [reply, [null]] },
  )
  expect(output).toMatchObject({ Messages: [{ MessageId: expect.any(String) }] })
  expect(commands[1]).toMatchObject({ kind: 'deleteMessages', receipts: [lost.receipt] })
})

test('bodies that have to be read from disk are waited for', async () => {
  const answer = { messages: [RECEIVED], bodies: Promise.resolve([stored()]) }
  expect(await received({}, answer)).toEqual({ Messages: [PLAIN] })
})

test('a redriven message has an id of its own', async () => {
  const idOf = async (redrives: number) => {
    const output = (await received({}, reply({ redrives }))) as { Messages: { MessageId: string }[] }
    return output.Messages[0]!.MessageId
  }
  expect(await idOf(1)).not.toBe(await idOf(0))
  expect(await idOf(1)).toBe(await idOf(1))
})

describe('system attributes', () => {
  const attributes = async (input: object, answer = reply()) => {
    const output = (await received(input, answer)) as { Messages: { Attributes?: object }[] }
    return output.Messages[0]!.Attributes
  }
  const always = {
    SenderId: 'AIDASENDER',
    SentTimestamp: '1700000000123',
    ApproximateReceiveCount: '7',
    ApproximateFirstReceiveTimestamp: '1700000001456',
  }

  test.each(['AttributeNames', 'MessageSystemAttributeNames'])(
    'all of them are returned for All in %s',
    async (names) => {
      expect(await attributes({ [names]: ['All'] })).toEqual(always)
      const answer = reply(
        { deadLetterSource: { ...TEST_QUEUE, name: 'source' } },
        stored({ traceHeader: 'Root=1', groupId: 'g' }),
      )
      expect(await attributes({ [names]: ['All'] }, answer)).toEqual({
        ...always,
        AWSTraceHeader: 'Root=1',
        MessageGroupId: 'g',
        DeadLetterQueueSourceArn: 'arn:aws:sqs:eu-west-1:000000000000:source',
      })
    },
  )

  test('both lists count together', async () => {
    const input = {
      AttributeNames: ['SenderId'],
      MessageSystemAttributeNames: ['SentTimestamp', 'SentTimestamp'],
    }
    expect(await attributes(input)).toEqual({ SenderId: 'AIDASENDER', SentTimestamp: '1700000000123' })
  })

  test('are left out when the message has none of those asked for', async () => {
    for (const name of ['AWSTraceHeader', 'MessageDeduplicationId', 'SequenceNumber']) {
      expect(await attributes({ MessageSystemAttributeNames: [name] })).toBeUndefined()
    }
    expect(await attributes({ AttributeNames: ['VisibilityTimeout', 'Policy'] })).toBeUndefined()
    expect(await attributes({ AttributeNames: [] })).toBeUndefined()
  })

  test('that SQS does not know are refused', async () => {
    for (const names of ['AttributeNames', 'MessageSystemAttributeNames']) {
      expect(await refusalOf(receiveMessage, { QueueUrl, [names]: ['All', 'Foo'] })).toEqual({
        code: 'InvalidAttributeName',
        message: 'Unknown Attribute Foo.',
      })
    }
  })
})

describe('message attributes', () => {
  const chosen = async (...MessageAttributeNames: string[]) => {
    const output = (await received({ MessageAttributeNames })) as {
      Messages: { MessageAttributes?: object; MD5OfMessageAttributes?: string }[]
    }
    const { MessageAttributes, MD5OfMessageAttributes } = output.Messages[0]!
    return [Object.keys(MessageAttributes ?? {}), MD5OfMessageAttributes]
  }
  const all = [['General', 'Hello', 'Help.Me'], '4c360f3fdafd970e05fae2f149d997f5']

  test('are chosen by All and by both wildcards', async () => {
    for (const name of ['All', '.*', '*']) expect(await chosen(name)).toEqual(all)
  })

  test('are chosen by name, with the digest of the chosen ones', async () => {
    expect(await chosen('Hello', 'General')).toEqual([
      ['General', 'Hello'],
      'fca026605781cb4126a1e9044df24232',
    ])
    expect(await chosen('Hello', 'Missing')).toEqual([['Hello'], 'a311262e065454b75da111d535b8dacd'])
  })

  test('are chosen by prefix', async () => {
    expect(await chosen('Hel.*')).toEqual([['Hello', 'Help.Me'], '83fee93c1bcd8b9a5a923ffacdc636c7'])
    expect((await chosen('Help.*'))[0]).toEqual(['Help.Me'])
  })

  test('are left out when none is chosen, also by names that no attribute can have', async () => {
    for (const names of [[], ['Missing'], ['AWS.'], ['..foo'], ['']])
      expect(await chosen(...names)).toEqual([[], undefined])
  })

  test('come back with type and value, binary ones as bytes', async () => {
    const binary: MessageAttribute = {
      name: '__proto__',
      type: 'Binary.gif',
      value: new Uint8Array([0, 255]),
    }
    const body = encodeOne({
      id: new Uint8Array(16),
      text: 'msg',
      senderId: '',
      traceHeader: undefined,
      groupId: undefined,
      deduplicationId: undefined,
      attributes: [binary],
    }).bytes
    const output = (await received({ MessageAttributeNames: ['All'] }, reply({}, body))) as {
      Messages: { MessageAttributes: Record<string, object> }[]
    }
    const attributes = Object.entries(output.Messages[0]!.MessageAttributes)
    expect(attributes).toEqual([
      ['__proto__', { DataType: 'Binary.gif', BinaryValue: Buffer.from([0, 255]) }],
    ])
  })
})

test('a receive that its client did not wait for is undone', async () => {
  const connection = { closed: false, onClose: () => () => {} }
  const bodies = Promise.resolve([stored()]).then((read) => {
    connection.closed = true
    return read
  })
  const { output, commands } = await runOperation(
    receiveMessage,
    { QueueUrl },
    { replies: [{ messages: [RECEIVED], bodies }, null], request: { connection } },
  )
  expect(output).toEqual({})
  expect(commands[1]).toEqual({
    service: 'sqs',
    kind: 'undoReceive',
    queue: TEST_QUEUE,
    receipts: [RECEIVED.receipt],
  })
})

test('a receive is undone too whose client went while another service said what its messages look like', async () => {
  const connection = { closed: false, onClose: () => () => {} }
  const readLanded = async () => {
    connection.closed = true
    return LANDED
  }
  const answer = { messages: [{ ...RECEIVED, origin: 'somewhere' }], bodies: [new Uint8Array([9])] }
  const { output, commands } = await runOperation(
    receiveMessage,
    { QueueUrl },
    { replies: [answer, null], request: { connection }, readLanded },
  )
  expect(output).toEqual({})
  expect(commands[1]).toMatchObject({ kind: 'undoReceive', receipts: [RECEIVED.receipt] })
})

describe('is refused, and the cell never asked, for', () => {
  test.each([
    [
      { MaxNumberOfMessages: 0 },
      'Value 0 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.',
    ],
    [
      { MaxNumberOfMessages: 11 },
      'Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.',
    ],
    [
      { WaitTimeSeconds: -1 },
      'Value -1 for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= 20, if provided.',
    ],
    [
      { WaitTimeSeconds: 21 },
      'Value 21 for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= 20, if provided.',
    ],
    [
      { VisibilityTimeout: -1 },
      'Value -1 for parameter VisibilityTimeout is invalid. Reason: Must be >= 0 and <= 43200, if provided.',
    ],
    [
      { VisibilityTimeout: 43_201 },
      'Value 43201 for parameter VisibilityTimeout is invalid. Reason: Must be >= 0 and <= 43200, if provided.',
    ],
    [
      { ReceiveRequestAttemptId: 'a' },
      'Value a for parameter ReceiveRequestAttemptId is invalid. Reason: The request include parameter that is not valid for this queue type.',
    ],
    [
      { MessageAttributeNames: Array(257).fill('a') },
      'Value [257 names] for parameter MessageAttributeNames is invalid. Reason: At most 256 can be named.',
    ],
  ])('%j', async (wrong, message) => {
    expect(await refusalOf(receiveMessage, { QueueUrl, ...wrong })).toEqual({
      code: 'InvalidParameterValueException',
      message,
    })
  })
})

describe('from a FIFO queue', () => {
  const body = stored({ groupId: 'g', deduplicationId: { given: 'd' } })
  const names = ['MessageGroupId', 'MessageDeduplicationId', 'SequenceNumber']
  const attributesOf = async (answer: object, MessageSystemAttributeNames: readonly string[] = names) => {
    const input = { QueueUrl: TEST_FIFO_QUEUE_URL, MessageSystemAttributeNames }
    const { Messages } = (await received(input, answer)) as { Messages: readonly { Attributes: object }[] }
    return Messages[0]!.Attributes
  }

  test('group, deduplication id and sequence number are told', async () => {
    const told = {
      MessageGroupId: 'g',
      MessageDeduplicationId: 'd',
      SequenceNumber: '10000010000000000002',
    }
    expect(await attributesOf(reply({}, body))).toEqual(told)
    expect(await attributesOf(reply({}, body), ['All'])).toMatchObject(told)
    expect(await attributesOf(reply({}, body), ['SequenceNumber'])).toEqual({
      SequenceNumber: told.SequenceNumber,
    })
  })

  test('a deduplication id made of the content is told as if it had been given', async () => {
    const byContent = stored({ groupId: 'g', deduplicationId: 'SHA-256 of the text' })
    expect(await attributesOf(reply({}, byContent))).toMatchObject({
      MessageDeduplicationId: 'e46b320165eec91e6344fa10340d5b3208304d6cad29d0d5aed18466d1d9d80e',
    })
  })

  test('a dead letter has its message id for one', async () => {
    const letter = reply({ deadLetterSource: TEST_FIFO_QUEUE }, body)
    expect(await attributesOf(letter)).toMatchObject({ MessageDeduplicationId: PLAIN.MessageId })
  })

  test('an attempt id goes to the cell with its key', async () => {
    const input = { QueueUrl: TEST_FIFO_QUEUE_URL, ReceiveRequestAttemptId: 'try-1' }
    const { commands } = await runOperation(receiveMessage, input, { replies: [reply({}, body)] })
    expect(commands).toMatchObject([{ attempt: { id: 'try-1', key: attemptKey('try-1') } }])
  })

  test.each(['', 'a b', 'a'.repeat(129), 'é'])('an attempt id cannot be %j', async (id) => {
    const input = { QueueUrl: TEST_FIFO_QUEUE_URL, ReceiveRequestAttemptId: id }
    expect(await refusalOf(receiveMessage, input)).toEqual({
      code: 'InvalidParameterValueException',
      message: `Value ${id} for parameter ReceiveRequestAttemptId is invalid. Reason: ReceiveRequestAttemptId can only include alphanumeric and punctuation characters. 1 to 128 in length.`,
    })
  })
})

test('a message of a standard queue has no sequence number and no deduplication id, group or not', async () => {
  const MessageSystemAttributeNames = ['MessageGroupId', 'MessageDeduplicationId', 'SequenceNumber']
  const answer = reply({}, stored({ groupId: 'tenant' }))
  const { Messages } = (await received({ MessageSystemAttributeNames }, answer)) as {
    Messages: readonly { Attributes: object }[]
  }
  expect(Messages[0]!.Attributes).toEqual({ MessageGroupId: 'tenant' })
})

test('what another service sent looks as that says, with digests, and the ids and attributes of SQS', async () => {
  const calls: unknown[] = []
  const readLanded = (...call: unknown[]) => {
    calls.push(call)
    return Promise.resolve(LANDED)
  }
  const answer = {
    messages: [{ ...RECEIVED, origin: 'somewhere' }, RECEIVED],
    bodies: [new Uint8Array([9]), stored()],
  }
  const receive = async (url: string) => {
    const input = { QueueUrl: url, AttributeNames: ['All'], MessageAttributeNames: ['Hel*', 'Hello'] }
    return (await runOperation(receiveMessage, input, { replies: [answer], readLanded })).output
  }
  const { Messages } = (await receive(QueueUrl)) as { Messages: Record<string, unknown>[] }
  const own = Messages[1]!
  expect(calls).toEqual([[new Uint8Array([9]), 'somewhere']])
  expect(Messages[0]).toEqual({
    ...own,
    MessageId: '11111111-1111-1111-1111-111111111111',
    Attributes: {
      ...(own.Attributes as object),
      SenderId: 'AIDASNS',
      AWSTraceHeader: 'Root=1',
      MessageGroupId: 'g',
    },
  })
  const fifo = (await receive(TEST_FIFO_QUEUE_URL)) as { Messages: { Attributes: object }[] }
  expect(fifo.Messages[0]!.Attributes).toMatchObject({ MessageDeduplicationId: 'd' })
})

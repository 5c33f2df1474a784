import { describe, expect, test } from 'vitest'
import { inRow } from '../../../core/key.ts'
import { groupKey } from '../../../core/keys.ts'
import { InvalidParameterValue, queueDoesNotExist } from '../errors.ts'
import { StoredMessage } from '../message-body.ts'
import {
  TEST_QUEUE_URL as QueueUrl,
  refusalOf,
  runOperation,
  TEST_FIFO_QUEUE_URL,
  TEST_QUEUE,
} from '../test-cell.ts'
import { sendMessageBatch } from './send-message-batch.ts'

const entry = (Id: string, more: object = {}) => ({ Id, MessageBody: `body ${Id}`, ...more })
const entries = (count: number) => Array.from({ length: count }, (_, i) => entry(`m${i}`))

test('all messages go to the cell in one command, each with an id of its own', async () => {
  const { output, commands } = await runOperation(
    sendMessageBatch,
    { QueueUrl, Entries: entries(10) },
    { replies: [Array(10).fill(null)] },
  )
  expect(commands).toHaveLength(1)
  expect(commands[0]).toMatchObject({ kind: 'sendMessages', queue: TEST_QUEUE })
  const stored = commands[0]!.bodies!.map((body) => new StoredMessage(body))
  expect(stored.map((message) => message.text)).toEqual(entries(10).map(({ MessageBody }) => MessageBody))
  expect(new Set(stored.map(({ id }) => id)).size).toBe(10)
  expect(output).toEqual({
    Successful: stored.map(({ id, textMd5 }, i) => ({
      Id: `m${i}`,
      MessageId: id,
      MD5OfMessageBody: textMd5,
    })),
  })
})

test('an entry that is wrong fails by itself, and so does one that the cell refuses', async () => {
  const tooLong = 'One or more parameters are invalid. Reason: Message must be shorter than 1024 bytes.'
  const { output, commands } = await runOperation(
    sendMessageBatch,
    {
      QueueUrl,
      Entries: [entry('a'), entry('b', { DelaySeconds: 1800 }), entry('c'), entry('d', { DelaySeconds: 9 })],
    },
    { replies: [[null, { error: InvalidParameterValue, message: tooLong }, null]] },
  )
  expect(commands).toMatchObject([
    {
      messages: [
        { body: 0, delaySeconds: undefined },
        { body: 1, delaySeconds: undefined },
        { body: 2, delaySeconds: 9 },
      ],
    },
  ])
  expect(output).toMatchObject({
    Successful: [{ Id: 'a' }, { Id: 'd' }],
    Failed: [
      {
        Id: 'b',
        SenderFault: true,
        Code: 'InvalidParameterValue',
        Message:
          'Value 1800 for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.',
      },
      { Id: 'c', SenderFault: true, Code: 'InvalidParameterValue', Message: tooLong },
    ],
  })
})

test('list values are refused in the name of this operation', async () => {
  const MessageAttributes = { a: { DataType: 'StringList', StringListValues: ['x'] } }
  const { output } = await runOperation(
    sendMessageBatch,
    { QueueUrl, Entries: [entry('a', { MessageAttributes })] },
    { replies: [[]] },
  )
  expect(output).toEqual({
    Failed: [
      {
        Id: 'a',
        SenderFault: true,
        Code: 'AWS.SimpleQueueService.UnsupportedOperation',
        Message: 'Message attribute list values in SendMessageBatch operation are not supported.',
      },
    ],
  })
})

test('a missing queue is told even if every entry is wrong', async () => {
  const answer = runOperation(
    sendMessageBatch,
    { QueueUrl, Entries: [entry('a', { MessageBody: '' })] },
    { replies: [queueDoesNotExist()] },
  )
  await expect(answer).rejects.toThrow('The specified queue does not exist.')
})

describe('the whole batch is refused', () => {
  const refused = (Entries: readonly object[]) => refusalOf(sendMessageBatch, { QueueUrl, Entries })

  test('when it is empty', async () => {
    expect(await refused([])).toEqual({
      code: 'EmptyBatchRequest',
      message: 'There should be at least one SendMessageBatchRequestEntry in the request.',
    })
  })

  test('when it has more than ten entries', async () => {
    expect(await refused(entries(11))).toEqual({
      code: 'TooManyEntriesInBatchRequest',
      message: 'Maximum number of entries per request are 10. You have sent 11.',
    })
  })

  test.each(['', 'invalid:id', 'a b', 'é', 'a'.repeat(81)])('for the entry id %j', async (id) => {
    expect(await refused([entry(id)])).toEqual({
      code: 'InvalidBatchEntryId',
      message:
        'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
    })
  })

  test('for an id that is there twice', async () => {
    expect(await refused([entry('a'), entry('b'), entry('a')])).toEqual({
      code: 'BatchEntryIdsNotDistinct',
      message: 'Id a repeated.',
    })
  })

  test('when it is longer than 1 MiB, attributes included', async () => {
    const MessageAttributes = { n: { DataType: 'String', StringValue: 'v' } }
    const half = 'a'.repeat(524_288)
    const batch = (rest: number) => [
      entry('a', { MessageBody: half }),
      entry('b', { MessageBody: half.slice(0, rest), MessageAttributes }),
    ]
    expect(await refused(batch(524_288 - 7))).toEqual({
      code: 'BatchRequestTooLong',
      message: 'Batch requests cannot be longer than 1048576 bytes. You have sent 1048577 bytes.',
    })
    const { output } = await runOperation(
      sendMessageBatch,
      { QueueUrl, Entries: batch(524_288 - 8) },
      { replies: [[null, null]] },
    )
    expect(output).toMatchObject({ Successful: [{ Id: 'a' }, { Id: 'b' }] })
  })
})

test('to a FIFO queue the entries go in their order, and what is wrong with one fails that one', async () => {
  const grouped = (Id: string, more: object = {}) => entry(Id, { MessageGroupId: Id, ...more })
  const Entries = [
    grouped('a'),
    grouped('b', { MessageGroupId: undefined }),
    grouped('c', { MessageDeduplicationId: '' }),
    grouped('d', { DelaySeconds: 3 }),
    grouped('e'),
    grouped('f'),
  ]
  const unclear = { error: InvalidParameterValue, message: 'no deduplication id' }
  const { output, commands } = await runOperation(
    sendMessageBatch,
    { QueueUrl: TEST_FIFO_QUEUE_URL, Entries },
    {
      replies: [
        [
          { incarnation: 1, slot: 8, duplicateOf: null },
          unclear,
          { incarnation: 1, slot: 3, duplicateOf: Uint32Array.of(1, 0, 0, 0) },
        ],
      ],
    },
  )
  expect(commands).toMatchObject([
    {
      kind: 'sendFifoMessages',
      messages: [0, 1, 2].map((body) => ({ body })),
      groupKeys: inRow(['a', 'e', 'f'].map(groupKey)),
    },
  ])
  expect(output).toMatchObject({
    Successful: [
      { Id: 'a', SequenceNumber: '10000010000000000008' },
      { Id: 'f', SequenceNumber: '10000010000000000003', MessageId: '01000000-0000-0000-0000-000000000000' },
    ],
    Failed: [
      {
        Id: 'b',
        Code: 'MissingParameter',
        Message: 'The request must contain the parameter MessageGroupId.',
        SenderFault: true,
      },
      { Id: 'c', Code: 'InvalidParameterValue' },
      { Id: 'd', Code: 'InvalidParameterValue' },
      { Id: 'e', Code: 'InvalidParameterValue', Message: 'no deduplication id' },
    ],
  })
})

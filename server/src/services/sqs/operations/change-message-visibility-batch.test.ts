import { expect, test } from 'vitest'
import { MessageNotInflight } from '../errors.ts'
import { encodeReceiptHandle } from '../receipt-handle.ts'
import { TEST_QUEUE_URL as QueueUrl, refusalOf, runOperation, TEST_QUEUE } from '../test-cell.ts'
import { changeMessageVisibilityBatch } from './change-message-visibility-batch.ts'

const receipt = (slot: number) => ({ incarnation: 1, slot, receiveNumber: 3, tagHigh: 4, tagLow: 5 })
const entry = (Id: string, slot: number, VisibilityTimeout?: number) => ({
  Id,
  ReceiptHandle: encodeReceiptHandle(receipt(slot)),
  ...(VisibilityTimeout !== undefined && { VisibilityTimeout }),
})

test('each entry has a timeout of its own, and fails by itself', async () => {
  const Entries = [entry('a', 1, 0), entry('b', 2, -85), entry('c', 3, 60), entry('d', 4)]
  const { output, commands } = await runOperation(
    changeMessageVisibilityBatch,
    { QueueUrl, Entries },
    { replies: [[null, { error: MessageNotInflight, message: 'The message is not in flight.' }]] },
  )
  expect(commands).toEqual([
    {
      service: 'sqs',
      kind: 'changeVisibility',
      queue: TEST_QUEUE,
      changes: [
        { receipt: receipt(1), visibilityTimeoutSeconds: 0 },
        { receipt: receipt(3), visibilityTimeoutSeconds: 60 },
      ],
    },
  ])
  expect(output).toEqual({
    Successful: [{ Id: 'a' }],
    Failed: [
      {
        Id: 'b',
        SenderFault: true,
        Code: 'InvalidParameterValue',
        Message:
          'Value -85 for parameter VisibilityTimeout is invalid. Reason: VisibilityTimeout must be an integer between 0 and 43200.',
      },
      {
        Id: 'd',
        SenderFault: true,
        Code: 'MissingParameter',
        Message: 'The request must contain the parameter VisibilityTimeout.',
      },
      {
        Id: 'c',
        SenderFault: true,
        Code: 'AWS.SimpleQueueService.MessageNotInflight',
        Message: 'The message is not in flight.',
      },
    ],
  })
})

test('the whole batch is refused when it is empty, too long, or its ids are wrong', async () => {
  const refused = (Entries: readonly object[]) =>
    refusalOf(changeMessageVisibilityBatch, { QueueUrl, Entries })
  expect(await refused([])).toEqual({
    code: 'EmptyBatchRequest',
    message: 'There should be at least one ChangeMessageVisibilityBatchRequestEntry in the request.',
  })
  expect((await refused(Array.from({ length: 20 }, (_, i) => entry(`m${i}`, i, 1)))).message).toBe(
    'Maximum number of entries per request are 10. You have sent 20.',
  )
  expect((await refused([entry('a', 1, 1), entry('a', 2, 1)])).message).toBe('Id a repeated.')
  expect((await refused([entry('', 1, 1)])).code).toBe('InvalidBatchEntryId')
})

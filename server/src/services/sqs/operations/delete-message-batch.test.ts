import { expect, test } from 'vitest'
import { queueDoesNotExist, ReceiptHandleIsInvalid } from '../errors.ts'
import { plainDeletes } from '../plain-entries/plain-deletes.ts'
import { encodeReceiptHandle } from '../receipt-handle.ts'
import { EXPIRED_RECEIPT } from '../state/refusals.ts'
import { TEST_QUEUE_URL as QueueUrl, refusalOf, runOperation, TEST_QUEUE } from '../test-cell.ts'
import { deleteMessageBatch } from './delete-message-batch.ts'

const receipt = (slot: number) => ({ incarnation: 1, slot, receiveNumber: 3, tagHigh: 4, tagLow: 5 })
const entry = (Id: string, slot: number) => ({ Id, ReceiptHandle: encodeReceiptHandle(receipt(slot)) })

test('all receipts go to the cell in one command', async () => {
  const Entries = [entry('a', 1), entry('b', 2)]
  const { output, commands } = await runOperation(
    deleteMessageBatch,
    { QueueUrl, Entries },
    { replies: [[null, null]] },
  )
  expect(commands).toEqual([
    { service: 'sqs', kind: 'deleteMessages', queue: TEST_QUEUE, receipts: [receipt(1), receipt(2)] },
  ])
  expect(output).toEqual({ Successful: [{ Id: 'a' }, { Id: 'b' }] })
})

test('entries that were read from their bytes go to the cell likewise, and are answered likewise', async () => {
  const entries = [entry('a', 1), entry('b', 2)]
  const found = plainDeletes.read(Buffer.from(JSON.stringify(entries)), 1)
  for (const outcome of [null, EXPIRED_RECEIPT]) {
    const replies = { replies: [[null, outcome]] }
    const plain = await runOperation(deleteMessageBatch, { QueueUrl, Entries: found!.list }, replies)
    const parsed = await runOperation(deleteMessageBatch, { QueueUrl, Entries: entries }, replies)
    expect(plain).toEqual(parsed)
  }
})

test('an entry fails by itself', async () => {
  const Entries = [entry('a', 1), { Id: 'b', ReceiptHandle: 'fake' }, entry('c', 3)]
  const { output, commands } = await runOperation(
    deleteMessageBatch,
    { QueueUrl, Entries },
    { replies: [[null, { error: ReceiptHandleIsInvalid, message: 'no' }]] },
  )
  expect(commands).toMatchObject([{ receipts: [receipt(1), receipt(3)] }])
  const failed = (Id: string, handle: string) => ({
    Id,
    SenderFault: true,
    Code: 'ReceiptHandleIsInvalid',
    Message: `The input receipt handle "${handle}" is not a valid receipt handle.`,
  })
  expect(output).toEqual({
    Successful: [{ Id: 'a' }],
    Failed: [failed('b', 'fake'), failed('c', entry('c', 3).ReceiptHandle)],
  })
})

test('a missing queue is told even if every handle is wrong', async () => {
  const Entries = [{ Id: 'a', ReceiptHandle: 'fake' }]
  const answer = runOperation(deleteMessageBatch, { QueueUrl, Entries }, { replies: [queueDoesNotExist()] })
  await expect(answer).rejects.toThrow('The specified queue does not exist.')
})

test('the whole batch is refused when it is empty, too long, or its ids are wrong', async () => {
  const refused = (Entries: readonly object[]) => refusalOf(deleteMessageBatch, { QueueUrl, Entries })
  expect(await refused([])).toEqual({
    code: 'EmptyBatchRequest',
    message: 'There should be at least one DeleteMessageBatchRequestEntry in the request.',
  })
  expect((await refused(Array.from({ length: 20 }, (_, i) => entry(`m${i}`, i)))).message).toBe(
    'Maximum number of entries per request are 10. You have sent 20.',
  )
  expect((await refused([entry('a', 1), entry('a', 2)])).message).toBe('Id a repeated.')
  expect((await refused([entry('a:b', 1)])).code).toBe('InvalidBatchEntryId')
})

test('an expired handle fails its entry with a code and words of its own', async () => {
  const Entries = [entry('a', 1), entry('b', 2)]
  const { output } = await runOperation(
    deleteMessageBatch,
    { QueueUrl, Entries },
    { replies: [[EXPIRED_RECEIPT, null]] },
  )
  expect(output).toEqual({
    Successful: [{ Id: 'b' }],
    Failed: [
      {
        Id: 'a',
        SenderFault: true,
        Code: 'ReceiptHandleIsInvalid',
        Message: 'The receipt handle has expired',
      },
    ],
  })
})

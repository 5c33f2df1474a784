import { expect, test } from 'vitest'
import { InvalidParameterValue, ReceiptHandleIsInvalid } from '../errors.ts'
import { encodeReceiptHandle } from '../receipt-handle.ts'
import { EXPIRED_RECEIPT } from '../state/refusals.ts'
import { TEST_QUEUE_URL as QueueUrl, refusalOf, runOperation, TEST_QUEUE } from '../test-cell.ts'
import { deleteMessage } from './delete-message.ts'

const receipt = { incarnation: 1, slot: 2, receiveNumber: 3, tagHigh: 4, tagLow: 5 }
const ReceiptHandle = encodeReceiptHandle(receipt)

test('the receipt goes to the cell, and nothing comes back', async () => {
  const { output, commands } = await runOperation(
    deleteMessage,
    { QueueUrl, ReceiptHandle },
    { replies: [[null]] },
  )
  expect(commands).toEqual([
    { service: 'sqs', kind: 'deleteMessages', queue: TEST_QUEUE, receipts: [receipt] },
  ])
  expect(output).toEqual({})
})

test('a handle that nobody gave out is quoted, and the cell never asked', async () => {
  expect(await refusalOf(deleteMessage, { QueueUrl, ReceiptHandle: 'garbage' })).toEqual({
    code: 'ReceiptHandleIsInvalid',
    message: 'The input receipt handle "garbage" is not a valid receipt handle.',
  })
  expect(await refusalOf(deleteMessage, { QueueUrl, ReceiptHandle: '' })).toEqual({
    code: 'MissingRequiredParameterException',
    message: 'The request must contain the parameter ReceiptHandle.',
  })
})

test('what the cell refuses is told with the handle in it', async () => {
  const forged = { replies: [[{ error: ReceiptHandleIsInvalid, message: 'no' }]] }
  await expect(runOperation(deleteMessage, { QueueUrl, ReceiptHandle }, forged)).rejects.toThrow(
    `The input receipt handle "${ReceiptHandle}" is not a valid receipt handle.`,
  )
  const expired =
    'Value {ReceiptHandle} for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.'
  const old = { replies: [[{ error: InvalidParameterValue, message: expired }]] }
  await expect(runOperation(deleteMessage, { QueueUrl, ReceiptHandle }, old)).rejects.toThrow(
    `Value ${ReceiptHandle} for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.`,
  )
})

test('an expired handle is quoted', async () => {
  const ReceiptHandle = encodeReceiptHandle({
    incarnation: 1,
    slot: 2,
    receiveNumber: 3,
    tagHigh: 4,
    tagLow: 5,
  })
  const answer = runOperation(deleteMessage, { QueueUrl, ReceiptHandle }, { replies: [[EXPIRED_RECEIPT]] })
  await expect(answer).rejects.toThrow(
    `Value ${ReceiptHandle} for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.`,
  )
})

import { expect, test } from 'vitest'
import { InvalidParameterValue } from '../errors.ts'
import { encodeReceiptHandle } from '../receipt-handle.ts'
import { TEST_QUEUE_URL as QueueUrl, refusalOf, runOperation, TEST_QUEUE } from '../test-cell.ts'
import { changeMessageVisibility } from './change-message-visibility.ts'

const receipt = { incarnation: 1, slot: 2, receiveNumber: 3, tagHigh: 4, tagLow: 5 }
const ReceiptHandle = encodeReceiptHandle(receipt)

test.each([0, 43_200])(
  'a timeout of %d seconds goes to the cell with the receipt',
  async (VisibilityTimeout) => {
    const { output, commands } = await runOperation(
      changeMessageVisibility,
      { QueueUrl, ReceiptHandle, VisibilityTimeout },
      { replies: [[null]] },
    )
    expect(commands).toEqual([
      {
        service: 'sqs',
        kind: 'changeVisibility',
        queue: TEST_QUEUE,
        changes: [{ receipt, visibilityTimeoutSeconds: VisibilityTimeout }],
      },
    ])
    expect(output).toEqual({})
  },
)

test.each([-1, 43_201])('a timeout of %d seconds is refused', async (VisibilityTimeout) => {
  expect(await refusalOf(changeMessageVisibility, { QueueUrl, ReceiptHandle, VisibilityTimeout })).toEqual({
    code: 'InvalidParameterValueException',
    message: `Value ${VisibilityTimeout} for parameter VisibilityTimeout is invalid. Reason: VisibilityTimeout must be an integer between 0 and 43200.`,
  })
})

test('a malformed handle is refused', async () => {
  const input = { QueueUrl, ReceiptHandle: 'garbage', VisibilityTimeout: 1 }
  expect((await refusalOf(changeMessageVisibility, input)).code).toBe('ReceiptHandleIsInvalid')
})

test('what the cell refuses is told with the handle in it', async () => {
  const reason = 'Reason: Message does not exist or is not available for visibility timeout change.'
  const message = `Value {ReceiptHandle} for parameter ReceiptHandle is invalid. ${reason}`
  const answer = runOperation(
    changeMessageVisibility,
    { QueueUrl, ReceiptHandle, VisibilityTimeout: 1 },
    { replies: [[{ error: InvalidParameterValue, message }]] },
  )
  await expect(answer).rejects.toThrow(
    `Value ${ReceiptHandle} for parameter ReceiptHandle is invalid. ${reason}`,
  )
})

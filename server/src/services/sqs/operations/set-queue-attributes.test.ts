import { expect, test } from 'vitest'
import {
  TEST_QUEUE_URL as QueueUrl,
  refusalOf,
  runOperation,
  TEST_FIFO_QUEUE_URL,
  TEST_QUEUE,
} from '../test-cell.ts'
import { setQueueAttributes } from './set-queue-attributes.ts'

test('the settings named go to the cell, and nothing comes back', async () => {
  const Attributes = { MessageRetentionPeriod: '60', RedrivePolicy: '' }
  const { output, commands } = await runOperation(
    setQueueAttributes,
    { QueueUrl, Attributes },
    { replies: [null] },
  )
  expect(commands).toEqual([
    {
      service: 'sqs',
      kind: 'setQueueSettings',
      queue: TEST_QUEUE,
      settings: { messageRetentionSeconds: 60, redrivePolicy: null },
    },
  ])
  expect(output).toEqual({})
})

test.each([
  [{}, 'The request must contain the parameter Attributes.'],
  [{ Foo: '1' }, 'Unknown Attribute Foo.'],
  [{ QueueArn: 'x' }, 'Unknown Attribute QueueArn.'],
  [{ FifoQueue: 'true' }, 'Unknown Attribute FifoQueue.'],
  [{ MessageRetentionPeriod: '59' }, 'Invalid value for the parameter MessageRetentionPeriod.'],
  [{ DelaySeconds: '1', Policy: 'x' }, 'Invalid value for the parameter Policy.'],
])('%j is refused', async (Attributes, message) => {
  expect((await refusalOf(setQueueAttributes, { QueueUrl, Attributes })).message).toBe(message)
})

test('a FIFO queue takes what FIFO queues have, and stays one', async () => {
  const Attributes = { FifoQueue: 'true', DeduplicationScope: 'messageGroup', DelaySeconds: '5' }
  const { commands } = await runOperation(
    setQueueAttributes,
    { QueueUrl: TEST_FIFO_QUEUE_URL, Attributes },
    { replies: [null] },
  )
  expect(commands).toMatchObject([{ settings: { deduplicationScope: 'messageGroup', delaySeconds: 5 } }])
  const refused = (attributes: object) =>
    refusalOf(setQueueAttributes, { QueueUrl: TEST_FIFO_QUEUE_URL, Attributes: attributes })
  expect(await refused({ FifoQueue: 'false' })).toEqual({
    code: 'InvalidAttributeValue',
    message: 'Invalid value for the parameter FifoQueue. Reason: Modifying queue type is not supported.',
  })
  expect((await refused({ FifoThroughputLimit: 'perGroup' })).message).toBe(
    'Invalid value for the parameter FifoThroughputLimit.',
  )
})

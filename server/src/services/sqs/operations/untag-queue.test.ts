import { expect, test } from 'vitest'
import { TEST_QUEUE_URL as QueueUrl, refusalOf, runOperation, TEST_QUEUE } from '../test-cell.ts'
import { untagQueue } from './untag-queue.ts'

test('the keys go to the cell, and nothing comes back', async () => {
  const { output, commands } = await runOperation(
    untagQueue,
    { QueueUrl, TagKeys: ['a', 'b'] },
    { replies: [null] },
  )
  expect(commands).toEqual([{ service: 'sqs', kind: 'untagQueue', queue: TEST_QUEUE, keys: ['a', 'b'] }])
  expect(output).toEqual({})
})

test.each([
  [[], 'The request must contain the parameter TagKeys.'],
  [[''], 'Tag keys must be between 1 and 128 characters in length.'],
  [['k'.repeat(129)], 'Tag keys must be between 1 and 128 characters in length.'],
])('%j is refused', async (TagKeys, message) => {
  expect((await refusalOf(untagQueue, { QueueUrl, TagKeys })).message).toBe(message)
})

import { expect, test } from 'vitest'
import { queueDoesNotExist } from '../errors.ts'
import { TEST_QUEUE_URL as QueueUrl, refusalOf, runOperation, TEST_QUEUE } from '../test-cell.ts'
import { deleteQueue } from './delete-queue.ts'

test('the queue goes to the cell, and nothing comes back', async () => {
  const { output, commands } = await runOperation(deleteQueue, { QueueUrl }, { replies: [null] })
  expect(commands).toEqual([{ service: 'sqs', kind: 'deleteQueue', queue: TEST_QUEUE }])
  expect(output).toEqual({})
})

test('a queue that is not there is told', async () => {
  const answer = runOperation(deleteQueue, { QueueUrl }, { replies: [queueDoesNotExist()] })
  await expect(answer).rejects.toThrow('The specified queue does not exist.')
})

test('what is no address of a queue is refused', async () => {
  expect((await refusalOf(deleteQueue, { QueueUrl: 'http://localhost/' })).code).toBe('InvalidAddress')
})

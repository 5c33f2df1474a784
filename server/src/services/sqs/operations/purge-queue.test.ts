import { expect, test } from 'vitest'
import { queueDoesNotExist } from '../errors.ts'
import { TEST_QUEUE_URL as QueueUrl, refusalOf, runOperation, TEST_QUEUE } from '../test-cell.ts'
import { purgeQueue } from './purge-queue.ts'

test('the queue goes to the cell, and nothing comes back', async () => {
  const { output, commands } = await runOperation(purgeQueue, { QueueUrl }, { replies: [null] })
  expect(commands).toEqual([{ service: 'sqs', kind: 'purgeQueue', queue: TEST_QUEUE }])
  expect(output).toEqual({})
})

test('a queue that is not there is told', async () => {
  const answer = runOperation(purgeQueue, { QueueUrl }, { replies: [queueDoesNotExist()] })
  await expect(answer).rejects.toThrow('The specified queue does not exist.')
})

test('what is no address of a queue is refused', async () => {
  expect((await refusalOf(purgeQueue, { QueueUrl: 'http://localhost/' })).code).toBe('InvalidAddress')
})

test('the cell is told of the wait between purges only where the server keeps it', async () => {
  const cooldowns = { purge: true, deletion: false }
  const { commands } = await runOperation(purgeQueue, { QueueUrl }, { replies: [null], cooldowns })
  expect(commands).toMatchObject([{ cooldownSeconds: 60 }])
})

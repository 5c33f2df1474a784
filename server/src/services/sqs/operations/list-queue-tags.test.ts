import { expect, test } from 'vitest'
import { TEST_QUEUE_URL as QueueUrl, refusalOf, runOperation, TEST_QUEUE } from '../test-cell.ts'
import { listQueueTags } from './list-queue-tags.ts'

test('the tags of the queue are returned, and left out when there are none', async () => {
  const list = (tags: object) => runOperation(listQueueTags, { QueueUrl }, { replies: [{ tags }] })
  const { output, commands } = await list({ a: 'b', c: '' })
  expect(commands).toEqual([{ service: 'sqs', kind: 'getQueue', queue: TEST_QUEUE }])
  expect(output).toEqual({ Tags: { a: 'b', c: '' } })
  expect((await list({})).output).toEqual({})
})

test('what is no address of a queue is refused', async () => {
  expect((await refusalOf(listQueueTags, { QueueUrl: 'a b' })).code).toBe('InvalidAddress')
})

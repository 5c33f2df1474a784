import { expect, test } from 'vitest'
import { TEST_QUEUE_URL as QueueUrl, refusalOf, runOperation, TEST_QUEUE } from '../test-cell.ts'
import { listDeadLetterSourceQueues } from './list-dead-letter-source-queues.ts'

const list = (input: object, names: readonly string[], next: string | null = null) =>
  runOperation(listDeadLetterSourceQueues, { QueueUrl, ...input }, { replies: [{ names, next }] })

test('lists the queues whose dead letters come here; the list is there also when it is empty', async () => {
  const { output, commands } = await list({}, ['source'])
  expect(commands).toEqual([
    { service: 'sqs', kind: 'listDeadLetterSourceQueues', queue: TEST_QUEUE, after: '', limit: 1000 },
  ])
  expect(output).toEqual({ queueUrls: ['http://localhost:4566/000000000000/source'] })
  expect((await list({}, [])).output).toEqual({ queueUrls: [] })
})

test('the next token leads to the next page, of this queue only', async () => {
  const { output } = await list({ MaxResults: 1 }, ['a'], 'a')
  const { NextToken } = output as { NextToken: string }
  expect((await list({ MaxResults: 1, NextToken }, ['b'])).commands).toMatchObject([{ after: 'a', limit: 1 }])
  const other = { QueueUrl: 'http://localhost:4566/000000000000/other', NextToken }
  expect((await refusalOf(listDeadLetterSourceQueues, other)).message).toBe('Invalid or expired next token.')
})

test('MaxResults is 1 to 1000', async () => {
  expect((await refusalOf(listDeadLetterSourceQueues, { QueueUrl, MaxResults: 0 })).message).toBe(
    'Value for parameter MaxResults is invalid. Reason: MaxResults must be an integer between 1 and 1000.',
  )
})

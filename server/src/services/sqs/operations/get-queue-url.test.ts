import { expect, test } from 'vitest'
import { queueDoesNotExist } from '../errors.ts'
import { refusalOf, runOperation, TEST_QUEUE } from '../test-cell.ts'
import { getQueueUrl } from './get-queue-url.ts'

test.each([undefined, '000000000000'])(
  'the URL of a queue that is there is returned, owner %s',
  async (owner) => {
    const { output, commands } = await runOperation(
      getQueueUrl,
      { QueueName: 'orders', QueueOwnerAWSAccountId: owner },
      { replies: [{}] },
    )
    expect(commands).toEqual([{ service: 'sqs', kind: 'getQueue', queue: TEST_QUEUE }])
    expect(output).toEqual({ QueueUrl: 'http://localhost:4566/000000000000/orders' })
  },
)

test('a queue that is not there is told', async () => {
  const answer = runOperation(getQueueUrl, { QueueName: 'orders' }, { replies: [queueDoesNotExist()] })
  await expect(answer).rejects.toThrow('The specified queue does not exist.')
})

test('a name that no queue can have is one of a queue that is not there', async () => {
  expect((await refusalOf(getQueueUrl, { QueueName: 'a b' })).message).toBe(
    'The specified queue does not exist.',
  )
})

test('an empty name is refused', async () => {
  expect((await refusalOf(getQueueUrl, { QueueName: '' })).message).toBe(
    'Value for parameter QueueName is invalid. Reason: Must specify a queue name.',
  )
})

test('a queue of another owner is not there', async () => {
  expect(
    await refusalOf(getQueueUrl, { QueueName: 'orders', QueueOwnerAWSAccountId: '123456789012' }),
  ).toEqual({
    code: 'QueueDoesNotExist',
    message: 'The specified queue does not exist or you do not have access to it.',
  })
})

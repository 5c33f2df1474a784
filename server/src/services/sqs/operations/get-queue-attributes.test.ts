import { expect, test } from 'vitest'
import { DEFAULT_QUEUE_SETTINGS } from '../queue-settings.ts'
import { TEST_QUEUE_URL as QueueUrl, refusalOf, runOperation, TEST_QUEUE } from '../test-cell.ts'
import { getQueueAttributes } from './get-queue-attributes.ts'

const description = {
  settings: DEFAULT_QUEUE_SETTINGS,
  tags: {},
  createdAt: 0,
  modifiedAt: 0,
  waitingMessages: 4,
  delayedMessages: 0,
  inFlightMessages: 0,
}
const get = (AttributeNames?: readonly string[]) =>
  runOperation(getQueueAttributes, { QueueUrl, AttributeNames }, { replies: [description] })

test('what was asked for is returned', async () => {
  const { output, commands } = await get(['ApproximateNumberOfMessages', 'QueueArn'])
  expect(commands).toEqual([{ service: 'sqs', kind: 'getQueue', queue: TEST_QUEUE }])
  expect(output).toEqual({
    Attributes: {
      ApproximateNumberOfMessages: '4',
      QueueArn: 'arn:aws:sqs:eu-west-1:000000000000:orders',
    },
  })
})

test('nothing is returned where nothing was asked for, or what was asked for is not set', async () => {
  for (const names of [undefined, [], ['Policy']]) expect((await get(names)).output).toEqual({})
})

test('unknown attributes are refused', async () => {
  expect(await refusalOf(getQueueAttributes, { QueueUrl, AttributeNames: ['All', 'Foo'] })).toEqual({
    code: 'InvalidAttributeName',
    message: 'Unknown Attribute Foo.',
  })
})

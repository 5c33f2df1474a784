import { expect, test } from 'vitest'
import { decodeMoveTaskHandle } from '../move-task-handle.ts'
import { refusalOf, runOperation } from '../test-cell.ts'
import { startMessageMoveTask } from './start-message-move-task.ts'

const SourceArn = 'arn:aws:sqs:eu-west-1:000000000000:dead'
const source = { accountId: '000000000000', region: 'eu-west-1', name: 'dead' }

const refused = (input: object) => refusalOf(startMessageMoveTask, { SourceArn, ...input })

test('a task to where the messages came from, as fast as it goes', async () => {
  const { output, commands } = await runOperation(startMessageMoveTask, { SourceArn }, { replies: [null] })
  const { TaskHandle } = output as { TaskHandle: string }
  const { taskId, sourceArn } = decodeMoveTaskHandle(TaskHandle)
  expect(sourceArn).toBe(SourceArn)
  expect(commands).toEqual([
    { service: 'sqs', kind: 'startMoveTask', source, destination: null, messagesPerSecond: null, id: taskId },
  ])
})

test('a task to another queue, at a rate', async () => {
  const input = { SourceArn, DestinationArn: `${SourceArn}-2`, MaxNumberOfMessagesPerSecond: 500 }
  const { commands } = await runOperation(startMessageMoveTask, input, { replies: [null] })
  expect(commands).toMatchObject([
    { source, destination: { ...source, name: 'dead-2' }, messagesPerSecond: 500 },
  ])
})

test.each(['SourceArn', 'DestinationArn'])('a wrong %s is refused', async (parameter) => {
  for (const arn of ['', 'dead', 'arn:aws:sns:eu-west-1:000000000000:dead', `${SourceArn}:more`]) {
    expect(await refused({ [parameter]: arn })).toEqual({
      code: 'InvalidParameterValueException',
      message: `You must use this format to specify the ${parameter}: arn:<partition>:<service>:<region>:<account-id>:<resource-id>`,
    })
  }
})

test.each([
  ['SourceArn', 'arn:aws:sqs:eu-west-1:000000000001:dead'],
  ['DestinationArn', 'arn:aws:sqs:eu-west-1:000000000001:dead'],
  ['DestinationArn', 'arn:aws:sqs:eu-west-2:000000000000:dead'],
])('a %s in another account, or apart from the source, is not there: %s', async (parameter, arn) => {
  expect(await refused({ [parameter]: arn })).toEqual({
    code: 'ResourceNotFoundException',
    message: `The resource that you specified for the ${parameter} parameter doesn't exist.`,
  })
})

test.each([0, 501, -1])('a rate of %i is refused', async (MaxNumberOfMessagesPerSecond) => {
  expect(await refused({ MaxNumberOfMessagesPerSecond })).toEqual({
    code: 'InvalidParameterValueException',
    message:
      "Value for parameter MaxNumberOfMessagesPerSecond is invalid. Reason: You must enter a number that's between 1 and 500.",
  })
})

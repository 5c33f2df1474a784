import { expect, test } from 'vitest'
import { encodeMoveTaskHandle } from '../move-task-handle.ts'
import { refusalOf, runOperation } from '../test-cell.ts'
import { cancelMessageMoveTask } from './cancel-message-move-task.ts'

const taskId = '10f57157-fc38-4da9-a113-4de7e12d05dd'
const sourceArn = 'arn:aws:sqs:eu-west-1:000000000000:dead'
const handleOf = (content: unknown) => Buffer.from(JSON.stringify(content)).toString('base64')

test('the answer says how many messages moved', async () => {
  const TaskHandle = encodeMoveTaskHandle({ taskId, sourceArn })
  const { output, commands } = await runOperation(cancelMessageMoveTask, { TaskHandle }, { replies: [7] })
  expect(output).toEqual({ ApproximateNumberOfMessagesMoved: 7 })
  expect(commands).toEqual([
    {
      service: 'sqs',
      kind: 'cancelMoveTask',
      source: { accountId: '000000000000', region: 'eu-west-1', name: 'dead' },
      id: taskId,
    },
  ])
})

test.each([
  '',
  'foobared',
  handleOf(null),
  handleOf([]),
  handleOf({ taskId }),
  handleOf({ taskId: 'task', sourceArn }),
  handleOf({ taskId: { toString: 1 }, sourceArn }),
  handleOf({ taskId, sourceArn: 'dead' }),
  handleOf({ taskId, sourceArn, filler: 'x'.repeat(1000) }),
])('what is no handle is refused: %j', async (TaskHandle) => {
  expect(await refusalOf(cancelMessageMoveTask, { TaskHandle })).toEqual({
    code: 'InvalidParameterValueException',
    message: 'Value for parameter TaskHandle is invalid.',
  })
})

test("another account's task is not there", async () => {
  const TaskHandle = encodeMoveTaskHandle({
    taskId,
    sourceArn: 'arn:aws:sqs:eu-west-1:000000000001:dead',
  })
  expect(await refusalOf(cancelMessageMoveTask, { TaskHandle })).toEqual({
    code: 'ResourceNotFoundException',
    message: "The resource that you specified for the SourceArn parameter doesn't exist.",
  })
})

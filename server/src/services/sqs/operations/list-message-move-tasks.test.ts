import { expect, test } from 'vitest'
import type { MoveTaskDescription } from '../commands.ts'
import { encodeMoveTaskHandle } from '../move-task-handle.ts'
import { refusalOf, runOperation } from '../test-cell.ts'
import { listMessageMoveTasks } from './list-message-move-tasks.ts'

const SourceArn = 'arn:aws:sqs:eu-west-1:000000000000:dead'
const running: MoveTaskDescription = {
  id: '10f57157-fc38-4da9-a113-4de7e12d05dd',
  destination: { accountId: '000000000000', region: 'eu-west-1', name: 'other' },
  messagesPerSecond: 5,
  startedAt: 1_700_000_000_123,
  messagesToMove: 10,
  messagesMoved: 3,
  status: 'RUNNING',
  failureReason: '',
}

const listed = async (tasks: readonly MoveTaskDescription[], input: object = {}) =>
  runOperation(listMessageMoveTasks, { SourceArn, ...input }, { replies: [tasks] })

test('a running task is told in full, with the handle that it is cancelled by', async () => {
  const { output } = await listed([running])
  expect(output).toEqual({
    Results: [
      {
        TaskHandle: encodeMoveTaskHandle({ taskId: running.id, sourceArn: SourceArn }),
        Status: 'RUNNING',
        SourceArn,
        DestinationArn: 'arn:aws:sqs:eu-west-1:000000000000:other',
        MaxNumberOfMessagesPerSecond: 5,
        ApproximateNumberOfMessagesMoved: 3,
        ApproximateNumberOfMessagesToMove: 10,
        StartedTimestamp: 1_700_000_000_123,
      },
    ],
  })
})

test('what was not asked for when it began is left out, and the reason is told of a failure only', async () => {
  const ended = { ...running, destination: null, messagesPerSecond: null }
  const failed = { ...ended, status: 'FAILED', failureReason: 'CouldNotDetermineMessageSource' } as const
  const { output } = await listed([
    { ...ended, status: 'COMPLETED' },
    failed,
    { ...ended, status: 'CANCELLING' },
  ])
  const common = {
    SourceArn,
    ApproximateNumberOfMessagesMoved: 3,
    ApproximateNumberOfMessagesToMove: 10,
    StartedTimestamp: 1_700_000_000_123,
  }
  expect(output).toEqual({
    Results: [
      { ...common, Status: 'COMPLETED' },
      { ...common, Status: 'FAILED', FailureReason: 'CouldNotDetermineMessageSource' },
      { ...common, Status: 'CANCELLING' },
    ],
  })
})

test('no tasks are no list', async () => {
  expect((await listed([])).output).toEqual({})
})

test('one task is listed unless more are asked for', async () => {
  expect((await listed([])).commands).toMatchObject([{ kind: 'listMoveTasks', limit: 1 }])
  expect((await listed([], { MaxResults: 10 })).commands).toMatchObject([{ limit: 10 }])
  for (const MaxResults of [0, 11]) {
    expect(await refusalOf(listMessageMoveTasks, { SourceArn, MaxResults })).toEqual({
      code: 'InvalidParameterValueException',
      message:
        "Value for parameter MaxResults is invalid. Reason: You must enter a number that's between 1 and 10.",
    })
  }
})

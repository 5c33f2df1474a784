import { describe, expect, test } from 'vitest'
import { refusalOf, runOperation, TEST_QUEUE, TEST_QUEUE_URL } from '../test-cell.ts'
import { addPermission } from './add-permission.ts'

const INPUT = {
  QueueUrl: TEST_QUEUE_URL,
  Label: 'alice',
  AWSAccountIds: ['111111111111'],
  Actions: ['SendMessage'],
}

const refused = (input: object) => refusalOf(addPermission, { ...INPUT, ...input })

const invalid = (message: string) => ({ code: 'InvalidParameterValueException', message })
const missing = (name: string) => ({
  code: 'MissingRequiredParameterException',
  message: `The request must contain the parameter ${name}.`,
})

test('the permission goes to the cell', async () => {
  const { output, commands } = await runOperation(addPermission, INPUT, { replies: [null] })
  expect(output).toEqual({})
  expect(commands).toEqual([
    {
      service: 'sqs',
      kind: 'addPermission',
      queue: TEST_QUEUE,
      permission: { label: 'alice', accountIds: ['111111111111'], actions: ['SendMessage'] },
    },
  ])
})

test.each(['a b', 'a.b', 'a'.repeat(81), 'é'])('a label cannot be %s', async (Label) => {
  expect(await refused({ Label })).toEqual(
    invalid(
      `Value ${Label} for parameter Label is invalid. Reason: Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length.`,
    ),
  )
})

test('nothing may be empty', async () => {
  expect(await refused({ Label: '' })).toEqual(missing('Label'))
  expect(await refused({ Actions: [] })).toEqual(missing('Actions'))
  expect(await refused({ AWSAccountIds: [] })).toEqual(
    invalid('Value [] for parameter PrincipalId is invalid. Reason: Unable to verify.'),
  )
})

test('an account has twelve digits', async () => {
  expect(await refused({ AWSAccountIds: ['111111111111', 'alice'] })).toEqual(
    invalid('Value [111111111111, alice] for parameter PrincipalId is invalid. Reason: Unable to verify.'),
  )
})

describe('an action', () => {
  test('may be one that others can be allowed', async () => {
    const Actions = ['*', 'ReceiveMessage', 'DeleteMessage', 'ChangeMessageVisibility', 'GetQueueUrl']
    const { commands } = await runOperation(addPermission, { ...INPUT, Actions }, { replies: [null] })
    expect(commands).toMatchObject([{ permission: { actions: Actions } }])
  })

  test.each(['RemovePermission', 'SetQueueAttributes', 'StartMessageMoveTask'])(
    'may not be the owner’s own: %s',
    async (action) => {
      expect(await refused({ Actions: ['SendMessage', action] })).toEqual(
        invalid(
          `Value SQS:${action} for parameter ActionName is invalid. Reason: Only the queue owner is allowed to invoke this action.`,
        ),
      )
    },
  )

  test.each(['SendMessageBatch', 'Foo', 'sendmessage', ''])('may not be %j', async (action) => {
    expect(await refused({ Actions: [action] })).toEqual(
      invalid(
        `Value SQS:${action} for parameter ActionName is invalid. Reason: Please refer to the appropriate WSDL for a list of valid actions.`,
      ),
    )
  })

  test('is one of seven at most', async () => {
    expect(await refused({ Actions: Array.from({ length: 8 }, () => 'SendMessage') })).toEqual({
      code: 'OverLimit',
      message: '8 Actions were found, maximum allowed is 7.',
    })
  })
})

test('no more than fifty accounts are named', async () => {
  const AWSAccountIds = Array.from({ length: 51 }, () => '111111111111')
  expect(await refused({ AWSAccountIds })).toMatchObject({ code: 'OverLimit' })
})

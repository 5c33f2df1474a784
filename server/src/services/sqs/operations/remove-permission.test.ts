import { expect, test } from 'vitest'
import { refusalOf, runOperation, TEST_QUEUE, TEST_QUEUE_URL } from '../test-cell.ts'
import { removePermission } from './remove-permission.ts'

test('the label goes to the cell', async () => {
  const input = { QueueUrl: TEST_QUEUE_URL, Label: 'alice' }
  const { output, commands } = await runOperation(removePermission, input, { replies: [null] })
  expect(output).toEqual({})
  expect(commands).toEqual([{ service: 'sqs', kind: 'removePermission', queue: TEST_QUEUE, label: 'alice' }])
})

test('a label that no permission can have is refused', async () => {
  const refused = (Label: string) => refusalOf(removePermission, { QueueUrl: TEST_QUEUE_URL, Label })
  expect(await refused('')).toMatchObject({ code: 'MissingRequiredParameterException' })
  expect(await refused('a b')).toMatchObject({ code: 'InvalidParameterValueException' })
})

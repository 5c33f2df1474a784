import { expect, test } from 'vitest'
import { refuseInput } from './refuse-input.ts'

const missing = (path: string, queryPath: string = path) =>
  refuseInput({ kind: 'missing', path, queryPath }).message

test('a missing member is named as SQS names it', () => {
  expect(missing('MessageBody')).toBe('The request must contain the parameter MessageBody.')
  expect(missing('Entries.1.member.Id', 'SendMessageBatchRequestEntry.1.Id')).toBe(
    'The request must contain the parameter SendMessageBatchRequestEntry.1.Id.',
  )
})

test('a batch whose entries are missing is an empty one, which Query clients can not send in any other way', () => {
  expect(
    refuseInput({ kind: 'missing', path: 'Entries', queryPath: 'DeleteMessageBatchRequestEntry' }),
  ).toMatchObject({
    message: 'There should be at least one DeleteMessageBatchRequestEntry in the request.',
    shape: { queryCode: 'AWS.SimpleQueueService.EmptyBatchRequest' },
  })
})

test('a missing queue name and a missing attribute type have texts of their own', () => {
  expect(missing('QueueName')).toBe(
    'Value for parameter QueueName is invalid. Reason: Must specify a queue name.',
  )
  for (const path of [
    'MessageAttributes.a.b.member.DataType',
    'Entries.2.member.MessageAttributes.a.b.member.DataType',
  ]) {
    expect(missing(path)).toBe("Message (user) attribute 'a.b' must contain a non-empty attribute type.")
  }
})

test('anything else that is wrong is an invalid value', () => {
  const error = refuseInput({ kind: 'tooLarge', path: 'X', queryPath: 'X', value: 9, max: 1 })
  expect(error).toMatchObject({
    message: 'Value 9 for parameter X is invalid.',
    shape: { code: 'InvalidParameterValueException' },
  })
})

import { expect, test } from 'vitest'
import { refusalOf, runOperation } from '../test-cell.ts'
import { listQueues } from './list-queues.ts'

const url = (name: string) => `http://localhost:4566/000000000000/${name}`
const page = (names: readonly string[], next: string | null = null) => ({ replies: [{ names, next }] })

test('lists the queues of the caller, from the beginning, up to a thousand', async () => {
  const { output, commands } = await runOperation(listQueues, {}, page(['a', 'b'], 'b'))
  expect(commands).toEqual([
    {
      service: 'sqs',
      kind: 'listQueues',
      accountId: '000000000000',
      region: 'eu-west-1',
      prefix: '',
      after: '',
      limit: 1000,
    },
  ])
  expect(output).toEqual({ QueueUrls: [url('a'), url('b')] })
})

test('the list is left out when it is empty', async () => {
  expect((await runOperation(listQueues, { QueueNamePrefix: 'x' }, page([]))).output).toEqual({})
})

test('the next token leads to the next page of the same list', async () => {
  const input = { QueueNamePrefix: 'or', MaxResults: 2 }
  const first = await runOperation(listQueues, input, page(['or1', 'or2'], 'or2'))
  expect(first.output).toEqual({ QueueUrls: [url('or1'), url('or2')], NextToken: expect.any(String) })
  const { NextToken } = first.output as { NextToken: string }
  const second = await runOperation(listQueues, { ...input, NextToken }, page(['or3']))
  expect(second.commands).toMatchObject([{ prefix: 'or', after: 'or2', limit: 2 }])
  expect(second.output).toEqual({ QueueUrls: [url('or3')] })

  const invalid = { code: 'InvalidParameterValueException', message: 'Invalid or expired next token.' }
  expect(await refusalOf(listQueues, { QueueNamePrefix: 'o', NextToken })).toEqual(invalid)
  expect(await refusalOf(listQueues, { ...input, NextToken: 'b3Iy' })).toEqual(invalid)
})

test.each([0, -1, 1001])('MaxResults cannot be %d', async (MaxResults) => {
  expect((await refusalOf(listQueues, { MaxResults })).message).toBe(
    'Value for parameter MaxResults is invalid. Reason: MaxResults must be an integer between 1 and 1000.',
  )
})

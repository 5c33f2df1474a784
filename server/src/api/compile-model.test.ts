import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { compileModel } from './compile-model.ts'
import { compileFindViolations } from './find-violations.ts'
import { kinesisModel } from './generated/kinesis-model.ts'
import { sqsModel } from './generated/sqs-model.ts'
import type { ModelFile } from './model-file.ts'

const models = new URL('../../../models/', import.meta.url)

const small = (shapes: ModelFile['shapes'], input = 'Input'): ModelFile => ({
  metadata: { apiVersion: '2024-01-01', protocols: ['json'], serviceId: 'Small' },
  operations: { Do: { http: { method: 'POST', requestUri: '/' }, input, errors: [] } },
  shapes,
})

describe('every model in models/', () => {
  const files = readdirSync(models).filter((file) => file.endsWith('.json'))
  test.each(files)('%s compiles, with all its patterns', (file) => {
    const model = compileModel(file, JSON.parse(readFileSync(new URL(file, models), 'utf8')))
    expect(model.operations.size).toBeGreaterThan(0)
    for (const { input } of model.operations.values()) compileFindViolations(input, true)
  })
})

test('SQS has the names of both its protocols', () => {
  const model = compileModel('sqs', sqsModel)
  expect(model).toMatchObject({
    apiVersion: '2012-11-05',
    protocols: ['json', 'query'],
    targetPrefix: 'AmazonSQS',
    jsonVersion: '1.0',
    queryCompatible: true,
    xmlNamespace: 'http://queue.amazonaws.com/doc/2012-11-05/',
    urlMember: 'QueueUrl',
    checksConstraints: false,
  })
  const input = model.operations.get('SendMessageBatch')?.input
  expect(input?.required.map((member) => member.name)).toEqual(['QueueUrl', 'Entries'])
  const entries = input?.members.find((member) => member.name === 'Entries')
  expect(entries).toMatchObject({
    queryName: 'SendMessageBatchRequestEntry',
    flattened: true,
    required: true,
  })
  expect(model.operations.get('DeleteQueue')?.output).toBeUndefined()
  expect(model.errors.get('QueueDoesNotExist')).toEqual({
    name: 'QueueDoesNotExist',
    messageMember: 'message',
  })
})

test('a stream of events is its events and the errors that may end it', () => {
  const subscribe = compileModel('kinesis', kinesisModel).operations.get('SubscribeToShard')
  expect(subscribe?.eventStream?.name).toBe('EventStream')
  const shape = subscribe?.eventStream?.shape
  expect(shape?.events.map(({ name, shape: event }) => [name, event.name])).toEqual([
    ['SubscribeToShardEvent', 'SubscribeToShardEvent'],
  ])
  expect(shape?.errors).toContain('ResourceNotFoundException')
  expect(shape?.errors).not.toContain('SubscribeToShardEvent')
  expect(subscribe?.output?.members).toMatchObject([{ name: 'EventStream', shape: { kind: 'eventStream' } }])
})

test('an operation whose output is whole has no stream of events', () => {
  const model = compileModel('sqs', sqsModel)
  expect([...model.operations.values()].some(({ eventStream }) => eventStream !== undefined)).toBe(false)
})

test('a shape that contains itself is one shape', () => {
  const model = compileModel(
    'small',
    small({
      Input: { type: 'structure', members: { Inner: { shape: 'Input' }, More: { shape: 'List' } } },
      List: { type: 'list', member: { shape: 'Input' } },
    }),
  )
  const input = model.operations.get('Do')?.input
  expect(input?.members[0]?.shape).toBe(input)
  expect(input?.members[1]?.shape).toMatchObject({ kind: 'list', element: input })
})

test.each<[string, ModelFile['shapes'], string]>([
  ['an unknown shape', { Input: { type: 'structure', members: { A: { shape: 'B' } } } }, 'no shape B'],
  ['an unknown type', { Input: { type: 'document' } }, 'Input: unknown type document'],
  ['an input that is no structure', { Input: { type: 'string' } }, 'Input must be a structure'],
  ['a list of nothing', { Input: { type: 'list' } }, 'Input lacks the shape of its elements'],
  ['a required member that is not there', { Input: { type: 'structure', required: ['A'] } }, 'requires A'],
  [
    'a member named as what every object inherits',
    { Input: { type: 'structure', members: { toString: { shape: 'Input' } } } },
    'the name is every object’s',
  ],
])('%s is refused', (_, shapes, message) => {
  expect(() => compileModel('small', small(shapes))).toThrow(message.replace('’', "'"))
})

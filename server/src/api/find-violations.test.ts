import { describe, expect, test } from 'vitest'
import { compileModel } from './compile-model.ts'
import { compileFindViolations } from './find-violations.ts'
import { kinesisModel } from './generated/kinesis-model.ts'
import { sqsModel } from './generated/sqs-model.ts'
import type { ModelFile } from './model-file.ts'

const file: ModelFile = {
  metadata: { apiVersion: '2024-01-01', protocols: ['json'], serviceId: 'Small' },
  operations: { Do: { http: { method: 'POST', requestUri: '/' }, input: 'Input', errors: [] } },
  shapes: {
    Input: {
      type: 'structure',
      required: ['Last', 'Name'],
      members: {
        Bytes: { shape: 'Bytes' },
        Count: { shape: 'Count' },
        Grid: { shape: 'Grid', flattened: true },
        Inner: { shape: 'Input' },
        Items: { shape: 'Items' },
        Kind: { shape: 'Kind' },
        Last: { shape: 'Flag' },
        Name: { shape: 'Name' },
        Tags: { shape: 'Tags' },
      },
    },
    Bytes: { type: 'blob', max: 2 },
    Count: { type: 'integer', min: 1, max: 5 },
    Flag: { type: 'boolean' },
    Grid: { type: 'list', member: { shape: 'Items' } },
    Items: { type: 'list', member: { shape: 'Name' }, min: 1, max: 3 },
    Kind: { type: 'string', enum: ['b', 'a'] },
    Name: { type: 'string', min: 2, max: 4, pattern: '[a-z]*' },
    Tags: { type: 'map', key: { shape: 'Name' }, value: { shape: 'Kind' }, max: 2 },
  },
}

function find(input: object, constraints = true) {
  const shape = compileModel('small', file).operations.get('Do')?.input
  if (shape === undefined) throw new Error('no input')
  return compileFindViolations(shape, constraints)(input)
}

const NAME_CONSTRAINTS = [
  { kind: 'tooLong', max: 4 },
  { kind: 'tooShort', min: 2 },
  { kind: 'pattern', pattern: '[a-z]*' },
]

const valid = { Name: 'abc', Last: false }

describe('with constraints', () => {
  test('a valid input has nothing wrong', () => {
    expect(
      find({
        ...valid,
        Bytes: new Uint8Array(2),
        Count: 5,
        Items: ['ab'],
        Kind: 'a',
        Tags: { ab: 'b' },
        Inner: valid,
      }),
    ).toEqual([])
  })

  test('what is missing is found in the order of the model, also inside', () => {
    expect(find({ Inner: { Last: true } })).toEqual([
      { kind: 'missing', path: 'Last', queryPath: 'Last' },
      { kind: 'missing', path: 'Name', queryPath: 'Name' },
      { kind: 'missing', path: 'Inner.Name', queryPath: 'Inner.Name' },
    ])
  })

  test.each([
    [{ Name: 'a' }, { kind: 'tooShort', path: 'Name', value: 'a', min: 2 }],
    [{ Name: 'abcde' }, { kind: 'tooLong', path: 'Name', value: 'abcde', max: 4 }],
    [{ Name: 'ab\n' }, { kind: 'pattern', path: 'Name', value: 'ab\n', pattern: '[a-z]*' }],
    [{ Count: 0 }, { kind: 'tooSmall', path: 'Count', value: 0, min: 1 }],
    [{ Count: 6 }, { kind: 'tooLarge', path: 'Count', value: 6, max: 5 }],
    [{ Kind: 'c' }, { kind: 'choice', path: 'Kind', value: 'c', choices: ['b', 'a'] }],
    [{ Bytes: new Uint8Array(3) }, { kind: 'tooLong', path: 'Bytes', value: new Uint8Array(3), max: 2 }],
    [{ Items: [] }, { kind: 'tooShort', path: 'Items', value: [], min: 1 }],
    [
      { Items: ['ab', 'A'.repeat(3), '!!'] },
      {
        ...{ kind: 'parts', part: 'element', path: 'Items', queryPath: 'Items', value: ['ab', 'AAA', '!!'] },
        constraints: NAME_CONSTRAINTS,
      },
    ],
    [{ Grid: [['ab'], ['ab', 'a']] }, { kind: 'parts', path: 'Grid.2.member', queryPath: 'Grid.2' }],
    [
      { Tags: { ab: 'c', bb: 'a' } },
      {
        ...{ kind: 'parts', part: 'value', path: 'Tags', queryPath: 'Tags', value: { ab: 'c', bb: 'a' } },
        constraints: [{ kind: 'choice', choices: ['b', 'a'] }],
      },
    ],
    [{ Tags: { a: 'a' } }, { kind: 'parts', part: 'key', path: 'Tags', constraints: NAME_CONSTRAINTS }],
    [{ Tags: { aa: 'a', bb: 'a', cc: 'a' } }, { kind: 'tooLong', path: 'Tags', max: 2 }],
  ])('%j breaks one', (input, violation) => {
    expect(find({ ...valid, ...input })).toMatchObject([violation])
  })

  test('a value that is too long is not gone through for its pattern', () => {
    expect(find({ ...valid, Name: '!'.repeat(5) })).toMatchObject([{ kind: 'tooLong' }])
    expect(find({ ...valid, Name: '!' }).map(({ kind }) => kind)).toEqual(['pattern', 'tooShort'])
  })

  test('no more than ten are listed', () => {
    const Grid = Array.from({ length: 50 }, () => ['x'])
    expect(find({ ...valid, Grid })).toHaveLength(10)
  })

  test('what looks like an ARN at first is refused quickly, however long it is', () => {
    const input = compileModel('kinesis', kinesisModel).operations.get('DescribeStream')!.input
    const parts = [':kinesis:'.repeat(75), ':000000000000:'.repeat(50), 'stream/'.repeat(90)]
    const began = performance.now()
    const [violation] = compileFindViolations(input, true)({ StreamARN: `arn:aws${parts.join('')} ` })
    expect(violation).toMatchObject({ kind: 'pattern', path: 'StreamARN' })
    expect(performance.now() - began).toBeLessThan(100)
  })
})

test('without constraints only what is missing is found', () => {
  expect(find({ Name: '!', Count: 9, Inner: {} }, false).map(({ kind, path }) => [kind, path])).toEqual([
    ['missing', 'Last'],
    ['missing', 'Inner.Last'],
    ['missing', 'Inner.Name'],
  ])
})

test('the path for Query clients is the one they would have sent', () => {
  const input = compileModel('sqs', sqsModel).operations.get('SendMessageBatch')?.input
  if (input === undefined) throw new Error('no input')
  const find = compileFindViolations(input, false)
  const entry = { Id: 'a', MessageBody: 'b', MessageAttributes: { x: {} } }
  expect(find({ QueueUrl: 'q', Entries: [entry, { Id: 'b' }] })).toEqual([
    {
      kind: 'missing',
      path: 'Entries.1.member.MessageAttributes.x.member.DataType',
      queryPath: 'SendMessageBatchRequestEntry.1.MessageAttribute.1.Value.DataType',
    },
    {
      kind: 'missing',
      path: 'Entries.2.member.MessageBody',
      queryPath: 'SendMessageBatchRequestEntry.2.MessageBody',
    },
  ])
})

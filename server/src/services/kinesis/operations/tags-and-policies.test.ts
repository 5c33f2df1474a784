import { describe, expect, test } from 'vitest'
import { ScriptedKinesis, TEST_STREAM, TEST_STREAM_ARN } from '../../../../test/kinesis/scripted-kinesis.ts'
import { streamNotFound } from '../errors.ts'

const CONSUMER_ARN = `${TEST_STREAM_ARN}/consumer/app:1700000000`
const OF_STREAM = { service: 'kinesis', resource: { stream: TEST_STREAM, consumer: null } }
const OF_CONSUMER = {
  ...{
    service: 'kinesis',
    resource: { stream: TEST_STREAM, consumer: { name: 'app', created: 1_700_000_000 } },
  },
}
const INVALID =
  'InvalidArgumentException: Some tags contain invalid characters. Valid characters: Unicode letters, digits, white space, _ . / = + - % @.'
const ILLEGAL =
  "under account 000000000000 because some tags contained illegal characters. The allowed characters are Unicode letters, white-spaces, '_',',','/','=','+','-','@'."

const refusal = (name: string, input: object, reply: unknown = {}) =>
  new ScriptedKinesis(reply).refusal(name, { ...input })

test.each([
  [
    'AddTagsToStream',
    { StreamName: 'orders', Tags: { a: 'b' } },
    { ...OF_STREAM, kind: 'tagResource', tags: { a: 'b' } },
  ],
  [
    'RemoveTagsFromStream',
    { StreamName: 'orders', TagKeys: ['a'] },
    { ...OF_STREAM, kind: 'untagResource', keys: ['a'] },
  ],
  [
    'TagResource',
    { ResourceARN: CONSUMER_ARN, Tags: { a: '' } },
    { ...OF_CONSUMER, kind: 'tagResource', tags: { a: '' } },
  ],
  [
    'UntagResource',
    { ResourceARN: CONSUMER_ARN, TagKeys: ['a'] },
    { ...OF_CONSUMER, kind: 'untagResource', keys: ['a'] },
  ],
  [
    'DeleteResourcePolicy',
    { ResourceARN: CONSUMER_ARN },
    { ...OF_CONSUMER, kind: 'setPolicy', policy: null },
  ],
])('%s of %j', async (name, input, command) => {
  const kinesis = new ScriptedKinesis(null)
  expect(await kinesis.run(name, input)).toEqual({})
  expect(kinesis.commands).toEqual([command])
})

describe('tags', () => {
  test.each([';', '\t', '\n', ',', '"'])(
    'with %j in them are refused, keys as well as values',
    async (character) => {
      const text = `a${character}b`
      const StreamName = 'orders'
      expect(await refusal('AddTagsToStream', { StreamName, Tags: { [text]: '' } })).toBe(INVALID)
      expect(await refusal('AddTagsToStream', { StreamName, Tags: { a: text } })).toBe(INVALID)
      expect(await refusal('RemoveTagsFromStream', { StreamName, TagKeys: ['a', text] })).toBe(INVALID)
      expect(await refusal('TagResource', { ResourceARN: TEST_STREAM_ARN, Tags: { a: text } })).toBe(INVALID)
      expect(await refusal('UntagResource', { ResourceARN: CONSUMER_ARN, TagKeys: [text] })).toBe(INVALID)
    },
  )

  test('with a percent sign are refused in other words, as at AWS', async () => {
    expect(await refusal('AddTagsToStream', { StreamName: 'orders', Tags: { 'a%': '' } })).toBe(
      `InvalidArgumentException: Failed to add tags to stream orders ${ILLEGAL}`,
    )
    expect(await refusal('RemoveTagsFromStream', { StreamName: 'orders', TagKeys: ['a%'] })).toBe(
      `InvalidArgumentException: Failed to remove tags from stream orders ${ILLEGAL}`,
    )
  })

  test('can not begin with what is reserved', async () => {
    expect(await refusal('AddTagsToStream', { StreamName: 'orders', Tags: { 'AWS:a': '' } })).toBe(
      'InvalidArgumentException: Failed to add tags to stream orders under account 000000000000 because tag keys that begin with aws: are reserved.',
    )
  })

  test('of a stream that is not there: that comes first', async () => {
    const input = { StreamName: 'orders', TagKeys: [';'] }
    expect(await refusal('RemoveTagsFromStream', input, streamNotFound(TEST_STREAM))).toBe(
      'ResourceNotFoundException: Stream orders under account 000000000000 not found.',
    )
  })

  const lengths = (max: number, min: number) =>
    `[Member must have length less than or equal to ${max}, Member must have length greater than or equal to ${min}]`
  const long = 'x'.repeat(257)
  test.each([
    [
      'AddTagsToStream',
      { Tags: { [long]: '' } },
      `Value '{${long}=}' at 'tags'`,
      `Map keys must satisfy constraint: ${lengths(128, 1)}`,
    ],
    [
      'AddTagsToStream',
      { Tags: { a: long } },
      `Value '{a=${long}}' at 'tags'`,
      `Map value must satisfy constraint: ${lengths(256, 0)}`,
    ],
    [
      'AddTagsToStream',
      { Tags: {} },
      "Value '{}' at 'tags'",
      'Member must have length greater than or equal to 1',
    ],
    [
      'RemoveTagsFromStream',
      { TagKeys: [] },
      "Value '[]' at 'tagKeys'",
      'Member must have length greater than or equal to 1',
    ],
    [
      'RemoveTagsFromStream',
      { TagKeys: ['a', long, 'b'] },
      `Value '[a, ${long}, b]' at 'tagKeys'`,
      `Member must satisfy constraint: ${lengths(128, 1)}`,
    ],
    [
      'ListTagsForStream',
      { Limit: 51 },
      "Value '51' at 'limit'",
      'Member must have value less than or equal to 50',
    ],
    [
      'ListTagsForStream',
      { ExclusiveStartTagKey: '' },
      "Value '' at 'exclusiveStartTagKey'",
      'Member must have length greater than or equal to 1',
    ],
  ])('%s refuses in the words of the validator', async (name, input, at, constraint) => {
    expect(await refusal(name, { StreamName: 'orders', ...input })).toBe(
      `ValidationException: 1 validation error detected: ${at} failed to satisfy constraint: ${constraint}`,
    )
  })

  test('are listed in the order of their keys', async () => {
    const tags = { b: '2', a: '1', c: '' }
    const kinesis = new ScriptedKinesis(tags, tags, tags, tags)
    const list = (input: object) => kinesis.run('ListTagsForStream', { StreamName: 'orders', ...input })
    const [a, b, c] = [
      { Key: 'a', Value: '1' },
      { Key: 'b', Value: '2' },
      { Key: 'c', Value: '' },
    ]
    expect(await list({})).toEqual({ Tags: [a, b, c], HasMoreTags: false })
    expect(await list({ Limit: 2 })).toEqual({ Tags: [a, b], HasMoreTags: true })
    expect(await list({ ExclusiveStartTagKey: 'b', Limit: 1 })).toEqual({ Tags: [c], HasMoreTags: false })
    expect(await kinesis.run('ListTagsForResource', { ResourceARN: CONSUMER_ARN })).toEqual({
      Tags: [a, b, c],
    })
    expect(kinesis.commands.slice(2)).toEqual([
      { ...OF_STREAM, kind: 'listTags' },
      { ...OF_CONSUMER, kind: 'listTags' },
    ])
  })
})

describe('policies', () => {
  const policy = JSON.stringify({
    Statement: { Effect: 'Allow', Principal: { AWS: '111111111111' }, Action: 'kinesis:GetRecords' },
  })

  test('are kept as they were written', async () => {
    const kinesis = new ScriptedKinesis(null, { policy }, { policy: '' })
    expect(await kinesis.run('PutResourcePolicy', { ResourceARN: TEST_STREAM_ARN, Policy: policy })).toEqual(
      {},
    )
    expect(kinesis.commands).toEqual([{ ...OF_STREAM, kind: 'setPolicy', policy }])
    const read = () => kinesis.run('GetResourcePolicy', { ResourceARN: TEST_STREAM_ARN })
    expect(await read()).toEqual({ Policy: policy })
    expect(await read()).toEqual({ Policy: '{}' })
  })

  test.each([
    ['', 'it is no JSON object'],
    ['[]', 'it is no JSON object'],
    ['{}', 'it has no Statement'],
    ['{"Statement":[]}', 'it has no Statement'],
    ['{"Statement":["x"]}', 'a Statement is no object'],
    ['{"Statement":{"Effect":"allow"}}', 'the Effect of a Statement is neither Allow nor Deny'],
    ['{"Statement":{"Effect":"Allow","Action":"*"}}', 'a Statement has no Principal'],
    ['{"Statement":{"Effect":"Deny","Principal":"*"}}', 'a Statement has no Action'],
  ])('%s is none', async (Policy, reason) => {
    expect(await refusal('PutResourcePolicy', { ResourceARN: TEST_STREAM_ARN, Policy })).toBe(
      `InvalidArgumentException: The resource policy is invalid: ${reason}.`,
    )
  })

  test.each(['PutResourcePolicy', 'GetResourcePolicy', 'DeleteResourcePolicy', 'ListTagsForResource'])(
    '%s wants the ARN of a resource of the account',
    async (name) => {
      const Policy = policy
      expect(await refusal(name, { ResourceARN: 'orders', Policy })).toContain(
        "Value 'orders' at 'resourceARN' failed to satisfy constraint: Member must satisfy regular expression pattern: arn:aws.*:kinesis:",
      )
      const ResourceARN = 'arn:aws:kinesis:eu-west-1:111111111111:stream/orders'
      expect(await refusal(name, { ResourceARN, Policy })).toBe(
        `AccessDeniedException: User: arn:aws:iam::000000000000:user/example is not authorized to perform: kinesis:${name} ` +
          `on resource: ${ResourceARN} because no resource-based policy allows the kinesis:${name} action`,
      )
    },
  )
})

import { describe, expect, test } from 'vitest'
import { refusalOf, runOperation, TEST_FIFO_QUEUE, TEST_QUEUE } from '../test-cell.ts'
import { createQueue } from './create-queue.ts'

const create = (input: object, options: object = {}) =>
  runOperation(createQueue, { QueueName: 'orders', ...input }, { replies: [TEST_QUEUE], ...options })

test('a queue is created for the caller, with what was named and nothing else', async () => {
  const { output, commands } = await create({})
  expect(commands).toEqual([
    { service: 'sqs', kind: 'createQueue', queue: TEST_QUEUE, settings: {}, tags: {} },
  ])
  expect(output).toEqual({ QueueUrl: 'http://localhost:4566/000000000000/orders' })
})

test('the URL begins as the client called the server', async () => {
  const { output } = await create({}, { request: { endpoint: 'https://mq.example:8443' } })
  expect(output).toEqual({ QueueUrl: 'https://mq.example:8443/000000000000/orders' })
})

test('attributes and tags go to the cell', async () => {
  const { commands } = await create({
    Attributes: { DelaySeconds: '5', VisibilityTimeout: '60', Policy: '' },
    tags: { team: 'a', empty: '' },
  })
  expect(commands).toMatchObject([
    {
      settings: { delaySeconds: 5, visibilityTimeoutSeconds: 60, policy: '' },
      tags: { team: 'a', empty: '' },
    },
  ])
})

describe('a name', () => {
  test.each(['a', 'A-b_9', 'a'.repeat(80)])('can be %s', async (QueueName) => {
    expect((await create({ QueueName })).commands).toMatchObject([{ queue: { name: QueueName } }])
  })

  test.each(['a b', 'a/b', 'a.b', 'é', 'a\n', 'a'.repeat(81), '.fifo'])('cannot be %j', async (QueueName) => {
    expect(await refusalOf(createQueue, { QueueName })).toEqual({
      code: 'InvalidParameterValueException',
      message: 'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
    })
  })

  test('cannot be empty', async () => {
    expect((await refusalOf(createQueue, { QueueName: '' })).message).toBe('Queue name cannot be empty')
  })
})

describe('a FIFO queue', () => {
  const fifo = (QueueName: string, Attributes: object = { FifoQueue: 'true' }) => ({ QueueName, Attributes })

  test('is created where name and attribute say so', async () => {
    const attributes = { FifoQueue: 'true', ContentBasedDeduplication: 'true' }
    const { commands } = await create(fifo('orders.fifo', attributes), { replies: [TEST_FIFO_QUEUE] })
    expect(commands).toEqual([
      {
        service: 'sqs',
        kind: 'createQueue',
        queue: TEST_FIFO_QUEUE,
        settings: { contentBasedDeduplication: true },
        tags: {},
      },
    ])
  })

  test('has a name of at most 80 characters, the suffix included', async () => {
    const longest = `${'a'.repeat(75)}.fifo`
    expect((await create(fifo(longest))).commands).toMatchObject([{ queue: { name: longest } }])
  })

  test.each(['orders', `${'a'.repeat(76)}.fifo`, '.fifo', 'a.b.fifo', 'orders.FIFO', 'orders.fifo.'])(
    'cannot be called %s',
    async (name) => {
      expect(await refusalOf(createQueue, fifo(name))).toEqual({
        code: 'InvalidParameterValueException',
        message:
          'The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length.',
      })
    },
  )

  test('is not what a name alone makes', async () => {
    for (const attributes of [{}, { FifoQueue: 'false' }, { ContentBasedDeduplication: 'true' }]) {
      expect(await refusalOf(createQueue, fifo('orders.fifo', attributes))).toEqual({
        code: 'InvalidParameterValueException',
        message: 'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
      })
    }
  })

  test('is asked for with true and nothing else', async () => {
    expect(await refusalOf(createQueue, fifo('orders.fifo', { FifoQueue: 'yes' }))).toEqual({
      code: 'InvalidAttributeValue',
      message: 'Invalid value for the parameter FifoQueue.',
    })
    expect(await refusalOf(createQueue, fifo('orders', { FifoQueue: 'false' }))).toEqual({
      code: 'InvalidAttributeName',
      message: 'Unknown Attribute FifoQueue.',
    })
  })
})

test('wrong attributes are refused', async () => {
  const refused = (Attributes: object) => refusalOf(createQueue, { QueueName: 'orders', Attributes })
  expect(await refused({ Foo: '1' })).toEqual({
    code: 'InvalidAttributeName',
    message: 'Unknown Attribute Foo.',
  })
  expect(await refused({ DelaySeconds: '901' })).toEqual({
    code: 'InvalidAttributeValue',
    message: 'Invalid value for the parameter DelaySeconds.',
  })
})

test('wrong tags are refused', async () => {
  const many = Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`k${i}`, '']))
  expect(await refusalOf(createQueue, { QueueName: 'orders', tags: many })).toEqual({
    code: 'InvalidParameterValueException',
    message: 'Too many tags added for queue orders.',
  })
})

test('the cell is told of the wait after a deletion only where the server keeps it', async () => {
  expect((await create({})).commands[0]).not.toMatchObject({ cooldownSeconds: 60 })
  const { commands } = await create({}, { cooldowns: { purge: false, deletion: true } })
  expect(commands).toMatchObject([{ cooldownSeconds: 60 }])
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ServiceError } from '../../api/service-error.ts'
import { sqsAccess } from './access.ts'
import { addressOf, queueUrl, resolveQueue } from './queue-url.ts'
import { TEST_REQUEST } from './test-cell.ts'

const resolve = (url: string) => resolveQueue(url, TEST_REQUEST)
const mine = (region: string, name = 'q') => ({ accountId: '000000000000', region, name })

test('a URL begins as the client called the server, and resolves to its queue again', () => {
  const url = queueUrl({ ...TEST_REQUEST, endpoint: 'https://mq.internal:8443' }, mine('eu-west-1', 'a-b_c'))
  expect(url).toBe('https://mq.internal:8443/000000000000/a-b_c')
  expect(resolve(url)).toEqual(mine('eu-west-1', 'a-b_c'))
})

test.each([
  'http://localhost:4566/000000000000/q',
  'https://any.host.example/000000000000/q',
  'HTTP://LOCALHOST/000000000000/q',
  'localhost:4566/000000000000/q',
  '/000000000000/q',
  'http://[::1]:4566/000000000000/q',
  'http://localhost:4566/000000000000/q/',
  'http://localhost:4566/000000000000/q?Action=ReceiveMessage',
  'http://localhost:4566/queue/q',
  'http://localhost:4566/queue/000000000000/q',
  'q',
])('%s is a queue in the region of the caller', (url) => {
  expect(resolve(url)).toEqual(mine('eu-west-1'))
})

test.each([
  ['http://sqs.us-east-1.localhost.localstack.cloud:4566/000000000000/q', 'us-east-1'],
  ['http://us-west-2.queue.localhost.localstack.cloud:4566/000000000000/q', 'us-west-2'],
  ['http://localhost:4566/queue/ap-southeast-2/000000000000/q', 'ap-southeast-2'],
  ['https://sqs.eu-central-1.amazonaws.com/000000000000/q', 'eu-central-1'],
  ['https://sqs-fips.us-gov-west-1.amazonaws.com/000000000000/q', 'us-gov-west-1'],
  ['https://sqs.cn-north-1.amazonaws.com.cn/000000000000/q', 'cn-north-1'],
  ['https://vpce-1.sqs.eu-north-1.vpce.amazonaws.com/000000000000/q', 'eu-north-1'],
  ['https://us-east-2.queue.amazonaws.com/000000000000/q', 'us-east-2'],
  ['https://queue.amazonaws.com/000000000000/q', 'us-east-1'],
])('%s names the region %s', (url, region) => {
  expect(resolve(url)).toEqual(mine(region))
})

test.each([
  'http://localhost:4566',
  'http://localhost:4566/',
  'http://h/a/b',
  'http://h/1/q',
  'a b',
  'http://h/queue',
])('%s is not an address of a queue', (url) => {
  expect(() => resolve(url)).toThrow(`The address ${url} is not valid for this endpoint.`)
})

test.each([
  'http://h/000000000000/q.x',
  'http://h/000000000000/%71',
  `http://h/000000000000/${'a'.repeat(81)}`,
])('%s is an address of a queue that cannot exist', (url) => {
  expect(() => resolve(url)).toThrow('The specified queue does not exist.')
})

test('a missing queue is worded differently for Query clients', () => {
  expect(() => resolve('http://h/000000000000/a!')).toThrow(
    expect.objectContaining({
      queryMessage: 'The specified queue does not exist for this wsdl version.',
    }),
  )
})

test('a queue of another account is not there', () => {
  expect(() => resolve('http://localhost:4566/123456789012/q')).toThrow(
    'The specified queue does not exist or you do not have access to it.',
  )
})

test('an empty URL is a missing one', () => {
  expect(() => resolve('')).toThrow('The request must contain the parameter QueueUrl.')
})

test('the same URL means another queue to a caller in another region', () => {
  const url = 'http://localhost:4566/000000000000/q'
  resolve(url)
  const caller = { ...TEST_REQUEST.caller, region: 'us-east-1' }
  expect(resolveQueue(url, { ...TEST_REQUEST, caller })).toEqual(mine('us-east-1'))
})

test('whatever a client sends is resolved to a queue that can exist or refused', () => {
  const part = fc.oneof(
    fc.constantFrom(
      'http://',
      'https://',
      '/',
      'queue',
      '000000000000',
      'sqs.',
      'eu-west-1',
      'q',
      '?',
      '#',
      ':1',
    ),
    fc.string({ unit: 'binary', maxLength: 4 }),
  )
  fc.assert(
    fc.property(fc.array(part, { maxLength: 10 }), (parts) => {
      try {
        const queue = resolve(parts.join(''))
        expect(queue.name).toMatch(/^[A-Za-z0-9_-]{1,80}(?:\.fifo)?$/)
        expect(queue.accountId).toBe('000000000000')
      } catch (error) {
        expect(error).toBeInstanceOf(ServiceError)
      }
    }),
  )
})

test('a URL means to each caller what it would mean if nobody had named one before', () => {
  const hosts = ['h', 'sqs.eu-west-3.h']
  const url = fc.oneof(
    fc.tuple(
      fc.constantFrom(...hosts),
      fc.constantFrom('000000000000', '111111111111'),
      fc.constantFrom('q', 'r'),
    ),
    fc.tuple(fc.constantFrom('q', 'r')),
  )
  const asked = fc.tuple(
    url,
    fc.constantFrom('000000000000', '222222222222'),
    fc.constantFrom('eu-west-1', 'eu-west-2'),
  )
  const access = sqsAccess(() => [])
  fc.assert(
    fc.property(fc.array(asked, { maxLength: 12 }), (requests) => {
      for (const [parts, account, region] of requests) {
        const request = { ...TEST_REQUEST, caller: { ...TEST_REQUEST.caller, accountId: account, region } }
        const expected = {
          accountId: parts.length === 1 ? account : parts[1],
          region: parts[0] === hosts[1] ? 'eu-west-3' : region,
          name: parts.at(-1),
        }
        const QueueUrl = parts.join('/')
        const resource = `arn:aws:sqs:${expected.region}:${expected.accountId}:${expected.name}`
        expect(addressOf(QueueUrl, request)).toEqual(expected)
        for (const operation of ['SendMessage', 'DeleteMessage'] as const) {
          const action = `sqs:${operation.toLowerCase()}`
          expect(access[operation]({ QueueUrl }, request)).toEqual({
            action,
            resource,
            accountId: expected.accountId,
          })
        }
      }
    }),
  )
})

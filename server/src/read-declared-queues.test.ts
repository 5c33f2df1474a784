import { expect, test } from 'vitest'
import { parse } from 'yaml'
import type { DeclaredQueue } from './config/config.ts'
import { readDeclaredQueues } from './read-declared-queues.ts'

function read(yaml: string): { queues: readonly DeclaredQueue[]; problems: string[] } {
  const problems: string[] = []
  const queues = readDeclaredQueues(parse(yaml), 'm.yaml: queues', problems)
  return { queues, problems }
}

test('a queue needs a name and nothing else', () => {
  expect(read('- name: orders')).toEqual({
    queues: [
      {
        name: 'orders',
        accountId: '000000000000',
        region: 'us-east-1',
        attributes: {},
        tags: {},
        place: 'm.yaml: queues[0]',
      },
    ],
    problems: [],
  })
})

test('numbers and truth values are written out, documents become JSON, texts stay as they are', () => {
  const { queues, problems } = read(`
- name: orders.fifo
  account: '111111111111'
  region: eu-west-1
  attributes:
    VisibilityTimeout: 60
    FifoQueue: true
    KmsMasterKeyId: ''
    Policy: '{ "Version": "2012-10-17" }'
    RedrivePolicy:
      deadLetterTargetArn: orders-dead
      maxReceiveCount: 3
  tags: { team: mill, floor: 2 }
`)
  expect(problems).toEqual([])
  expect(queues).toMatchObject([
    {
      accountId: '111111111111',
      region: 'eu-west-1',
      attributes: {
        VisibilityTimeout: '60',
        FifoQueue: 'true',
        KmsMasterKeyId: '',
        Policy: '{ "Version": "2012-10-17" }',
        RedrivePolicy: '{"deadLetterTargetArn":"orders-dead","maxReceiveCount":3}',
      },
      tags: { team: 'mill', floor: '2' },
    },
  ])
})

test.each([
  ['orders: {}', 'm.yaml: queues must be a list of queues, each like "- name: orders"'],
  ['- orders', 'm.yaml: queues[0] must be a queue, like "name: orders"'],
  [
    '- name: a\n- name: b\n  atributes: {}',
    'm.yaml: queues[1].atributes: unknown key (did you mean attributes?)',
  ],
  ['- {}', "m.yaml: queues[0].name must be the queue's name, in quotes if it looks like a number"],
  ['- name: 7', "m.yaml: queues[0].name must be the queue's name, in quotes if it looks like a number"],
  [
    '- name: a\n  account: 000000000000',
    "m.yaml: queues[0].account must be an account's twelve digits, in quotes",
  ],
  ['- name: a\n  region: Europe', "m.yaml: queues[0].region must be a region's name, like eu-west-1"],
  [
    '- name: a\n  attributes: [x]',
    'm.yaml: queues[0].attributes must be names with values, like "Name: value"',
  ],
  [
    '- name: a\n  attributes: { DelaySeconds: [1] }',
    'm.yaml: queues[0].attributes.DelaySeconds must be a single value',
  ],
  [
    '- name: a\n  attributes: { DelaySeconds: { a: 1 } }',
    'm.yaml: queues[0].attributes.DelaySeconds must be a single value',
  ],
  [
    '- name: a\n  attributes: { DelaySeconds: }',
    'm.yaml: queues[0].attributes.DelaySeconds must be a single value',
  ],
  ['- name: a\n  tags: { a: { b: c } }', 'm.yaml: queues[0].tags.a must be a single value'],
  [
    '- name: a\n- name: a\n  region: us-east-1',
    'm.yaml: queues[1]: a (us-east-1, 000000000000) is declared twice; see m.yaml: queues[0]',
  ],
])('%j is refused by its path', (yaml, problem) => {
  expect(read(yaml).problems).toEqual([problem])
})

test('the same name in another region or account is no repetition', () => {
  const yaml = "- name: a\n- name: a\n  region: eu-west-1\n- name: a\n  account: '111111111111'"
  expect(read(yaml)).toMatchObject({ problems: [], queues: [{}, {}, {}] })
})

test('an empty list declares nothing', () => {
  expect(read('')).toEqual({ queues: [], problems: [] })
  expect(read('[]')).toEqual({ queues: [], problems: [] })
})

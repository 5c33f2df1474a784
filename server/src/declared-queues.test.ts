import { expect, test } from 'vitest'
import { MachineRig } from '../test/queue-model/machine-rig.ts'
import { operation } from './api/operation.ts'
import { ServiceError } from './api/service-error.ts'
import { SeededRandom } from './base/random.ts'
import type { DeclaredQueue } from './config/config.ts'
import type { CellClient } from './core/ports.ts'
import {
  checkDeclaredQueues,
  compareDeclaredQueues,
  DeclarationError,
  declareQueues,
} from './declared-queues.ts'
import type { SqsCommand, SqsReplies } from './services/sqs/commands.ts'
import { sqs } from './services/sqs/service.ts'

const SCOPE = { accountId: '000000000000', region: 'us-east-1' }
const arn = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`

const serviceOn = (cell: CellClient) =>
  sqs({
    cell,
    random: new SeededRandom(1),
    tokenKey: new Uint8Array(32),
    cooldowns: { purge: false, deletion: false },
    readLanded: () => Promise.reject(new Error('nothing landed here')),
  })

function declared(name: string, options: Partial<DeclaredQueue> = {}): DeclaredQueue {
  return { ...SCOPE, name, attributes: {}, tags: {}, place: `m.yaml: queues of ${name}`, ...options }
}

/** The real state behind the operations, without a journal. */
class Server {
  readonly rig = new MachineRig(1_700_000_000_000)
  readonly cell: CellClient = { execute: async (command) => this.rig.execute(command as SqsCommand).reply }

  declare = (...queues: DeclaredQueue[]) => declareQueues(queues, serviceOn, this.cell)
  compare = (...queues: DeclaredQueue[]) => compareDeclaredQueues(queues, serviceOn, this.cell)

  describe(name: string, region = 'us-east-1'): SqsReplies['getQueue'] {
    const queue = { ...SCOPE, region, name }
    return this.rig.execute({ service: 'sqs', kind: 'getQueue', queue }).reply as SqsReplies['getQueue']
  }
}

async function refusalOf(...queues: DeclaredQueue[]): Promise<string> {
  try {
    await checkDeclaredQueues(queues, serviceOn)
  } catch (error) {
    if (error instanceof DeclarationError) return error.message
    throw error
  }
  return 'not refused'
}

test('what is missing is created with its attributes and tags', async () => {
  const server = new Server()
  const orders = declared('orders', { attributes: { VisibilityTimeout: '60' }, tags: { team: 'mill' } })
  expect(await server.declare(orders)).toEqual([
    {
      queue: orders,
      isMissing: true,
      attributes: [{ name: 'VisibilityTimeout', from: '', to: '60' }],
      tags: [{ name: 'team', from: '', to: 'mill' }],
    },
  ])
  expect(server.describe('orders')).toMatchObject({
    settings: { visibilityTimeoutSeconds: 60, delaySeconds: 0 },
    tags: { team: 'mill' },
  })
})

test('a dead-letter queue may be declared before its source or after it, by name or by ARN', async () => {
  const source = (target: string) => ({
    RedrivePolicy: JSON.stringify({ maxReceiveCount: 3, deadLetterTargetArn: target }),
  })
  const dead = declared('dead', {
    attributes: { RedriveAllowPolicy: '{"redrivePermission":"byQueue","sourceQueueArns":["a","b"]}' },
  })
  const [a, b] = [
    declared('a', { attributes: source('dead') }),
    declared('b', { attributes: source(arn('dead')) }),
  ]
  for (const order of [
    [a, b, dead],
    [dead, a, b],
  ]) {
    const server = new Server()
    await server.declare(...order)
    for (const name of ['a', 'b']) {
      expect(server.describe(name).settings.redrivePolicy).toEqual({
        deadLetterTargetArn: arn('dead'),
        maxReceiveCount: 3,
      })
    }
    expect(server.describe('dead').settings.redriveAllowPolicy?.sourceQueueArns).toEqual([arn('a'), arn('b')])
    expect(await server.compare(...order)).toEqual([])
  }
})

test('two queues may be dead-letter queues of each other', async () => {
  const policy = (target: string) => ({
    attributes: { RedrivePolicy: `{"deadLetterTargetArn":"${target}","maxReceiveCount":1}` },
  })
  const server = new Server()
  await server.declare(declared('a', policy('b')), declared('b', policy('a')))
  expect(server.describe('a').settings.redrivePolicy?.deadLetterTargetArn).toBe(arn('b'))
})

test('what is as declared already stays untouched, however it is written', async () => {
  const server = new Server()
  const queue = declared('q', {
    attributes: {
      VisibilityTimeout: '060',
      RedrivePolicy: `{ "maxReceiveCount": "5",\n "deadLetterTargetArn": "q-dead" }`,
      // Not to be seen while there is no key.
      KmsDataKeyReusePeriodSeconds: '600',
      Policy: '',
    },
  })
  await server.declare(queue, declared('q-dead'))
  const entries = server.rig.log.length
  expect(await server.declare(queue, declared('q-dead'))).toEqual([])
  expect(server.rig.log.length).toBe(entries)
})

test('only what is declared is set back; other attributes, tags and queues are left alone', async () => {
  const server = new Server()
  const queue = declared('q', { attributes: { VisibilityTimeout: '60' }, tags: { team: 'mill' } })
  await server.declare(queue)
  const at = { service: 'sqs', queue: { ...SCOPE, name: 'q' } } as const
  const settings = { visibilityTimeoutSeconds: 5, delaySeconds: 7 }
  server.rig.execute({ ...at, kind: 'setQueueSettings', settings })
  server.rig.execute({ ...at, kind: 'tagQueue', tags: { team: 'other', mine: 'yes' } })
  const other = { ...SCOPE, name: 'other' }
  server.rig.execute({ service: 'sqs', kind: 'createQueue', queue: other, settings: {}, tags: {} })
  expect(await server.declare(queue)).toMatchObject([
    {
      isMissing: false,
      attributes: [{ name: 'VisibilityTimeout', from: '5', to: '60' }],
      tags: [{ name: 'team', from: 'other', to: 'mill' }],
    },
  ])
  expect(server.describe('q')).toMatchObject({
    settings: { visibilityTimeoutSeconds: 60, delaySeconds: 7 },
    tags: { team: 'mill', mine: 'yes' },
  })
  expect(server.describe('other').tags).toEqual({})
})

test('a redrive policy that was changed by hand is set back too', async () => {
  const server = new Server()
  const attributes = { RedrivePolicy: '{"deadLetterTargetArn":"dead","maxReceiveCount":3}' }
  const queues = [declared('q', { attributes }), declared('dead')]
  await server.declare(...queues)
  const queue = { ...SCOPE, name: 'q' }
  server.rig.execute({ service: 'sqs', kind: 'setQueueSettings', queue, settings: { redrivePolicy: null } })
  expect(await server.declare(...queues)).toMatchObject([
    { attributes: [{ name: 'RedrivePolicy', from: '' }] },
  ])
  expect(server.describe('q').settings.redrivePolicy?.maxReceiveCount).toBe(3)
})

test('a comparison changes nothing', async () => {
  const server = new Server()
  expect(await server.compare(declared('q'))).toMatchObject([{ isMissing: true }])
  expect(server.rig.log).toEqual([])
})

test('the same name in another region or account is another queue', async () => {
  const server = new Server()
  const attributes = { DelaySeconds: '9' }
  await server.declare(
    declared('q'),
    declared('q', { region: 'eu-west-1', attributes }),
    declared('q', { accountId: '111111111111' }),
  )
  expect(server.describe('q').settings.delaySeconds).toBe(0)
  expect(server.describe('q', 'eu-west-1').settings.delaySeconds).toBe(9)
})

test('a tag with an empty value is created and then left alone', async () => {
  const server = new Server()
  const queue = declared('q', { tags: { empty: '' } })
  await server.declare(queue)
  expect(server.describe('q').tags).toEqual({ empty: '' })
  expect(await server.compare(queue)).toEqual([])
  const bare = { ...SCOPE, name: 'bare' }
  server.rig.execute({ service: 'sqs', kind: 'createQueue', queue: bare, settings: {}, tags: {} })
  await server.declare(declared('bare', { tags: { empty: '' } }))
  expect(server.describe('bare').tags).toEqual({ empty: '' })
})

test('what SQS refuses is told by its key in the file, in the words that a client would read', async () => {
  const place = 'm.yaml: queues of q'
  const attributes = (each: Record<string, string>) => refusalOf(declared('q', { attributes: each }))
  expect(await refusalOf(declared('q'))).toBe('not refused')
  expect(await attributes({ DelaySeconds: '1', VisibilityTimeout: '-1' })).toBe(
    `${place}.attributes.VisibilityTimeout: Invalid value for the parameter VisibilityTimeout.`,
  )
  expect(await attributes({ VisbilityTimeout: '1', DelaySeconds: '1' })).toBe(
    `${place}.attributes.VisbilityTimeout: Unknown Attribute VisbilityTimeout.`,
  )
  expect(await attributes({ QueueArn: 'x' })).toContain(`${place}.attributes.QueueArn`)
  expect(await attributes({ RedrivePolicy: '{"deadLetterTargetArn":"dead"}' })).toContain(
    `${place}.attributes.RedrivePolicy: `,
  )
  expect(await refusalOf(declared('bad name'))).toMatch(/queues of bad name\.name: /)
  expect(await refusalOf(declared('q', { tags: { 'aws:x': 'y' } }))).toMatch(/queues of q\.tags: /)
  expect(await attributes({ SqsManagedSseEnabled: 'true', KmsMasterKeyId: 'k' })).toMatch(
    /queues of q\.attributes\.(SqsManagedSseEnabled|KmsMasterKeyId): /,
  )
})

test('an attribute is blamed though the name needs another one beside it', async () => {
  const refuse = (message: string) => new ServiceError({ code: 'C', status: 400, fault: 'client' }, message)
  const createQueue = operation<{ Attributes: Record<string, string> }, object>(
    'CreateQueue',
    async ({ Attributes }) => {
      if (Attributes.FifoQueue !== 'true') throw refuse('a name like this needs FifoQueue')
      if (Attributes.DelaySeconds === '9') throw refuse('the delay is wrong')
      return {}
    },
  )
  const service = { ...serviceOn(new Server().cell), operations: new Map([['CreateQueue', createQueue]]) }
  const blamed = (attributes: Record<string, string>) =>
    checkDeclaredQueues([declared('q', { attributes })], () => service)
  await expect(blamed({ FifoQueue: 'true', DelaySeconds: '9' })).rejects.toThrow(
    'queues of q.attributes.DelaySeconds: the delay is wrong',
  )
  await expect(blamed({ DelaySeconds: '1' })).rejects.toThrow(
    'queues of q.name: a name like this needs FifoQueue',
  )
  await expect(blamed({ FifoQueue: 'true', DelaySeconds: '1' })).resolves.toBeUndefined()
})

test('what SQS can refuse only when it sees the queues is told by its place as well', async () => {
  const server = new Server()
  const attributes = { RedrivePolicy: '{"deadLetterTargetArn":"no-such","maxReceiveCount":3}' }
  await expect(server.declare(declared('q', { attributes }))).rejects.toMatchObject({
    name: 'DeclarationError',
    isMistake: true,
    message: expect.stringMatching(
      /queues of q\.attributes\.RedrivePolicy: .*Dead letter target does not exist/,
    ),
  })
})

test('a failure of the server is not taken for a mistake in the file', async () => {
  const broken: CellClient = { execute: () => Promise.reject(new Error('the disk is gone')) }
  await expect(declareQueues([declared('q')], serviceOn, broken)).rejects.toThrow('the disk is gone')
})

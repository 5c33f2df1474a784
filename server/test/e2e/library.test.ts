import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ListQueuesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs'
import { afterEach, expect, test, vi } from 'vitest'
import { type Millrace, type MillraceOptions, startMillrace } from '../../src/library/start-millrace.ts'

/** The library as a test suite uses it, with the real SDK over real sockets. */
const cleanUp: (() => unknown)[] = []
afterEach(async () => {
  for (const each of cleanUp.splice(0).reverse()) await each()
})

async function start(options?: MillraceOptions): Promise<{ server: Millrace; sqs: SQSClient }> {
  const server = await startMillrace(options)
  const sqs = new SQSClient({ ...server.clientConfig, maxAttempts: 1 })
  cleanUp.push(
    () => server.stop(),
    () => sqs.destroy(),
  )
  return { server, sqs }
}

const urlOf = (server: Millrace, name: string) => `${server.endpoint}/000000000000/${name}`

async function send(sqs: SQSClient, QueueUrl: string, MessageBody: string, more = {}) {
  return sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, ...more }))
}

async function receive(sqs: SQSClient, QueueUrl: string, more = {}): Promise<readonly Message[]> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, ...more }),
  )
  return Messages
}

const REDRIVE = { RedrivePolicy: { deadLetterTargetArn: 'orders-dead', maxReceiveCount: 1 } }
const WITH_DEAD_LETTERS = [
  'orders-dead',
  { name: 'orders', attributes: { VisibilityTimeout: 30, ...REDRIVE } },
]

test('a server with declared queues takes an SDK client with its configuration and nothing else', async () => {
  const { server, sqs } = await start({ queues: WITH_DEAD_LETTERS })
  const { QueueUrls } = await sqs.send(new ListQueuesCommand({}))
  expect(QueueUrls).toEqual([urlOf(server, 'orders'), urlOf(server, 'orders-dead')])
  await send(sqs, QueueUrls![0]!, 'two millstones')
  expect(await receive(sqs, QueueUrls![0]!)).toMatchObject([{ Body: 'two millstones' }])
  const forged = new SQSClient({
    ...server.clientConfig,
    credentials: { ...server.credentials, secretAccessKey: 'wrong' },
  })
  cleanUp.push(() => forged.destroy())
  await expect(forged.send(new ListQueuesCommand({}))).rejects.toThrow(/signature/i)
})

test('without authentication any key does, and a region of its own is everywhere the first one', async () => {
  const { server } = await start({ auth: false, region: 'eu-west-1', queues: ['orders'] })
  const credentials = { accessKeyId: 'any', secretAccessKey: 'any' }
  const sqs = new SQSClient({ ...server.clientConfig, credentials })
  cleanUp.push(() => sqs.destroy())
  const { QueueUrls } = await sqs.send(new ListQueuesCommand({}))
  expect(QueueUrls).toHaveLength(1)
  await send(sqs, QueueUrls![0]!, 'one')
  expect((await server.inspect('orders')).waiting).toMatchObject([{ body: 'one' }])
  expect((await server.inspect(QueueUrls![0]!)).waiting).toHaveLength(1)
  await expect(server.inspect({ name: 'orders', region: 'us-east-1' })).rejects.toThrow(
    'there is no queue orders in us-east-1, account 000000000000',
  )
  expect(server.env).toMatchObject({ AWS_REGION: 'eu-west-1', AWS_ENDPOINT_URL: server.endpoint })
})

test('looking into a queue shows what waits, is in flight and is delayed, and receives nothing', async () => {
  const { server, sqs } = await start({ queues: ['orders'] })
  const QueueUrl = urlOf(server, 'orders')
  server.clock.freeze()
  const MessageAttributes = { kind: { DataType: 'String', StringValue: 'stone' } }
  await send(sqs, QueueUrl, 'in flight', { MessageAttributes })
  await receive(sqs, QueueUrl, { VisibilityTimeout: 100 })
  await send(sqs, QueueUrl, 'waiting')
  await send(sqs, QueueUrl, 'delayed', { DelaySeconds: 60 })
  const now = server.clock.now()
  const looked = [await server.inspect('orders'), await server.inspect('orders')]
  for (const each of looked) {
    expect(each).toMatchObject({
      waiting: [{ body: 'waiting', receiveCount: 0, sentAt: now, messageAttributes: {} }],
      inFlight: [
        {
          body: 'in flight',
          receiveCount: 1,
          visibleAt: now + 100_000,
          messageAttributes: MessageAttributes,
        },
      ],
      delayed: [{ body: 'delayed', receiveCount: 0, visibleAt: now + 60_000 }],
      more: false,
    })
  }
  expect(await server.inspect('orders', { limit: 1 })).toMatchObject({ waiting: [], more: true })
  await expect(server.inspect('orders', { limit: 0 })).rejects.toThrow(TypeError)
})

test('more messages than one look shows are all there', async () => {
  const { server, sqs } = await start({ queues: ['orders'] })
  for (let i = 0; i < 120; i++) {
    const Entries = Array.from({ length: 10 }, (_, j) => ({ Id: String(j), MessageBody: String(i * 10 + j) }))
    await sqs.send(new SendMessageBatchCommand({ QueueUrl: urlOf(server, 'orders'), Entries }))
  }
  expect(await server.inspect('orders')).toMatchObject({ waiting: { length: 1000 }, more: true })
  const { waiting } = await server.inspect('orders', { limit: 2000 })
  expect(waiting.map(({ body }) => Number(body))).toEqual(Array.from({ length: 1200 }, (_, i) => i))
})

test('the history of a queue tells what happened to each message, in order', async () => {
  const { server, sqs } = await start({ queues: WITH_DEAD_LETTERS })
  const QueueUrl = urlOf(server, 'orders')
  const { MessageId } = await send(sqs, QueueUrl, 'good')
  await send(sqs, QueueUrl, 'bad')
  const [good, bad] = await receive(sqs, QueueUrl)
  await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: good!.ReceiptHandle }))
  await sqs.send(
    new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: bad!.ReceiptHandle, VisibilityTimeout: 0 }),
  )
  expect(await receive(sqs, QueueUrl)).toEqual([])
  const told = server.history('orders').map(({ event, to, message }) => [event, message.body, to])
  expect(told).toEqual([
    ['sent', 'good', undefined],
    ['sent', 'bad', undefined],
    ['received', 'good', undefined],
    ['received', 'bad', undefined],
    ['deleted', 'good', undefined],
    ['visibilityChanged', 'bad', undefined],
    ['deadLettered', 'bad', 'orders-dead'],
  ])
  expect(server.history('orders')[4]).toMatchObject({
    queue: 'orders',
    at: expect.any(Number),
    message: { messageId: MessageId, receiveCount: 1 },
  })
  expect(server.history('orders-dead')).toMatchObject([
    { event: 'deadLettered', queue: 'orders', to: 'orders-dead', message: { body: 'bad', receiveCount: 1 } },
  ])
  await sqs.send(
    new StartMessageMoveTaskCommand({
      SourceArn: 'arn:aws:sqs:us-east-1:000000000000:orders-dead',
      MaxNumberOfMessagesPerSecond: 1,
    }),
  )
  await server.waitFor({ queue: 'orders', event: 'moved' })
  expect((await server.inspect('orders')).waiting).toMatchObject([{ body: 'bad', receiveCount: 0 }])
})

test('groups and duplicates of a FIFO queue are told as they are', async () => {
  const { server, sqs } = await start({ queues: [{ name: 'q.fifo', attributes: { FifoQueue: true } }] })
  const QueueUrl = urlOf(server, 'q.fifo')
  const more = { MessageGroupId: 'a', MessageDeduplicationId: '1' }
  await send(sqs, QueueUrl, 'one', more)
  await send(sqs, QueueUrl, 'one again', more)
  expect(server.history('q.fifo')).toMatchObject([
    { event: 'sent', message: { body: 'one', systemAttributes: more } },
  ])
  await server.clock.advance('5m')
  await send(sqs, QueueUrl, 'one later', more)
  expect((await server.inspect('q.fifo')).waiting.map(({ body }) => body)).toEqual(['one', 'one later'])
})

test('a wait ends when it happens, or at once if it did, and tells the message', async () => {
  const { server, sqs } = await start({ queues: ['orders'] })
  const QueueUrl = urlOf(server, 'orders')
  const where = ({ body }: { body: string }) => JSON.parse(body).id === 7
  const waiting = server.waitFor({ queue: 'orders', event: 'deleted', where })
  const third = server.waitFor({ queue: QueueUrl, event: 'sent', count: 3 })
  for (const id of [6, 7, 8]) await send(sqs, QueueUrl, JSON.stringify({ id }))
  expect(await third).toMatchObject({ message: { body: '{"id":8}' } })
  for (const { ReceiptHandle } of await receive(sqs, QueueUrl)) {
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }))
  }
  expect(await waiting).toMatchObject({ event: 'deleted', queue: 'orders', message: { body: '{"id":7}' } })
  expect(await server.waitFor({ queue: 'orders', event: 'received', where })).toMatchObject({
    event: 'received',
  })
  const asked: string[] = []
  const first = ({ body }: { body: string }) => asked.push(body) > 0
  await server.waitFor({ queue: 'orders', event: 'sent', where: first })
  expect(asked).toEqual(['{"id":6}'])
  const onlyNew = server.waitFor({ queue: 'orders', event: 'sent' }, { fromNow: true })
  await send(sqs, QueueUrl, '{"id":9}')
  expect((await onlyNew).message.body).toBe('{"id":9}')
})

test('a wait may begin before its queue is there', async () => {
  const { server, sqs } = await start()
  const waiting = server.waitFor({ queue: 'later', event: 'sent' })
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'later' }))
  await send(sqs, QueueUrl!, 'one')
  expect((await waiting).message.body).toBe('one')
})

test('a wait that is in vain says what happened instead', async () => {
  const { server, sqs } = await start({ queues: ['orders'] })
  const wait = (count: number, more = {}) =>
    server.waitFor({ queue: 'orders', event: 'deleted', count, ...more }, { timeoutMs: 20 })
  await expect(wait(1)).rejects.toThrow(
    '"deleted" did not happen to a message of orders within 20 ms. Nothing happened there.',
  )
  await send(sqs, urlOf(server, 'orders'), `one${'x'.repeat(200)}`)
  await receive(sqs, urlOf(server, 'orders'))
  await expect(wait(2, { where: () => false })).rejects.toThrow(
    /to such a message of orders 2 times, but 0 within 20 ms\. What .* last:\n {2}sent, received 0 times: onex{77}…\n {2}received, received 1 times/,
  )
  await expect(wait(0)).rejects.toThrow(TypeError)
  await expect(server.waitFor({ queue: 'orders', event: 'eaten' as 'sent' })).rejects.toThrow(
    /one of sent, rec/,
  )
  await expect(server.waitFor({ queue: 'a/b', event: 'sent' })).rejects.toThrow('"a/b" is neither')
  const where = () => {
    throw new Error('a mistake in the test')
  }
  await expect(server.waitFor({ queue: 'orders', event: 'sent', where })).rejects.toThrow(
    'a mistake in the test',
  )
})

test('time is set: what is delayed comes, what was received comes back, and who waits is answered', async () => {
  const { server, sqs } = await start({ queues: ['orders'] })
  const QueueUrl = urlOf(server, 'orders')
  server.clock.freeze()
  const before = server.clock.now()
  await send(sqs, QueueUrl, 'delayed', { DelaySeconds: 600 })
  const waiting = receive(sqs, QueueUrl, { WaitTimeSeconds: 20 })
  await vi.waitFor(async () => expect((await server.inspect('orders')).delayed).toHaveLength(1))
  await new Promise((resolve) => setTimeout(resolve, 50))
  await server.clock.advance('10m')
  expect(await waiting).toMatchObject([{ Body: 'delayed' }])
  expect(server.history('orders').at(-1)).toMatchObject({ event: 'received', at: before + 600_000 })
  await server.clock.advance(29_999)
  expect(await receive(sqs, QueueUrl)).toEqual([])
  await server.clock.advance(1)
  expect(await receive(sqs, QueueUrl)).toMatchObject([{ Body: 'delayed' }])
  expect([server.clock.now(), server.clock.isFrozen]).toEqual([before + 630_000, true])
  server.clock.resume()
  await expect(server.clock.advance('soon')).rejects.toThrow('the duration must be a span of time')
})

test('a reset leaves the declared queues, forgets what happened, and lets time pass again', async () => {
  const { server, sqs } = await start({ queues: ['orders'] })
  await sqs.send(new CreateQueueCommand({ QueueName: 'other' }))
  await send(sqs, urlOf(server, 'orders'), 'one')
  server.clock.freeze()
  await server.reset()
  const { QueueUrls } = await sqs.send(new ListQueuesCommand({}))
  expect(QueueUrls).toEqual([urlOf(server, 'orders')])
  expect([server.history('orders'), server.clock.isFrozen]).toEqual([[], false])
  await send(sqs, urlOf(server, 'orders'), 'two')
  expect(server.history('orders')).toMatchObject([{ message: { body: 'two' } }])
})

test('the history keeps the newest events', async () => {
  const { server, sqs } = await start({ queues: ['orders'], historyEntries: 3 })
  for (let i = 0; i < 10; i++) await send(sqs, urlOf(server, 'orders'), `m${i}`)
  expect(server.history('orders').map(({ message }) => message.body)).toEqual(['m7', 'm8', 'm9'])
})

test('several servers in one process do not disturb each other', async () => {
  const all = await Promise.all([1, 2, 3].map(() => start({ queues: ['orders'] })))
  await Promise.all(all.map(({ server, sqs }, i) => send(sqs, urlOf(server, 'orders'), `to ${i}`)))
  await all[0]!.server.clock.advance('5d')
  await all[1]!.server.stop()
  const bodies = await Promise.all(
    [all[0]!, all[2]!].map(async ({ server }) =>
      (await server.inspect('orders')).waiting.map(({ body }) => body),
    ),
  )
  expect(bodies).toEqual([[], ['to 2']])
  expect(new Set(all.map(({ server }) => server.credentials.secretAccessKey)).size).toBe(3)
})

test('a data directory keeps its messages, its key and its time, and they are told of when they go on', async () => {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'millrace-library-'))
  cleanUp.push(() => rm(dataDirectory, { recursive: true, force: true }))
  const options = { dataDirectory, durability: 'os', queues: ['orders'] } as const
  const first = await start(options)
  await send(first.sqs, urlOf(first.server, 'orders'), 'kept')
  await first.server.clock.advance('2d')
  const stoppedAt = first.server.clock.now()
  await first.server.stop()
  const { server, sqs } = await start(options)
  expect(server.credentials).toEqual(first.server.credentials)
  expect(server.clock.now()).toBeGreaterThanOrEqual(stoppedAt)
  expect(server.history('orders')).toEqual([])
  const QueueUrl = urlOf(server, 'orders')
  const [message] = await receive(sqs, QueueUrl)
  await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message!.ReceiptHandle }))
  await server.waitFor({ queue: 'orders', event: 'deleted' })
  expect(server.history('orders').map(({ event, message }) => [event, message.body])).toEqual([
    ['received', 'kept'],
    ['deleted', 'kept'],
  ])
})

test('a stop ends what waits, answers long polls, and can be called again', async () => {
  const { server, sqs } = await start({ queues: ['orders'] })
  const poll = receive(sqs, urlOf(server, 'orders'), { WaitTimeSeconds: 20 })
  const wait = expect(server.waitFor({ queue: 'orders', event: 'sent' })).rejects.toThrow(
    'the server was stopped',
  )
  await new Promise((resolve) => setTimeout(resolve, 100))
  const startedAt = performance.now()
  await Promise.all([server.stop(), server.stop()])
  await server[Symbol.asyncDispose]()
  expect(performance.now() - startedAt).toBeLessThan(5000)
  await wait
  expect(await poll).toEqual([])
  await expect(fetch(server.endpoint)).rejects.toThrow()
  await expect(server.inspect('orders')).rejects.toThrow('the server was stopped')
  await expect(server.clock.advance(1)).rejects.toThrow('the server was stopped')
  await expect(server.waitFor({ queue: 'orders', event: 'received' })).rejects.toThrow(
    'the server was stopped',
  )
})

test('options that are wrong are all named', async () => {
  const wrong = { auht: true, port: 70_000, region: 'x y', historyEntries: -1, queues: [{ nam: 'x' }, 7] }
  const refused = expect(startMillrace(wrong as never)).rejects
  await refused.toThrow(TypeError)
  for (const part of [
    ...['auht: unknown option (did you mean auth?)', 'port must be a whole number', 'region must be'],
    ...[
      'historyEntries must be',
      'queues[0].nam: unknown key (did you mean name?)',
      'queues[1] must be a queue',
    ],
  ]) {
    await expect(startMillrace(wrong as never)).rejects.toThrow(part)
  }
  await expect(startMillrace({ durability: 'os' })).rejects.toThrow('durability needs a dataDirectory')
  await expect(startMillrace({ auth: 'off' as never })).rejects.toThrow('auth must be of type boolean')
  await expect(
    startMillrace({ queues: [{ name: 'q', attributes: { VisibilityTimeout: -1 } }] }),
  ).rejects.toThrow(/^queues\[0\]\.attributes\.VisibilityTimeout: /)
})

test('a child process finds the server by its variables, and the command line its clock', async () => {
  const { server } = await start({ queues: ['orders'] })
  const binary = new URL('../../bin/millrace.js', import.meta.url).pathname
  const env = { PATH: process.env.PATH, ...server.env }
  const millrace = (...args: string[]) => promisify(execFile)(process.execPath, [binary, ...args], { env })
  await millrace('send', 'orders', 'from a child')
  expect(server.history('orders')).toMatchObject([{ event: 'sent', message: { body: 'from a child' } }])
  const before = server.clock.now()
  await millrace('clock', 'advance', '1h')
  expect(server.clock.now()).toBeGreaterThanOrEqual(before + 3_600_000)
})

test('a program that stopped its server ends by itself', async () => {
  const library = new URL('../../dist/library/start-millrace.js', import.meta.url).href
  const program = `
    import { startMillrace } from ${JSON.stringify(library)}
    const server = await startMillrace({ queues: ['orders'] })
    await fetch(server.endpoint + '/health/ready')
    await server.clock.advance('1d')
    const inVain = server.waitFor({ queue: 'orders', event: 'sent' }, { timeoutMs: 600_000 })
    await Promise.all([inVain.catch(() => {}), server.stop()])
    console.log('stopped')`
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '-e', program],
    { timeout: 30_000 },
  )
  expect([stdout, stderr]).toEqual(['stopped\n', ''])
})

test('queue attributes tell the time that was set', async () => {
  const { server, sqs } = await start()
  await server.clock.advance('10d')
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'q' }))
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }))
  expect(Number(Attributes?.CreatedTimestamp) * 1000).toBeGreaterThan(Date.now() + 9 * 86_400_000)
})

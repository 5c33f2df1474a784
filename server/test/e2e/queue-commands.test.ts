import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { runCommandLine } from '../../src/cli/command-line.ts'
import { TestTerminal } from '../../src/cli/test-terminal.ts'
import { ServerProcess, TEST_KEY } from '../server-process.ts'

/** What a person does with queues on the command line, on real servers: one open, one that wants signatures. */
const BINARY = fileURLToPath(new URL('../../bin/millrace.js', import.meta.url))

let open: ServerProcess
let closed: ServerProcess
let sqs: SQSClient
let queues = 0
let QueueName: string
let QueueUrl: string

beforeAll(async () => {
  ;[open, closed] = await Promise.all([ServerProcess.create('--auth', 'off'), ServerProcess.create()])
  await Promise.all([open.start(), closed.start()])
  sqs = clientOf(open)
})
afterAll(async () => {
  sqs.destroy()
  await Promise.all([open.destroy(), closed.destroy()])
})
beforeEach(async () => {
  QueueName = `queue-${++queues}`
  QueueUrl = (await sqs.send(new CreateQueueCommand({ QueueName }))).QueueUrl!
})

function clientOf(
  server: ServerProcess,
  region = 'us-east-1',
  accessKeyId: string = TEST_KEY.accessKeyId,
): SQSClient {
  const credentials = { ...TEST_KEY, accessKeyId }
  return new SQSClient({ endpoint: server.url, region, credentials, maxAttempts: 1 })
}

const portOf = (server: ServerProcess) => new URL(server.url).port

interface Ran {
  readonly exitCode: number
  readonly printed: string
  readonly complained: string
}

function start(
  args: readonly string[],
  {
    environment = {},
    input = '',
    isInteractive = false,
    place = ['--auth', 'off', '--port', portOf(open)],
  } = {},
): { readonly terminal: TestTerminal; readonly ran: Promise<Ran> } {
  const terminal = new TestTerminal()
  Object.assign(terminal, { input, isInteractive })
  const refuse = () => Promise.reject(new Error('no server was to be started here'))
  const options = { environment, terminal, workingDirectory: '/nonexistent', start: refuse, preview: refuse }
  const ran = runCommandLine({ ...options, args: [...args, ...place] }).then((exitCode) => ({
    exitCode,
    printed: terminal.printed,
    complained: terminal.complained,
  }))
  return { terminal, ran }
}

const run = (args: readonly string[], options: Parameters<typeof start>[1] = {}) => start(args, options).ran

const receive = async () => {
  const asked = { QueueUrl, MessageAttributeNames: ['All'], MessageSystemAttributeNames: ['All'] as const }
  return (
    (await sqs.send(new ReceiveMessageCommand({ ...asked, MessageSystemAttributeNames: ['All'] })))
      .Messages ?? []
  )
}
const send = (MessageBody: string, DelaySeconds = 0) =>
  sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, DelaySeconds }))

test('send: a message with attributes and a group, and its id is printed', async () => {
  const more = ['--attribute', 'kind=stone', '--attribute', 'n:Number=3', '--group', 'tenant']
  const { exitCode, printed } = await run(['send', QueueName, 'two millstones', ...more])
  expect(exitCode).toBe(0)
  const [message] = await receive()
  expect(message).toMatchObject({
    MessageId: printed.trim(),
    Body: 'two millstones',
    Attributes: { MessageGroupId: 'tenant' },
    MessageAttributes: { kind: { StringValue: 'stone' }, n: { StringValue: '3', DataType: 'Number' } },
  })
})

test('send: a body from standard input is taken as it comes, in a process of its own too', async () => {
  await run(['send', QueueName, '-'], { input: 'line 1\nline 2\n' })
  await run(['send', QueueName], { input: 'piped' })
  const args = [BINARY, 'send', QueueName, '--auth', 'off', '--port', portOf(open)]
  expect(spawnSync(process.execPath, args, { input: 'über\n' }).status).toBe(0)
  const bodies = [await receive(), await receive(), await receive()].map(([message]) => message?.Body)
  expect(bodies).toEqual(['line 1\nline 2\n', 'piped', 'über\n'])
  const binary = spawnSync(process.execPath, args, { input: Buffer.from([0xff]), encoding: 'utf8' })
  expect([binary.status, binary.stderr]).toEqual([2, 'millrace: standard input is not UTF-8 text\n'])
})

test('send: a person who gives no body is not left waiting', async () => {
  expect(await run(['send', QueueName], { isInteractive: true })).toMatchObject({ exitCode: 2 })
})

test('send: what SQS refuses is told, with its code', async () => {
  const { exitCode, complained } = await run(['send', QueueName, 'x', '--delay', '901'])
  expect(exitCode).toBe(1)
  expect(complained).toMatch(/^millrace: the server refused it: .*DelaySeconds.*\(InvalidParameterValue/)
})

test('redrive: dead letters go back to where they came from', async () => {
  const dead = `${QueueName}-dead`
  await sqs.send(new CreateQueueCommand({ QueueName: dead }))
  const deadLetterTargetArn = `arn:aws:sqs:us-east-1:000000000000:${dead}`
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 1 })
  await sqs.send(
    new SetQueueAttributesCommand({ QueueUrl, Attributes: { RedrivePolicy, VisibilityTimeout: '0' } }),
  )
  for (const body of ['a', 'b', 'c']) await send(body)
  for (let i = 0; i < 4; i++) await receive()
  expect(await receive()).toEqual([])
  const { exitCode, printed } = await run(['redrive', dead])
  expect([exitCode, printed.split('\n').at(-2)]).toEqual([0, 'done: moved 3 of 3'])
  const bodies = [await receive(), await receive(), await receive()].map(([message]) => message?.Body)
  expect(bodies.sort()).toEqual(['a', 'b', 'c'])
})

test('peek: what is visible, in flight and delayed, with deadlines and counts, and nothing changes', async () => {
  await send('in flight')
  await receive()
  await send('delayed', 600)
  await send(`visible ${'x'.repeat(500)}`)
  for (let i = 0; i < 2; i++) {
    const { exitCode, printed } = await run(['peek', QueueName])
    expect(exitCode).toBe(0)
    expect(printed).toMatch(/in flight until \S+, sent \S+, received 1 times\n {2}in flight\n/)
    expect(printed).toMatch(/delayed until \S+, sent \S+, received 0 times\n {2}delayed\n/)
    expect(printed).toMatch(/visible, sent \S+, received 0 times\n {2}visible x+… \(348 more\)\n/)
  }
  const full = await run(['peek', QueueName, '--full'])
  expect(full.printed).toContain('x'.repeat(500))
  const json = await run(['peek', QueueName, '--json', '--limit', '2'])
  expect(
    json.printed
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toMatchObject([
    { state: 'in flight', receiveCount: 1, body: 'in flight', visibleAt: expect.any(String) },
    { state: 'delayed', receiveCount: 0, visibleAt: expect.any(String) },
  ])
  expect((await run(['peek', QueueName, '--limit', '1'])).complained).toContain('there may be more')
  expect((await run(['peek', QueueName, '--limit', 'x'])).exitCode).toBe(2)
  expect(await receive()).toMatchObject([{ Attributes: { ApproximateReceiveCount: '1' } }])
})

test('peek: an empty queue is said to be', async () => {
  expect(await run(['peek', QueueName])).toEqual({
    exitCode: 0,
    printed: '',
    complained: `${QueueName} holds no messages\n`,
  })
})

test('a region and an account are where the queue is', async () => {
  const elsewhere = clientOf(open, 'eu-west-1', '111111111111')
  await elsewhere.send(new CreateQueueCommand({ QueueName: 'elsewhere' }))
  const place = ['--region', 'eu-west-1', '--account', '111111111111']
  expect((await run(['send', 'elsewhere', 'far away', ...place])).exitCode).toBe(0)
  expect((await run(['peek', 'elsewhere', ...place])).printed).toContain('far away')
  expect((await run(['queues', ...place])).printed).toMatch(/^elsewhere +1 +0 +0$/m)
  expect((await run(['peek', 'elsewhere'])).exitCode).toBe(1)
  expect(
    (await run(['peek', `${open.url}/111111111111/elsewhere`, '--region', 'eu-west-1'])).printed,
  ).toContain('far away')
  elsewhere.destroy()
})

test('queues: a table with counts, or JSON', async () => {
  await send('a')
  await send('b')
  await receive()
  await send('c', 600)
  const { printed } = await run(['queues'])
  expect(printed).toMatch(/^queue +waiting +in flight +delayed\n/)
  expect(printed).toMatch(new RegExp(`^${QueueName} +1 +1 +1$`, 'm'))
  const rows = (await run(['queues', '--json'])).printed
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(rows).toContainEqual({ name: QueueName, url: QueueUrl, waiting: 1, inFlight: 1, delayed: 1 })
  expect((await run(['queues', '--region', 'ap-south-1'])).printed).toBe(
    'no queues in ap-south-1, account 000000000000\n',
  )
})

test('purge: asks a person, refuses to guess without one, and does what it is told to', async () => {
  const waiting = async () => {
    const AttributeNames = ['ApproximateNumberOfMessages'] as const
    const asked = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...AttributeNames] })
    return (await sqs.send(asked)).Attributes?.ApproximateNumberOfMessages
  }
  await send('a')
  await send('b')
  expect((await run(['purge', QueueName])).exitCode).toBe(2)
  for (const input of ['', 'n', 'yesterday']) {
    const asked = await run(['purge', QueueName], { isInteractive: true, input })
    expect(asked.exitCode).toBe(1)
    expect(asked.complained).toContain(`Delete all 2 messages of ${QueueName} at ${open.url}? [y/N]`)
  }
  expect(await waiting()).toBe('2')
  expect((await run(['purge', QueueName], { isInteractive: true, input: 'y' })).exitCode).toBe(0)
  expect(await waiting()).toBe('0')
  await send('c')
  expect((await run(['purge', QueueName, '--yes'])).printed).toBe(`purged ${QueueName}\n`)
  expect(await waiting()).toBe('0')
})

test('tail: what comes from now on, each message once, until a signal', async () => {
  await send('before')
  const { terminal, ran } = start(['tail', QueueName])
  await until(() => terminal.complained.includes('following'))
  for (let i = 0; i < 3; i++) await send(`after ${i}`, i === 2 ? 600 : 0)
  await until(() => terminal.printed.includes('after 2'))
  terminal.signal('SIGINT')
  const { exitCode, printed } = await ran
  expect(exitCode).toBe(0)
  expect(printed.match(/^ {2}.*$/gm)).toEqual(['  after 0', '  after 1', '  after 2'])
  expect(await receive()).toMatchObject([{ Body: 'before', Attributes: { ApproximateReceiveCount: '1' } }])
})

test('tail: a message is a line of JSON where that is wanted, and a queue that goes ends it', async () => {
  const { terminal, ran } = start(['tail', QueueName, '--json'])
  while (terminal.printed === '') {
    await send('first')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  const [line = ''] = terminal.printed.split('\n')
  expect(JSON.parse(line)).toMatchObject({ body: 'first', state: 'visible' })
  await sqs.send(new DeleteQueueCommand({ QueueUrl }))
  const { exitCode, complained } = await ran
  expect(exitCode).toBe(1)
  expect(complained).toContain(`there is no queue ${QueueName}`)
})

test('an unknown queue: the closest name is suggested', async () => {
  await sqs.send(new CreateQueueCommand({ QueueName: 'invoices' }))
  for (const command of [['peek'], ['send'], ['purge', '--yes'], ['tail']]) {
    const [name = '', ...flags] = command
    const { exitCode, complained } = await run([
      name,
      'invoises',
      ...(name === 'send' ? ['x'] : []),
      ...flags,
    ])
    expect([exitCode, complained]).toEqual([
      1,
      'millrace: there is no queue invoises in us-east-1, account 000000000000; did you mean invoices?\n',
    ])
  }
  expect((await run(['peek', 'something-else-entirely'])).complained).toContain('`millrace queues` lists')
})

test('with authentication the root key of the data directory signs, or the keys of the environment', async () => {
  const signed = clientOf(closed)
  await signed.send(new CreateQueueCommand({ QueueName: 'orders' }))
  signed.destroy()
  const place = ['--port', portOf(closed), '--data-dir', closed.dataDirectory]
  expect((await run(['send', 'orders', 'by the root key'], { place })).exitCode).toBe(0)
  const environment = {
    AWS_ENDPOINT_URL: closed.url,
    AWS_ACCESS_KEY_ID: TEST_KEY.accessKeyId,
    AWS_SECRET_ACCESS_KEY: TEST_KEY.secretAccessKey,
  }
  expect((await run(['peek', 'orders'], { place: [], environment })).printed).toContain('by the root key')
  const wrong = { ...environment, AWS_SECRET_ACCESS_KEY: 'wrong' }
  const refused = await run(['peek', 'orders'], { place: [], environment: wrong })
  expect(refused.exitCode).toBe(1)
  expect(refused.complained).toContain('InvalidSignatureException')
  const other = await run(['queues', '--account', '111111111111'], { place })
  expect([other.exitCode, other.printed]).toEqual([2, ''])
  expect((await run(['peek', 'orders'], { place: ['--data-dir', '/nonexistent'] })).complained).toContain(
    'no root key',
  )
})

test('a server that is not there is told of, with what to do', async () => {
  const { exitCode, complained } = await run(['queues'], { place: ['--auth', 'off', '--port', '1'] })
  expect(exitCode).toBe(1)
  expect(complained).toMatch(/can't reach a server at http:\/\/127\.0\.0\.1:1: .*`millrace serve` starts one/)
})

test('every command has a help text with an example', async () => {
  for (const command of ['queues', 'send', 'peek', 'tail', 'purge', 'redrive']) {
    const { exitCode, printed } = await run(['help', command], { place: [] })
    expect(exitCode).toBe(0)
    expect(printed).toContain(`Example: millrace ${command}`)
  }
})

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10))
}

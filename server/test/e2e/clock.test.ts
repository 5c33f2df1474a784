import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { AwsClient } from 'aws4fetch'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runCommandLine } from '../../src/cli/command-line.ts'
import { TestTerminal } from '../../src/cli/test-terminal.ts'
import { ServerProcess, TEST_KEY } from '../server-process.ts'

/** The clock of a server in another process, as a test suite sets it. */
const PATH = '/_millrace/clock'
const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

const servers: ServerProcess[] = []
let open: ServerProcess
let sqs: SQSClient
let queues = 0
beforeAll(async () => {
  open = await start('--auth', 'off', '--allow-clock-control')
  sqs = clientOf(open)
})
afterAll(async () => {
  for (const server of servers) await server.destroy()
})

async function start(...flags: string[]): Promise<ServerProcess> {
  const server = await ServerProcess.create(...flags)
  servers.push(server)
  await server.start()
  return server
}

const clientOf = ({ url: endpoint }: ServerProcess) =>
  new SQSClient({ endpoint, region: 'us-east-1', credentials: TEST_KEY, maxAttempts: 1 })

const post = (server: ServerProcess, body: unknown) =>
  fetch(server.url + PATH, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })

async function createQueue(client = sqs, Attributes = {}): Promise<string> {
  const { QueueUrl } = await client.send(
    new CreateQueueCommand({ QueueName: `queue-${++queues}`, Attributes }),
  )
  return QueueUrl!
}

async function receive(QueueUrl: string, WaitTimeSeconds = 0, client = sqs): Promise<readonly unknown[]> {
  const { Messages = [] } = await client.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds }))
  return Messages.map(({ Body }) => Body)
}

test('a delay and a visibility timeout end when the clock is advanced, and retention takes what is left', async () => {
  const QueueUrl = await createQueue()
  expect(open.errors).toContain('CLOCK CONTROL IS ALLOWED')
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'later', DelaySeconds: 900 }))
  expect(await receive(QueueUrl)).toEqual([])
  const before = Date.now()
  const answer = await post(open, { advance: '15m' })
  expect(answer.status).toBe(200)
  const { now, frozen } = Object(await answer.json())
  expect(frozen).toBe(false)
  expect(Date.parse(now) - before).toBeGreaterThanOrEqual(15 * MINUTE)
  expect(await receive(QueueUrl)).toEqual(['later'])
  expect(await receive(QueueUrl)).toEqual([])
  await post(open, { advance: '30s' })
  expect(await receive(QueueUrl)).toEqual(['later'])
  await post(open, { advance: '4d' })
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }))
  expect(Attributes).toMatchObject({
    ApproximateNumberOfMessages: '0',
    ApproximateNumberOfMessagesNotVisible: '0',
  })
})

test('a long poll is answered by the advance that brings its message, and by the one that ends it', async () => {
  const QueueUrl = await createQueue()
  const waiting = receive(QueueUrl, 20)
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'later', DelaySeconds: 60 }))
  await new Promise((resolve) => setTimeout(resolve, 100))
  await post(open, { advance: '60s' })
  expect(await waiting).toEqual(['later'])
  const startedAt = Date.now()
  const inVain = receive(await createQueue(), 20)
  await new Promise((resolve) => setTimeout(resolve, 100))
  await post(open, { advance: '20s' })
  expect(await inVain).toEqual([])
  expect(Date.now() - startedAt).toBeLessThan(15_000)
})

test('a frozen clock stands still, for those who wait too', async () => {
  const QueueUrl = await createQueue()
  const { now } = Object(await (await post(open, { frozen: true })).json())
  await new Promise((resolve) => setTimeout(resolve, 50))
  const told = await fetch(open.url + PATH)
  expect([told.status, await told.json()]).toEqual([200, { now, frozen: true }])
  let isAnswered = false
  const waiting = receive(QueueUrl, 1).finally(() => {
    isAnswered = true
  })
  await new Promise((resolve) => setTimeout(resolve, 1500))
  expect(isAnswered).toBe(false)
  const resumed = Object(await (await post(open, { advance: 1000, frozen: false })).json())
  expect(resumed.frozen).toBe(false)
  // Time passes again while the answer is on its way.
  expect(Date.parse(resumed.now)).toBeGreaterThanOrEqual(Date.parse(now) + 1000)
  expect(await waiting).toEqual([])
})

test('a reset lets time pass again', async () => {
  const server = await start('--auth', 'off', '--allow-clock-control', '--allow-reset')
  await post(server, { frozen: true })
  await fetch(`${server.url}/_millrace/reset`, { method: 'POST' })
  expect(await (await fetch(server.url + PATH)).json()).toMatchObject({ frozen: false })
})

test('what makes no sense is refused with the reason, and changes nothing', async () => {
  await post(open, { frozen: true })
  const { now } = Object(await (await fetch(open.url + PATH)).json())
  const bodies = [
    ...['', 'null', '[]', '"5m"', '{', '\u00ff'.repeat(1000)],
    ...[{ advance: 'soon' }, { advance: -1 }, { advance: null }, { advance: '401d' }, { advance: [1] }],
    ...[{ frozen: 'yes' }, { frozen: null }, { back: '5m' }, { advance: '1s', frozen: 1 }],
  ]
  for (const body of bodies) {
    const answer = await post(open, body)
    expect([answer.status, await answer.json()]).toEqual([
      400,
      { code: 'InvalidClockRequest', message: expect.stringMatching(/\.$/) },
    ])
  }
  for (const method of ['PUT', 'DELETE', 'PATCH', 'HEAD']) {
    expect((await fetch(open.url + PATH, { method })).status).toBe(405)
  }
  expect(await (await fetch(open.url + PATH)).json()).toMatchObject({ now })
  await post(open, { frozen: false })
})

test('a server that was not started for it says how it would be', async () => {
  const server = await start('--auth', 'off')
  const answers = [await post(server, { advance: '5m' }), await fetch(server.url + PATH)]
  for (const answer of answers) {
    expect(answer.status).toBe(403)
    expect(await answer.text()).toMatch(/--allow-clock-control.*MILLRACE_ALLOW_CLOCK_CONTROL=true/)
  }
  expect(server.errors).not.toContain('CLOCK CONTROL')
})

test('with authentication the root key signs, and signatures go by the real time', async () => {
  const server = await start('--allow-clock-control')
  const options = { service: 'millrace', region: 'us-east-1', retries: 0 }
  const request = { method: 'POST', body: '{"advance":"3d"}' }
  const forged = new AwsClient({ ...TEST_KEY, ...options, secretAccessKey: 'wrong' })
  const refused = [await post(server, { advance: '5m' }), await forged.fetch(server.url + PATH, request)]
  expect(refused.map(({ status }) => status)).toEqual([403, 403])
  const signed = new AwsClient({ ...TEST_KEY, ...options })
  expect((await signed.fetch(server.url + PATH, request)).status).toBe(200)
  const client = clientOf(server)
  const QueueUrl = await createQueue(client)
  await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'signed today' }))
  expect(await receive(QueueUrl, 0, client)).toEqual(['signed today'])
})

test('time goes on after a crash from where it was set to; a start without control says what to do', async () => {
  const server = await start('--auth', 'off', '--allow-clock-control')
  const client = clientOf(server)
  const QueueUrl = await createQueue(client)
  await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'kept' }))
  // What passes by itself after an advance is durable only with the next thing that happens.
  const before = Object(await (await fetch(server.url + PATH)).json())
  const advancedTo = Date.parse(before.now) + 3 * DAY
  await post(server, { advance: '3d' })
  await server.kill()
  await server.start()
  expect(server.errors).toContain("it goes on from the journal's last time")
  const told = Object(await (await fetch(server.url + PATH)).json())
  expect(Date.parse(told.now)).toBeGreaterThanOrEqual(advancedTo)
  expect(Date.parse(told.now)).toBeLessThan(advancedTo + DAY)
  expect(await receive(QueueUrl, 0, client)).toEqual(['kept'])
  await server.stop()

  const { terminal, exitCode } = await run('serve', '--data-dir', server.dataDirectory, '--port', '0')
  expect(exitCode).toBe(6)
  expect(terminal.complained).toMatch(/before the journal's last entry .*--allow-clock-control/)
})

async function run(...args: string[]) {
  const { startServer, previewQueues } = await import('../../src/server.ts')
  const terminal = new TestTerminal()
  const options = { environment: {}, terminal, workingDirectory: '/nonexistent' }
  const exitCode = await runCommandLine({ ...options, args, start: startServer, preview: previewQueues })
  return { terminal, exitCode }
}

test('the command line reads and sets the clock', async () => {
  const { port } = new URL(open.url)
  const clock = async (...args: string[]) => {
    const { terminal, exitCode } = await run('clock', ...args, '--auth', 'off', '--port', port)
    return { exitCode, printed: terminal.printed.trim(), complained: terminal.complained }
  }
  const frozen = await clock('freeze')
  expect(frozen.printed).toMatch(/^\d{4}-\d\d-\d\dT.*Z \(frozen\)$/)
  const at = Date.parse(frozen.printed.replace(' (frozen)', ''))
  expect((await clock('advance', '5m')).printed).toBe(`${new Date(at + 5 * MINUTE).toISOString()} (frozen)`)
  expect((await clock('show')).printed).toBe(`${new Date(at + 5 * MINUTE).toISOString()} (frozen)`)
  expect((await clock('resume')).printed).toMatch(/Z$/)
  expect(await clock('advance', 'soon')).toMatchObject({
    exitCode: 2,
    complained: expect.stringContaining('5m'),
  })
  expect(await clock('advance', '401d')).toMatchObject({
    exitCode: 1,
    complained: expect.stringContaining('at most 400 days'),
  })
})

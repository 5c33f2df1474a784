import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { afterEach, expect, test } from 'vitest'
import { runCommandLine } from '../../src/cli/command-line.ts'
import { TestTerminal } from '../../src/cli/test-terminal.ts'

/** `millrace redrive` against a server that answers as AWS documents it, from a script. */
const arn = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`

interface Call {
  readonly operation: string
  readonly input: Record<string, unknown>
}

type Script = (call: Call) => { readonly status?: number; readonly content: object | string }

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

async function redrive(script: Script, ...args: string[]) {
  const calls: Call[] = []
  const server = createServer(async (request, response) => {
    const pieces: Buffer[] = []
    for await (const piece of request) pieces.push(piece)
    const operation = String(request.headers['x-amz-target']).replace('AmazonSQS.', '')
    const call = { operation, input: JSON.parse(Buffer.concat(pieces).toString()) }
    calls.push(call)
    const { status = 200, content } = script(call)
    response.writeHead(status, { connection: 'close' })
    response.end(typeof content === 'string' ? content : JSON.stringify(content))
  })
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? String(address?.port) : ''
  const terminal = new TestTerminal()
  const refuse = () => Promise.reject(new Error('no server was to be started here'))
  const ran = runCommandLine({
    ...{ environment: {}, terminal, workingDirectory: '/nonexistent', start: refuse, preview: refuse },
    args: ['redrive', ...args, '--auth', 'off', '--port', port],
  })
  return { calls, terminal, ran }
}

/** A server with queues, on which a task has these states one after the other, the last for good. */
function withTask(...states: readonly object[]): Script {
  let looks = 0
  return ({ operation, input }) => {
    switch (operation) {
      case 'GetQueueAttributes':
        return { content: { Attributes: { QueueArn: arn(String(input.QueueUrl).split('/').at(-1) ?? '') } } }
      case 'StartMessageMoveTask':
        return { content: { TaskHandle: 'handle' } }
      case 'ListMessageMoveTasks':
        return { content: { Results: [states[Math.min(looks++, states.length - 1)]] } }
      case 'CancelMessageMoveTask':
        return { content: { ApproximateNumberOfMessagesMoved: 4 } }
      default:
        throw new Error(`nobody was to call ${operation}`)
    }
  }
}

const task = (Status: string, moved: number, more: object = {}) => ({
  Status,
  ApproximateNumberOfMessagesMoved: moved,
  ApproximateNumberOfMessagesToMove: 10,
  SourceArn: arn('dead'),
  ...more,
})

test('starts a task and shows how far it is, until it is done', async () => {
  const script = withTask(task('RUNNING', 2), task('RUNNING', 2), task('COMPLETED', 10))
  const { calls, terminal, ran } = await redrive(script, 'dead', '--to', 'again', '--rate', '50')
  expect(await ran).toBe(0)
  expect(terminal.printed).toBe('moved 2 of 10\ndone: moved 10 of 10\n')
  expect(calls.find(({ operation }) => operation === 'StartMessageMoveTask')?.input).toEqual({
    SourceArn: arn('dead'),
    DestinationArn: arn('again'),
    MaxNumberOfMessagesPerSecond: 50,
  })
})

test('without a target and a rate the server decides', async () => {
  const { calls, ran } = await redrive(withTask(task('COMPLETED', 0)), 'dead')
  expect(await ran).toBe(0)
  expect(calls[1]).toEqual({ operation: 'StartMessageMoveTask', input: { SourceArn: arn('dead') } })
})

test('a signal leaves the task running and says so', async () => {
  const { calls, terminal, ran } = await redrive(withTask(task('RUNNING', 1)), 'dead')
  while (!terminal.printed.includes('moved 1')) await new Promise((resolve) => setTimeout(resolve, 5))
  terminal.signal('SIGINT')
  expect(await ran).toBe(0)
  expect(terminal.complained).toContain('the server moves on; `millrace redrive --cancel dead` ends it')
  expect(calls.map(({ operation }) => operation)).not.toContain('CancelMessageMoveTask')
})

test('a task that fails is told of, with its reason', async () => {
  const failed = task('FAILED', 3, { FailureReason: 'AccessDenied' })
  const { terminal, ran } = await redrive(withTask(failed), 'dead')
  expect(await ran).toBe(1)
  expect(terminal.complained).toBe('millrace: failed: moved 3 of 10: AccessDenied\n')
})

test('a task that somebody else cancelled is not called done', async () => {
  const { terminal, ran } = await redrive(withTask(task('CANCELLING', 3), task('CANCELLED', 4)), 'dead')
  expect(await ran).toBe(1)
  expect(terminal.complained).toBe('millrace: cancelled: moved 4 of 10\n')
})

test('--cancel ends the task that runs', async () => {
  const running = withTask(task('RUNNING', 1, { TaskHandle: 'the-handle' }))
  const { calls, terminal, ran } = await redrive(running, 'dead', '--cancel')
  expect(await ran).toBe(0)
  expect(calls.at(-1)).toEqual({ operation: 'CancelMessageMoveTask', input: { TaskHandle: 'the-handle' } })
  expect(terminal.printed).toBe('cancelled: 4 were moved\n')
  const idle = await redrive(withTask(task('COMPLETED', 1)), 'dead', '--cancel')
  expect(await idle.ran).toBe(1)
  expect(idle.terminal.complained).toContain('no messages are being moved out of dead')
})

test('a server that does not know the operation is told of', async () => {
  const known = withTask()
  const type = 'com.amazon.coral.service#UnknownOperationException'
  const { terminal, ran } = await redrive(
    (call) =>
      call.operation === 'StartMessageMoveTask' ? { status: 400, content: { __type: type } } : known(call),
    'dead',
  )
  expect(await ran).toBe(1)
  expect(terminal.complained).toBe(
    'millrace: the server does not know this operation: it may be of an older version\n',
  )
})

test('the queue that is not there is the one that is named', async () => {
  const known = withTask()
  const missing: Script = (call) => {
    if (call.operation === 'ListQueues') return { content: { QueueUrls: ['http://h/000000000000/again'] } }
    if (!String(call.input.QueueUrl).endsWith('agian')) return known(call)
    return { status: 400, content: { __type: 'com.amazonaws.sqs#QueueDoesNotExist', message: 'no' } }
  }
  const { terminal, ran } = await redrive(missing, 'dead', '--to', 'agian')
  expect(await ran).toBe(1)
  expect(terminal.complained).toContain('there is no queue agian in us-east-1')
  expect(terminal.complained).toContain('did you mean again?')
})

test('bad numbers are refused before anything is started', async () => {
  const { calls, ran } = await redrive(withTask(), 'dead', '--rate', 'fast')
  expect(await ran).toBe(2)
  expect(calls.map(({ operation }) => operation)).not.toContain('StartMessageMoveTask')
})

test.each([
  [200, '<html>hello</html>'],
  [502, 'Bad Gateway'],
  [200, ''],
  [200, '[]'],
  [500, '{}'],
])('what is no server of ours is told of, not believed (%i %j)', async (status, content) => {
  const { terminal, ran } = await redrive(() => ({ status, content }), 'dead')
  expect(await ran).toBe(1)
  expect(terminal.complained).toMatch(/^millrace: /)
})

import {
  CancelMessageMoveTaskCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ListMessageMoveTasksCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ServerProcess, TEST_KEY } from '../server-process.ts'

let server: ServerProcess
let sqs: SQSClient
let queues = 0

beforeAll(async () => {
  // Without signatures, so that a Query request is a plain form.
  server = await ServerProcess.create('--auth', 'off')
  await server.start()
  sqs = new SQSClient({ endpoint: server.url, region: 'us-east-1', credentials: TEST_KEY, maxAttempts: 3 })
})

afterAll(async () => {
  sqs.destroy()
  await server.destroy()
})

interface TestQueue {
  readonly url: string
  readonly arn: string
}

async function newQueue(Attributes: Record<string, string> = {}): Promise<TestQueue> {
  const QueueName = `queue-${++queues}`
  const created = await sqs.send(new CreateQueueCommand({ QueueName, Attributes }))
  const QueueUrl = created.QueueUrl!
  const told = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }))
  return { url: QueueUrl, arn: told.Attributes!.QueueArn! }
}

/** A queue whose dead letters, `count` of them, are in another queue, and a third queue. */
async function withDeadLetters(count: number) {
  const dead = await newQueue()
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 1 })
  const source = await newQueue({ RedrivePolicy })
  for (let sent = 0; sent < count; sent += 10) {
    const Entries = Array.from({ length: Math.min(10, count - sent) }, (_, i) => ({
      Id: String(i),
      MessageBody: `message ${sent + i}`,
    }))
    await sqs.send(new SendMessageBatchCommand({ QueueUrl: source.url, Entries }))
  }
  for (let round = 0; (await waiting(dead)) < count; round++) {
    expect(round, 'the messages do not become dead letters').toBeLessThan(count + 10)
    await receive(source, { VisibilityTimeout: 0 })
  }
  return { dead, source, other: await newQueue() }
}

async function waiting({ url }: TestQueue): Promise<number> {
  const input = { QueueUrl: url, AttributeNames: ['ApproximateNumberOfMessages' as const] }
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand(input))
  return Number(Attributes!.ApproximateNumberOfMessages)
}

async function receive({ url }: TestQueue, options: object = {}): Promise<Message[]> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10, ...options }),
  )
  return Messages
}

/** Receives and deletes all that the queue holds; returns the bodies. */
async function take(queue: TestQueue): Promise<string[]> {
  const bodies: string[] = []
  for (;;) {
    const messages = await receive(queue)
    if (messages.length === 0) return bodies
    bodies.push(...messages.map(({ Body }) => Body!))
    const Entries = messages.map(({ ReceiptHandle }, i) => ({ Id: String(i), ReceiptHandle: ReceiptHandle! }))
    await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: queue.url, Entries }))
  }
}

async function newestTask({ arn }: TestQueue) {
  const { Results } = await sqs.send(new ListMessageMoveTasksCommand({ SourceArn: arn }))
  return Results![0]!
}

/** The newest task once it has ended. */
async function endedTask(source: TestQueue) {
  for (let tries = 0; tries < 500; tries++) {
    const task = await newestTask(source)
    if (task.Status !== 'RUNNING' && task.Status !== 'CANCELLING') return task
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error('the task does not end')
}

const numbered = (count: number) => Array.from({ length: count }, (_, i) => `message ${i}`)

async function errorOf(request: Promise<unknown>) {
  const error = await request.then(
    () => null,
    (thrown) => thrown,
  )
  return [error?.name, error?.$metadata?.httpStatusCode, error?.message]
}

test('dead letters go back to their source, as new messages', async () => {
  const { dead, source } = await withDeadLetters(2)
  const before = await receive(dead, { VisibilityTimeout: 0, MessageSystemAttributeNames: ['All'] })
  const { TaskHandle } = await sqs.send(new StartMessageMoveTaskCommand({ SourceArn: dead.arn }))
  expect(JSON.parse(Buffer.from(TaskHandle!, 'base64').toString())).toMatchObject({ sourceArn: dead.arn })
  expect(await endedTask(dead)).toEqual({
    Status: 'COMPLETED',
    SourceArn: dead.arn,
    ApproximateNumberOfMessagesMoved: 2,
    ApproximateNumberOfMessagesToMove: 2,
    StartedTimestamp: expect.any(Number),
  })
  const after = await receive(source, { MessageSystemAttributeNames: ['All'] })
  expect(after.map(({ Body }) => Body).sort()).toEqual(numbered(2))
  for (const { MessageId, Attributes } of after) {
    expect(before.map((message) => message.MessageId)).not.toContain(MessageId)
    expect(Attributes).toMatchObject({ ApproximateReceiveCount: '1' })
    expect(Attributes).not.toHaveProperty('DeadLetterQueueSourceArn')
  }
})

test('a task with a rate is cancelled on its way', async () => {
  const { dead, other } = await withDeadLetters(10)
  const input = { SourceArn: dead.arn, DestinationArn: other.arn, MaxNumberOfMessagesPerSecond: 1 }
  const { TaskHandle } = await sqs.send(new StartMessageMoveTaskCommand(input))
  expect(await errorOf(sqs.send(new StartMessageMoveTaskCommand(input)))).toEqual([
    'InvalidParameterValue',
    400,
    'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
  ])
  expect(await receive(other, { WaitTimeSeconds: 5, MaxNumberOfMessages: 1 })).toHaveLength(1)
  expect(await newestTask(dead)).toMatchObject({ ...input, Status: 'RUNNING', TaskHandle })
  const { ApproximateNumberOfMessagesMoved } = await sqs.send(
    new CancelMessageMoveTaskCommand({ TaskHandle }),
  )
  const ended = await endedTask(dead)
  expect(ended).toMatchObject({ Status: 'CANCELLED', ApproximateNumberOfMessagesMoved })
  expect(ended).not.toHaveProperty('TaskHandle')
  expect(await waiting(dead)).toBe(10 - ApproximateNumberOfMessagesMoved!)
})

test('a task whose destination is deleted fails', async () => {
  const { dead, other } = await withDeadLetters(10)
  const input = { SourceArn: dead.arn, DestinationArn: other.arn, MaxNumberOfMessagesPerSecond: 2 }
  await sqs.send(new StartMessageMoveTaskCommand(input))
  await sqs.send(new DeleteQueueCommand({ QueueUrl: other.url }))
  expect(await endedTask(dead)).toMatchObject({
    Status: 'FAILED',
    FailureReason: 'AWS.SimpleQueueService.NonExistentQueue',
  })
})

test('wrong requests are told what is wrong with them', async () => {
  const { dead, other } = await withDeadLetters(0)
  const start = (input: { SourceArn: string; DestinationArn?: string }) =>
    errorOf(sqs.send(new StartMessageMoveTaskCommand(input)))
  const missing = `${other.arn}-missing`
  const gone = (parameter: string) => [
    'ResourceNotFoundException',
    404,
    `The resource that you specified for the ${parameter} parameter doesn't exist.`,
  ]
  expect(await start({ SourceArn: missing })).toEqual(gone('SourceArn'))
  expect(await start({ SourceArn: dead.arn, DestinationArn: missing })).toEqual(gone('DestinationArn'))
  expect(await start({ SourceArn: other.arn })).toEqual([
    'InvalidParameterValue',
    400,
    'Source queue must be configured as a Dead Letter Queue.',
  ])
  expect(await errorOf(sqs.send(new ListMessageMoveTasksCommand({ SourceArn: missing })))).toEqual(
    gone('SourceArn'),
  )
  const cancel = (sourceArn: string) => {
    const handle = JSON.stringify({ taskId: '10f57157-fc38-4da9-a113-4de7e12d05dd', sourceArn })
    const TaskHandle = Buffer.from(handle).toString('base64')
    return errorOf(sqs.send(new CancelMessageMoveTaskCommand({ TaskHandle })))
  }
  expect(await cancel(dead.arn)).toEqual(['ResourceNotFoundException', 404, 'Task does not exist.'])
  expect(await cancel(missing)).toEqual(gone('SourceArn'))
  expect(await errorOf(sqs.send(new CancelMessageMoveTaskCommand({ TaskHandle: 'foobared' })))).toEqual([
    'InvalidParameterValue',
    400,
    'Value for parameter TaskHandle is invalid.',
  ])
})

test('Query clients are served as well', async () => {
  const { dead, other } = await withDeadLetters(1)
  const query = async (form: Record<string, string>) => {
    const body = new URLSearchParams(form)
    const response = await fetch(server.url, { method: 'POST', body })
    return [response.status, await response.text()] as const
  }
  const [status, started] = await query({
    Action: 'StartMessageMoveTask',
    SourceArn: dead.arn,
    DestinationArn: other.arn,
    MaxNumberOfMessagesPerSecond: '1',
  })
  expect(status).toBe(200)
  expect(started).toMatch(/<StartMessageMoveTaskResult><TaskHandle>[A-Za-z0-9+/=]+<\/TaskHandle>/)
  await endedTask(dead)
  const [, listed] = await query({ Action: 'ListMessageMoveTasks', SourceArn: dead.arn })
  expect(listed).toContain('<ListMessageMoveTasksResultEntry>')
  expect(listed).toContain('<Status>COMPLETED</Status>')
  expect(listed).toContain('<ApproximateNumberOfMessagesMoved>1</ApproximateNumberOfMessagesMoved>')
  const [refusedStatus, refused] = await query({ Action: 'CancelMessageMoveTask', TaskHandle: 'foobared' })
  expect(refusedStatus).toBe(400)
  expect(refused).toContain('<Code>InvalidParameterValue</Code>')
  const [goneStatus, gone] = await query({ Action: 'StartMessageMoveTask', SourceArn: `${dead.arn}-missing` })
  expect(goneStatus).toBe(404)
  expect(gone).toContain('<Code>ResourceNotFoundException</Code>')
})

test('a server that is killed in the middle of a task goes on with it, and no message is lost or there twice', async () => {
  const count = 300
  const { dead, source } = await withDeadLetters(count)
  const input = { SourceArn: dead.arn, MaxNumberOfMessagesPerSecond: 150 }
  await sqs.send(new StartMessageMoveTaskCommand(input))
  const killedAt: number[] = []
  for (let kill = 0; kill < 3; kill++) {
    await new Promise((resolve) => setTimeout(resolve, 300))
    await server.kill()
    await server.start()
    const task = await newestTask(dead)
    expect(task.Status).toBe('RUNNING')
    killedAt.push(task.ApproximateNumberOfMessagesMoved!)
    // The task goes on between the looks.
    const [before, there, after] = [await waiting(dead), await waiting(source), await waiting(dead)]
    expect(before + there).toBeGreaterThanOrEqual(count)
    expect(after + there).toBeLessThanOrEqual(count)
  }
  expect(killedAt[0]).toBeGreaterThan(0)
  expect(killedAt.at(-1)).toBeLessThan(count)
  expect(await endedTask(dead)).toMatchObject({
    Status: 'COMPLETED',
    ApproximateNumberOfMessagesMoved: count,
    ApproximateNumberOfMessagesToMove: count,
  })
  expect(await waiting(dead)).toBe(0)
  expect((await take(source)).sort()).toEqual(numbered(count).sort())
}, 60_000)

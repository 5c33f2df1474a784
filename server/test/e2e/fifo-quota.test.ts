import {
  CreateQueueCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ServerProcess, TEST_KEY } from '../server-process.ts'

let server: ServerProcess
/** Of a client that tries nothing again, and of one that does. */
let sqs: SQSClient
let patient: SQSClient

beforeAll(async () => {
  server = await ServerProcess.create('--auth', 'off', '--fifo-quota', 'on', '--durability', 'memory')
  await server.start()
  const options = { endpoint: server.url, region: 'us-east-1', credentials: TEST_KEY }
  sqs = new SQSClient({ ...options, maxAttempts: 1 })
  patient = new SQSClient({ ...options, maxAttempts: 10 })
})

afterAll(async () => {
  sqs.destroy()
  patient.destroy()
  await server.destroy()
})

let sent = 0

/** Calls for one group until one is refused, which takes an SDK longer than the second that it has. */
async function useUp(queue: string): Promise<void> {
  const call = async () => {
    const body = new URLSearchParams({
      ...{ Action: 'SendMessage', QueueUrl: `/000000000000/${queue}` },
      ...{ MessageGroupId: 'busy', MessageBody: `used up ${sent++}` },
    })
    const answer = await fetch(server.url, { method: 'POST', body })
    await answer.arrayBuffer()
    return answer.status
  }
  for (let calls = 0; calls < 10_000; calls += 50) {
    if ((await Promise.all(Array.from({ length: 50 }, call))).includes(403)) return
  }
}

/** Uses up seconds until the call comes within one. */
async function whenUsedUp<Outcome>(queue: string, call: () => Promise<Outcome | null>): Promise<Outcome> {
  for (let tries = 0; tries < 20; tries++) {
    await useUp(queue)
    const outcome = await call()
    if (outcome !== null) return outcome
  }
  throw new Error('no call was refused')
}

const createFifo = async (QueueName: string, more: Record<string, string> = {}) => {
  const Attributes = { FifoQueue: 'true', ContentBasedDeduplication: 'true', ...more }
  return (await sqs.send(new CreateQueueCommand({ QueueName, Attributes }))).QueueUrl!
}

test('the SDK is told by a queue that had too many calls, and tries again where it may', async () => {
  const QueueUrl = await createFifo('orders.fifo')
  const send = (client: SQSClient) =>
    client.send(new SendMessageCommand({ QueueUrl, MessageBody: `${sent++}`, MessageGroupId: 'calm' }))
  const refusal = await whenUsedUp('orders.fifo', () =>
    send(sqs).then(
      () => null,
      (error: unknown) => error,
    ),
  )
  expect(refusal).toMatchObject({
    name: 'RequestThrottled',
    message: 'Request is throttled',
    $metadata: { httpStatusCode: 403 },
  })
  const retried = await whenUsedUp('orders.fifo', async () => {
    const answer = await send(patient)
    return answer.$metadata.attempts === 1 ? null : answer
  })
  expect(retried).toMatchObject({ MessageId: expect.any(String) })
})

test('an entry whose group had too many calls fails by itself', async () => {
  const QueueUrl = await createFifo('parcels.fifo', {
    DeduplicationScope: 'messageGroup',
    FifoThroughputLimit: 'perMessageGroupId',
  })
  const answer = await whenUsedUp('parcels.fifo', async () => {
    const Entries = ['busy', 'calm'].map((MessageGroupId) => ({
      ...{ Id: MessageGroupId, MessageBody: `${sent++}`, MessageGroupId },
    }))
    const batch = await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }))
    return batch.Failed === undefined ? null : batch
  })
  expect(answer).toMatchObject({
    Failed: [{ Id: 'busy', Code: 'RequestThrottled', Message: 'Request is throttled', SenderFault: true }],
    Successful: [{ Id: 'calm' }],
  })
})

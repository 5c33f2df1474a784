import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { afterAll, expect, test } from 'vitest'
import { ServerProcess, TEST_KEY } from '../server-process.ts'

const servers: ServerProcess[] = []
afterAll(async () => {
  for (const server of servers) await server.destroy()
})

/** The bodies of sixty messages as a consumer meets them that deletes all that it receives, in one run of a server. */
async function consume(QueueName: string, ...flags: string[]): Promise<{ seen: string[]; log: string }> {
  const server = await ServerProcess.create('--auth', 'off', ...flags)
  servers.push(server)
  await server.start()
  const sqs = new SQSClient({
    endpoint: server.url,
    region: 'us-east-1',
    credentials: TEST_KEY,
    maxAttempts: 1,
  })
  const isFifo = QueueName.endsWith('.fifo')
  const Attributes = isFifo ? { FifoQueue: 'true', ContentBasedDeduplication: 'true' } : {}
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes }))
  for (let sent = 0; sent < 60; sent += 10) {
    const Entries = Array.from({ length: 10 }, (_, i) => ({
      ...{ Id: String(i), MessageBody: String(sent + i) },
      ...(isFifo && { MessageGroupId: 'g' }),
    }))
    await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }))
  }
  const seen: string[] = []
  for (;;) {
    const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }))
    if (Messages === undefined) break
    seen.push(...Messages.map(({ Body }) => Body!))
    const Entries = Messages.map(({ ReceiptHandle }, i) => ({ Id: String(i), ReceiptHandle }))
    const { Failed } = await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }))
    expect(Failed).toBeUndefined()
  }
  const AttributeNames = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const
  const left = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...AttributeNames] }),
  )
  expect(left.Attributes).toEqual({
    ApproximateNumberOfMessages: '0',
    ApproximateNumberOfMessagesNotVisible: '0',
  })
  sqs.destroy()
  await server.stop()
  return { seen, log: server.errors }
}

const sent = Array.from({ length: 60 }, (_, i) => String(i))
const distinct = (bodies: readonly string[]) => [...new Set(bodies)].sort((a, b) => Number(a) - Number(b))

test('a seed brings the same order and the same duplicates again, and nothing is lost', async () => {
  const flags = ['--standard-order', 'shuffled', '--twice-percent', '20']
  const first = await consume('orders', ...flags, '--seed', '7')
  expect(distinct(first.seen)).toEqual(sent)
  expect(first.seen.length).toBeGreaterThan(60)
  expect(first.seen.slice(0, 20)).not.toEqual(sent.slice(0, 20))
  expect(await consume('orders', ...flags, '--seed', '7')).toMatchObject({ seen: first.seen })
  const other = await consume('orders', ...flags)
  expect(other.seen).not.toEqual(first.seen)
  // The log has the seed that was drawn: with it the run can be repeated.
  const seed = /"seed":(\d+)/.exec(other.log)?.[1]
  expect(await consume('orders', ...flags, '--seed', seed!)).toMatchObject({ seen: other.seen })
})

test('FIFO queues keep their order and deliver once', async () => {
  const { seen } = await consume('orders.fifo', '--standard-order', 'shuffled', '--twice-percent', '50')
  expect(seen).toEqual(sent)
})

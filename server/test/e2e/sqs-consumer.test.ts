import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { Consumer } from 'sqs-consumer'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ServerProcess, TEST_KEY } from '../server-process.ts'

let server: ServerProcess
let sqs: SQSClient

beforeAll(async () => {
  server = await ServerProcess.create()
  await server.start()
  sqs = new SQSClient({ endpoint: server.url, region: 'us-east-1', credentials: TEST_KEY })
})

afterAll(async () => {
  sqs.destroy()
  await server.destroy()
})

test('sqs-consumer polls, handles each message once, retries what failed and deletes the rest', async () => {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'consumed' }))
  const handled: string[] = []
  let failedOnce = false
  const done = new Promise<void>((resolve, reject) => {
    const consumer = Consumer.create({
      queueUrl: QueueUrl!,
      sqs,
      batchSize: 10,
      waitTimeSeconds: 1,
      // A message whose handler throws is given back at once.
      terminateVisibilityTimeout: true,
      handleMessage: async (message) => {
        if (message.Body === 'fails once' && !failedOnce) {
          failedOnce = true
          throw new Error('not this time')
        }
        handled.push(message.Body!)
        if (handled.length === 21) {
          consumer.stop()
          resolve()
        }
        return message
      },
    })
    consumer.on('error', reject)
    consumer.start()
  })
  for (let i = 0; i < 20; i++)
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: `message ${i}` }))
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'fails once' }))
  await done
  expect(new Set(handled).size).toBe(21)
  const left = async () => {
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
    )
    return (
      Number(Attributes?.ApproximateNumberOfMessages) +
      Number(Attributes?.ApproximateNumberOfMessagesNotVisible)
    )
  }
  // The consumer deletes after the handler returned.
  await expect.poll(left, { timeout: 10_000 }).toBe(0)
})

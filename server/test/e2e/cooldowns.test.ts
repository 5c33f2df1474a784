import { CreateQueueCommand, DeleteQueueCommand, PurgeQueueCommand, SQSClient } from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ServerProcess, TEST_KEY } from '../server-process.ts'

let server: ServerProcess
let sqs: SQSClient

beforeAll(async () => {
  server = await ServerProcess.create('--purge-cooldown', 'on', '--delete-cooldown', 'on')
  await server.start()
  sqs = new SQSClient({ endpoint: server.url, region: 'us-east-1', credentials: TEST_KEY, maxAttempts: 1 })
})

afterAll(async () => {
  sqs.destroy()
  await server.destroy()
})

test('a server that keeps the waits of AWS refuses what comes too soon', async () => {
  const created = await sqs.send(new CreateQueueCommand({ QueueName: 'orders' }))
  const QueueUrl = created.QueueUrl!
  await sqs.send(new PurgeQueueCommand({ QueueUrl }))
  await expect(sqs.send(new PurgeQueueCommand({ QueueUrl }))).rejects.toMatchObject({
    name: 'PurgeQueueInProgress',
    message: 'Only one PurgeQueue operation on orders is allowed every 60 seconds.',
    $metadata: { httpStatusCode: 403 },
  })
  await sqs.send(new DeleteQueueCommand({ QueueUrl }))
  await expect(sqs.send(new CreateQueueCommand({ QueueName: 'orders' }))).rejects.toMatchObject({
    name: 'QueueDeletedRecently',
    $metadata: { httpStatusCode: 400 },
  })
})

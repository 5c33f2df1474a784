import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListDeadLetterSourceQueuesCommand,
  ListQueuesCommand,
  ListQueueTagsCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
  TagQueueCommand,
  UntagQueueCommand,
} from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ServerProcess } from '../server-process.ts'

/** The same queue name in two places is two queues, whatever is done to either. */
let server: ServerProcess
beforeAll(async () => {
  server = await ServerProcess.create('--auth', 'off')
  await server.start()
})
afterAll(() => server.destroy())

interface Place {
  readonly region: string
  readonly account: string
}

const HERE: Place = { region: 'us-east-1', account: '000000000000' }

describe.each([
  ['regions', { ...HERE, region: 'eu-west-1' }],
  ['accounts', { ...HERE, account: '111111111111' }],
])('two %s', (kind, there) => {
  const QueueName = `same-${kind}`
  const [a, b] = [clientOf(HERE), clientOf(there)]
  const [urlOfA, urlOfB] = [HERE, there].map(
    ({ account }) =>
      () =>
        `${server.url}/${account}/${QueueName}`,
  )

  function clientOf({ region, account: accessKeyId }: Place): SQSClient {
    const credentials = { accessKeyId, secretAccessKey: 'any' }
    // The endpoint is known once the server runs.
    const endpoint = async () => {
      const { hostname, port, protocol } = new URL(server.url)
      return { hostname, port: Number(port), protocol, path: '/' }
    }
    return new SQSClient({ endpoint, region, credentials, maxAttempts: 1 })
  }

  const names = async (sqs: SQSClient) =>
    ((await sqs.send(new ListQueuesCommand({ QueueNamePrefix: 'same-' }))).QueueUrls ?? []).map((url) =>
      url.slice(server.url.length),
    )

  beforeAll(async () => {
    for (const sqs of [a, b])
      for (const url of await names(sqs)) {
        await sqs.send(new DeleteQueueCommand({ QueueUrl: server.url + url }))
      }
    await a.send(new CreateQueueCommand({ QueueName, Attributes: { DelaySeconds: '0' } }))
  })

  test('a queue of one is not there for the other', async () => {
    await expect(b.send(new GetQueueUrlCommand({ QueueName }))).rejects.toMatchObject({
      name: 'QueueDoesNotExist',
    })
    await expect(
      b.send(new SendMessageCommand({ QueueUrl: QueueName, MessageBody: 'x' })),
    ).rejects.toMatchObject({
      name: 'QueueDoesNotExist',
    })
    expect(await names(b)).toEqual([])
  })

  test('the name is free for the other, with other attributes and tags', async () => {
    const created = {
      QueueName,
      Attributes: { DelaySeconds: '0', VisibilityTimeout: '77' },
      tags: { of: 'b' },
    }
    expect((await b.send(new CreateQueueCommand(created))).QueueUrl).toBe(urlOfB?.())
    expect([await names(a), await names(b)]).toEqual([
      [`/${HERE.account}/${QueueName}`],
      [`/${there.account}/${QueueName}`],
    ])
    const attributesOf = async (sqs: SQSClient, QueueUrl = '') =>
      (await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }))).Attributes
    expect(await attributesOf(a, urlOfA?.())).toMatchObject({
      VisibilityTimeout: '30',
      QueueArn: `arn:aws:sqs:${HERE.region}:${HERE.account}:${QueueName}`,
    })
    expect(await attributesOf(b, urlOfB?.())).toMatchObject({
      VisibilityTimeout: '77',
      QueueArn: `arn:aws:sqs:${there.region}:${there.account}:${QueueName}`,
    })
    await a.send(
      new SetQueueAttributesCommand({ QueueUrl: QueueName, Attributes: { VisibilityTimeout: '9' } }),
    )
    expect(await attributesOf(b, QueueName)).toMatchObject({ VisibilityTimeout: '77' })
  })

  test("tags are each one's own", async () => {
    await a.send(new TagQueueCommand({ QueueUrl: QueueName, Tags: { of: 'a', x: 'y' } }))
    await a.send(new UntagQueueCommand({ QueueUrl: QueueName, TagKeys: ['x'] }))
    const tagsOf = async (sqs: SQSClient) =>
      (await sqs.send(new ListQueueTagsCommand({ QueueUrl: QueueName }))).Tags
    expect([await tagsOf(a), await tagsOf(b)]).toEqual([{ of: 'a' }, { of: 'b' }])
  })

  test('messages stay where they were sent', async () => {
    await a.send(new SendMessageCommand({ QueueUrl: QueueName, MessageBody: 'of a' }))
    await b.send(
      new SendMessageBatchCommand({ QueueUrl: QueueName, Entries: [{ Id: '1', MessageBody: 'of b' }] }),
    )
    const receive = async (sqs: SQSClient) =>
      (await sqs.send(new ReceiveMessageCommand({ QueueUrl: QueueName, MaxNumberOfMessages: 10 })))
        .Messages ?? []
    const [[ofA], [ofB]] = [await receive(a), await receive(b)]
    expect([ofA?.Body, ofB?.Body]).toEqual(['of a', 'of b'])
    // A handle of one is none of the other's.
    const ReceiptHandle = ofA?.ReceiptHandle ?? ''
    const foreign = { QueueUrl: QueueName, ReceiptHandle }
    await expect(b.send(new DeleteMessageCommand(foreign))).rejects.toMatchObject({
      name: 'ReceiptHandleIsInvalid',
    })
    const hidden = { ...foreign, VisibilityTimeout: 0 }
    await expect(b.send(new ChangeMessageVisibilityCommand(hidden))).rejects.toMatchObject({
      name: 'ReceiptHandleIsInvalid',
    })
    await a.send(new ChangeMessageVisibilityCommand(hidden))
    await b.send(new PurgeQueueCommand({ QueueUrl: QueueName }))
    expect((await receive(a)).map(({ Body }) => Body)).toEqual(['of a'])
    expect(await receive(b)).toEqual([])
  })

  test('each peeks into its own', async () => {
    await b.send(new SendMessageCommand({ QueueUrl: QueueName, MessageBody: 'only of b' }))
    const look = async ({ region, account }: Place) =>
      (await fetch(`${server.url}/_aws/sqs/messages/${region}/${account}/${QueueName}`)).text()
    expect(await look(there)).toContain('only of b')
    expect(await look(HERE)).not.toContain('only of b')
  })

  test('a dead-letter queue must be of the same place', async () => {
    const arn = ({ region, account }: Place) => `arn:aws:sqs:${region}:${account}:${QueueName}`
    const redriveTo = (place: Place) => ({
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arn(place), maxReceiveCount: 1 }),
    })
    const source = { QueueName: `same-source-${kind}` }
    await expect(b.send(new CreateQueueCommand({ ...source, Attributes: redriveTo(HERE) }))).rejects.toThrow(
      'Dead-letter target owner should be same as the source.',
    )
    await b.send(new CreateQueueCommand({ ...source, Attributes: redriveTo(there) }))
    const sources = async (sqs: SQSClient) =>
      (await sqs.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl: QueueName }))).queueUrls ?? []
    expect([(await sources(a)).length, (await sources(b)).length]).toEqual([0, 1])
  })

  test('deleting one leaves the other', async () => {
    await b.send(new DeleteQueueCommand({ QueueUrl: QueueName }))
    expect((await a.send(new GetQueueUrlCommand({ QueueName }))).QueueUrl).toBe(urlOfA?.())
  })
})

test('a URL of another account is refused, whether the queue exists or not', async () => {
  const credentials = { accessKeyId: '222222222222', secretAccessKey: 'any' }
  const sqs = new SQSClient({ endpoint: server.url, region: 'us-east-1', credentials, maxAttempts: 1 })
  const QueueUrl = `${server.url}/000000000000/same-regions`
  await expect(sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }))).rejects.toMatchObject({
    name: 'QueueDoesNotExist',
  })
  sqs.destroy()
})

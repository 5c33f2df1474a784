import { get } from 'node:http'
import https from 'node:https'
import {
  CreateTopicCommand,
  GetSubscriptionAttributesCommand,
  PublishCommand,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns'
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import MessageValidator from 'sns-validator'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { answer, type Behaviour, HttpPeer, hang, reset } from '../delivery/http-peer.ts'
import { startRelay } from '../delivery/mail-relay.ts'
import { startSmppPeer, submitted, textOf } from '../delivery/smpp-peer.ts'
import { ServerProcess, TEST_KEY } from '../server-process.ts'
import { FROM_TOPICS } from '../sns/from-topics.ts'

let server: ServerProcess
let relay: Awaited<ReturnType<typeof startRelay>>
let gateway: HttpPeer
let sns: SNSClient
let sqs: SQSClient
let names = 0
const cleanups: (() => Promise<void>)[] = []

beforeAll(async () => {
  relay = await startRelay()
  gateway = await HttpPeer.start(answer(200))
  const email = ['--smtp-url', relay.url, '--smtp-from', 'no-reply@mill.example']
  server = await ServerProcess.create('--delivery-allow-private', ...email, '--sms-url', gateway.url)
  await server.start()
  const options = { endpoint: server.url, region: 'eu-west-1', credentials: TEST_KEY }
  sns = new SNSClient(options)
  sqs = new SQSClient(options)
})

afterEach(async () => {
  vi.restoreAllMocks()
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

afterAll(async () => {
  sns.destroy()
  sqs.destroy()
  await server.destroy()
  await gateway.stop()
  await relay.stop()
})

async function newTopic(Attributes: Record<string, string> = {}): Promise<string> {
  return (await sns.send(new CreateTopicCommand({ Name: `topic-${++names}`, Attributes }))).TopicArn!
}

async function endpoint(...script: Behaviour[]): Promise<HttpPeer> {
  const peer = await HttpPeer.start(...script)
  cleanups.push(() => peer.stop())
  return peer
}

interface Posted {
  readonly head: string
  readonly body: string
}

const posted = (request: string | undefined): Posted => {
  const [head = '', ...rest] = (request ?? '').split('\r\n\r\n')
  return { head, body: rest.join('\r\n\r\n') }
}

async function subscribe(
  TopicArn: string,
  Protocol: string,
  Endpoint: string,
  Attributes: Record<string, string> = {},
): Promise<string> {
  const input = { TopicArn, Protocol, Endpoint, Attributes, ReturnSubscriptionArn: true }
  return (await sns.send(new SubscribeCommand(input))).SubscriptionArn!
}

/** Subscribes the peer, and visits the link that it is sent. */
async function confirmed(
  TopicArn: string,
  peer: HttpPeer,
  Attributes: Record<string, string> = {},
): Promise<string> {
  const subscription = await subscribe(TopicArn, 'http', peer.url, Attributes)
  await peer.received(1)
  const answered = await fetch(JSON.parse(posted(peer.requests[0]).body).SubscribeURL)
  expect(await answered.text()).toContain(`<SubscriptionArn>${subscription}</SubscriptionArn>`)
  return subscription
}

const publish = (TopicArn: string, Message: string) => sns.send(new PublishCommand({ TopicArn, Message }))

const attributesOf = async (SubscriptionArn: string) =>
  (await sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }))).Attributes!

async function until<T>(look: () => Promise<T | undefined> | T | undefined): Promise<T> {
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** Verifies a document by the validator that AWS publishes, which asks for the certificate by HTTPS alone. */
async function validate(document: { readonly SigningCertURL: string }): Promise<void> {
  const { SigningCertURL: certificate } = document
  expect(certificate.startsWith(server.url)).toBe(true)
  vi.spyOn(https, 'get').mockImplementation((_url, options) =>
    get(certificate, typeof options === 'function' ? options : undefined),
  )
  const SigningCertURL = certificate.replace(server.url, 'https://sns.test')
  await new Promise<void>((resolve, reject) => {
    new MessageValidator(/^sns\.test$/).validate({ ...document, SigningCertURL }, (error) =>
      error === null ? resolve() : reject(error),
    )
  })
}

const retries = (numRetries: number) => ({
  DeliveryPolicy: JSON.stringify({
    healthyRetryPolicy: { minDelayTarget: 1, maxDelayTarget: 1, numRetries },
  }),
})

test('an HTTP endpoint confirms by the link that it is sent, and gets signed notifications', async () => {
  const TopicArn = await newTopic()
  const peer = await endpoint(answer(200))
  const subscription = await subscribe(TopicArn, 'http', peer.url)
  expect((await attributesOf(subscription)).PendingConfirmation).toBe('true')
  await peer.received(1)
  const question = posted(peer.requests[0])
  expect(question.head).toMatch(/^POST \/hook HTTP\/1\.1\r\n/)
  expect(question.head).toContain('x-amz-sns-message-type: SubscriptionConfirmation\r\n')
  expect(question.head).not.toContain('x-amz-sns-subscription-arn')
  const asked = JSON.parse(question.body)
  expect(asked).toMatchObject({ Type: 'SubscriptionConfirmation', TopicArn, SignatureVersion: '1' })
  await validate(asked)
  expect((await fetch(`${asked.SubscribeURL}0`)).status).toBe(400)
  const answered = await fetch(asked.SubscribeURL)
  expect(answered.status).toBe(200)
  expect(answered.headers.get('content-type')).toBe('text/xml')
  expect(await answered.text()).toContain(
    `<ConfirmSubscriptionResult><SubscriptionArn>${subscription}</SubscriptionArn>`,
  )
  expect(await attributesOf(subscription)).toMatchObject({
    ...{ PendingConfirmation: 'false', ConfirmationWasAuthenticated: 'false' },
  })

  await sns.send(
    new PublishCommand({
      ...{ TopicArn, Message: 'two millstones', Subject: 'Grüße' },
      MessageAttributes: { grain: { DataType: 'String', StringValue: 'rye' } },
    }),
  )
  await peer.received(2)
  const notified = posted(peer.requests[1])
  const document = JSON.parse(notified.body)
  expect(notified.head).toContain('x-amz-sns-message-type: Notification\r\n')
  expect(notified.head).toContain(`x-amz-sns-message-id: ${document.MessageId}\r\n`)
  expect(notified.head).toContain(`x-amz-sns-subscription-arn: ${subscription}\r\n`)
  expect(notified.head).toContain('Content-Type: text/plain; charset=UTF-8\r\n')
  expect(document).toMatchObject({
    ...{ Type: 'Notification', TopicArn, Message: 'two millstones', Subject: 'Grüße' },
    MessageAttributes: { grain: { Type: 'String', Value: 'rye' } },
  })
  await validate(document)

  expect((await fetch(document.UnsubscribeURL)).status).toBe(200)
  await expect(attributesOf(subscription)).rejects.toThrow('Subscription does not exist')
  await peer.received(3)
  const told = posted(peer.requests[2])
  expect(told.head).toContain('x-amz-sns-message-type: UnsubscribeConfirmation\r\n')
  expect((await fetch(JSON.parse(told.body).SubscribeURL)).status).toBe(200)
  expect((await attributesOf(subscription)).PendingConfirmation).toBe('false')
  await publish(TopicArn, 'again')
  await peer.received(4)
  expect(JSON.parse(posted(peer.requests[3]).body).Message).toBe('again')
})

test('raw deliveries are the message alone, with the content type of the policy', async () => {
  const TopicArn = await newTopic()
  const peer = await endpoint(answer(200))
  const DeliveryPolicy = JSON.stringify({ requestPolicy: { headerContentType: 'application/json' } })
  await confirmed(TopicArn, peer, { RawMessageDelivery: 'true', DeliveryPolicy })
  await publish(TopicArn, '{"grain":"rye"}')
  await peer.received(2)
  const { head, body } = posted(peer.requests[1])
  expect(body).toBe('{"grain":"rye"}')
  expect(head).toContain('x-amz-sns-rawdelivery: true\r\n')
  expect(head).toContain('Content-Type: application/json\r\n')
})

test('without a signature nothing else is served, and a link that claims one is verified', async () => {
  const TopicArn = await newTopic()
  const link = (action: string, more = '') =>
    fetch(`${server.url}/?Action=${action}&TopicArn=${TopicArn}${more}`)
  expect((await link('DeleteTopic')).status).toBe(403)
  expect((await link('GetTopicAttributes')).status).toBe(403)
  const signed = await link('ConfirmSubscription', '&Token=0&X-Amz-Signature=0')
  expect(await signed.text()).toContain('MissingAuthenticationToken')
  const body = new URLSearchParams({ Action: 'ConfirmSubscription', TopicArn, Token: '0' })
  expect((await fetch(server.url, { method: 'POST', body })).status).toBe(403)
  const queue = `arn:aws:sqs:eu-west-1:000000000000:readers`
  const SubscriptionArn = await subscribe(TopicArn, 'sqs', queue)
  const ended = await link('Unsubscribe', `&SubscriptionArn=${SubscriptionArn}`)
  expect([ended.status, await ended.text()]).toEqual([403, expect.stringContaining('AuthorizationError')])
})

test('what fails is tried again as the policy says, and then lies in the dead-letter queue', async () => {
  const TopicArn = await newTopic()
  const peer = await endpoint(answer(200), answer(500), reset, answer(429), answer(200), answer(503))
  const QueueName = `dead-${++names}`
  const Attributes = { Policy: FROM_TOPICS }
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes }))
  const RedrivePolicy = JSON.stringify({
    deadLetterTargetArn: `arn:aws:sqs:eu-west-1:000000000000:${QueueName}`,
  })
  await confirmed(TopicArn, peer, { ...retries(3), RedrivePolicy })
  await publish(TopicArn, 'delivered in the end')
  await peer.received(5)
  const ids = peer.requests.slice(1).map((request) => /message-id: (\S+)/.exec(request)?.[1])
  expect(new Set(ids).size).toBe(1)
  await publish(TopicArn, 'in vain')
  const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }))
  expect(Messages!.map(({ Body }) => JSON.parse(Body!).Message)).toEqual(['in vain'])
  expect(peer.requests).toHaveLength(9)
  const counts = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] })
  expect((await sqs.send(counts)).Attributes!.ApproximateNumberOfMessagesNotVisible).toBe('1')
})

test('a hundred dead endpoints delay neither a publish nor an endpoint that answers', async () => {
  const TopicArn = await newTopic()
  const dead = await endpoint(hang)
  // Their questions hang too: none of them is ever confirmed by its link, but each by its token.
  const all = Array.from({ length: 100 }, (_, i) => subscribe(TopicArn, 'http', `${dead.url}/${i}`))
  await Promise.all(all)
  const links = await until(() => (dead.requests.length >= 100 ? [...dead.requests] : undefined))
  for (const link of links) await fetch(JSON.parse(posted(link).body).SubscribeURL)
  const good = await endpoint(answer(200))
  await confirmed(TopicArn, good)
  const startedAt = Date.now()
  for (let i = 0; i < 20; i++) await publish(TopicArn, `m-${i}`)
  await good.received(21)
  expect(Date.now() - startedAt).toBeLessThan(14_000)
  const messages = good.requests.slice(1).map((request) => JSON.parse(posted(request).body).Message)
  expect(messages.sort()).toEqual(Array.from({ length: 20 }, (_, i) => `m-${i}`).sort())
})

test('an address is subscribed by the link that it is mailed', async () => {
  const TopicArn = await newTopic({ DisplayName: 'The Mill' })
  const subscription = await subscribe(TopicArn, 'email', 'miller@example.com')
  const question = await until(() => relay.mails.find(({ body }) => body.includes(TopicArn)))
  expect(question.to).toEqual(['miller@example.com'])
  expect(question.headers).toContain('Subject: AWS Notification - Subscription Confirmation')
  const link = /^http\S+ConfirmSubscription\S+$/m.exec(question.body)![0]
  expect((await fetch(link)).status).toBe(200)
  await sns.send(new PublishCommand({ TopicArn, Message: 'the mill is open', Subject: 'News' }))
  const mail = await until(() => relay.mails.find(({ body }) => body.includes('the mill is open')))
  expect(mail.headers).toContain('Subject: News')
  const end = /^http\S+Unsubscribe\S+$/m.exec(mail.body)![0]
  expect((await fetch(end)).status).toBe(200)
  await expect(attributesOf(subscription)).rejects.toThrow('Subscription does not exist')
})

test('a number is subscribed at once, and gets text messages', async () => {
  const TopicArn = await newTopic({ DisplayName: 'The Mill' })
  const subscription = await subscribe(TopicArn, 'sms', '+15551234567')
  expect((await attributesOf(subscription)).PendingConfirmation).toBe('false')
  await publish(TopicArn, 'the mill is open')
  await gateway.received(1)
  expect(JSON.parse(posted(gateway.requests[0]).body)).toMatchObject({
    ...{ to: '+15551234567', text: 'The Mill> the mill is open' },
  })
})

test('text messages leave by SMPP where that is the gateway', async () => {
  const peer = await startSmppPeer({ submit: [0x58, 0] })
  cleanups.push(() => peer.stop())
  const bound = await ServerProcess.create('--sms-url', peer.url)
  cleanups.push(() => bound.destroy())
  await bound.start()
  const client = new SNSClient({ endpoint: bound.url, region: 'eu-west-1', credentials: TEST_KEY })
  const { TopicArn } = await client.send(new CreateTopicCommand({ Name: 'news' }))
  await client.send(new SubscribeCommand({ TopicArn, Protocol: 'sms', Endpoint: '+15551234567' }))
  await client.send(new PublishCommand({ TopicArn, Message: 'the mill is open' }))
  client.destroy()
  // The gateway is throttled at first, and asked again after the ten seconds that AWS waits.
  const messages = await until(() => (submitted(peer).length === 2 ? submitted(peer) : undefined))
  expect(messages.map(textOf)).toEqual(['the mill is open', 'the mill is open'])
  expect(messages[0]!.destination_addr).toBe(messages[1]!.destination_addr)
})

test('what can not be reached from here is refused', async () => {
  const TopicArn = await newTopic()
  const guarded = await ServerProcess.create()
  cleanups.push(() => guarded.destroy())
  await guarded.start()
  const options = { endpoint: guarded.url, region: 'eu-west-1', credentials: TEST_KEY }
  const client = new SNSClient(options)
  await client.send(new CreateTopicCommand({ Name: TopicArn.split(':').at(-1) }))
  const refused = (Protocol: string, Endpoint: string) =>
    expect(client.send(new SubscribeCommand({ TopicArn, Protocol, Endpoint }))).rejects
  await refused('http', 'http://127.0.0.1/').toThrow(/^Invalid parameter: Endpoint Reason: not a public/)
  await refused('email', 'miller@example.com').toThrow('--smtp-url')
  await refused('sms', '+15551234567').toThrow('--sms-url')
  await refused('lambda', 'arn:aws:lambda:eu-west-1:000000000000:function:f').toThrow('--lambda-endpoint')
  const stream = 'arn:aws:firehose:eu-west-1:000000000000:deliverystream/s'
  await refused('firehose', stream).toThrow('--firehose-endpoint')
  client.destroy()
})

test('what was not delivered before a crash, or a stop, is delivered after it', async () => {
  const TopicArn = await newTopic()
  const peer = await endpoint(answer(200), hang, hang, answer(200))
  await confirmed(TopicArn, peer)
  await publish(TopicArn, 'm')
  await peer.received(2)
  await server.kill()
  await server.start()
  // The attempt that the crash cut short has its time, of 30 seconds, before another one is made.
  await peer.received(3)
  expect(await server.stop()).toBe(0)
  await server.start()
  await peer.received(4)
  const messages = peer.requests.slice(1).map((request) => JSON.parse(posted(request).body))
  expect(messages.map(({ Message }) => Message)).toEqual(['m', 'm', 'm'])
  expect(new Set(messages.map(({ Signature }) => Signature)).size).toBe(1)
})

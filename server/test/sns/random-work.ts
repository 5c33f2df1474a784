import { ServiceError } from '../../src/api/service-error.ts'
import type { SeededRandom } from '../../src/base/random.ts'
import type { SqsCommand, SqsReplies } from '../../src/services/sqs/commands.ts'
import type { Input, TopicWorld } from './topic-world.ts'

const QUEUES = ['a', 'b', 'dead', 'a.fifo', 'dead.fifo'] as const
const TOPICS = ['t', 'u', 't.fifo'] as const
const GROUPS = ['g', 'h', 'i'] as const

const queueArn = (name: string) => `arn:aws:sqs:eu-west-1:000000000000:${name}`
const topicArn = (name: string) => `arn:aws:sns:eu-west-1:000000000000:${name}`
const isFifo = (name: string) => name.endsWith('.fifo')
const deadLettersOf = (name: string) => (isFifo(name) ? 'dead.fifo' : 'dead')

/** Does `steps` things that clients, time and the cell do, with few queues and topics, so that they meet. Refusals are fine. */
export async function workAtRandom(world: TopicWorld, random: SeededRandom, steps: number): Promise<void> {
  for (let i = 0; i < steps; i++) {
    try {
      await random.pick(KINDS)(world, random)
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error
    }
  }
}

type Work = (world: TopicWorld, random: SeededRandom) => unknown

function createQueue(world: TopicWorld, random: SeededRandom): Promise<unknown> {
  const QueueName = random.pick(QUEUES)
  const RedrivePolicy = JSON.stringify({
    deadLetterTargetArn: queueArn(deadLettersOf(QueueName)),
    maxReceiveCount: 1,
  })
  const Attributes: Input = {
    ...(isFifo(QueueName) && { FifoQueue: 'true' }),
    ...(!QueueName.startsWith('dead') && { RedrivePolicy }),
  }
  return world.sqs('CreateQueue', { QueueName, Attributes })
}

function createTopic(world: TopicWorld, random: SeededRandom): Promise<unknown> {
  const Name = random.pick(TOPICS)
  const Attributes = isFifo(Name) ? { FifoTopic: 'true', ContentBasedDeduplication: 'true' } : {}
  return world.sns('CreateTopic', { Name, Attributes })
}

function subscribe(world: TopicWorld, random: SeededRandom): Promise<unknown> {
  const [topic, queue] = [random.pick(TOPICS), random.pick(QUEUES)]
  return world.subscribe(topicArn(topic), queueArn(queue), {
    RawMessageDelivery: String(random.chance(0.5)),
    ...(random.chance(0.3) && { FilterPolicy: '{"stones":["two"]}' }),
  })
}

async function unsubscribe(world: TopicWorld, random: SeededRandom): Promise<void> {
  const { Subscriptions } = await world.sns('ListSubscriptions')
  if (Subscriptions.length < 3) return
  await world.sns('Unsubscribe', { SubscriptionArn: random.pick<Input>(Subscriptions).SubscriptionArn })
}

async function changeSubscription(world: TopicWorld, random: SeededRandom): Promise<void> {
  const { Subscriptions } = await world.sns('ListSubscriptions')
  if (Subscriptions.length === 0) return
  const { SubscriptionArn } = random.pick<Input>(Subscriptions)
  const AttributeValue = String(random.chance(0.5))
  const change = { SubscriptionArn, AttributeName: 'RawMessageDelivery', AttributeValue }
  await world.sns('SetSubscriptionAttributes', change)
}

function publish(world: TopicWorld, random: SeededRandom): Promise<unknown> {
  const topic = random.pick(TOPICS)
  return world.sns('Publish', {
    TopicArn: topicArn(topic),
    Message: `message ${random.below(50)}`,
    ...(random.chance(0.5) && {
      MessageAttributes: { stones: { DataType: 'String', StringValue: 'two' } },
    }),
    ...(isFifo(topic) && { MessageGroupId: random.pick(GROUPS) }),
  })
}

function send(world: TopicWorld, random: SeededRandom): Promise<unknown> {
  const QueueUrl = random.pick(QUEUES)
  const MessageBody = `sent ${random.below(50)}`
  return world.sqs('SendMessage', {
    ...{ QueueUrl, MessageBody },
    ...((isFifo(QueueUrl) || random.chance(0.5)) && { MessageGroupId: random.pick(GROUPS) }),
    ...(isFifo(QueueUrl) && { MessageDeduplicationId: MessageBody.replace(' ', '-') }),
  })
}

async function receive(world: TopicWorld, random: SeededRandom): Promise<void> {
  const QueueUrl = random.pick(QUEUES)
  const options = { MaxNumberOfMessages: 1 + random.below(10), VisibilityTimeout: random.below(3) }
  const { Messages = [] } = await world.sqs('ReceiveMessage', { QueueUrl, ...options })
  for (const { ReceiptHandle } of Messages) {
    if (random.chance(0.3)) await world.sqs('DeleteMessage', { QueueUrl, ReceiptHandle })
  }
}

function startMove(world: TopicWorld, random: SeededRandom): Promise<unknown> {
  return world.sqs('StartMessageMoveTask', { SourceArn: queueArn(random.pick(['dead', 'dead.fifo'])) })
}

async function doChore(world: TopicWorld): Promise<void> {
  const chore = world.machine.chore()
  if (chore !== null && chore.at <= world.now) await world.execute(chore.command)
}

/** What there is more of comes more often. */
const KINDS: readonly [Work, ...Work[]] = [
  createQueue,
  ...[createTopic, createTopic, subscribe, subscribe, unsubscribe, changeSubscription],
  ...[publish, publish, publish, send, receive, receive, startMove, doChore, doChore],
  (world) => world.tidy(),
  (world, random) =>
    random.chance(0.2) && world.sns('DeleteTopic', { TopicArn: topicArn(random.pick(TOPICS)) }),
  (world, random) => world.sqs('PurgeQueue', { QueueUrl: random.pick(QUEUES) }),
  (world, random) => random.chance(0.3) && world.sqs('DeleteQueue', { QueueUrl: random.pick(QUEUES) }),
  (world, random) => random.chance(0.05) && world.reset(),
  (world, random) => {
    if (random.chance(0.1)) world.now += 400_000
  },
]

/** All that can be seen of the topics and queues, and the bytes of all messages. Changes nothing. */
export async function lookAtAll(world: TopicWorld): Promise<unknown> {
  const { Subscriptions } = await world.sns('ListSubscriptions')
  const seen: unknown[] = [await world.sns('ListTopics'), Subscriptions]
  for (const { SubscriptionArn } of Subscriptions) {
    seen.push(await world.sns('GetSubscriptionAttributes', { SubscriptionArn }))
  }
  for (const topic of TOPICS) {
    seen.push(await orRefusal(world.sns('GetTopicAttributes', { TopicArn: topicArn(topic) })))
  }
  for (const queue of QUEUES) {
    seen.push(await orRefusal(world.sqs('GetQueueAttributes', { QueueUrl: queue, AttributeNames: ['All'] })))
    seen.push(await orRefusal(messagesIn(world, queue)))
  }
  return seen
}

async function messagesIn(world: TopicWorld, name: string): Promise<unknown> {
  const command: SqsCommand<'peekMessages'> = {
    ...{ service: 'sqs', kind: 'peekMessages', from: 'oldest', limit: 1000, bytesMax: 1_000_000 },
    queue: { accountId: '000000000000', region: 'eu-west-1', name },
    phases: ['visible', 'inFlight', 'delayed'],
  }
  const { messages, bodies } = (await world.execute(command)) as SqsReplies['peekMessages']
  return [messages, await bodies]
}

function orRefusal(answer: Promise<unknown>): Promise<unknown> {
  return answer.catch((error: unknown) => {
    if (error instanceof ServiceError) return error.shape.code
    throw error
  })
}

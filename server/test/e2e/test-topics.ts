import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns'
import {
  CreateQueueCommand,
  type Message,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { ServerProcess, TEST_KEY } from '../server-process.ts'
import { FROM_TOPICS } from '../sns/from-topics.ts'

export const TEST_REGION = 'us-east-1'
export const TEST_ACCOUNT = '000000000000'

export interface TestQueue {
  readonly url: string
  readonly arn: string
}

/** A server of its own with clients for topics and queues, each of which has a name that no other has. */
export class TestTopics {
  readonly server: ServerProcess
  readonly sns: SNSClient
  readonly sqs: SQSClient
  #names = 0

  private constructor(server: ServerProcess) {
    const options = { endpoint: server.url, region: TEST_REGION, credentials: TEST_KEY, maxAttempts: 1 }
    this.server = server
    this.sns = new SNSClient(options)
    this.sqs = new SQSClient(options)
  }

  static async start(...flags: string[]): Promise<TestTopics> {
    const server = await ServerProcess.create(...flags)
    await server.start()
    return new TestTopics(server)
  }

  async destroy(): Promise<void> {
    this.sns.destroy()
    this.sqs.destroy()
    await this.server.destroy()
  }

  /** It takes what topics send, unless its attributes say otherwise. */
  async newQueue(attributes: Record<string, string> = {}): Promise<TestQueue> {
    const Attributes: Record<string, string> = { Policy: FROM_TOPICS, ...attributes }
    const QueueName = `queue-${++this.#names}${Attributes.FifoQueue === undefined ? '' : '.fifo'}`
    const { QueueUrl } = await this.sqs.send(new CreateQueueCommand({ QueueName, Attributes }))
    return { url: QueueUrl!, arn: `arn:aws:sqs:${TEST_REGION}:${TEST_ACCOUNT}:${QueueName}` }
  }

  /** Its ARN. */
  async newTopic(Attributes: Record<string, string> = {}): Promise<string> {
    const Name = `topic-${++this.#names}${Attributes.FifoTopic === undefined ? '' : '.fifo'}`
    return (await this.sns.send(new CreateTopicCommand({ Name, Attributes }))).TopicArn!
  }

  /** The subscription's ARN. */
  async subscribe(
    TopicArn: string,
    { arn }: TestQueue,
    Attributes: Record<string, string> = {},
  ): Promise<string> {
    const subscription = { TopicArn, Protocol: 'sqs', Endpoint: arn, Attributes }
    return (await this.sns.send(new SubscribeCommand(subscription))).SubscriptionArn!
  }

  /** What is in a queue, ten at most, whole; it stays there. */
  async receive({ url }: TestQueue, options: Partial<ReceiveMessageCommandInput> = {}): Promise<Message[]> {
    const input = { QueueUrl: url, MaxNumberOfMessages: 10, VisibilityTimeout: 0, ...options }
    const all = { MessageAttributeNames: ['All'], MessageSystemAttributeNames: ['All' as const] }
    return (await this.sqs.send(new ReceiveMessageCommand({ ...all, ...input }))).Messages ?? []
  }
}

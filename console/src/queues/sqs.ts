import type { Answer } from '../api/answer.ts'
import type { Api } from '../api/api.ts'

const SQS = { signingName: 'sqs', target: 'AmazonSQS', version: '1.0' } as const
/** Where messages are looked at and not received: docs/compatibility.md. */
const INSPECTION_PATH = '/_aws/sqs/messages'
const COUNTS = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
]
/** AWS remembers no more. */
const TASKS_MAX = 10

export interface QueueCounts {
  readonly waiting: number
  readonly inFlight: number
  readonly delayed: number
}

export interface Page<Item> {
  readonly items: readonly Item[]
  /** Where the next page begins; empty at the end. */
  readonly next: string
}

/** A message that was looked at. Times are in milliseconds since the epoch. */
export interface ShownMessage {
  readonly id: string
  readonly phase: 'waiting' | 'in flight' | 'delayed'
  /** When it becomes visible; null for one that is. */
  readonly visibleAt: number | null
  readonly sentAt: number
  readonly receiveCount: number
  readonly groupId: string
  readonly body: string
  /** What AWS keeps about every message, by name. */
  readonly system: readonly (readonly [name: string, value: string])[]
  readonly attributes: readonly MessageAttribute[]
}

export interface MessageAttribute {
  readonly name: string
  /** `String`, `Number` or `Binary`, and maybe a label of the sender's after a dot. */
  readonly type: string
  /** Of a binary one in base64. */
  readonly value: string
}

export interface MessageToSend {
  readonly body: string
  readonly delaySeconds: number | null
  readonly groupId: string
  readonly deduplicationId: string
  readonly attributes: readonly MessageAttribute[]
}

export interface MoveTask {
  /** Only while it can be cancelled. */
  readonly handle: string
  readonly status: string
  readonly moved: number
  /** Null when it was not said. */
  readonly toMove: number | null
  readonly destinationArn: string
  readonly rate: number | null
  readonly failure: string
  readonly startedAt: number
}

/** The operations of SQS that the console uses. Queues are named by their names: a server takes them for URLs. */
export class Sqs {
  readonly #api: Api

  constructor(api: Api) {
    this.#api = api
  }

  async list(prefix: string, token: string, limit: number): Promise<Page<string>> {
    const answer = await this.#call('ListQueues', {
      ...{ MaxResults: limit, ...(prefix !== '' && { QueueNamePrefix: prefix }) },
      ...(token !== '' && { NextToken: token }),
    })
    return { items: answer.texts('QueueUrls').map(nameIn), next: answer.text('NextToken') }
  }

  /** What stands in a list. */
  async overview(queue: string): Promise<QueueCounts & { readonly deadLetterQueue: string }> {
    const attributes = await this.#attributes(queue, [...COUNTS, 'RedrivePolicy'])
    return { ...countsIn(attributes), deadLetterQueue: deadLetterQueueIn(attributes.text('RedrivePolicy')) }
  }

  async attributes(queue: string): Promise<ReadonlyMap<string, string>> {
    return new Map((await this.#attributes(queue, ['All'])).entries())
  }

  /** Of a queue that is named; what is an ARN already stays one. */
  async arnOf(queue: string): Promise<string> {
    if (queue.startsWith('arn:')) return queue
    return (await this.#attributes(queue, ['QueueArn'])).text('QueueArn')
  }

  async setAttributes(queue: string, Attributes: Readonly<Record<string, string>>): Promise<void> {
    await this.#call('SetQueueAttributes', { QueueUrl: queue, Attributes })
  }

  async create(name: string, Attributes: Readonly<Record<string, string>>): Promise<void> {
    await this.#call('CreateQueue', { QueueName: name, Attributes })
  }

  async delete(queue: string): Promise<void> {
    await this.#call('DeleteQueue', { QueueUrl: queue })
  }

  async purge(queue: string): Promise<void> {
    await this.#call('PurgeQueue', { QueueUrl: queue })
  }

  async tags(queue: string): Promise<readonly (readonly [key: string, value: string])[]> {
    return (await this.#call('ListQueueTags', { QueueUrl: queue })).part('Tags').entries()
  }

  async tag(queue: string, key: string, value: string): Promise<void> {
    // Not as a literal: `__proto__` is a key like any other.
    await this.#call('TagQueue', { QueueUrl: queue, Tags: Object.fromEntries([[key, value]]) })
  }

  async untag(queue: string, key: string): Promise<void> {
    await this.#call('UntagQueue', { QueueUrl: queue, TagKeys: [key] })
  }

  /** The oldest messages first; those in flight and delayed too where that's asked for. None is received. */
  async look(
    queue: string,
    options: { inFlight: boolean; delayed: boolean; token: string; limit: number },
  ): Promise<Page<ShownMessage>> {
    return this.#look({
      QueueUrl: queue,
      ...{ ShowInvisible: String(options.inFlight), ShowDelayed: String(options.delayed) },
      ...{ MaxResults: options.limit, ...(options.token !== '' && { NextToken: options.token }) },
    })
  }

  /** What came in since `token` was given, or nothing if it's empty. There is always a token for the next call. */
  async follow(queue: string, token: string, limit: number): Promise<Page<ShownMessage>> {
    const all = { ShowInvisible: 'true', ShowDelayed: 'true', Follow: 'true', MaxResults: limit }
    return this.#look({ QueueUrl: queue, ...all, ...(token !== '' && { NextToken: token }) })
  }

  /** Resolves with the message's id. */
  async send(queue: string, message: MessageToSend): Promise<string> {
    const { body, delaySeconds, groupId, deduplicationId, attributes } = message
    const answer = await this.#call('SendMessage', {
      ...{ QueueUrl: queue, MessageBody: body },
      ...(delaySeconds !== null && { DelaySeconds: delaySeconds }),
      ...(groupId !== '' && { MessageGroupId: groupId }),
      ...(deduplicationId !== '' && { MessageDeduplicationId: deduplicationId }),
      ...(attributes.length > 0 && {
        MessageAttributes: Object.fromEntries(attributes.map(({ name, ...rest }) => [name, wireValue(rest)])),
      }),
    })
    return answer.text('MessageId')
  }

  /** The queues that name this one as their dead-letter queue. */
  async sources(queue: string, token: string, limit: number): Promise<Page<string>> {
    const answer = await this.#call('ListDeadLetterSourceQueues', {
      ...{ QueueUrl: queue, MaxResults: limit, ...(token !== '' && { NextToken: token }) },
    })
    return { items: answer.texts('queueUrls').map(nameIn), next: answer.text('NextToken') }
  }

  /** Without a destination each message goes back to where it came from. */
  async startMove(sourceArn: string, destinationArn: string, rate: number | null): Promise<void> {
    await this.#call('StartMessageMoveTask', {
      SourceArn: sourceArn,
      ...(destinationArn !== '' && { DestinationArn: destinationArn }),
      ...(rate !== null && { MaxNumberOfMessagesPerSecond: rate }),
    })
  }

  /** The newest first. */
  async moves(sourceArn: string): Promise<readonly MoveTask[]> {
    const answer = await this.#call('ListMessageMoveTasks', { SourceArn: sourceArn, MaxResults: TASKS_MAX })
    return answer.parts('Results').map((task) => ({
      ...{
        handle: task.text('TaskHandle'),
        status: task.text('Status'),
        failure: task.text('FailureReason'),
      },
      moved: task.number('ApproximateNumberOfMessagesMoved') ?? 0,
      toMove: task.number('ApproximateNumberOfMessagesToMove'),
      destinationArn: task.text('DestinationArn'),
      rate: task.number('MaxNumberOfMessagesPerSecond'),
      startedAt: task.number('StartedTimestamp') ?? 0,
    }))
  }

  async cancelMove(handle: string): Promise<void> {
    await this.#call('CancelMessageMoveTask', { TaskHandle: handle })
  }

  async #look(input: object): Promise<Page<ShownMessage>> {
    const answer = await this.#api.call(SQS, 'ReceiveMessage', input, INSPECTION_PATH)
    return { items: answer.parts('Messages').map(shownMessage), next: answer.text('NextToken') }
  }

  async #attributes(queue: string, AttributeNames: readonly string[]): Promise<Answer> {
    return (await this.#call('GetQueueAttributes', { QueueUrl: queue, AttributeNames })).part('Attributes')
  }

  #call(operation: string, input: object): Promise<Answer> {
    return this.#api.call(SQS, operation, input)
  }
}

export function isFifo(queue: string): boolean {
  return queue.endsWith('.fifo')
}

/** The last part of an ARN or a URL. */
export function nameIn(arnOrUrl: string): string {
  return arnOrUrl.slice(Math.max(arnOrUrl.lastIndexOf('/'), arnOrUrl.lastIndexOf(':')) + 1)
}

/** The name of the queue that a RedrivePolicy sends dead letters to; empty if there is none. */
export function deadLetterQueueIn(redrivePolicy: string): string {
  return nameIn(/"deadLetterTargetArn"\s*:\s*"([^"]*)"/.exec(redrivePolicy)?.[1] ?? '')
}

function countsIn(attributes: Answer): QueueCounts {
  const [waiting = 0, inFlight = 0, delayed = 0] = COUNTS.map((name) => attributes.number(name) ?? 0)
  return { waiting, inFlight, delayed }
}

function shownMessage(message: Answer): ShownMessage {
  const attributes = message.part('Attributes')
  const isDelayed = attributes.flag('IsDelayed')
  const isInFlight = attributes.text('IsVisible') === 'false'
  return {
    id: message.text('MessageId'),
    phase: isDelayed ? 'delayed' : isInFlight ? 'in flight' : 'waiting',
    visibleAt: attributes.number('VisibleTimestamp'),
    sentAt: attributes.number('SentTimestamp') ?? 0,
    receiveCount: attributes.number('ApproximateReceiveCount') ?? 0,
    groupId: attributes.text('MessageGroupId'),
    body: message.text('Body'),
    system: attributes.entries().filter(([name]) => !OURS.includes(name)),
    attributes: message
      .part('MessageAttributes')
      .structures()
      .map(([name, value]) => ({
        name,
        type: value.text('DataType'),
        value: value.text(value.text('DataType').startsWith('Binary') ? 'BinaryValue' : 'StringValue'),
      })),
  }
}

/** What the endpoint adds to a message's attributes, and the phase says. */
const OURS: readonly string[] = ['IsVisible', 'IsDelayed', 'VisibleTimestamp']

function wireValue({ type, value }: { readonly type: string; readonly value: string }): object {
  return { DataType: type, [type.startsWith('Binary') ? 'BinaryValue' : 'StringValue']: value }
}

import { Connection } from '../load/connection.ts'
import { countMessages, type QueueSession } from '../load/session.ts'
import { SnsRequests } from '../load/sns-requests.ts'
import { SqsRequests } from '../load/sqs-requests.ts'
import type { TopicPlan } from './plan.ts'

/** A loader's open connections, its topic and the queues that are subscribed. */
export interface TopicSession {
  readonly plan: TopicPlan
  readonly sqs: SqsRequests
  readonly sns: SnsRequests
  /** Null where messages are sent to the only queue. */
  readonly topicArn: string | null
  readonly queueUrls: readonly string[]
  readonly connections: readonly Connection[]
}

export async function openTopicSession(plan: TopicPlan): Promise<TopicSession> {
  const { port, credentials, region, subscribers, isFiltered } = plan
  const host = `127.0.0.1:${port}`
  const now = new Date()
  const sqs = new SqsRequests(host, credentials, region, now)
  const sns = new SnsRequests(host, credentials, region, now)
  const connections = await Promise.all(Array.from({ length: plan.connections }, () => Connection.open(port)))
  const topicArn = subscribers === null ? null : await createTopic(connections[0]!, sns)
  const numbers = Array.from({ length: subscribers ?? 1 }, (_, i) => i)
  const queueUrls = await forEach(connections, numbers, async (connection, i) => {
    const name = `bench-${i}`
    const queueArn = `arn:aws:sqs:${topicArn?.split(':').slice(3, 5).join(':')}:${name}`
    const options = topicArn === null ? {} : { policy: letIn(topicArn, queueArn) }
    const created: { QueueUrl: string } = JSON.parse(
      (await connection.ask(sqs.createQueue(name, options))).toString(),
    )
    if (topicArn !== null) {
      await connection.ask(sns.subscribe(topicArn, queueArn, isFiltered ? customer(i) : null))
    }
    return created.QueueUrl
  })
  return { plan, sqs, sns, topicArn, queueUrls, connections }
}

/** The policy of a queue that takes what the topic sends. */
function letIn(topicArn: string, queueArn: string): string {
  const statement = {
    ...{ Effect: 'Allow', Principal: { Service: 'sns.amazonaws.com' }, Action: 'sqs:SendMessage' },
    ...{ Resource: queueArn, Condition: { ArnEquals: { 'aws:SourceArn': topicArn } } },
  }
  return JSON.stringify({ Version: '2012-10-17', Statement: statement })
}

/** What the filter policy of a queue asks for, and what a message for it has. */
export function customer(queue: number): string {
  return `customer-${queue}`
}

/** How many messages all queues hold together. */
export async function countLanded({ connections, sqs, queueUrls }: TopicSession): Promise<number> {
  const counts = await forEach(connections, queueUrls, (connection, queueUrl) => {
    const session: QueueSession = { requests: sqs, queueUrl, connections: [connection] }
    return countMessages(session)
  })
  return counts.reduce((sum, count) => sum + count, 0)
}

async function createTopic(connection: Connection, sns: SnsRequests): Promise<string> {
  const answer = (await connection.ask(sns.createTopic('bench'))).toString()
  const arn = /<TopicArn>([^<]+)<\/TopicArn>/.exec(answer)?.[1]
  if (arn === undefined) throw new Error(`a topic was created, but the answer names none: ${answer}`)
  return arn
}

/** Does work for each of the items, one at a time on each connection. */
async function forEach<Item, Outcome>(
  connections: readonly Connection[],
  items: readonly Item[],
  work: (connection: Connection, item: Item) => Promise<Outcome>,
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = []
  let next = 0
  const loop = async (connection: Connection) => {
    while (next < items.length) {
      const i = next++
      outcomes[i] = await work(connection, items[i]!)
    }
  }
  await Promise.all(connections.map(loop))
  return outcomes
}

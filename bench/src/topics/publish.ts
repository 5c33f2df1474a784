import type { Connection } from '../load/connection.ts'
import { makeBodies } from '../load/session.ts'
import type { Stopwatch } from '../stopwatch.ts'
import { customer, type TopicSession } from './topic-session.ts'

/** Signed before the run and sent again and again, as those of queues are. */
const DISTINCT_REQUESTS = 256

const BATCH = 10

/** Publishes one message at a time until the stopwatch's time is over. Returns how many were acknowledged in all. */
export async function publishForTime(session: TopicSession, stopwatch: Stopwatch): Promise<number> {
  const requests = signPublishes(session)
  let acknowledged = 0
  const loop = async (connection: Connection, first: number) => {
    for (let i = first; stopwatch.running; i++) {
      await connection.ask(requests[i % DISTINCT_REQUESTS]!)
      acknowledged++
      stopwatch.count(1)
    }
  }
  await Promise.all(session.connections.map((connection, i) => loop(connection, i * 8)))
  return acknowledged
}

/** Publishes exactly so many messages, a multiple of 10. */
export async function publishNumber(session: TopicSession, messages: number): Promise<void> {
  const requests = signBatches(session)
  let begun = 0
  const loop = async (connection: Connection) => {
    while (begun < messages) {
      const request = requests[(begun / BATCH) % DISTINCT_REQUESTS]!
      begun += BATCH
      const answer = await connection.ask(request)
      if (answer.includes('<Code>')) throw new Error(`a message was not published: ${answer.toString()}`)
    }
  }
  await Promise.all(session.connections.map(loop))
}

function signPublishes({ plan, sns, sqs, topicArn, queueUrls }: TopicSession): readonly Buffer[] {
  return makeBodies(DISTINCT_REQUESTS, plan.bodyBytes).map((body, i) => {
    if (topicArn === null) return sqs.sendMessage(queueUrls[0]!, body)
    // From all over the queues, where there are more of them than requests.
    const queue = Math.floor((i * queueUrls.length) / DISTINCT_REQUESTS)
    return sns.publish(topicArn, body, plan.isFiltered ? customer(queue) : null)
  })
}

function signBatches({ plan, sns, sqs, topicArn, queueUrls }: TopicSession): readonly Buffer[] {
  const bodies = makeBodies(DISTINCT_REQUESTS * BATCH, plan.bodyBytes)
  return Array.from({ length: DISTINCT_REQUESTS }, (_, i) => {
    const batch = bodies.slice(i * BATCH, (i + 1) * BATCH)
    return topicArn === null ? sqs.sendMessageBatch(queueUrls[0]!, batch) : sns.publishBatch(topicArn, batch)
  })
}

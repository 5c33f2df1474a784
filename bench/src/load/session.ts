import { Connection } from './connection.ts'
import type { LoadPlan } from './plan.ts'
import { SqsRequests } from './sqs-requests.ts'

/** A queue, what is asked of it, and the open connections on which that is asked. */
export interface QueueSession {
  readonly requests: SqsRequests
  readonly queueUrl: string
  readonly connections: readonly Connection[]
}

/** What a loader of one queue has. */
export interface Session extends QueueSession {
  readonly plan: LoadPlan
}

export async function openSession(plan: LoadPlan): Promise<Session> {
  const requests = new SqsRequests(`127.0.0.1:${plan.port}`, plan.credentials, plan.region, new Date())
  const connections = await Promise.all(
    Array.from({ length: plan.connections }, () => Connection.open(plan.port)),
  )
  const sealed = plan.work.kind === 'send' && plan.work.sealed === true
  const created: { QueueUrl: string } = JSON.parse(
    (await connections[0]!.ask(requests.createQueue(plan.queueName, { sealed }))).toString(),
  )
  return { plan, requests, queueUrl: created.QueueUrl, connections }
}

/** How many messages the queue holds, in flight and delayed ones included. */
export async function countMessages(session: QueueSession): Promise<number> {
  const answer = await session.connections[0]!.ask(session.requests.queueAttributes(session.queueUrl))
  const { Attributes: attributes }: { Attributes: Record<string, string> } = JSON.parse(answer.toString())
  const counts = ['', 'NotVisible', 'Delayed'].map((kind) => attributes[`ApproximateNumberOfMessages${kind}`])
  return counts.reduce((sum, count) => sum + Number(count), 0)
}

/** A figure is worth nothing when messages were lost or stored twice on the way to it. */
export async function expectMessages(session: QueueSession, expected: number): Promise<number> {
  const counted = await countMessages(session)
  if (counted !== expected)
    throw new Error(`the queue should hold ${expected} messages, but holds ${counted}`)
  return counted
}

/** Bodies of a fixed size, numbered from `first` on and all different: text, since that is what most queues carry. */
export function makeBodies(count: number, bytes: number, first = 0): readonly string[] {
  return Array.from({ length: count }, (_, i) =>
    `message ${first + i} of a benchmark, `.padEnd(bytes, 'abcdefgh ').slice(0, bytes),
  )
}

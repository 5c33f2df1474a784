import type { Stopwatch } from '../stopwatch.ts'
import type { Connection } from './connection.ts'
import { makeBodies, type Session } from './session.ts'

/** Signed before the run and sent again and again: a signature is good for 15 minutes, and nothing else is unique. */
const DISTINCT_REQUESTS = 256

/** Sends until the stopwatch's time is over. Returns how many messages were acknowledged in all. */
export async function sendForTime(session: Session, batch: number, stopwatch: Stopwatch): Promise<number> {
  const requests = signSends(session, batch)
  let acknowledged = 0
  const loop = async (connection: Connection, first: number) => {
    for (let i = first; stopwatch.running; i++) {
      await connection.ask(requests[i % DISTINCT_REQUESTS]!)
      acknowledged += batch
      stopwatch.count(batch)
    }
  }
  await Promise.all(session.connections.map((connection, i) => loop(connection, i * 8)))
  return acknowledged
}

/** Sends exactly `messages` messages (a multiple of 10), in batches of 10. */
export async function sendNumber(session: Session, messages: number): Promise<void> {
  const requests = signSends(session, 10)
  let unsent = messages / 10
  const loop = async (connection: Connection) => {
    while (unsent > 0) {
      unsent--
      await connection.ask(requests[unsent % DISTINCT_REQUESTS]!)
    }
  }
  await Promise.all(session.connections.map(loop))
}

function signSends(session: Session, batch: number): readonly Buffer[] {
  const { requests, queueUrl, plan } = session
  const bodies = makeBodies(DISTINCT_REQUESTS * batch, plan.bodyBytes)
  return Array.from({ length: DISTINCT_REQUESTS }, (_, i) =>
    batch === 1
      ? requests.sendMessage(queueUrl, bodies[i]!)
      : requests.sendMessageBatch(queueUrl, bodies.slice(i * batch, (i + 1) * batch)),
  )
}

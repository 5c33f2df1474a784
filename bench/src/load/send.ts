import { type Lap, Stopwatch, WARM_UP_SHARE } from '../stopwatch.ts'
import type { Connection } from './connection.ts'
import { makeBodies, type Session } from './session.ts'

/** Signed before the run and sent again and again: a signature is good for 15 minutes, and nothing else is unique. */
export const DISTINCT_SENDS = 256

const BATCH = 10

/** Sends until the stopwatch's time is over. Returns how many messages were acknowledged in all. */
export async function sendForTime(session: Session, batch: number, stopwatch: Stopwatch): Promise<number> {
  const requests = signSends(session, batch)
  let acknowledged = 0
  const loop = async (connection: Connection, first: number) => {
    for (let i = first; stopwatch.running; i++) {
      await connection.ask(requests[i % DISTINCT_SENDS]!)
      acknowledged += batch
      stopwatch.count(batch)
    }
  }
  await Promise.all(session.connections.map((connection, i) => loop(connection, i * 8)))
  return acknowledged
}

/**
 * Sends exactly `messages` messages (a multiple of 10), in batches of 10, and says how fast all but the first tenth of them
 * went.
 */
export async function sendNumber(session: Session, messages: number): Promise<Lap> {
  const requests = signSends(session, BATCH)
  const stopwatch = new Stopwatch(0, Number.POSITIVE_INFINITY, messages * WARM_UP_SHARE)
  let begun = 0
  const loop = async (connection: Connection) => {
    while (begun < messages) {
      const request = requests[(begun / BATCH) % DISTINCT_SENDS]!
      begun += BATCH
      await connection.ask(request)
      stopwatch.count(BATCH)
    }
  }
  await Promise.all(session.connections.map(loop))
  stopwatch.stop()
  return stopwatch.lap
}

export function signSends(session: Session, batch: number): readonly Buffer[] {
  const { requests, queueUrl, plan } = session
  const bodies = makeBodies(DISTINCT_SENDS * batch, plan.bodyBytes)
  return Array.from({ length: DISTINCT_SENDS }, (_, i) =>
    batch === 1
      ? requests.sendMessage(queueUrl, bodies[i]!)
      : requests.sendMessageBatch(queueUrl, bodies.slice(i * batch, (i + 1) * batch)),
  )
}

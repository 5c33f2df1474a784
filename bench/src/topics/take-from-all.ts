import type { Connection } from '../load/connection.ts'
import { receiveAndDelete } from '../load/drain.ts'
import type { Stopwatch } from '../stopwatch.ts'
import type { TopicSession } from './topic-session.ts'

/**
 * Receives and deletes some of the `landed` messages, 10 at a time, until the stopwatch's time is over or they are all
 * deleted. Returns how many were. Each connection goes round all queues, so that what lies in several of them is received from them
 * at about the same time.
 */
export async function takeFromAll(
  { sqs, queueUrls, connections }: TopicSession,
  landed: number,
  stopwatch: Stopwatch,
): Promise<number> {
  const receives = queueUrls.map((queueUrl) => sqs.receiveMessages(queueUrl, 10, 0))
  let deleted = 0
  let next = 0
  const loop = async (connection: Connection) => {
    while (stopwatch.running) {
      const queue = next++ % queueUrls.length
      const session = { requests: sqs, queueUrl: queueUrls[queue]! }
      const count = await receiveAndDelete(session, connection, receives[queue]!)
      deleted += count
      stopwatch.count(count)
      if (deleted === landed) stopwatch.stop()
    }
  }
  await Promise.all(connections.map(loop))
  return deleted
}

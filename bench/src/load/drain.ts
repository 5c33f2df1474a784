import type { Stopwatch } from '../stopwatch.ts'
import type { Connection } from './connection.ts'
import { readReceiptHandles } from './receipt-handles.ts'
import type { QueueSession, Session } from './session.ts'

const FAILED = Buffer.from('"Failed":')

/**
 * Receives and deletes, 10 messages a time, until the queue gives nothing more. Returns how many were deleted. The
 * stopwatch stops at the first empty answer, when it hasn't before: after that, connections run dry one by one.
 */
export async function drain(session: Session, stopwatch: Stopwatch): Promise<number> {
  const receive = session.requests.receiveMessages(session.queueUrl, 10, 0)
  let deleted = 0
  const loop = async (connection: Connection) => {
    for (;;) {
      const count = await receiveAndDelete(session, connection, receive)
      if (count === 0) {
        stopwatch.stop()
        return
      }
      deleted += count
      stopwatch.count(count)
    }
  }
  await Promise.all(session.connections.map(loop))
  return deleted
}

/** One receive and the delete of all that it brought. Returns how many that were. */
export async function receiveAndDelete(
  { requests, queueUrl }: Pick<QueueSession, 'requests' | 'queueUrl'>,
  connection: Connection,
  receive: Buffer,
): Promise<number> {
  const handles = readReceiptHandles(await connection.ask(receive))
  if (handles.length === 0) return 0
  const answer = await connection.ask(requests.deleteMessageBatch(queueUrl, handles))
  if (answer.includes(FAILED)) throw new Error(`a delete failed: ${answer.toString()}`)
  return handles.length
}

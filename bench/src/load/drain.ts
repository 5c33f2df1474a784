import type { Stopwatch } from '../stopwatch.ts'
import type { Connection } from './connection.ts'
import { readReceiptHandles } from './receipt-handles.ts'
import type { QueueSession, Session } from './session.ts'

/** Short, since the last receives wait in vain. */
const WAIT_SECONDS = 1

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

/**
 * Receives and deletes some of the `waiting` messages, 10 at a time, until the stopwatch's time is over or they are all
 * deleted. Returns how many were. Receives wait: with fewer groups than connections, all messages that may be received are with
 * others at times.
 */
export async function take(session: Session, waiting: number, stopwatch: Stopwatch): Promise<number> {
  const receive = session.requests.receiveMessages(session.queueUrl, 10, WAIT_SECONDS)
  let deleted = 0
  const loop = async (connection: Connection) => {
    while (stopwatch.running) {
      const count = await receiveAndDelete(session, connection, receive)
      deleted += count
      stopwatch.count(count)
      if (deleted === waiting) stopwatch.stop()
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

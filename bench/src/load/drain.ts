import type { Stopwatch } from '../stopwatch.ts'
import type { Connection } from './connection.ts'
import { readReceiptHandles } from './receipt-handles.ts'
import type { Session } from './session.ts'

const FAILED = Buffer.from('"Failed":')

/**
 * Receives and deletes, 10 messages a time, until the queue gives nothing more. Returns how many were deleted. The
 * stopwatch stops at the first empty answer, when it hasn't before: after that, connections run dry one by one.
 */
export async function drain(session: Session, stopwatch: Stopwatch): Promise<number> {
  const { requests, queueUrl } = session
  const receive = requests.receiveMessages(queueUrl, 10, 0)
  let deleted = 0
  const loop = async (connection: Connection) => {
    for (;;) {
      const handles = readReceiptHandles(await connection.ask(receive))
      if (handles.length === 0) {
        stopwatch.stop()
        return
      }
      const answer = await connection.ask(requests.deleteMessageBatch(queueUrl, handles))
      if (answer.includes(FAILED)) throw new Error(`a delete failed: ${answer.toString()}`)
      deleted += handles.length
      stopwatch.count(handles.length)
    }
  }
  await Promise.all(session.connections.map(loop))
  return deleted
}

import type { SeededRandom } from '../../src/base/random.ts'
import type { Cell } from '../../src/cell/cell.ts'
import type { Bodies } from '../../src/core/service-state.ts'
import { BodiesLostError, JournalError } from '../../src/journal/journal.ts'
import { address, ask, placeOf, QUEUES, type QueueName } from './clients.ts'
import type { History } from './history.ts'
import { readBody } from './message-bodies.ts'
import type { SimulatedTime } from './simulated-time.ts'

/** Longer than any delay or visibility timeout that a client asks for. */
const CALM_MS = 60_000
/** The longest visibility timeout there is: what came once does not come again. */
const HIDDEN_SECONDS = 43_200

export interface ReceiveAllOptions {
  readonly cell: Cell
  readonly time: SimulatedTime
  readonly random: SeededRandom
  readonly history: History
}

/**
 * Receives everything there is, each message once, and tells the history. Returns why bodies could not be read, one entry for
 * each such message: anything but a `JournalError` rejects.
 */
export async function receiveAll(options: ReceiveAllOptions): Promise<JournalError[]> {
  const unreadable: JournalError[] = []
  // What is delayed or in flight is visible again by then.
  await options.time.runFor(CALM_MS)
  for (const name of QUEUES) {
    for (let empty = 0, limit = 10; empty < 2; ) {
      const outcome = await options.time.settle(receive(options, name, limit))
      empty = outcome === 0 ? empty + 1 : 0
      if (typeof outcome === 'number') continue
      // One damaged body spoils the whole receive: from now on each is asked for alone.
      if (limit === 1) unreadable.push(outcome)
      limit = 1
    }
  }
  return unreadable
}

/** How many came, or why their bodies could not be read. */
async function receive(
  { cell, time, random, history }: ReceiveAllOptions,
  name: QueueName,
  limit: number,
): Promise<number | JournalError> {
  const asked = time.now()
  const { messages, bodies } = await ask(cell, {
    service: 'sqs',
    kind: 'receiveMessages',
    queue: address(name),
    limit,
    visibilityTimeoutSeconds: HIDDEN_SECONDS,
    waitSeconds: 0,
    tags: random.bytes(8 * limit),
  })
  let contents: Bodies
  try {
    contents = await bodies
    // The cell names a body that a repair wrote off by leaving its place empty.
    if (contents.includes(null)) throw new BodiesLostError([])
  } catch (error) {
    if (!(error instanceof JournalError)) throw error
    if (limit > 1) {
      const receipts = messages.map(({ receipt }) => receipt)
      await ask(cell, { service: 'sqs', kind: 'undoReceive', queue: address(name), receipts })
    }
    return error
  }
  for (const [i, message] of messages.entries()) {
    const { id, intact } = readBody(contents[i]!)
    if (history.received(id, intact, placeOf(message), time.now(), asked) !== undefined) history.found(id)
  }
  return messages.length
}

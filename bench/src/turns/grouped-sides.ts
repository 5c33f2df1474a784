import type { Connection } from '../load/connection.ts'
import { receiveAndDelete } from '../load/drain.ts'
import { expectMessages, makeBodies, type Session } from '../load/session.ts'
import type { GroupedWork, SidePlan, TurnsPlan } from './plan.ts'
import { openQueue } from './queue.ts'
import type { Side } from './side.ts'

const BATCH = 10

/**
 * Receives wait, since all messages that may be received are with others at times. Whoever waits that long in vain has found a queue that is dry, for
 * a receive and a delete take milliseconds.
 */
const WAIT_SECONDS = 1

/** One receiver takes a sixth of what all connections send. */
const FILL_SHARE_OF_ONE_RECEIVER = 0.25

/** Sends to a queue that has messages of each group by then. */
export async function openGroupedSends(
  side: SidePlan,
  plan: TurnsPlan,
  { groups }: GroupedWork & { kind: 'grouped send' },
): Promise<Side> {
  const session = await openGroupedQueue(side, plan, groups)
  const step = sendsTo(session, groups)
  let before = 0
  return {
    connections: session.connections,
    prepare: async () => {
      before = await fill(session.connections, step, 0, groups ?? 0)
    },
    step,
    finish: async (done) => void (await expectMessages(session, before + done)),
  }
}

/** Receives and deletes, on as many connections as there are receivers, from a queue that was filled on all of them. */
export async function openGroupedDrains(
  side: SidePlan,
  plan: TurnsPlan,
  { groups, receivers }: GroupedWork & { kind: 'grouped drain' },
): Promise<Side> {
  const session = await openGroupedQueue(side, plan, groups)
  const receive = session.requests.receiveMessages(session.queueUrl, BATCH, WAIT_SECONDS)
  const fillShare = receivers === 1 ? FILL_SHARE_OF_ONE_RECEIVER : 1
  let sent = 0
  return {
    connections: session.connections.slice(0, receivers),
    // As long as it is received from, which takes longer.
    prepare: async (seconds) => {
      sent = await fill(session.connections, sendsTo(session, groups), seconds * fillShare, groups ?? 0)
      await expectMessages(session, sent)
    },
    step: (connection) => receiveAndDelete(session, connection, receive),
    finish: async (done) => void (await expectMessages(session, sent - done)),
  }
}

function openGroupedQueue(side: SidePlan, plan: TurnsPlan, groups: number | null): Promise<Session> {
  return openQueue(side, plan, { kind: 'send', batch: BATCH }, groups === null ? 'bench' : 'bench.fifo')
}

/**
 * Sends ten messages, and resolves with their number. Each request is made and signed on the way, as those to a FIFO queue have to be, where no two messages
 * may have the same deduplication id; also to a standard queue: a loader that does less, and a server that is sent what it knows already,
 * down to the signature, would be another measure.
 */
function sendsTo(
  { requests, queueUrl, plan }: Session,
  groups: number | null,
): (connection: Connection) => Promise<number> {
  let next = 0
  return async (connection) => {
    const first = next
    next += BATCH
    const bodies = makeBodies(BATCH, plan.bodyBytes, first)
    await connection.ask(
      groups === null
        ? requests.sendMessageBatch(queueUrl, bodies)
        : requests.sendFifoMessageBatch(queueUrl, bodies, first, groups),
    )
    return BATCH
  }
}

/** Sends for so long, and until there are so many messages. Resolves with how many were sent. */
async function fill(
  connections: readonly Connection[],
  send: (connection: Connection) => Promise<number>,
  seconds: number,
  messages: number,
): Promise<number> {
  const end = performance.now() + seconds * 1000
  let begun = 0
  const loop = async (connection: Connection) => {
    while (begun < messages || performance.now() < end) {
      begun += BATCH
      await send(connection)
    }
  }
  await Promise.all(connections.map(loop))
  return begun
}

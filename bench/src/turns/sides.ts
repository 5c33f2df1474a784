import type { Connection } from '../load/connection.ts'
import { receiveAndDelete } from '../load/drain.ts'
import type { QueueWork } from '../load/plan.ts'
import { DISTINCT_SENDS, sendForTime, signSends } from '../load/send.ts'
import { expectMessages } from '../load/session.ts'
import { Stopwatch } from '../stopwatch.ts'
import { put, RECORDS_PER_PUT, signPuts } from '../streams/put-records.ts'
import { expectRecords, openStreamSession } from '../streams/stream-session.ts'
import { openGroupedDrains, openGroupedSends } from './grouped-sides.ts'
import type { PutWork, SidePlan, TurnsPlan } from './plan.ts'
import { openQueue } from './queue.ts'
import type { Side } from './side.ts'

export function openSide(side: SidePlan, plan: TurnsPlan): Promise<Side> {
  const { work } = side
  switch (work.kind) {
    case 'send':
      return sends(side, plan, work)
    case 'drain':
      return drains(side, plan, work)
    case 'put':
      return puts(side, plan, work)
    case 'grouped send':
      return openGroupedSends(side, plan, work)
    case 'grouped drain':
      return openGroupedDrains(side, plan, work)
    default:
      return work satisfies never
  }
}

async function sends(side: SidePlan, plan: TurnsPlan, work: QueueWork & { kind: 'send' }): Promise<Side> {
  const session = await openQueue(side, plan, work)
  const requests = signSends(session, work.batch)
  let next = 0
  return {
    connections: session.connections,
    prepare: async () => {},
    step: async (connection) => {
      await connection.ask(requests[next++ % DISTINCT_SENDS]!)
      return work.batch
    },
    finish: async (done) => void (await expectMessages(session, done)),
  }
}

async function drains(side: SidePlan, plan: TurnsPlan, work: QueueWork & { kind: 'drain' }): Promise<Side> {
  const session = await openQueue(side, plan, work)
  const receive = session.requests.receiveMessages(session.queueUrl, 10, 0)
  const step = (connection: Connection) => receiveAndDelete(session, connection, receive)
  let sent = 0
  return {
    connections: session.connections,
    // As long as it is received from, which takes longer.
    prepare: async (seconds) => {
      sent = await sendForTime(session, 10, new Stopwatch(0, seconds))
      await expectMessages(session, sent)
    },
    step,
    finish: async (done) => {
      let deleted = done
      const rest = async (connection: Connection) => {
        for (let more = await step(connection); more > 0; more = await step(connection)) deleted += more
      }
      await Promise.all(session.connections.map(rest))
      if (deleted !== sent) throw new Error(`${sent} messages were sent, ${deleted} received and deleted`)
      await expectMessages(session, 0)
    },
  }
}

async function puts(
  { port, credentials }: SidePlan,
  { region, connections, bodyBytes, warmUpSeconds, seconds }: TurnsPlan,
  { shards, keys, isChecked }: PutWork,
): Promise<Side> {
  const work = { kind: 'fill', records: 0 } as const
  const times = { warmUpSeconds, seconds }
  const session = await openStreamSession({
    ...{ work, port, credentials, region, shards, connections, recordBytes: bodyBytes, ...times },
  })
  const requests = signPuts(session, keys)
  let next = 0
  return {
    connections: session.connections,
    prepare: async () => {},
    step: async (connection) => {
      await put(connection, requests[next++ % requests.length]!)
      return RECORDS_PER_PUT
    },
    finish: async (done) => {
      if (isChecked) await expectRecords(session, done)
    },
  }
}

/** The load generator of streams: takes a `StreamPlan` as its only argument, prints a `StreamResult`. */
import { Stopwatch } from '../stopwatch.ts'
import { getForTime, readShard } from './get-records.ts'
import type { StreamPlan, StreamResult } from './plan.ts'
import { measurePropagation } from './propagation.ts'
import { putForTime, putNumber } from './put-records.ts'
import { countRecords, openStreamSession, type StreamSession } from './stream-session.ts'

const plan: StreamPlan = JSON.parse(process.argv[2]!)
const session = await openStreamSession(plan)
process.stdout.write(`${JSON.stringify(await perform(session))}\n`)
for (const connection of session.connections) connection.close()

async function perform(session: StreamSession): Promise<StreamResult> {
  const { work, warmUpSeconds, seconds } = session.plan
  switch (work.kind) {
    case 'put': {
      const stopwatch = new Stopwatch(warmUpSeconds, seconds)
      const put = await putForTime(session, stopwatch)
      if (work.isChecked) await expectRecords(session, put)
      return { ...stopwatch.lap, latenciesMs: [] }
    }
    case 'fill':
      return { ...(await putNumber(session, work.records)), latenciesMs: [] }
    case 'get': {
      const stopwatch = new Stopwatch(warmUpSeconds, seconds)
      await getForTime(session, stopwatch)
      return { ...stopwatch.lap, latenciesMs: [] }
    }
    case 'scan': {
      const stopwatch = new Stopwatch(0, Number.POSITIVE_INFINITY)
      await readShard(session, session.connections[0]!, 0, stopwatch)
      stopwatch.stop()
      return { ...stopwatch.lap, latenciesMs: [] }
    }
    case 'propagate': {
      const stopwatch = new Stopwatch(0, Number.POSITIVE_INFINITY)
      const latenciesMs = await measurePropagation(session, work.to)
      stopwatch.count(latenciesMs.length)
      stopwatch.stop()
      return { ...stopwatch.lap, latenciesMs }
    }
    default:
      return work satisfies never
  }
}

/** A figure is worth nothing when records were lost or stored twice on the way to it. */
async function expectRecords(session: StreamSession, expected: number): Promise<void> {
  const counted = await countRecords(session)
  if (counted !== expected)
    throw new Error(`the stream should have had ${expected} records, but had ${counted}`)
}

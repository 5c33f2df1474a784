/** The load generator of streams: takes a `StreamPlan` as its only argument, prints a `StreamResult`. */
import { Stopwatch } from '../stopwatch.ts'
import { getForTime, readShard } from './get-records.ts'
import type { StreamPlan, StreamResult } from './plan.ts'
import { measurePropagation } from './propagation.ts'
import { putNumber } from './put-records.ts'
import { openStreamSession, type StreamSession } from './stream-session.ts'

const plan: StreamPlan = JSON.parse(process.argv[2]!)
const session = await openStreamSession(plan)
process.stdout.write(`${JSON.stringify(await perform(session))}\n`)
for (const connection of session.connections) connection.close()

async function perform(session: StreamSession): Promise<StreamResult> {
  const { work, warmUpSeconds, seconds } = session.plan
  switch (work.kind) {
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

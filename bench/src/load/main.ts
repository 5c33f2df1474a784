/** The load generator's process: takes a `LoadPlan` as its only argument, prints a `LoadResult`. */

import { Stopwatch } from '../stopwatch.ts'
import { drain } from './drain.ts'
import { measureLatencies } from './latency.ts'
import type { LoadPlan, LoadResult } from './plan.ts'
import { sendForTime, sendNumber } from './send.ts'
import { countMessages, expectMessages, openSession, type Session } from './session.ts'

const plan: LoadPlan = JSON.parse(process.argv[2]!)
const session = await openSession(plan)
process.stdout.write(`${JSON.stringify(await perform(session))}\n`)
for (const connection of session.connections) connection.close()

async function perform(session: Session): Promise<LoadResult> {
  const { work, warmUpSeconds, seconds } = session.plan
  const before = await countMessages(session)
  switch (work.kind) {
    case 'send': {
      const stopwatch = new Stopwatch(warmUpSeconds, seconds)
      const sent = await sendForTime(session, work.batch, stopwatch)
      return { ...stopwatch.lap, latenciesMs: [], waiting: await expectMessages(session, before + sent) }
    }
    case 'fill': {
      const lap = await sendNumber(session, work.messages)
      return { ...lap, latenciesMs: [], waiting: await expectMessages(session, before + work.messages) }
    }
    case 'drain': {
      const sent = await sendForTime(session, 10, new Stopwatch(0, warmUpSeconds + seconds))
      await expectMessages(session, before + sent)
      const stopwatch = new Stopwatch(warmUpSeconds, seconds)
      const deleted = await drain(session, stopwatch)
      if (deleted !== before + sent)
        throw new Error(`${before + sent} messages were sent, ${deleted} received and deleted`)
      return { ...stopwatch.lap, latenciesMs: [], waiting: await expectMessages(session, 0) }
    }
    case 'latency': {
      const stopwatch = new Stopwatch(0, Number.POSITIVE_INFINITY)
      const latenciesMs = await measureLatencies(session)
      stopwatch.count(latenciesMs.length)
      stopwatch.stop()
      const waiting = await expectMessages(session, before)
      return { ...stopwatch.lap, latenciesMs, waiting }
    }
    default:
      return work satisfies never
  }
}

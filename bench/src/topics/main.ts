/** The load generator of topics: takes a `TopicPlan` as its only argument, prints a `TopicResult`. */
import { Stopwatch, WARM_UP_SHARE } from '../stopwatch.ts'
import type { TopicPlan, TopicResult } from './plan.ts'
import { publishForTime, publishNumber } from './publish.ts'
import { takeFromAll } from './take-from-all.ts'
import { countLanded, openTopicSession, type TopicSession } from './topic-session.ts'

const plan: TopicPlan = JSON.parse(process.argv[2]!)
const session = await openTopicSession(plan)
process.stdout.write(`${JSON.stringify(await perform(session))}\n`)
for (const connection of session.connections) connection.close()

async function perform(session: TopicSession): Promise<TopicResult> {
  const { work, warmUpSeconds, seconds, isFiltered } = session.plan
  const recipients = isFiltered ? 1 : session.queueUrls.length
  switch (work.kind) {
    case 'publish': {
      const stopwatch = new Stopwatch(warmUpSeconds, seconds)
      const published = await publishForTime(session, stopwatch)
      await expectLanded(session, published * recipients)
      return { ...stopwatch.lap, published }
    }
    case 'take': {
      await publishNumber(session, work.messages)
      const landed = work.messages * recipients
      await expectLanded(session, landed)
      const stopwatch = new Stopwatch(0, seconds, landed * WARM_UP_SHARE)
      const deleted = await takeFromAll(session, landed, stopwatch)
      await expectLanded(session, landed - deleted)
      return { ...stopwatch.lap, published: work.messages }
    }
    default:
      return work satisfies never
  }
}

/** A figure is worth nothing when messages were lost or delivered twice on the way to it. */
async function expectLanded(session: TopicSession, expected: number): Promise<void> {
  const counted = await countLanded(session)
  if (counted !== expected)
    throw new Error(`the queues should hold ${expected} messages, but hold ${counted}`)
}

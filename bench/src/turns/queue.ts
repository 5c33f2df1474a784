import type { QueueWork } from '../load/plan.ts'
import { openSession, type Session } from '../load/session.ts'
import type { SidePlan, TurnsPlan } from './plan.ts'

/** A side's queue, with as many connections as the plan says. A name that ends in `.fifo` makes it a FIFO queue. */
export function openQueue(
  { port, credentials }: SidePlan,
  { region, connections, bodyBytes, warmUpSeconds, seconds }: TurnsPlan,
  work: QueueWork,
  queueName = 'bench',
): Promise<Session> {
  return openSession({
    ...{ work, port, credentials, region, queueName, connections, bodyBytes, warmUpSeconds, seconds },
  })
}

import type { Clock } from './base/time.ts'
import type { Logger } from './observe/logger.ts'
import { Seldom } from './observe/seldom.ts'
import type { RefusedLanding } from './services/sqs/state/landing-leave.ts'

/** Says in the log which queues refuse what topics send them, seldom for each, with what is missing in the queue's policy. */
export class RefusedLandings {
  readonly #logger: Pick<Logger, 'warn'>
  readonly #seldom: Seldom

  constructor(logger: Pick<Logger, 'warn'>, clock: Clock) {
    this.#logger = logger
    this.#seldom = new Seldom(clock)
  }

  note({ queue, sender }: RefusedLanding): void {
    const since = this.#seldom.unsaid(`${queue} ${sender.sourceArn}`)
    if (since === null) return
    this.#logger.warn(
      {
        ...{ queue, source: sender.sourceArn, statement: statementFor(queue, sender) },
        ...(since > 0 && { refusedMeanwhile: since }),
      },
      'a queue refuses what a topic sends: its policy does not allow it. Add the statement to the policy of the queue',
    )
  }
}

function statementFor(queue: string, { service, sourceArn }: RefusedLanding['sender']): string {
  return JSON.stringify({
    Effect: 'Allow',
    Principal: { Service: service },
    Action: 'sqs:SendMessage',
    Resource: queue,
    Condition: { ArnEquals: { 'aws:SourceArn': sourceArn } },
  })
}

import type { Clock } from './base/time.ts'
import { TwoGenerationCache } from './base/two-generation-cache.ts'
import type { Logger } from './observe/logger.ts'
import type { RefusedLanding } from './services/sqs/state/landing-leave.ts'

/** How long nothing more is said of a queue and who may not send to it, in milliseconds. */
const SAID_AGAIN_AFTER_MS = 5 * 60_000
const REMEMBERED_MAX = 2048

/** Says in the log which queues refuse what topics send them, seldom for each, with what is missing in the queue's policy. */
export class RefusedLandings {
  readonly #logger: Pick<Logger, 'warn'>
  readonly #clock: Clock
  readonly #known = new TwoGenerationCache<{ saidAt: number; unsaid: number }>(REMEMBERED_MAX)

  constructor(logger: Pick<Logger, 'warn'>, clock: Clock) {
    this.#logger = logger
    this.#clock = clock
  }

  note({ queue, sender }: RefusedLanding): void {
    const now = this.#clock.now()
    const key = `${queue} ${sender.sourceArn}`
    const known = this.#known.get(key)
    if (known !== undefined && now < known.saidAt + SAID_AGAIN_AFTER_MS) {
      known.unsaid++
      return
    }
    const since = known?.unsaid ?? 0
    this.#known.set(key, { saidAt: now, unsaid: 0 })
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

import type { TimeControl } from '../cell/time-control.ts'
import type { CellClient } from '../core/ports.ts'
import type { Logger } from '../observe/logger.ts'
import { ask, type SqsPorts } from '../services/sqs/ports.ts'

interface ResetOptions {
  readonly declare: (cell: CellClient) => Promise<void>
  readonly time: TimeControl | null
  readonly logger: Logger
  readonly keysDeleted: () => void
}

/** One reset after the other: two at once would each find the other's queues. */
export function resetOf(
  ports: SqsPorts,
  { declare, time, logger, keysDeleted }: ResetOptions,
): () => Promise<object> {
  const run = async () => {
    const startedAt = performance.now()
    time?.resume()
    // Topics go first: so nothing is published to queues that are gone.
    await ports.cell.execute({ service: 'sns', kind: 'reset' })
    await ports.cell.execute({ service: 'kinesis', kind: 'reset' })
    await ports.cell.execute({ service: 'iam', kind: 'reset' })
    const { queues } = await ask(ports, { service: 'sqs', kind: 'reset' })
    // Keys go last: what is encrypted with them is gone by then.
    await ports.cell.execute({ service: 'kms', kind: 'reset' })
    keysDeleted()
    await declare(ports.cell)
    const milliseconds = Math.round(performance.now() - startedAt)
    logger.warn(
      { queues, milliseconds },
      'RESET: every queue, message, topic, stream, user, group, role, policy and key was deleted, as a client asked',
    )
    return { queues, milliseconds }
  }
  let last: Promise<unknown> = Promise.resolve()
  return () => {
    const next = last.then(run)
    last = next.catch(() => {})
    return next
  }
}

import { ServiceError } from '../api/service-error.ts'
import { DataKeyRefused } from '../core/data-keys.ts'
import type { CellClient } from '../core/ports.ts'
import type { MessagePhase, QueueAddress } from '../services/sqs/commands.ts'
import { SHOWN_BYTES_MAX, SHOWN_MESSAGES } from '../services/sqs/limits.ts'
import { type ContentReader, readContents } from '../services/sqs/message-content.ts'
import { ask } from '../services/sqs/ports.ts'
import { type QueueMessage, queueMessage } from './queue-message.ts'
import { readingBy } from './reading-by.ts'

/** What a queue holds, each kind in the order in which it came in. Nothing is received by looking. */
export interface InspectedQueue {
  /** Available to the next receive. */
  readonly waiting: readonly QueueMessage[]
  readonly inFlight: readonly HiddenMessage[]
  readonly delayed: readonly HiddenMessage[]
  /** Whether there are more messages than `limit`, behind these. */
  readonly more: boolean
}

export interface HiddenMessage extends QueueMessage {
  /** When it becomes visible, in milliseconds since the epoch, by the server's clock. */
  readonly visibleAt: number
}

const PHASES: readonly MessagePhase[] = ['visible', 'inFlight', 'delayed']

/** Shows up to `limit` messages of a queue. Rejects with an error that says so if there is no such queue. */
export async function inspectQueue(
  { cell, reader }: { readonly cell: CellClient; readonly reader: ContentReader },
  queue: QueueAddress,
  limit: number,
): Promise<InspectedQueue> {
  const waiting: QueueMessage[] = []
  const inFlight: HiddenMessage[] = []
  const delayed: HiddenMessage[] = []
  let left = limit
  let reply = await peek(cell, queue, 'oldest', left)
  for (;;) {
    const bodies = await reply.bodies
    const contents = await readContents(reader, queue, reply.messages, bodies, () => readingBy(queue))
    reply.messages.forEach((peeked, i) => {
      const content = contents[i] ?? null
      if (content === null || content instanceof DataKeyRefused) return
      const message = queueMessage(peeked, content)
      if (peeked.phase === 'visible') waiting.push(message)
      else
        (peeked.phase === 'inFlight' ? inFlight : delayed).push({ ...message, visibleAt: peeked.visibleAt })
    })
    left -= reply.messages.length
    if (!reply.more || left <= 0) return { waiting, inFlight, delayed, more: reply.more }
    reply = await peek(cell, queue, reply.next, left)
  }
}

type From = Parameters<typeof ask<'peekMessages'>>[1]['from']

async function peek(cell: CellClient, queue: QueueAddress, from: From, left: number) {
  const limit = Math.min(left, SHOWN_MESSAGES.max)
  try {
    return await ask(
      { cell },
      {
        ...{ service: 'sqs', kind: 'peekMessages', queue, from },
        ...{ phases: PHASES, limit, bytesMax: SHOWN_BYTES_MAX },
      },
    )
  } catch (error) {
    if (!(error instanceof ServiceError) || error.shape.code !== 'QueueDoesNotExist') throw error
    const { name, region, accountId } = queue
    throw new Error(`there is no queue ${name} in ${region}, account ${accountId}`, { cause: error })
  }
}

import { EXIT } from './exit-codes.ts'
import { type OnServer, UsageError } from './on-server.ts'
import { formatMessage, shownMessage } from './shown-message.ts'

export interface PeekOptions {
  readonly queue: string
  /** As typed. */
  readonly limit: string
  readonly isFull: boolean
  readonly asJson: boolean
}

/** The most that one request answers. */
const PAGE_MAX = 1000

/** Prints the oldest messages of a queue, also those in flight and delayed, and leaves them as they are. */
export async function peek({ client, terminal }: OnServer, options: PeekOptions): Promise<number> {
  const limit = /^\d{1,9}$/.test(options.limit) ? Number(options.limit) : 0
  if (limit === 0) throw new UsageError(`--limit must be a number of messages, not ${options.limit}`)
  const input = { QueueUrl: client.queueUrl(options.queue), ShowInvisible: 'true', ShowDelayed: 'true' }
  let shown = 0
  let token = ''
  do {
    const MaxResults = Math.min(limit - shown, PAGE_MAX)
    const page = await client.look({ ...input, MaxResults, ...(token !== '' && { NextToken: token }) })
    for (const each of page.list('Messages')) {
      const message = shownMessage(each)
      terminal.print(options.asJson ? JSON.stringify(message) : formatMessage(message, options.isFull))
      shown++
    }
    token = page.text('NextToken')
  } while (token !== '' && shown < limit)
  if (!options.asJson) {
    if (shown === 0) terminal.complain(`${options.queue} holds no messages`)
    else if (token !== '') terminal.complain(`(there may be more; --limit ${limit} were shown)`)
  }
  return EXIT.done
}

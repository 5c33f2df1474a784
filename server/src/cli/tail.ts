import { EXIT } from './exit-codes.ts'
import type { OnServer } from './on-server.ts'
import { formatMessage, shownMessage } from './shown-message.ts'
import { untilStopped } from './until-stopped.ts'

const INTERVAL_MS = 500

export interface TailOptions {
  readonly queue: string
  readonly isFull: boolean
  readonly asJson: boolean
}

/** Prints what comes into a queue from now on, without receiving it, until a signal ends it. */
export async function tail({ client, terminal }: OnServer, options: TailOptions): Promise<number> {
  const stop = untilStopped(terminal)
  const input = {
    QueueUrl: client.queueUrl(options.queue),
    ...{ ShowInvisible: 'true', ShowDelayed: 'true', Follow: 'true' },
  }
  let token = (await client.look(input)).text('NextToken')
  if (!options.asJson) terminal.complain(`following ${options.queue}; Ctrl+C ends it`)
  while (!stop.isStopped) {
    const page = await client.look({ ...input, NextToken: token })
    const messages = page.list('Messages').map(shownMessage)
    for (const message of messages) {
      terminal.print(options.asJson ? JSON.stringify(message) : formatMessage(message, options.isFull))
    }
    token = page.text('NextToken')
    // A page that brought something may have been full.
    if (messages.length === 0) await stop.orAfter(INTERVAL_MS)
  }
  return EXIT.done
}

import { EXIT } from './exit-codes.ts'
import { type OnServer, UsageError } from './on-server.ts'
import { countsOf } from './queue-counts.ts'

/** Deletes all messages of a queue, once somebody said yes. */
export async function purge({ client, terminal }: OnServer, queue: string, isSure: boolean): Promise<number> {
  const QueueUrl = client.queueUrl(queue)
  if (!isSure) {
    if (!terminal.isInteractive)
      throw new UsageError('nobody is there to be asked: give --yes to delete all messages')
    const { waiting, inFlight, delayed } = await countsOf(client, QueueUrl)
    const count = waiting + inFlight + delayed
    const answer = await terminal.ask(
      `Delete all ${count} messages of ${queue} at ${client.access.endpoint}? [y/N] `,
    )
    if (!/^y(es)?$/i.test(answer.trim())) {
      terminal.complain('millrace: nothing was deleted')
      return EXIT.failed
    }
  }
  await client.call('PurgeQueue', { QueueUrl })
  terminal.print(`purged ${queue}`)
  return EXIT.done
}

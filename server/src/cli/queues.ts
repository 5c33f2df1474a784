import { type ApiClient, ApiError } from './api-client.ts'
import { EXIT } from './exit-codes.ts'
import { type OnServer, UsageError } from './on-server.ts'
import { countsOf, type QueueCounts } from './queue-counts.ts'

/** How many queues are asked about at once. */
const AT_ONCE = 16
const HEADINGS = ['queue', 'waiting', 'in flight', 'delayed'] as const

interface Row extends QueueCounts {
  readonly name: string
  readonly url: string
}

/** Prints the queues of an account and region, with what is in them. */
export async function listQueues({ client, terminal }: OnServer, asJson: boolean): Promise<number> {
  const { region, accountId } = client.access
  const rows: Row[] = []
  for (let token: string | undefined; ; ) {
    const page = await client.call('ListQueues', { MaxResults: 1000, ...(token && { NextToken: token }) })
    const urls = page.texts('QueueUrls')
    if (urls.some((url) => !url.includes(`/${accountId}/`))) {
      throw new UsageError('the key belongs to another account, and a key lists the queues of its own')
    }
    for (let at = 0; at < urls.length; at += AT_ONCE) {
      const some = await Promise.all(urls.slice(at, at + AT_ONCE).map((url) => rowOf(client, url)))
      rows.push(...some.flatMap((row) => row ?? []))
    }
    token = page.text('NextToken')
    if (token === '') break
  }
  if (asJson) for (const row of rows) terminal.print(JSON.stringify(row))
  else if (rows.length === 0) terminal.print(`no queues in ${region}, account ${accountId}`)
  else terminal.print(table(rows))
  return EXIT.done
}

/** Null for a queue that was deleted meanwhile. */
async function rowOf(client: ApiClient, url: string): Promise<Row | null> {
  try {
    return { name: url.slice(url.lastIndexOf('/') + 1), url, ...(await countsOf(client, url)) }
  } catch (error) {
    if (error instanceof ApiError && error.code === 'QueueDoesNotExist') return null
    throw error
  }
}

function table(rows: readonly Row[]): string {
  const cells = rows.map(({ name, waiting, inFlight, delayed }) => [
    name,
    ...[waiting, inFlight, delayed].map(String),
  ])
  const lines = [[...HEADINGS], ...cells]
  const widths = HEADINGS.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)))
  return lines
    .map(([name = '', ...counts]) =>
      [name.padEnd(widths[0]!), ...counts.map((count, i) => count.padStart(widths[i + 1]!))].join('  '),
    )
    .join('\n')
}

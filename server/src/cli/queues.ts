import type { Answer } from './answer.ts'
import { type ApiClient, ApiError } from './api-client.ts'
import { EXIT } from './exit-codes.ts'
import type { OnServer } from './on-server.ts'

/** How many queues are asked about at once. */
const AT_ONCE = 16
const HEADINGS = ['queue', 'waiting', 'in flight', 'delayed'] as const

interface Row {
  readonly name: string
  readonly url: string
  readonly waiting: number
  readonly inFlight: number
  readonly delayed: number
}

/** Prints the queues of an account and region, with what is in them. */
export async function listQueues({ client, terminal }: OnServer, asJson: boolean): Promise<number> {
  const rows: Row[] = []
  for (let token: string | undefined; ; ) {
    const page = await client.call('ListQueues', { MaxResults: 1000, ...(token && { NextToken: token }) })
    const urls = page.texts('QueueUrls')
    for (let at = 0; at < urls.length; at += AT_ONCE) {
      const some = await Promise.all(urls.slice(at, at + AT_ONCE).map((url) => rowOf(client, url)))
      rows.push(...some.flatMap((row) => row ?? []))
    }
    token = page.text('NextToken')
    if (token === '') break
  }
  const { region, accountId } = client.access
  if (asJson) for (const row of rows) terminal.print(JSON.stringify(row))
  else if (rows.length === 0) terminal.print(`no queues in ${region}, account ${accountId}`)
  else terminal.print(table(rows))
  return EXIT.done
}

/** Null for a queue that was deleted meanwhile. */
async function rowOf(client: ApiClient, url: string): Promise<Row | null> {
  let attributes: Answer
  try {
    const asked = { QueueUrl: url, AttributeNames: ['All'] }
    attributes = (await client.call('GetQueueAttributes', asked)).part('Attributes')
  } catch (error) {
    if (error instanceof ApiError && error.code === 'QueueDoesNotExist') return null
    throw error
  }
  return {
    name: url.slice(url.lastIndexOf('/') + 1),
    url,
    waiting: attributes.number('ApproximateNumberOfMessages'),
    inFlight: attributes.number('ApproximateNumberOfMessagesNotVisible'),
    delayed: attributes.number('ApproximateNumberOfMessagesDelayed'),
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

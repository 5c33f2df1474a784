import { closestWord } from '../base/closest-word.ts'
import { KeyFileError } from '../key-file.ts'
import { ApiClient, ApiError, UnreachableError } from './api-client.ts'
import { EXIT } from './exit-codes.ts'
import { AccessError, type AccessSources, findServer } from './server-access.ts'
import type { Terminal } from './terminal.ts'

export interface OnServer {
  readonly client: ApiClient
  readonly terminal: Terminal
}

/** The arguments of a command don't fit what it is to do. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** What asks for more words than the server's own. */
const UNKNOWN_OPERATION = 'UnknownOperationException'
const NO_QUEUE = 'QueueDoesNotExist'

/**
 * Runs a command against a running server and resolves with the exit code; what the server refuses, and what stands in the
 * way to it, is told.
 */
export async function onServer(
  sources: AccessSources,
  terminal: Terminal,
  command: (on: OnServer) => Promise<number>,
): Promise<number> {
  let client: ApiClient | undefined
  try {
    client = new ApiClient(await findServer(sources))
    return await command({ client, terminal })
  } catch (error) {
    const told = await explain(error, client)
    if (told === undefined) throw error
    terminal.complain(`millrace: ${told}`)
    return error instanceof UsageError || error instanceof AccessError ? EXIT.usage : EXIT.failed
  }
}

/** Undefined for what must be a mistake of ours. */
async function explain(error: unknown, client: ApiClient | undefined): Promise<string | undefined> {
  if (error instanceof UnreachableError) return `${error.message}. ${error.advice}`
  if (error instanceof UsageError || error instanceof AccessError || error instanceof KeyFileError)
    return error.message
  if (!(error instanceof ApiError)) return undefined
  if (error.code === NO_QUEUE && client !== undefined) return noQueue(client, error.queueUrl)
  if (error.code === UNKNOWN_OPERATION)
    return 'the server does not know this operation: it may be of an older version'
  return `the server refused it: ${error.message || error.code} (${error.code})`
}

async function noQueue(client: ApiClient, queueUrl: string): Promise<string> {
  const { region, accountId } = client.access
  const wanted = queueUrl.slice(queueUrl.lastIndexOf('/') + 1)
  const closest = closestWord(wanted, await firstNames(client))
  const hint = closest === null ? '`millrace queues` lists those that are there' : `did you mean ${closest}?`
  return `there is no queue ${wanted} in ${region}, account ${accountId}; ${hint}`
}

/** As many as one request lists: enough for a hint. */
async function firstNames(client: ApiClient): Promise<readonly string[]> {
  try {
    const urls = (await client.call('ListQueues', { MaxResults: 1000 })).texts('QueueUrls')
    return urls.map((url) => url.slice(url.lastIndexOf('/') + 1))
  } catch {
    // Whatever is in the way of a hint is no reason not to tell what is wrong.
    return []
  }
}

import type { QueueAddress } from './commands.ts'
import { isInternalName, isQueueName } from './queue-name.ts'

const PREFIX = 'arn:aws:sqs:'

export function queueArn(queue: QueueAddress): string {
  return `${PREFIX}${queue.region}:${queue.accountId}:${queue.name}`
}

/** The queue an ARN names, or null where it isn't a queue's ARN. Whether there is such a queue is another question. */
export function parseQueueArn(arn: string): QueueAddress | null {
  if (!arn.startsWith(PREFIX)) return null
  const [region, accountId, name, ...rest] = arn.slice(PREFIX.length).split(':')
  if (region === undefined || accountId === undefined || name === undefined || rest.length > 0) return null
  if (!/^[a-z0-9-]{1,32}$/.test(region) || !/^\d{12}$/.test(accountId) || !isQueueName(name)) return null
  return { accountId, region, name }
}

/** The internal queue an ARN names, or null: see `isInternalName`. */
export function parseInternalQueueArn(arn: string): QueueAddress | null {
  const [, , , region, accountId, name, ...rest] = arn.split(':')
  if (!arn.startsWith(PREFIX) || name === undefined || !isInternalName(name) || rest.length > 0) return null
  return { accountId: accountId!, region: region!, name }
}

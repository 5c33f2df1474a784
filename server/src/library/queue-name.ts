import { ROOT_ACCOUNT_ID } from '../auth/root-principal.ts'
import type { QueueAddress } from '../services/sqs/commands.ts'

/** A queue by its name, in the server's first account and region; by its URL; or by all three. */
export type QueueName = string | QueueInPlace

export interface QueueInPlace {
  readonly name: string
  readonly region?: string | undefined
  /** Twelve digits. */
  readonly accountId?: string | undefined
}

const URL_PATH = /^https?:\/\/[^/]+\/(\d{12})\/([^/]+)$/

/** Where the queue lives. Throws a `TypeError` for what can't name one. */
export function addressOf(queue: QueueName, region: string): QueueAddress {
  if (typeof queue !== 'string') {
    const { name, region: named = region, accountId = ROOT_ACCOUNT_ID } = queue
    if (typeof name !== 'string' || name === '') throw new TypeError('a queue has a name')
    return { name, region: named, accountId }
  }
  const [, accountId = ROOT_ACCOUNT_ID, name = queue] = URL_PATH.exec(queue) ?? []
  if (name === '' || name.includes('/'))
    throw new TypeError(`${JSON.stringify(queue)} is neither a queue's name nor its URL`)
  return { name, region, accountId }
}

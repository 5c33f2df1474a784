import type { Request } from '../../api/operation.ts'
import { ServiceError } from '../../api/service-error.ts'
import type { QueueAddress } from './commands.ts'
import { InvalidAddress, missingParameter, QueueDoesNotExist, queueDoesNotExist } from './errors.ts'
import { isQueueName } from './queue-name.ts'

/**
 * Queue URLs. What we give out is `ENDPOINT/ACCOUNT/NAME`, with the endpoint as the client called it. What we take:
 *
 * ```
 *   ANY-HOST/ACCOUNT/NAME            sqs.REGION.ANY/ACCOUNT/NAME        REGION.queue.ANY/ACCOUNT/NAME
 *   ANY-HOST/queue/NAME              ANY-HOST/queue/ACCOUNT/NAME        ANY-HOST/queue/REGION/ACCOUNT/NAME
 *   NAME
 * ```
 *
 * The scheme may be missing. Account and region are the caller's where the URL names none; where it does name a region
 * (in its host or path), that one counts, as the same host serves all regions here.
 */
interface ParsedUrl {
  readonly accountId: string | undefined
  readonly region: string | undefined
  readonly name: string
}

/** A URL that was parsed, and the queue that it meant to the last who named it: the same object for as long as that is so. */
interface KnownUrl extends ParsedUrl {
  address?: QueueAddress
}

/** Parsing is the same every time, and a client sends the same few URLs: both limits keep a hostile one in bounds. */
const CACHED_URLS_MAX = 4096
const CACHED_URL_CHARACTERS_MAX = 256
const cache = new Map<string, KnownUrl>()
/** What was asked for last, most likely for this very request: it takes less time to compare a text than to hash it. */
let latestUrl = ''
let latest: KnownUrl | undefined

const REGION = /^[a-z]{2,4}(?:-[a-z]+)+-\d{1,2}$/
const ACCOUNT = /^\d{12}$/
/** The user whom the root key belongs to. */
const ROOT_ARN = 'arn:aws:iam::000000000000:root'

export function queueUrl(request: Request, queue: QueueAddress): string {
  return `${request.endpoint}/${queue.accountId}/${queue.name}`
}

/**
 * The queue a request means. Refuses what names no queue at all (InvalidAddress), what no queue can be called, and queues
 * of other accounts (both QueueDoesNotExist, which tells nothing of what is there).
 */
export function resolveQueue(url: string, request: Request): QueueAddress {
  if (url === '') throw missingParameter('QueueUrl')
  const queue = addressOf(url, request)
  checkOwner(queue.accountId, request)
  return queue
}

/** As `resolveQueue`, whoever has the queue. */
export function addressOf(url: string, { caller }: Request): QueueAddress {
  const known = cached(url)
  const accountId = known.accountId ?? caller.accountId
  const region = known.region ?? caller.region
  const { address } = known
  if (address?.accountId === accountId && address.region === region) return address
  known.address = { accountId, region, name: known.name }
  return known.address
}

/** Whether it's the server's own root that asks, who may look into every account. */
export function isOperator({ caller }: Request): boolean {
  return caller.principalArn === ROOT_ARN
}

/**
 * The queue a URL means to somebody who looks after the whole server: who holds the root key may look into every account.
 * Refuses as `resolveQueue` does otherwise.
 */
export function locateQueue(url: string, request: Request): QueueAddress {
  const queue = addressOf(url, request)
  if (!isOperator(request)) checkOwner(queue.accountId, request)
  return queue
}

/**
 * Refuses another account's queue where no policies are asked, in the words AWS has for a caller to whom its owner granted nothing.
 * Every request for a queue passes here, by URL or by name.
 */
export function checkOwner(accountId: string | undefined, request: Request): void {
  if (request.isPermitted || accountId === undefined || accountId === request.caller.accountId) return
  throw new ServiceError(
    QueueDoesNotExist,
    'The specified queue does not exist or you do not have access to it.',
  )
}

function cached(url: string): KnownUrl {
  if (latest !== undefined && url === latestUrl) return latest
  let known = cache.get(url)
  if (known === undefined) {
    known = parse(url)
    if (url.length > CACHED_URL_CHARACTERS_MAX) return known
    if (cache.size >= CACHED_URLS_MAX) cache.clear()
    cache.set(url, known)
  }
  latestUrl = url
  latest = known
  return known
}

function parse(url: string): KnownUrl {
  if (isQueueName(url)) return { accountId: undefined, region: undefined, name: url }
  const match = /^(?:https?:\/\/)?([^/?#\s]*)(\/[^?#\s]*)?(?:[?#].*)?$/i.exec(url)
  const host = match?.[1] ?? ''
  const path = match?.[2] ?? ''
  const segments = path.replace(/\/$/, '').split('/').slice(1)
  const place = parsePath(segments)
  if (place === null) throw invalidAddress(url)
  if (!isQueueName(place.name)) throw queueDoesNotExist()
  return { ...place, region: place.region ?? hostRegion(host) }
}

function parsePath(segments: readonly string[]): ParsedUrl | null {
  const [first, second, third, fourth] = segments
  const region = undefined
  if (first === 'queue') {
    if (segments.length === 2) return { accountId: undefined, region, name: second! }
    if (segments.length === 3 && ACCOUNT.test(second!)) return { accountId: second, region, name: third! }
    if (segments.length === 4 && REGION.test(second!) && ACCOUNT.test(third!)) {
      return { accountId: third, region: second, name: fourth! }
    }
    return null
  }
  if (segments.length === 2 && ACCOUNT.test(first!)) return { accountId: first, region, name: second! }
  return null
}

/** `sqs.eu-west-1.amazonaws.com`, `vpce-1.sqs.eu-west-1.vpce.amazonaws.com`, `eu-west-1.queue.amazonaws.com`. */
function hostRegion(host: string): string | undefined {
  const labels = host.toLowerCase().split('.')
  // Amazon's oldest region has the plain name.
  if (labels[0] === 'queue' && labels[1] === 'amazonaws') return 'us-east-1'
  return labels.find((label, i) => {
    const before = labels[i - 1]
    return REGION.test(label) && (before === 'sqs' || before === 'sqs-fips' || labels[i + 1] === 'queue')
  })
}

function invalidAddress(url: string): ServiceError {
  return new ServiceError(InvalidAddress, `The address ${url} is not valid for this endpoint.`)
}

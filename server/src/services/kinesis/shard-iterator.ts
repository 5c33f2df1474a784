import { Buffer } from 'node:buffer'
import { decodePageToken, encodePageToken } from '../../api/page-token.ts'
import { ServiceError } from '../../api/service-error.ts'
import type { RecordPosition, StreamAddress } from './commands.ts'
import { ExpiredIterator, invalidArgument } from './errors.ts'
import { ITERATOR_LIFETIME_MS } from './limits.ts'
import type { KinesisPorts } from './ports.ts'

/** Where a reader of a shard has come to. */
export interface ShardIterator {
  readonly stream: StreamAddress
  readonly streamNumber: number
  readonly shard: number
  readonly position: RecordPosition
}

type IteratorPorts = Pick<KinesisPorts, 'tokenKey' | 'random' | 'now'>

/** Two iterators are never the same: clients take one that doesn't change for a mistake. */
const NONCE_BYTES = 6
const LIST = ['kinesis', 'ShardIterator']

/** As clients carry it, for five minutes. */
export function encodeShardIterator(ports: IteratorPorts, iterator: ShardIterator): string {
  const { stream, streamNumber, shard, position } = iterator
  const nonce = Buffer.from(ports.random.bytes(NONCE_BYTES)).toString('base64url')
  const parts = [ports.now(), nonce, streamNumber, shard, position.index, position.since]
  const text = [...parts, stream.accountId, stream.region, stream.name].join(' ')
  return encodePageToken(ports.tokenKey, LIST, text)
}

/** Refuses one that was made up or is too old. Whether the caller may read its stream is another question. */
export function decodeShardIterator(ports: IteratorPorts, token: string): ShardIterator {
  const text = decodePageToken(ports.tokenKey, LIST, token)
  if (text === null) throw invalidShardIterator()
  const [issued, , streamNumber, shard, index, since, accountId, region, name] = text.split(' ')
  checkAge(Number(issued), ports.now())
  return {
    stream: { accountId: accountId!, region: region!, name: name! },
    streamNumber: Number(streamNumber),
    shard: Number(shard),
    position: { index: Number(index), since: Number(since) },
  }
}

export function invalidShardIterator(): Error {
  return invalidArgument('Invalid ShardIterator.')
}

function checkAge(issued: number, now: number): void {
  if (now - issued <= ITERATOR_LIFETIME_MS) return
  throw new ServiceError(
    ExpiredIterator,
    `Iterator expired. The iterator was created at time ${inWords(issued)} while right now it is ${inWords(now)} ` +
      `which is further in the future than the tolerated delay of ${ITERATOR_LIFETIME_MS} milliseconds.`,
  )
}

/** E.g. `Thu Dec 10 01:59:39 UTC 2015`. */
function inWords(time: number): string {
  const [weekday, day, month, year, clock] = new Date(time).toUTCString().replace(',', '').split(' ')
  return `${weekday} ${month} ${day} ${clock} UTC ${year}`
}

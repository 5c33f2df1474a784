import { Connection } from '../load/connection.ts'
import { KinesisRequests, type RecordToPut } from '../load/kinesis-requests.ts'
import { makeBodies } from '../load/session.ts'
import type { StreamPlan } from './plan.ts'

export const STREAM = 'bench'

/** A loader's open connections, and the stream that it works on. */
export interface StreamSession {
  readonly plan: StreamPlan
  readonly requests: KinesisRequests
  readonly connections: readonly Connection[]
}

/** Opens the connections, and creates the stream where it isn't there. */
export async function openStreamSession(plan: StreamPlan): Promise<StreamSession> {
  const requests = new KinesisRequests(`127.0.0.1:${plan.port}`, plan.credentials, plan.region, new Date())
  const connections = await Promise.all(
    Array.from({ length: plan.connections }, () => Connection.open(plan.port)),
  )
  await connections[0]!.ask(requests.createStream(STREAM, plan.shards)).catch((error: Error) => {
    if (!error.message.includes('ResourceInUseException')) throw error
  })
  return { plan, requests, connections }
}

export function shardId(number: number): string {
  return `shardId-${String(number).padStart(12, '0')}`
}

/** Records of a fixed size, all different; so many in a row have one partition key. */
export function makeRecords(count: number, bytes: number, recordsOfKey = 1): readonly RecordToPut[] {
  return makeBodies(count, bytes).map((body, i) => ({
    data: Buffer.from(body).toString('base64'),
    partitionKey: `device-${Math.floor(i / recordsOfKey)}`,
  }))
}

/**
 * How many records each shard has had, told by the sequence number that one more gets: within it, in hexadecimal, stands the place
 * of the record in its shard.
 */
async function countRecords({ plan, requests, connections }: StreamSession): Promise<number> {
  const [one] = makeRecords(1, 1)
  let sum = 0
  for (let shard = 0; shard < plan.shards; shard++) {
    const hashKey = (2n ** 128n * BigInt(shard)) / BigInt(plan.shards)
    const answer = await connections[0]!.ask(requests.putRecord(STREAM, one!, String(hashKey)))
    const { SequenceNumber }: { SequenceNumber: string } = JSON.parse(answer.toString())
    sum += Number(`0x${BigInt(SequenceNumber).toString(16).slice(11, 27)}`) - 1
  }
  return sum
}

/** A figure is worth nothing when records were lost or stored twice on the way to it. */
export async function expectRecords(session: StreamSession, expected: number): Promise<void> {
  const counted = await countRecords(session)
  if (counted !== expected)
    throw new Error(`the stream should have had ${expected} records, but had ${counted}`)
}

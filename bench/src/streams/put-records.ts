import type { Connection } from '../load/connection.ts'
import { type Lap, Stopwatch, WARM_UP_SHARE } from '../stopwatch.ts'
import { makeRecords, STREAM, type StreamSession } from './stream-session.ts'

const DISTINCT_REQUESTS = 64
export const RECORDS_PER_PUT = 100

/** Puts exactly so many records, and says how fast all but the first tenth of them went. */
export async function putNumber(session: StreamSession, records: number): Promise<Lap> {
  const requests = signPuts(session, 'one a record')
  const stopwatch = new Stopwatch(0, Number.POSITIVE_INFINITY, records * WARM_UP_SHARE)
  let begun = 0
  const loop = async (connection: Connection) => {
    while (begun < records) {
      const request = requests[(begun / RECORDS_PER_PUT) % DISTINCT_REQUESTS]!
      begun += RECORDS_PER_PUT
      await put(connection, request)
      stopwatch.count(RECORDS_PER_PUT)
    }
  }
  await Promise.all(session.connections.map(loop))
  stopwatch.stop()
  return stopwatch.lap
}

export async function put(connection: Connection, request: Buffer): Promise<void> {
  const answer = await connection.ask(request)
  if (!answer.includes('"FailedRecordCount":0')) throw new Error(`not all was put: ${answer.toString()}`)
}

/** With one a record, a request's records go to most of a hundred shards; with one a request, to one of them, each time another one. */
export type PartitionKeys = 'one a record' | 'one a request'

/** Signed before the run and sent again and again. */
export function signPuts({ requests, plan }: StreamSession, keys: PartitionKeys): readonly Buffer[] {
  const recordsOfKey = keys === 'one a record' ? 1 : RECORDS_PER_PUT
  const records = makeRecords(DISTINCT_REQUESTS * RECORDS_PER_PUT, plan.recordBytes, recordsOfKey)
  return Array.from({ length: DISTINCT_REQUESTS }, (_, i) =>
    requests.putRecords(STREAM, records.slice(i * RECORDS_PER_PUT, (i + 1) * RECORDS_PER_PUT)),
  )
}

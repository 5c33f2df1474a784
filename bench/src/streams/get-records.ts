import type { Connection } from '../load/connection.ts'
import type { Stopwatch } from '../stopwatch.ts'
import { STREAM, type StreamSession, shardId } from './stream-session.ts'

const RECORDS_PER_GET = 1000
const NEXT = Buffer.from('"NextShardIterator":"')
const SEQUENCE_NUMBER = Buffer.from('"SequenceNumber":')

/** Reads the first shard from its beginning to its end, over and over, until the stopwatch's time is over. */
export async function getForTime(session: StreamSession, stopwatch: Stopwatch): Promise<void> {
  const totals = new Set<number>()
  const loop = async (connection: Connection) => {
    while (stopwatch.running) {
      const read = await readShard(session, connection, 0, stopwatch)
      if (stopwatch.running) totals.add(read)
    }
  }
  await Promise.all(session.connections.map(loop))
  if (totals.size > 1) throw new Error(`the shard was read as having ${[...totals].join(', ')} records`)
}

/** Reads a shard to its tip, unless the stopwatch's time is over before. Returns how many records that were. */
export async function readShard(
  { requests }: StreamSession,
  connection: Connection,
  shard: number,
  stopwatch: Stopwatch,
): Promise<number> {
  let records = 0
  let iterator = await beginAt(requests.shardIterator(STREAM, shardId(shard), 'TRIM_HORIZON'), connection)
  while (stopwatch.running) {
    const answer = await connection.ask(requests.getRecords(iterator, RECORDS_PER_GET))
    const count = countOf(answer, SEQUENCE_NUMBER)
    records += count
    stopwatch.count(count)
    if (answer.includes('"MillisBehindLatest":0')) break
    iterator = nextIterator(answer)
  }
  return records
}

export async function beginAt(request: Buffer, connection: Connection): Promise<string> {
  const { ShardIterator }: { ShardIterator: string } = JSON.parse((await connection.ask(request)).toString())
  return ShardIterator
}

/** Looked for, not parsed: the core that generates the load has enough to do. */
export function nextIterator(answer: Buffer): string {
  const at = answer.indexOf(NEXT)
  if (at === -1) throw new Error(`no next iterator: ${answer.toString('utf8', 0, 500)}`)
  const start = at + NEXT.length
  return answer.toString('latin1', start, answer.indexOf('"', start))
}

function countOf(bytes: Buffer, word: Buffer): number {
  let count = 0
  for (let at = bytes.indexOf(word); at !== -1; at = bytes.indexOf(word, at + word.length)) count++
  return count
}

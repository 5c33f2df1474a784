import { type ClientHttp2Stream, connect } from 'node:http2'
import { setTimeout as pause } from 'node:timers/promises'
import { beginAt, nextIterator } from './get-records.ts'
import { STREAM, type StreamSession, shardId } from './stream-session.ts'

const PAUSE_MIN_MS = 8
const PAUSE_SPREAD_MS = 8

/** Resolves when the consumer has what contains the text, with the time at which it had all of it. */
type Arrival = (text: string) => Promise<number>

/**
 * Milliseconds from the first byte of a PutRecord to the last byte that brings the record to a consumer, on an otherwise idle
 * server; as many as fit into the time.
 */
export async function measurePropagation(
  session: StreamSession,
  to: 'subscriber' | 'poller',
): Promise<readonly number[]> {
  const { connections, plan, requests } = session
  const consumer = to === 'subscriber' ? await subscribe(session) : await poll(session)
  const opensAt = performance.now() + plan.warmUpSeconds * 1000
  const closesAt = opensAt + plan.seconds * 1000
  const latencies: number[] = []
  for (let i = 0; performance.now() < closesAt; i++) {
    const text = `record ${i} `.padEnd(plan.recordBytes, 'abcdefgh ')
    const data = Buffer.from(text).toString('base64')
    const put = requests.putRecord(STREAM, { data, partitionKey: 'device' }, '0')
    await pause(PAUSE_MIN_MS + ((i * 5) % PAUSE_SPREAD_MS))
    const arrival = consumer.arrival(data)
    const sentAt = performance.now()
    const [at] = await Promise.all([arrival, connections[0]!.ask(put)])
    if (sentAt >= opensAt) latencies.push(at - sentAt)
  }
  consumer.end()
  return latencies
}

interface Consumer {
  readonly arrival: Arrival
  readonly end: () => void
}

/** Over HTTP/2, as AWS's clients have it. */
async function subscribe({ plan, requests, connections }: StreamSession): Promise<Consumer> {
  const summary = JSON.parse((await connections[0]!.ask(requests.describeStreamSummary(STREAM))).toString())
  const { StreamARN } = summary.StreamDescriptionSummary
  const registered = JSON.parse(
    (await connections[0]!.ask(requests.registerConsumer(StreamARN, 'bench'))).toString(),
  )
  const http2 = connect(`http://127.0.0.1:${plan.port}`)
  const { fields, body } = requests.subscribeToShard(registered.Consumer.ConsumerARN, shardId(0))
  const stream = http2.request(fields)
  stream.end(body)
  await new Promise<void>((resolve, reject) => {
    stream.once('error', reject)
    stream.once('response', (answer) => {
      if (answer[':status'] === 200) resolve()
      else reject(new Error(`the subscription was answered ${answer[':status']}`))
    })
  })
  return { arrival: arrivalOn(stream), end: () => http2.destroy() }
}

function arrivalOn(stream: ClientHttp2Stream): Arrival {
  let wanted: { readonly text: string; readonly resolve: (at: number) => void } | undefined
  let seen = ''
  stream.on('data', (chunk: Buffer) => {
    seen = (seen + chunk.toString('latin1')).slice(-16_384)
    if (wanted === undefined || !seen.includes(wanted.text)) return
    wanted.resolve(performance.now())
    wanted = undefined
    seen = ''
  })
  return (text) =>
    new Promise((resolve) => {
      wanted = { text, resolve }
    })
}

/** Asks again as soon as it is answered. */
async function poll({ requests, connections }: StreamSession): Promise<Consumer> {
  const connection = connections[1]!
  let iterator = await beginAt(requests.shardIterator(STREAM, shardId(0), 'LATEST'), connection)
  return {
    async arrival(text) {
      for (;;) {
        const answer = await connection.ask(requests.getRecords(iterator, 1000))
        const at = performance.now()
        iterator = nextIterator(answer)
        if (answer.includes(text)) return at
      }
    },
    end() {},
  }
}

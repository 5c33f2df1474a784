import { setTimeout as pause } from 'node:timers/promises'
import { readReceiptHandles } from './receipt-handles.ts'
import type { Session } from './session.ts'

/** Between the start of a long poll and the send that ends it: the server is idle by then, its seal frame written. */
const PAUSE_MIN_MS = 8
const PAUSE_SPREAD_MS = 8

/**
 * Milliseconds from the first byte of a send to the last byte of the answer that brings the message to a consumer
 * which had been waiting for it, on an otherwise idle server; as many as fit into the time. Every message is deleted.
 */
export async function measureLatencies(session: Session): Promise<readonly number[]> {
  const { connections, plan, requests, queueUrl } = session
  const [consumer, producer] = [connections[0]!, connections[1]!]
  const receive = requests.receiveMessages(queueUrl, 1, 20)
  const opensAt = performance.now() + plan.warmUpSeconds * 1000
  const closesAt = opensAt + plan.seconds * 1000
  const latencies: number[] = []
  for (let i = 0; performance.now() < closesAt; i++) {
    const body = `message ${i} `.padEnd(plan.bodyBytes, 'abcdefgh ')
    const send = requests.sendMessage(queueUrl, body)
    const received = consumer.ask(receive).then((answer) => ({ at: performance.now(), answer }))
    await pause(PAUSE_MIN_MS + ((i * 5) % PAUSE_SPREAD_MS))
    const sentAt = performance.now()
    const [{ at, answer }] = await Promise.all([received, producer.ask(send)])
    const handles = readReceiptHandles(answer)
    if (handles.length !== 1 || !answer.includes(body)) {
      throw new Error(`message ${i} was sent, but received was ${answer.toString()}`)
    }
    if (sentAt >= opensAt) latencies.push(at - sentAt)
    await producer.ask(requests.deleteMessageBatch(queueUrl, handles))
  }
  return latencies
}

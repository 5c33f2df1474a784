import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { SeededRandom } from '../../src/base/random.ts'
import { ServerProcess, TEST_KEY } from '../server-process.ts'
import { History, type Violation } from '../simulation/history.ts'
import { bodyOf, readBody } from '../simulation/message-bodies.ts'

const QUEUE = 'tortured'
const PRODUCERS = 4
const CONSUMERS = 3
const VISIBILITY_TIMEOUT_SECONDS = 2

export interface TortureReport {
  readonly violations: readonly Violation[]
  readonly kills: number
  readonly messages: number
  readonly acknowledged: number
  readonly deleted: number
}

/**
 * A real server under load from real SDK clients, killed with -9 at random moments and started again on what it left.
 * Held against the same rules as the simulation: every acknowledged send is stored exactly once and comes at least once,
 * nothing comes after its acknowledged delete, and what comes is what was sent.
 */
export async function torture(options: { kills: number; seed: number }): Promise<TortureReport> {
  const random = new SeededRandom(options.seed)
  const history = new History()
  const places = new Map<number, number>()
  const server = await ServerProcess.create()
  try {
    for (let kill = 0; kill < options.kills; kill++) {
      await server.start()
      await oneLife(server, history, places, random, kill === 0)
    }
    await server.start()
    await receiveAll(server, history)
    // A clean stop is held to the same rules.
    const code = await server.stop()
    if (code !== 0) throw new Error(`the server stopped with code ${code}`)
  } finally {
    await server.destroy()
  }
  history.checkAll()
  const sent = history.everIn(QUEUE)
  return {
    violations: history.violations,
    kills: options.kills,
    messages: sent.length,
    acknowledged: sent.filter(({ acknowledged }) => acknowledged).length,
    deleted: sent.filter(({ goneAt }) => goneAt < Number.POSITIVE_INFINITY).length,
  }
}

async function oneLife(
  server: ServerProcess,
  history: History,
  places: Map<number, number>,
  random: SeededRandom,
  first: boolean,
): Promise<void> {
  const client = clientOf(server)
  const queueUrl = `${server.url}/000000000000/${QUEUE}`
  if (first) await client.send(new CreateQueueCommand({ QueueName: QUEUE }))
  let over = false
  const life: Life = { client, queueUrl, history, places, random, isOver: () => over }
  const clients = [
    ...Array.from({ length: PRODUCERS }, (_, producer) => untilKilled(life, () => send(life, producer))),
    ...Array.from({ length: CONSUMERS }, () => untilKilled(life, () => receive(life))),
  ]
  await new Promise((resolve) => setTimeout(resolve, 100 + random.below(700)))
  await server.kill()
  over = true
  await Promise.all(clients)
  client.destroy()
}

interface Life {
  readonly client: SQSClient
  readonly queueUrl: string
  readonly history: History
  readonly places: Map<number, number>
  readonly random: SeededRandom
  readonly isOver: () => boolean
}

/** Repeats a request until the server is killed: the one that fails then is the one that was under way. */
async function untilKilled(life: Life, request: () => Promise<void>): Promise<void> {
  while (!life.isOver()) {
    try {
      await request()
    } catch (error) {
      // Whoever notices the kill first notices before `over` is set; anything but a broken connection is a defect.
      if (!isBroken(error)) throw error
      return
    }
  }
}

async function send(life: Life, producer: number): Promise<void> {
  const { client, queueUrl, history, places, random } = life
  const count = random.chance(0.5) ? 1 : 1 + random.below(10)
  const sent = Array.from({ length: count }, () => {
    const place = (places.get(producer) ?? 0) + 1
    places.set(producer, place)
    return history.send({ id: `${producer}-${place}`, queue: QUEUE, producer, place })
  })
  const [only] = sent
  if (count === 1 && only !== undefined) {
    await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: textOf(only.id) }))
  } else {
    const entries = sent.map(({ id }) => ({ Id: id, MessageBody: textOf(id) }))
    const { Failed } = await client.send(
      new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries: entries }),
    )
    if (Failed !== undefined) throw new Error(`entries failed: ${JSON.stringify(Failed)}`)
  }
  for (const entry of sent) entry.acknowledged = true
}

async function receive(life: Life): Promise<void> {
  const { client, queueUrl, history, random } = life
  const asked = Date.now()
  const { Messages = [] } = await client.send(
    new ReceiveMessageCommand({
      QueueUrl: queueUrl,
      MaxNumberOfMessages: 10,
      WaitTimeSeconds: 1,
      VisibilityTimeout: VISIBILITY_TIMEOUT_SECONDS,
    }),
  )
  const hiddenUntil = asked + VISIBILITY_TIMEOUT_SECONDS * 1000
  const mine = Messages.flatMap((message) => {
    const { id, intact } = readText(message)
    const sent = history.received(id, intact, null, Date.now(), asked)
    if (sent === undefined) return []
    sent.hiddenUntil = hiddenUntil
    return [{ sent, handle: message.ReceiptHandle! }]
  })
  if (mine.length === 0) return
  if (random.chance(0.2)) {
    const { sent, handle } = mine[0]!
    sent.hiddenUntil = 0
    await client.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: queueUrl,
        ReceiptHandle: handle,
        VisibilityTimeout: 0,
      }),
    )
  } else if (random.chance(0.6)) {
    for (const { sent } of mine) sent.mayBeGone = true
    const entries = mine.map(({ handle }, i) => ({ Id: String(i), ReceiptHandle: handle }))
    const { Failed } = await client.send(
      new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries: entries }),
    )
    if (Failed !== undefined) throw new Error(`entries failed: ${JSON.stringify(Failed)}`)
    // A delete that came after the timeout may have been for a receive that is no longer the newest.
    if (hiddenUntil > Date.now()) for (const { sent } of mine) sent.goneAt = Date.now()
  }
}

/** Receives everything there is, once each, after all that was in flight has come back. */
async function receiveAll(server: ServerProcess, history: History): Promise<void> {
  const client = clientOf(server)
  const queueUrl = `${server.url}/000000000000/${QUEUE}`
  await new Promise((resolve) => setTimeout(resolve, VISIBILITY_TIMEOUT_SECONDS * 1000 + 200))
  for (let empty = 0; empty < 3; ) {
    const asked = Date.now()
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 3600 }),
    )
    empty = Messages.length === 0 ? empty + 1 : 0
    for (const message of Messages) {
      const { id, intact } = readText(message)
      if (history.received(id, intact, null, Date.now(), asked) !== undefined) history.found(id)
    }
  }
  client.destroy()
}

function clientOf(server: ServerProcess): SQSClient {
  return new SQSClient({
    endpoint: server.url,
    region: 'us-east-1',
    credentials: TEST_KEY,
    // What an SDK tries again by itself would blur what was acknowledged.
    maxAttempts: 1,
  })
}

/** Bodies have to be text: the simulation's, in base 64, behind the id they belong to. */
function textOf(id: string): string {
  return Buffer.from(bodyOf(id)).toString('base64')
}

function readText(message: Message): { id: string; intact: boolean } {
  return readBody(Buffer.from(message.Body ?? '', 'base64'))
}

function isBroken(error: unknown): boolean {
  const { name, code } = error as { name?: string; code?: string }
  return name === 'TimeoutError' || ['ECONNRESET', 'ECONNREFUSED', 'EPIPE'].includes(code ?? '')
}

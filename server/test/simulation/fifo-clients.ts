import { ServiceError } from '../../src/api/service-error.ts'
import type { Cell } from '../../src/cell/cell.ts'
import { attemptKey, deduplicationKey, groupKey } from '../../src/core/keys.ts'
import type { Receipt } from '../../src/services/sqs/commands.ts'
import { fifoMessages } from '../../src/services/sqs/test-fifo-messages.ts'
import { ask, askWhenThere, type ClientContext, createQueues, pause, placeOf, resetOnce } from './clients.ts'
import {
  FIFO_QUEUES,
  type FifoHistory,
  type FifoQueueName,
  fifoAddress,
  type GroupedMessage,
} from './fifo-history.ts'
import type { Place } from './history.ts'
import { bodyOf, readBody } from './message-bodies.ts'
import type { SimulatedTime } from './simulated-time.ts'

/** What the clients of FIFO queues work with. */
export interface FifoContext extends ClientContext {
  readonly fifo: FifoHistory
  readonly gate: SendGate
}

/** Where a reset keeps those waiting who send: nobody could tell whether what they send again was there before it or after. */
export class SendGate {
  #closed = false
  #passed = 0

  async pass<T>(time: SimulatedTime, task: () => Promise<T>): Promise<T> {
    while (this.#closed) await pause(time, 5)
    this.#passed++
    try {
      return await task()
    } finally {
      this.#passed--
    }
  }

  /** Does the task while nobody sends. */
  async whileClosed(time: SimulatedTime, task: () => Promise<void>): Promise<void> {
    this.#closed = true
    try {
      while (this.#passed > 0) await pause(time, 1)
      await task()
    } finally {
      this.#closed = false
    }
  }
}

/** Creating a queue that is there already changes nothing. */
export async function createFifoQueues(cell: Cell): Promise<void> {
  for (const name of FIFO_QUEUES.toReversed()) {
    const settings = {
      visibilityTimeoutSeconds: 30,
      redrivePolicy:
        name === 'shipments.fifo'
          ? {
              deadLetterTargetArn: 'arn:aws:sqs:us-east-1:000000000000:shipments-dead.fifo',
              maxReceiveCount: 1,
            }
          : null,
    }
    await ask(cell, { service: 'sqs', kind: 'createQueue', queue: fifoAddress(name), settings, tags: {} })
  }
}

/** Sends until told to stop; some of it again, as a client does that was not answered. */
export async function produceFifo(context: FifoContext, producer: number): Promise<void> {
  const { random, time, gate } = context
  while (!context.stopping()) {
    await gate.pass(time, () => sendBatch(context, producer))
    await pause(time, random.below(40))
  }
}

async function sendBatch(context: FifoContext, producer: number): Promise<void> {
  const { random, places, fifo } = context
  const queue = random.pick(['ledger.fifo', 'shipments.fifo'] as const)
  const messages = Array.from({ length: 1 + random.below(10) }, (): GroupedMessage => {
    const again = random.chance(0.25) ? fifo.pick(queue, (limit) => random.below(limit)) : undefined
    if (again !== undefined) return again
    const key = `${queue} ${producer}`
    const place = (places.get(key) ?? 0) + 1
    places.set(key, place)
    return fifo.send(`${queue}-${producer}-${place}`, queue, random.pick(['a', 'b', 'c', 'd']))
  })
  const bodies = messages.map(({ sent }) => bodyOf(sent.id))
  const outcomes = await askWhenThere(context, {
    service: 'sqs',
    kind: 'sendFifoMessages',
    queue: fifoAddress(queue),
    ...fifoMessages(
      messages.map(({ sent, group }, body) => ({
        body,
        sizeBytes: bodies[body]!.length,
        groupKey: groupKey(group),
        deduplicationKey: deduplicationKey(sent.id),
        deduplicatesByContent: false,
        messageId: new Uint32Array(4),
      })),
    ),
    bodies,
  })
  for (const [i, outcome] of outcomes!.entries()) {
    if ('error' in outcome) throw new Error(outcome.message)
    fifo.enqueued(messages[i]!, outcome)
  }
}

/** As `resetOnce`, while nobody sends to a FIFO queue. */
export async function resetFifoOnce(context: FifoContext): Promise<void> {
  const { cell, time, fifo, gate } = context
  await resetOnce(context, {
    around: (reset) =>
      gate.whileClosed(time, async () => {
        fifo.reset()
        await reset()
      }),
    recreate: async () => {
      await createQueues(cell)
      await createFifoQueues(cell)
    },
  })
}

/** Receives, at times twice under the same attempt, and deletes or gives back what comes. */
export async function consumeFifo(context: FifoContext): Promise<void> {
  const { random, time, fifo } = context
  while (!context.stopping()) {
    const queue = random.pick(FIFO_QUEUES)
    // Often none, so that lives as short as these have dead letters.
    const seconds = random.chance(0.5) ? 0 : random.below(20)
    // Attempts belong to the queue that is always the same, so that each is tried again where it was tried.
    const usesAttempt = queue === 'ledger.fifo' && random.chance(0.5)
    const attempt = usesAttempt ? fifo.ask() : undefined
    const asked = time.now()
    const { resets } = fifo
    const received = await receive(context, queue, seconds, attempt)
    if (attempt !== undefined) fifo.answered(attempt)
    const hiddenUntil = asked + seconds * 1000
    note(context, queue, received, hiddenUntil, asked)
    if (attempt !== undefined && received.ids.length > 0 && random.chance(0.5)) {
      const again = await receive(context, queue, 30, attempt)
      fifo.passedOver(again.answer)
      if (hiddenUntil > time.now() && resets === fifo.resets)
        fifo.repeated(attempt, received.receipts, again.receipts)
      for (const id of received.ids) fifo.find(id).sent.hiddenUntil = 0
    } else if (received.ids.length > 0) {
      await disposeFifo(context, queue, received, hiddenUntil)
    }
    await pause(time, random.below(60))
  }
}

/** What one receive brought, message by message. */
interface ReceivedBatch {
  /** By the order of answers. */
  readonly answer: number
  readonly receipts: readonly Receipt[]
  readonly ids: readonly string[]
  readonly intact: readonly boolean[]
  /** Those in the queues that the messages were sent to. */
  readonly places: readonly (Place | null)[]
  readonly redrives: readonly number[]
}

function receiveFifo(context: ClientContext, queue: FifoQueueName, seconds: number, attempt?: string) {
  return askWhenThere(context, {
    service: 'sqs',
    kind: 'receiveMessages',
    queue: fifoAddress(queue),
    limit: 1 + context.random.below(10),
    visibilityTimeoutSeconds: seconds,
    waitSeconds: attempt === undefined ? context.random.below(4) : 0,
    tags: context.random.bytes(80),
    ...(attempt !== undefined && { attempt: { id: attempt, key: attemptKey(attempt) } }),
  })
}

async function receive(
  context: FifoContext,
  queue: FifoQueueName,
  seconds: number,
  attempt?: string,
): Promise<ReceivedBatch> {
  const { fifo } = context
  const { messages, bodies } = await receiveFifo(context, queue, seconds, attempt).catch((error) => {
    // An attempt whose messages somebody else received since, and deleted, gives nothing more.
    if (attempt === undefined || !(error instanceof ServiceError)) throw error
    return { messages: [], bodies: [] }
  })
  const answer = fifo.receiveAnswered()
  const contents = await Promise.resolve(bodies).catch((error) => {
    fifo.passedOver(answer)
    throw error
  })
  const read = messages.map((_, i) => readBody(contents[i]!))
  return {
    answer,
    receipts: messages.map(({ receipt }) => receipt),
    ids: read.map(({ id }) => id),
    intact: read.map(({ intact }) => intact),
    places: messages.map(placeOf),
    redrives: messages.map(({ redrives }) => redrives),
  }
}

/** Tells both histories what came. */
function note(
  { history, fifo, time }: FifoContext,
  queue: FifoQueueName,
  { answer, receipts, ids, intact, places, redrives }: ReceivedBatch,
  hiddenUntil: number,
  askedAt: number,
): void {
  const sent = ids.map((id, i) => history.received(id, intact[i]!, places[i]!, time.now(), askedAt))
  // What nobody sent was reported, and belongs to no group.
  const known = ids.flatMap((id, i) =>
    sent[i] === undefined ? [] : [{ id, place: receipts[i]!, redrives: redrives[i]! }],
  )
  fifo.received(queue, known, hiddenUntil, time.now(), queue === 'ledger.fifo', answer)
  for (const each of sent) if (each !== undefined) each.hiddenUntil = hiddenUntil
}

async function disposeFifo(
  context: FifoContext,
  name: FifoQueueName,
  { receipts, ids }: ReceivedBatch,
  hiddenUntil: number,
): Promise<void> {
  const { random, history, time } = context
  const queue = fifoAddress(name)
  const sent = ids.map((id) => history.find(id)!)
  // Some of what came together, or all of it.
  const count = random.chance(0.5) ? ids.length : 1 + random.below(ids.length)
  const some = receipts.slice(0, count)
  for (const entry of sent.slice(0, count)) entry.hiddenUntil = 0
  if (random.chance(0.55)) {
    for (const entry of sent.slice(0, count)) entry.mayBeGone = true
    const outcomes = await askWhenThere(context, {
      service: 'sqs',
      kind: 'deleteMessages',
      queue,
      receipts: some,
    })
    if (hiddenUntil <= time.now()) return
    for (const [i, outcome] of outcomes.entries()) if (outcome === null) sent[i]!.goneAt = time.now()
  } else if (random.chance(0.5)) {
    const changes = some.map((receipt) => ({ receipt, visibilityTimeoutSeconds: random.below(10) }))
    await askWhenThere(context, { service: 'sqs', kind: 'changeVisibility', queue, changes })
  } else if (random.chance(0.3)) {
    await askWhenThere(context, { service: 'sqs', kind: 'undoReceive', queue, receipts: some })
  }
}

/** Receives everything there is, group by group in order, and deletes it. To be called when nothing is in flight any more. */
export async function receiveAllFifo(
  context: Omit<FifoContext, 'stopping' | 'places' | 'gate'>,
): Promise<void> {
  const { cell, time, history } = context
  const full: FifoContext = { ...context, stopping: () => true, places: new Map(), gate: new SendGate() }
  for (const queue of FIFO_QUEUES) {
    for (let empty = 0; empty < 2; ) {
      const asked = time.now()
      const received = await time.settle(receive({ ...full, random: full.random }, queue, 43_200))
      empty = received.ids.length === 0 ? empty + 1 : 0
      note(full, queue, received, 0, asked)
      for (const id of received.ids) if (history.find(id) !== undefined) history.found(id)
      const { receipts } = received
      // Whoever looks at what is left takes it out of the way of what stands behind it.
      for (const id of received.ids) full.fifo.find(id).sent.mayBeGone = true
      await time.settle(
        ask(cell, { service: 'sqs', kind: 'deleteMessages', queue: fifoAddress(queue), receipts }),
      )
    }
  }
}

import type { Cell } from '../../../server/src/cell/cell.ts'
import { inRow } from '../../../server/src/core/key.ts'
import { messageKeys } from '../../../server/src/core/keys.ts'
import type { QueueAddress, Receipt } from '../../../server/src/services/sqs/commands.ts'
import { ask, BATCH, TAG_BYTES } from '../cell/ask.ts'
import type { MovableClock } from './movable-clock.ts'
import type { TicksPlan } from './plan.ts'
import { TurnMeter, type TurnReport } from './turns.ts'

export interface Phase extends TurnReport {
  readonly name: string
}

/** As many as the other work has: what they ask for in one turn of the event loop takes a millisecond. */
const LOOPS = 32
/** AWS allows 120,000 of a queue in flight. */
const IN_FLIGHT = 100_000
const RETENTION_SECONDS = 60
/** Long enough for what goes on in the background after a queue was emptied to be under way. */
const CALM_MS = 1000

const address = (name: string): QueueAddress => ({ accountId: '000000000000', region: 'us-east-1', name })

/** Does one thing after the other that concerns many messages at once, with other commands beside it, and measures each. */
export async function measurePhases(
  cell: Cell,
  clock: MovableClock,
  { messages, bodyBytes, seconds }: TicksPlan,
): Promise<readonly Phase[]> {
  const bodies = Array.from({ length: BATCH }, (_, i) => new Uint8Array(bodyBytes).fill(i))
  const meter = new TurnMeter()
  const phases: Phase[] = []
  const measure = async (name: string, work: () => Promise<unknown>) => {
    await meter.report()
    await work()
    phases.push({ name, ...(await meter.report()) })
  }
  const create = (name: string, settings = {}) =>
    ask(cell, 'createQueue', { queue: address(name), settings, tags: {} })
  const besides = async (work: Promise<unknown>) => {
    let isOver = false
    const end = () => {
      isOver = true
    }
    work.then(end, end)
    await cycle(cell, bodies, () => isOver)
    await work
  }

  await create('beside')
  await create('large')
  await measure('sending', () => fill(cell, 'large', messages, bodies))
  await measure('send, receive, delete', () => besides(pause(seconds * 1000)))
  await measure('a snapshot of it all under way', () => besides(cell.snapshot()))
  const inFlight = Math.min(IN_FLIGHT, messages)
  const receipts: Receipt[] = []
  await measure('receiving', async () => receipts.push(...(await receive(cell, 'large', inFlight))))
  await measure(`${figure(inFlight)} becoming visible at once`, () => {
    clock.putForward(31_000)
    return besides(pause(CALM_MS))
  })
  await measure('purge', () => besides(emptied(cell, 'purgeQueue', 'large')))

  await create('expiring', { messageRetentionSeconds: RETENTION_SECONDS })
  await fill(cell, 'expiring', messages, bodies)
  await measure('expiry of all at once', () => {
    clock.putForward((RETENTION_SECONDS + 1) * 1000)
    return besides(swept(cell, 'expiring'))
  })

  await create('deleted')
  await fill(cell, 'deleted', messages, bodies)
  await measure('deletion of the queue', () => besides(emptied(cell, 'deleteQueue', 'deleted')))

  await create('groups.fifo', { contentBasedDeduplication: false })
  await measure('FIFO, a group for each message: sending', () => fillFifo(cell, messages, bodies))
  await measure('FIFO: deletion of the queue', () => besides(emptied(cell, 'deleteQueue', 'groups.fifo')))
  meter.stop()
  return phases
}

export const figure = (messages: number) => messages.toLocaleString('en')

/** Sends, receives and deletes in another queue until it is told to stop. */
async function cycle(cell: Cell, bodies: readonly Uint8Array[], isOver: () => boolean): Promise<void> {
  const queue = address('beside')
  while (!isOver()) {
    await ask(cell, 'sendMessages', { queue, messages: entriesOf(bodies) }, bodies)
    const receipts = await receive(cell, 'beside', BATCH)
    await ask(cell, 'deleteMessages', { queue, receipts })
  }
}

async function fill(cell: Cell, name: string, count: number, bodies: readonly Uint8Array[]): Promise<void> {
  const messages = entriesOf(bodies)
  await inLoops(count, () => ask(cell, 'sendMessages', { queue: address(name), messages }, bodies))
}

async function fillFifo(cell: Cell, count: number, bodies: readonly Uint8Array[]): Promise<void> {
  const queue = address('groups.fifo')
  await inLoops(count, (first) => {
    const messages = bodies.map(({ length }, body) => ({
      body,
      sizeBytes: length,
      deduplicatesByContent: false,
    }))
    const keys = {
      ...messageKeys(
        bodies.map((_, body) => `group ${first + body}`),
        bodies.map((_, body) => `message ${first + body}`),
      ),
      messageIds: inRow(bodies.map((_, body) => Uint32Array.of(first + body + 1, 0, 0, 0))),
    }
    return ask(cell, 'sendFifoMessages', { queue, messages, ...keys }, bodies)
  })
}

async function inLoops(count: number, batch: (first: number) => Promise<unknown>): Promise<void> {
  let next = 0
  const loop = async () => {
    while (next < count) {
      const first = next
      next += BATCH
      await batch(first)
    }
  }
  await Promise.all(Array.from({ length: LOOPS }, loop))
}

async function receive(cell: Cell, name: string, count: number): Promise<readonly Receipt[]> {
  const receipts: Receipt[] = []
  const tags = new Uint8Array(BATCH * TAG_BYTES).fill(1)
  await inLoops(count, async () => {
    const reply = await ask(cell, 'receiveMessages', {
      ...{ queue: address(name), limit: BATCH, tags },
      ...{ visibilityTimeoutSeconds: 30, waitSeconds: 0 },
    })
    receipts.push(...reply.messages.map(({ receipt }) => receipt))
  })
  return receipts
}

/** Empties a queue, and gives what goes on in the background its time. */
async function emptied(cell: Cell, kind: 'purgeQueue' | 'deleteQueue', name: string): Promise<void> {
  await ask(cell, kind, { queue: address(name) })
  await pause(CALM_MS * 3)
}

/** Resolves when all that expired was cleared away. */
async function swept(cell: Cell, name: string): Promise<void> {
  for (;;) {
    const { waitingMessages } = await ask(cell, 'getQueue', { queue: address(name) })
    if (waitingMessages === 0) return
    await pause(20)
  }
}

const entriesOf = (bodies: readonly Uint8Array[]) =>
  bodies.map(({ length }, body) => ({ body, sizeBytes: length, delaySeconds: undefined }))

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

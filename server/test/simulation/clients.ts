import { ServiceError } from '../../src/api/service-error.ts'
import type { SeededRandom } from '../../src/base/random.ts'
import type { Cell } from '../../src/cell/cell.ts'
import { groupKey } from '../../src/core/keys.ts'
import type {
  QueueAddress,
  Receipt,
  ReceivedMessage,
  SqsCommand,
  SqsReplies,
} from '../../src/services/sqs/commands.ts'
import { QueueDoesNotExist } from '../../src/services/sqs/errors.ts'
import type { History, Place } from './history.ts'
import { bodyOf, readBody } from './message-bodies.ts'
import type { SimulatedTime } from './simulated-time.ts'

export const QUEUES = ['orders', 'events', 'orders-dead'] as const
export type QueueName = (typeof QUEUES)[number]

/** What the clients of one life of the server work with. */
export interface ClientContext {
  readonly cell: Cell
  readonly time: SimulatedTime
  readonly random: SeededRandom
  readonly history: History
  /** Places of the newest sends, over all lives: `queue producer` to a number. */
  readonly places: Map<string, number>
  /** True once the clients are to stop asking. */
  readonly stopping: () => boolean
}

export function address(name: string): QueueAddress {
  return { accountId: '000000000000', region: 'us-east-1', name }
}

export function ask<Kind extends SqsCommand['kind']>(
  cell: Cell,
  command: SqsCommand<Kind>,
): Promise<SqsReplies[Kind]> {
  // The cell answers a command of a kind with a reply of that kind.
  return cell.execute(command) as Promise<SqsReplies[Kind]>
}

/** As `ask`, again and again while the queue isn't there: after a reset it is made anew. */
export async function askWhenThere<Kind extends SqsCommand['kind']>(
  { cell, time }: Pick<ClientContext, 'cell' | 'time'>,
  command: SqsCommand<Kind>,
): Promise<SqsReplies[Kind]> {
  for (;;) {
    try {
      return await ask(cell, command)
    } catch (error) {
      if (!(error instanceof ServiceError) || error.shape !== QueueDoesNotExist) throw error
    }
    await pause(time, 5)
  }
}

/** Creating a queue that is there already changes nothing. */
export async function createQueues(cell: Cell): Promise<void> {
  for (const name of ['orders-dead', 'events', 'orders'] as const) {
    const redrivePolicy =
      name === 'orders'
        ? { deadLetterTargetArn: 'arn:aws:sqs:us-east-1:000000000000:orders-dead', maxReceiveCount: 1 }
        : null
    const settings = { visibilityTimeoutSeconds: 30, redrivePolicy }
    await ask(cell, { service: 'sqs', kind: 'createQueue', queue: address(name), settings, tags: {} })
  }
}

/** Where the message stands in the queue it was sent to; null for one that has been in another queue since. */
export function placeOf({ receipt, deadLetterSource, redrives }: ReceivedMessage): Place | null {
  return deadLetterSource === null && redrives === 0 ? receipt : null
}

/** Sends until told to stop; one request at a time. */
export async function produce(context: ClientContext, producer: number): Promise<void> {
  const { random, history, places, time } = context
  while (!context.stopping()) {
    const queue = random.pick(['orders', 'events'])
    const delaySeconds = random.chance(0.1) ? 1 + random.below(20) : undefined
    const count = random.chance(0.5) ? 1 : 1 + random.below(10)
    // Both kinds stand side by side: one producer's messages have no group.
    const group = producer === 1 ? undefined : groupKey(`tenant-${random.below(3)}`)
    const sent = Array.from({ length: count }, () => {
      const key = `${queue} ${producer}`
      const place = (places.get(key) ?? 0) + 1
      places.set(key, place)
      const id = `${queue}-${producer}-${place}`
      return history.send({ id, queue, producer, place })
    })
    const bodies = sent.map(({ id }) => bodyOf(id))
    await askWhenThere(context, {
      service: 'sqs',
      kind: 'sendMessages',
      queue: address(queue),
      messages: bodies.map((body, at) => ({
        body: at,
        sizeBytes: body.length,
        delaySeconds,
        groupKey: group,
      })),
      bodies,
    })
    for (const entry of sent) entry.acknowledged = true
    await pause(time, random.below(30))
  }
}

/** Receives, and deletes most of what comes, until told to stop. */
export async function consume(context: ClientContext): Promise<void> {
  const { random, time } = context
  while (!context.stopping()) {
    const queue = random.pick(QUEUES)
    // Often none, so that lives as short as these have dead letters.
    const visibilityTimeoutSeconds = random.chance(0.4) ? 0 : random.below(20)
    const asked = time.now()
    const { messages, bodies } = await askWhenThere(context, {
      service: 'sqs',
      kind: 'receiveMessages',
      queue: address(queue),
      limit: 1 + random.below(10),
      visibilityTimeoutSeconds,
      waitSeconds: random.below(4),
      tags: random.bytes(80),
    })
    const contents = await bodies
    const hiddenUntil = asked + visibilityTimeoutSeconds * 1000
    const receipts: Receipt[] = []
    const ids: string[] = []
    for (const [i, message] of messages.entries()) {
      const { id, intact } = readBody(contents[i]!)
      const { receiveCount } = message
      const place = placeOf(message)
      const sent = context.history.received(id, intact, place, time.now(), asked, receiveCount)
      if (sent === undefined) continue
      // It was hidden when it was chosen, which is not before it was asked for.
      sent.hiddenUntil = hiddenUntil
      sent.hiddenBy = receiveCount
      receipts.push(message.receipt)
      ids.push(id)
    }
    if (receipts.length > 0) await dispose(context, { queue, receipts, ids, hiddenUntil })
    await pause(time, random.below(60))
  }
}

/** Messages of one receive, and until when nobody else gets them. */
interface Held {
  readonly queue: string
  readonly receipts: readonly Receipt[]
  readonly ids: readonly string[]
  readonly hiddenUntil: number
}

/** Deletes what was received, hides it for another time, lets go of it, or forgets about it. */
export async function dispose(
  context: ClientContext,
  { queue, receipts, ids, hiddenUntil }: Held,
): Promise<void> {
  const { random, history } = context
  const sent = ids.map((id) => history.find(id)!)
  if (random.chance(0.7)) {
    for (const entry of sent) entry.mayBeGone = true
    const outcomes = await askWhenThere(context, {
      service: 'sqs',
      kind: 'deleteMessages',
      queue: address(queue),
      receipts,
    })
    // A receipt that may be stale by now is accepted too, but then whoever has the message decides.
    if (hiddenUntil > context.time.now()) {
      for (const [i, entry] of sent.entries()) if (outcomes[i] === null) entry.goneAt = context.time.now()
    }
  } else if (random.chance(0.5)) {
    for (const entry of sent) entry.hiddenUntil = 0
    const visibilityTimeoutSeconds = random.below(10)
    const changes = receipts.map((receipt) => ({ receipt, visibilityTimeoutSeconds }))
    await askWhenThere(context, { service: 'sqs', kind: 'changeVisibility', queue: address(queue), changes })
  } else if (random.chance(0.3)) {
    for (const entry of sent) entry.hiddenUntil = 0
    await askWhenThere(context, { service: 'sqs', kind: 'undoReceive', queue: address(queue), receipts })
  }
}

/** Now and then purges a queue, changes a setting or a tag. */
export async function administer(context: ClientContext): Promise<void> {
  const { random, history, time } = context
  while (!context.stopping()) {
    await pause(time, 500 + random.below(3000))
    if (context.stopping()) return
    if (random.chance(0.15)) {
      const queue = random.pick(['events', 'orders-dead'])
      // Dead letters were sent to another queue; whatever of them is acknowledged by now may be the one that goes.
      const affected = queue === 'events' ? 'events' : 'orders'
      const before = queue === 'events' ? history.acknowledgedIn(affected) : []
      for (const entry of history.everIn(affected)) entry.mayBeGone = true
      await askWhenThere(context, { service: 'sqs', kind: 'purgeQueue', queue: address(queue) })
      for (const entry of before) entry.goneAt = time.now()
      // What was sent while the purge was on its way may have come before it or after.
      for (const entry of history.everIn(affected)) entry.mayBeGone = true
    } else if (random.chance(0.5)) {
      const tags = { round: String(random.below(1000)) }
      await askWhenThere(context, { service: 'sqs', kind: 'tagQueue', queue: address('events'), tags })
    } else {
      const settings = { receiveWaitSeconds: random.below(5) }
      await askWhenThere(context, {
        service: 'sqs',
        kind: 'setQueueSettings',
        queue: address('events'),
        settings,
      })
    }
  }
}

/** Has dead letters of `source` moved back where they came from, and now and then changes its mind. */
export async function redrive(
  { cell, random, time, stopping }: ClientContext,
  source: QueueAddress,
): Promise<void> {
  while (!stopping()) {
    await pause(time, 5 + random.below(40))
    if (stopping()) return
    const tasks = await unlessOutdated(ask(cell, { service: 'sqs', kind: 'listMoveTasks', source, limit: 1 }))
    if (tasks === undefined) continue
    const [newest] = tasks
    if (newest === undefined || newest.status !== 'RUNNING') {
      // The slowest still has all moved when everything is received in the end.
      const messagesPerSecond = random.pick([null, null, 30, 500])
      const id = `task ${time.now()}`
      await unlessOutdated(
        ask(cell, {
          service: 'sqs',
          kind: 'startMoveTask',
          source,
          destination: null,
          messagesPerSecond,
          id,
        }),
      )
    } else if (random.chance(0.3)) {
      await unlessOutdated(ask(cell, { service: 'sqs', kind: 'cancelMoveTask', source, id: newest.id }))
    }
  }
}

/** What was asked may be out of date by the time it is decided: a task is ending, or has ended, or its queue is gone. */
async function unlessOutdated<Reply>(asked: Promise<Reply>): Promise<Reply | undefined> {
  try {
    return await asked
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error
    return undefined
  }
}

/** In some lives deletes all queues at some moment, whatever goes on meanwhile, and has them made anew. */
export async function resetOnce(
  { cell, random, history, time, stopping }: ClientContext,
  {
    around,
    recreate,
  }: { around: (reset: () => Promise<void>) => Promise<void>; recreate: () => Promise<void> },
): Promise<void> {
  if (!random.chance(0.3)) return
  await pause(time, random.below(400))
  if (stopping()) return
  await around(async () => {
    const before = history.all().filter(({ acknowledged }) => acknowledged)
    for (const entry of history.all()) entry.mayBeGone = true
    await ask(cell, { service: 'sqs', kind: 'reset' })
    // What was sent while the reset was on its way may have come before it or after.
    for (const entry of history.all()) entry.mayBeGone = true
    for (const entry of before) entry.goneAt = time.now()
    await recreate()
  })
}

/** Has a snapshot taken now and then, more often than a server would by itself. */
export async function operate({ cell, random, time, stopping }: ClientContext): Promise<void> {
  while (!stopping()) {
    await pause(time, 30 + random.below(400))
    if (!stopping()) await cell.snapshot()
  }
}

export function pause(time: SimulatedTime, milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    time.after(milliseconds, resolve)
  })
}

import assert from 'node:assert/strict'
import { inRow } from '../../../server/src/core/key.ts'
import type { CellClient } from '../../../server/src/core/ports.ts'
import type { FifoMessageToSend, QueueAddress } from '../../../server/src/services/sqs/commands.ts'
import { ask } from '../cell/ask.ts'
import { Stopwatch, WARM_UP_SHARE } from '../stopwatch.ts'
import type { FifoPlan, FifoRates } from './plan.ts'

const BATCH = 10
const TAG_BYTES = 8
const LONGEST_WAIT_SECONDS = 20

/**
 * Sends all messages of the plan, ten at a time, then receives and deletes them ten at a time for as long as it says, in
 * `loops` loops at once. What a front brings along (bodies, keys, tags) is made on the way and part of every figure. Rejects if a message is
 * missing, or comes out of its group's order.
 */
export async function runFifoWorkload(cell: CellClient, plan: FifoPlan): Promise<FifoRates> {
  const name = plan.groups === null ? 'bench' : 'bench.fifo'
  const queue = { accountId: '000000000000', region: 'us-east-1', name }
  await ask(cell, 'createQueue', { queue, settings: {}, tags: {} })
  const send = await measure(plan, Number.POSITIVE_INFINITY, (first) => sendBatch(cell, queue, plan, first))
  const order = new GroupOrder(plan.groups)
  const drain = await measure(plan, plan.seconds, () => drainBatch(cell, queue, order))
  return { send, drain }
}

/** How many messages a second go through the work, which is told how many were begun before and takes up to ten. */
async function measure(
  { messages, loops }: FifoPlan,
  seconds: number,
  work: (begun: number) => Promise<number>,
): Promise<number> {
  const stopwatch = new Stopwatch(0, seconds, messages * WARM_UP_SHARE)
  let begun = 0
  const runLoop = async () => {
    while (begun < messages && stopwatch.running) {
      begun += BATCH
      const count = await work(begun - BATCH)
      begun -= BATCH - count
      stopwatch.count(count)
    }
  }
  await Promise.all(Array.from({ length: loops }, runLoop))
  stopwatch.stop()
  return stopwatch.lap.messages / stopwatch.lap.seconds
}

async function sendBatch(
  cell: CellClient,
  queue: QueueAddress,
  { groups, bodyBytes }: FifoPlan,
  first: number,
): Promise<number> {
  const bodies = Array.from({ length: BATCH }, () => new Uint8Array(bodyBytes))
  const outcomes =
    groups === null
      ? await ask(cell, 'sendMessages', { queue, messages: bodies.map(standardMessage) }, bodies)
      : await ask(
          cell,
          'sendFifoMessages',
          { queue, messages: bodies.map(fifoMessage), ...keysFrom(first, groups) },
          bodies,
        )
  assert(
    outcomes?.every((outcome) => outcome === null || !('error' in outcome)),
    'every message is accepted',
  )
  return BATCH
}

function standardMessage({ length }: Uint8Array, body: number) {
  return { body, sizeBytes: length, delaySeconds: undefined }
}

function fifoMessage({ length }: Uint8Array, body: number): FifoMessageToSend {
  return { body, sizeBytes: length, deduplicatesByContent: false }
}

/** Of the messages numbered from `first` on. */
function keysFrom(first: number, groups: number) {
  const row = (keyOf: (number: number) => Uint32Array) =>
    inRow(Array.from({ length: BATCH }, (_, i) => keyOf(first + i)))
  return {
    groupKeys: row((number) => spread(number % groups, 1)),
    deduplicationKeys: row((number) => spread(number, 2)),
    messageIds: row((number) => spread(number, 3)),
  }
}

async function drainBatch(cell: CellClient, queue: QueueAddress, order: GroupOrder): Promise<number> {
  const { messages, bodies } = await ask(cell, 'receiveMessages', {
    queue,
    limit: BATCH,
    visibilityTimeoutSeconds: undefined,
    // With fewer groups than loops some have to wait until others have deleted.
    waitSeconds: LONGEST_WAIT_SECONDS,
    tags: new Uint8Array(BATCH * TAG_BYTES),
  })
  assert(messages.length > 0, 'no receive waits in vain')
  await bodies
  const receipts = messages.map(({ receipt }) => receipt)
  for (const { slot } of receipts) order.expect(slot)
  const outcomes = await ask(cell, 'deleteMessages', { queue, receipts })
  assert(
    outcomes.every((outcome) => outcome === null),
    'every message is deleted',
  )
  return messages.length
}

/**
 * Messages are sent to the groups in turn by each request, so that a group's are in ascending slots, and nearly as far apart as
 * there are groups.
 */
class GroupOrder {
  readonly #groups: number | null
  readonly #last: Float64Array

  constructor(groups: number | null) {
    this.#groups = groups
    this.#last = new Float64Array(groups ?? 0).fill(-1)
  }

  expect(slot: number): void {
    if (this.#groups === null) return
    const group = slot % this.#groups
    assert(slot > this.#last[group]!, 'every group is received in order')
    this.#last[group] = slot
  }
}

/** Four words that look like a digest, the same for the same number and kind. */
function spread(number: number, kind: number): Uint32Array {
  const words = new Uint32Array(4)
  let state = number ^ (kind << 28)
  for (let i = 0; i < words.length; i++) {
    state = (state + 0x9e3779b9) | 0
    let mixed = Math.imul(state ^ (state >>> 16), 0x85ebca6b)
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
    words[i] = mixed ^ (mixed >>> 16)
  }
  return words
}

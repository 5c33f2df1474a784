import assert from 'node:assert/strict'
import type { CellClient } from '../../../server/src/core/ports.ts'
import type { QueueAddress } from '../../../server/src/services/sqs/commands.ts'
import { type Lap, Stopwatch } from '../stopwatch.ts'
import { ask, BATCH, TAG_BYTES } from './ask.ts'

const at = (name: string): QueueAddress => ({ accountId: '000000000000', region: 'us-east-1', name })
const source = at('bench')
const dead = at('bench-dead')

const LOOK_INTERVAL_MS = 2

/**
 * Makes dead letters of so many messages, and measures how long one task without a rate takes to move them back where they
 * came from. Rejects unless every one of them is there.
 */
export async function runRedriveWorkload(
  cell: CellClient,
  loops: number,
  bodyBytes: number,
  messages: number,
): Promise<Lap> {
  await ask(cell, 'createQueue', { queue: dead, settings: {}, tags: {} })
  const redrivePolicy = {
    deadLetterTargetArn: 'arn:aws:sqs:us-east-1:000000000000:bench-dead',
    maxReceiveCount: 1,
  }
  await ask(cell, 'createQueue', { queue: source, settings: { redrivePolicy }, tags: {} })
  await bury(cell, loops, bodyBytes, messages)

  const stopwatch = new Stopwatch(0, Number.POSITIVE_INFINITY)
  const task = { source: dead, destination: null, messagesPerSecond: null, id: 'bench' }
  await ask(cell, 'startMoveTask', task)
  for (;;) {
    const [newest] = await ask(cell, 'listMoveTasks', { source: dead, limit: 1 })
    if (newest?.status !== 'RUNNING') break
    await new Promise((resolve) => setTimeout(resolve, LOOK_INTERVAL_MS))
  }
  stopwatch.count(messages)
  stopwatch.stop()
  const [left, moved] = [await waiting(cell, dead), await waiting(cell, source)]
  assert.deepEqual([left, moved], [0, messages], 'every message is back where it came from')
  return stopwatch.lap
}

async function bury(cell: CellClient, loops: number, bodyBytes: number, messages: number): Promise<void> {
  const bodies = Array.from({ length: BATCH }, (_, i) => new Uint8Array(bodyBytes).fill(i))
  const entries = bodies.map(({ length }, body) => ({ body, sizeBytes: length, delaySeconds: undefined }))
  const receive = {
    queue: source,
    limit: BATCH,
    visibilityTimeoutSeconds: 0,
    waitSeconds: 0,
    tags: new Uint8Array(BATCH * TAG_BYTES),
  }
  let unsent = messages
  const loop = async () => {
    while (unsent > 0) {
      unsent -= BATCH
      await ask(cell, 'sendMessages', { queue: source, messages: entries }, bodies)
      await ask(cell, 'receiveMessages', receive)
    }
  }
  await Promise.all(Array.from({ length: loops }, loop))
  while ((await waiting(cell, source)) > 0) await ask(cell, 'receiveMessages', receive)
  assert.equal(await waiting(cell, dead), messages, 'every message is a dead letter')
}

async function waiting(cell: CellClient, queue: QueueAddress): Promise<number> {
  return (await ask(cell, 'getQueue', { queue })).waitingMessages
}

import assert from 'node:assert/strict'
import type { CellClient } from '../../../server/src/core/ports.ts'
import type { QueueAddress } from '../../../server/src/services/sqs/commands.ts'
import type { Stopwatch } from '../stopwatch.ts'
import { ask, BATCH, TAG_BYTES } from './ask.ts'

const queue: QueueAddress = { accountId: '000000000000', region: 'us-east-1', name: 'bench' }

/**
 * Sends, receives, reads and deletes ten messages at a time through a cell, in `loops` loops at once, until the
 * stopwatch's time is over. A message counts once it is deleted. Everything that the front would bring along (bodies,
 * random tags) is made beforehand. Rejects if a message is missing at any point.
 */
export async function runCellWorkload(
  cell: CellClient,
  loops: number,
  bodyBytes: number,
  stopwatch: Stopwatch,
): Promise<void> {
  await ask(cell, 'createQueue', { queue, settings: {}, tags: {} })
  const bodies = Array.from({ length: BATCH }, (_, i) => new Uint8Array(bodyBytes).fill(i))
  await Promise.all(Array.from({ length: loops }, (_, loop) => runLoop(cell, bodies, loop, stopwatch)))
  const { waitingMessages, inFlightMessages } = await ask(cell, 'getQueue', { queue })
  assert.equal(waitingMessages + inFlightMessages, 0, 'the queue is empty when every message was deleted')
}

async function runLoop(
  cell: CellClient,
  bodies: readonly Uint8Array[],
  loop: number,
  stopwatch: Stopwatch,
): Promise<void> {
  const messages = bodies.map(({ length }, body) => ({ body, sizeBytes: length, delaySeconds: undefined }))
  const tags = new Uint8Array(BATCH * TAG_BYTES).fill(loop + 1)
  while (stopwatch.running) {
    const refusals = await ask(cell, 'sendMessages', { queue, messages }, bodies)
    assert(
      refusals?.every((refusal) => refusal === null),
      'every message is accepted',
    )
    const received = await ask(cell, 'receiveMessages', {
      queue,
      limit: BATCH,
      visibilityTimeoutSeconds: undefined,
      waitSeconds: undefined,
      tags,
    })
    // No loop receives before it has sent, so there are always ten for each.
    assert.equal(received.messages.length, BATCH, 'every receive is full')
    const read = await received.bodies
    assert(
      read.every((body) => body?.length === bodies[0]!.length),
      'every body is whole',
    )
    const receipts = received.messages.map(({ receipt }) => receipt)
    const undeleted = await ask(cell, 'deleteMessages', { queue, receipts })
    assert(
      undeleted.every((refusal) => refusal === null),
      'every message is deleted',
    )
    stopwatch.count(BATCH)
  }
}

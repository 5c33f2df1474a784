import { ServiceError } from '../../api/service-error.ts'
import type { Random } from '../../base/random.ts'
import type { LandingOutcome, LandingSender } from '../../core/landing.ts'
import type { CellClient } from '../../core/ports.ts'
import type { QueueAddress, Receipt } from './commands.ts'
import { RECEIVED_MESSAGES, TAG_BYTES } from './limits.ts'
import { ask } from './ports.ts'
import { parseInternalQueueArn, queueArn } from './queue-arn.ts'

/** How long one question for ready queues waits. */
const WAIT_SECONDS = 20

/** A message that was received from an internal queue. */
export interface InternalMessage {
  readonly queue: QueueAddress
  readonly receipt: Receipt
  /** This receive included. */
  readonly receiveCount: number
  /** As its sender stored it; null where it is lost for good. */
  readonly body: Uint8Array | null
  /** What its sender said when it landed. */
  readonly origin: string
}

/**
 * Internal queues for whoever takes messages out of them. Theirs are the commands of every consumer, so that what is taken and
 * never answered for is there again after its visibility timeout. A queue that is gone is as one that is empty.
 */
export class InternalQueues {
  readonly #ports: { readonly cell: CellClient; readonly random: Random }

  constructor(ports: { readonly cell: CellClient; readonly random: Random }) {
    this.#ports = ports
  }

  /** ARNs of queues that have something; waits for a while, then none. Each is named to one caller alone. */
  async ready(limit: number): Promise<readonly string[]> {
    const command = { service: 'sqs', kind: 'takeReadyQueues', limit, waitSeconds: WAIT_SECONDS } as const
    return (await ask(this.#ports, command)).map(queueArn)
  }

  /** Takes up to `limit` messages, which are hidden for the time given. */
  async receive(arn: string, limit: number, hiddenSeconds: number): Promise<readonly InternalMessage[]> {
    const queue = parseInternalQueueArn(arn)
    if (queue === null) throw new RangeError(`${arn} is no internal queue`)
    const count = Math.min(limit, RECEIVED_MESSAGES.max)
    const reply = await orElse(
      { messages: [], bodies: [] },
      ask(this.#ports, {
        ...{ service: 'sqs', kind: 'receiveMessages', queue, limit: count, waitSeconds: 0 },
        visibilityTimeoutSeconds: hiddenSeconds,
        tags: this.#ports.random.bytes(TAG_BYTES * count),
      }),
    )
    const bodies = await reply.bodies
    return reply.messages.map(({ receipt, receiveCount, origin }, i) => ({
      ...{ queue, receipt, receiveCount, origin: origin ?? '' },
      body: bodies[i] ?? null,
    }))
  }

  async delete({ queue, receipt }: InternalMessage): Promise<void> {
    await orElse([], ask(this.#ports, { service: 'sqs', kind: 'deleteMessages', queue, receipts: [receipt] }))
  }

  /** Lets the message be received again after so many seconds. */
  async hide({ queue, receipt }: InternalMessage, visibilityTimeoutSeconds: number): Promise<void> {
    const changes = [{ receipt, visibilityTimeoutSeconds }]
    await orElse([], ask(this.#ports, { service: 'sqs', kind: 'changeVisibility', queue, changes }))
  }

  /** As if it had never been received, save that it stays hidden for so many seconds. */
  async putBack({ queue, receipt }: InternalMessage, hiddenSeconds = 0): Promise<void> {
    await ask(this.#ports, { service: 'sqs', kind: 'undoReceive', queue, receipts: [receipt], hiddenSeconds })
  }

  /** Moves the message into another queue, in the sender's name, or says why it can't go there. */
  forward(
    { queue, receipt }: InternalMessage,
    to: { readonly target: string; readonly sender: LandingSender },
    sizeBytes: number,
  ): Promise<LandingOutcome> {
    return ask(this.#ports, { service: 'sqs', kind: 'forwardMessage', queue, receipt, ...to, sizeBytes })
  }
}

/** What the cell refuses here is a queue that went meanwhile, or one with too much in flight: nothing is to be done then. */
async function orElse<T>(nothing: T, reply: Promise<T>): Promise<T> {
  try {
    return await reply
  } catch (error) {
    if (error instanceof ServiceError) return nothing
    throw error
  }
}

import { ServiceError } from '../../src/api/service-error.ts'
import { groupKey } from '../../src/core/keys.ts'
import type { Receipt, SqsCommand, SqsReplies } from '../../src/services/sqs/commands.ts'
import type { QueueSettings } from '../../src/services/sqs/queue-settings.ts'
import { bodyIdIn, MachineRig } from './machine-rig.ts'

/** When the time of the queues begins. */
export const START = 1_700_000_000_000

/** One queue and its dead-letter queue, by short names; the rig beneath is as in the tests against the model. */
export class Queues {
  readonly rig = new MachineRig(START)

  create(name = 'q', settings: Partial<QueueSettings> = {}): unknown {
    return this.#execute({ kind: 'createQueue', settings, tags: {} }, name)
  }
  drop(name = 'q'): void {
    this.#execute({ kind: 'deleteQueue' }, name)
  }
  purge(name = 'q'): void {
    this.#execute({ kind: 'purgeQueue' }, name)
  }
  set(settings: Partial<QueueSettings>, name = 'q'): void {
    this.#execute({ kind: 'setQueueSettings', settings }, name)
  }
  send(
    count: number,
    {
      to = 'q',
      delaySeconds,
      group,
    }: { to?: string; delaySeconds?: number; group?: string | undefined } = {},
  ): void {
    const key = group === undefined ? undefined : groupKey(group)
    for (let sent = 0; sent < count; sent += 10) {
      const bodies = Array.from({ length: Math.min(10, count - sent) }, () => new Uint8Array(1))
      const messages = bodies.map((_, body) => ({ body, sizeBytes: 1, delaySeconds, groupKey: key }))
      this.#execute({ kind: 'sendMessages', messages, bodies }, to)
    }
  }
  receive({ from = 'q', limit = 10, hide = 30 } = {}): SqsReplies['receiveMessages']['messages'] {
    const tags = new Uint8Array(80).fill(1)
    const command = { kind: 'receiveMessages', limit, visibilityTimeoutSeconds: hide, waitSeconds: 0, tags }
    return (this.#execute(command, from) as SqsReplies['receiveMessages']).messages
  }
  /** Receives up to ten and says which bodies they have, by their ids. */
  bodiesIn(from: string): readonly number[] {
    const command = { kind: 'receiveMessages', limit: 10, waitSeconds: 0, tags: new Uint8Array(80) }
    const { bodies } = this.#execute(command, from) as SqsReplies['receiveMessages']
    if (bodies instanceof Promise) throw new Error('the rig has all bodies at hand')
    return bodies.map((body) => bodyIdIn(body!))
  }
  delete(receipt: Receipt, from = 'q'): string | undefined {
    const outcomes = this.#execute({ kind: 'deleteMessages', receipts: [receipt] }, from)
    return (outcomes as SqsReplies['deleteMessages'])[0]?.error.code
  }
  counts(name = 'q'): readonly [waiting: number, inFlight: number, delayed: number] {
    const description = this.#execute({ kind: 'getQueue' }, name) as SqsReplies['getQueue']
    return [description.waitingMessages, description.inFlightMessages, description.delayedMessages]
  }

  /** Has messages received too often by `from`, so that they are in its dead-letter queue. */
  bury(count: number, from = 'q'): void {
    this.send(count, { to: from })
    for (let received = 0; received < count; received += 10) this.receive({ from, hide: 0 })
    while (this.counts(from)[0] > 0) this.receive({ from, hide: 0 })
  }
  startMoving(
    from: string,
    { to, rate = null, id = 'task' }: { to?: string; rate?: number | null; id?: string } = {},
  ): void {
    const destination = to === undefined ? null : addressOf(to)
    const command = {
      kind: 'startMoveTask',
      source: addressOf(from),
      destination,
      messagesPerSecond: rate,
      id,
    }
    this.rig.execute({ service: 'sqs', ...command } as SqsCommand)
  }
  cancelMoving(from: string, id = 'task'): unknown {
    return this.rig.execute({ service: 'sqs', kind: 'cancelMoveTask', source: addressOf(from), id }).reply
  }
  /** The newest first. */
  moveTasks(from: string, limit = 10): SqsReplies['listMoveTasks'] {
    const command = { service: 'sqs', kind: 'listMoveTasks', source: addressOf(from), limit } as const
    return this.rig.execute(command).reply as SqsReplies['listMoveTasks']
  }
  /** One page of the queues whose dead letters go to `name`. */
  sourcesOf(name: string, { after = '', limit = 1000 } = {}): SqsReplies['listDeadLetterSourceQueues'] {
    const command = { kind: 'listDeadLetterSourceQueues', after, limit }
    return this.#execute(command, name) as SqsReplies['listDeadLetterSourceQueues']
  }
  /** Does the chores that are due, at most `limit`. Returns how many there were. */
  doChores(limit = 1000): number {
    for (let done = 0; done < limit; done++) if (this.rig.doChore() === null) return done
    return limit
  }

  #execute(command: object, name: string): unknown {
    return this.rig.execute({ service: 'sqs', queue: addressOf(name), ...command } as SqsCommand).reply
  }
}

function addressOf(name: string) {
  return { accountId: '000000000000', region: 'us-east-1', name }
}

export const redriveTo = (name: string, maxReceiveCount: number): Partial<QueueSettings> => ({
  redrivePolicy: { deadLetterTargetArn: `arn:aws:sqs:us-east-1:000000000000:${name}`, maxReceiveCount },
})

/** The code of the error that a task is refused with. */
export function refusalOf(task: () => unknown): string {
  try {
    task()
  } catch (error) {
    if (error instanceof ServiceError) return error.shape.code
    throw error
  }
  return 'not refused'
}

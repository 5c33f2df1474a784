import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bodyIdIn, MachineRig } from '../../../../test/queue-model/machine-rig.ts'
import { ServiceError } from '../../../api/service-error.ts'
import { attemptKey, deduplicationKey, groupKey } from '../../../core/keys.ts'
import type { QueueAddress, Receipt, SqsCommand, SqsReplies } from '../commands.ts'
import type { QueueSettings } from '../queue-settings.ts'
import { fifoMessages } from '../test-fifo-messages.ts'

const START = 1_700_000_000_000
const MINUTE = 60_000

type Received = SqsReplies['receiveMessages']['messages']
type Sent = { readonly slot: number; readonly duplicate: boolean }

/** FIFO queues by short names. A message is written `group` or `group:deduplication id`; a slot says which one came. */
class FifoQueues {
  readonly rig = new MachineRig(START)
  #sent = 0

  create(name = 'q', settings: Partial<QueueSettings> = {}): void {
    this.#execute({ kind: 'createQueue', settings, tags: {} }, name)
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
  send(messages: readonly string[], to = 'q'): readonly Sent[] {
    const outcomes: Sent[] = []
    for (let first = 0; first < messages.length; first += 10) {
      const batch = messages.slice(first, first + 10)
      const command = {
        kind: 'sendFifoMessages',
        ...fifoMessages(
          batch.map((message, body) => {
            const [group, deduplication = `unique ${this.#sent++}`] = message.split(':')
            return {
              body,
              sizeBytes: 1,
              groupKey: groupKey(group!),
              deduplicationKey: deduplicationKey(deduplication),
              deduplicatesByContent: false,
              messageId: Uint32Array.of(this.#sent, 0, 0, 0),
            }
          }),
        ),
        bodies: batch.map(() => new Uint8Array(1)),
      }
      for (const outcome of this.#execute(command, to) as NonNullable<SqsReplies['sendFifoMessages']>) {
        if ('error' in outcome) throw new Error(outcome.message)
        outcomes.push({ slot: outcome.slot, duplicate: outcome.duplicateOf !== null })
      }
    }
    return outcomes
  }
  receive({ from = 'q', limit = 10, hide = 30, attempt = '' } = {}): Received {
    const tags = new Uint8Array(80).fill(1)
    const command = {
      kind: 'receiveMessages',
      limit,
      visibilityTimeoutSeconds: hide,
      waitSeconds: 0,
      tags,
      ...(attempt !== '' && { attempt: { id: attempt, key: attemptKey(attempt) } }),
    }
    return (this.#execute(command, from) as SqsReplies['receiveMessages']).messages
  }
  /**
   * Moves what is in `from` to `to`, or back where it came from, as far as it may move now. Returns how the task ended, and
   * after how many.
   */
  move(from: string, to?: string): readonly [status: string, moved: number] {
    this.startMoving(from, to)
    while (this.rig.doChore() !== null);
    const { status, messagesMoved } = this.#newestTask(from)!
    return [status, messagesMoved]
  }
  startMoving(from: string, to?: string, messagesPerSecond: number | null = null): void {
    const destination = to === undefined ? null : this.#address(to)
    const fields = { source: this.#address(from), destination, messagesPerSecond, id: 'task' }
    this.rig.execute({ service: 'sqs', kind: 'startMoveTask', ...fields })
  }
  isMoving(from: string): boolean {
    return this.#newestTask(from)?.status === 'RUNNING'
  }
  #newestTask(from: string): SqsReplies['listMoveTasks'][number] | undefined {
    const listed = { service: 'sqs', kind: 'listMoveTasks', source: this.#address(from), limit: 1 } as const
    return (this.rig.execute(listed).reply as SqsReplies['listMoveTasks'])[0]
  }
  /** What somebody sees who only looks: phases, and when they end. */
  look(from = 'q'): readonly (readonly [phase: string, visibleAt: number])[] {
    const phases = ['visible', 'inFlight', 'delayed'] as const
    const command = { kind: 'peekMessages', from: 'oldest', phases, limit: 100, bytesMax: 1e6 }
    const { messages } = this.#execute(command, from) as SqsReplies['peekMessages']
    return messages.map(({ phase, visibleAt }) => [phase, visibleAt])
  }
  /** The bodies of all messages, in the order of their slots. */
  bodies(from: string, limit = 100): readonly number[] {
    const phases = ['visible', 'inFlight', 'delayed'] as const
    const command = { kind: 'peekMessages', from: 'oldest', phases, limit, bytesMax: 1e6 }
    const { bodies } = this.#execute(command, from) as SqsReplies['peekMessages']
    return (bodies as readonly Uint8Array[]).map(bodyIdIn)
  }
  /** The slots of what a receive gives. */
  slots(options: { from?: string; limit?: number; hide?: number; attempt?: string } = {}): readonly number[] {
    return this.receive(options).map(({ receipt }) => receipt.slot)
  }
  delete(received: Received[number] | undefined, from = 'q'): string | undefined {
    const outcomes = this.#execute({ kind: 'deleteMessages', receipts: [received!.receipt] }, from)
    return (outcomes as SqsReplies['deleteMessages'])[0]?.message
  }
  deleteAll(received: Received, from = 'q'): void {
    for (const each of received) expect(this.delete(each, from)).toBeUndefined()
  }
  hide(received: Received[number] | undefined, visibilityTimeoutSeconds: number): string | undefined {
    const changes = [{ receipt: received!.receipt, visibilityTimeoutSeconds }]
    const outcomes = this.#execute({ kind: 'changeVisibility', changes }, 'q')
    return (outcomes as SqsReplies['changeVisibility'])[0]?.message
  }
  undo(receipts: readonly Receipt[]): void {
    this.#execute({ kind: 'undoReceive', receipts }, 'q')
  }
  counts(name = 'q'): readonly [waiting: number, inFlight: number, delayed: number] {
    const description = this.#execute({ kind: 'getQueue' }, name) as SqsReplies['getQueue']
    return [description.waitingMessages, description.inFlightMessages, description.delayedMessages]
  }
  snapshotAndRestart(): void {
    this.rig.beginSnapshot()
    this.rig.writeSnapshot(Number.POSITIVE_INFINITY)
    this.rig.restart(true)
  }

  #address(name: string): QueueAddress {
    return { accountId: '000000000000', region: 'us-east-1', name: `${name}.fifo` }
  }
  #execute(command: object, name: string): unknown {
    return this.rig.execute({ service: 'sqs', queue: this.#address(name), ...command } as SqsCommand).reply
  }
}

const redriveTo = (name: string, maxReceiveCount: number): Partial<QueueSettings> => ({
  redrivePolicy: {
    deadLetterTargetArn: `arn:aws:sqs:us-east-1:000000000000:${name}.fifo`,
    maxReceiveCount,
  },
})

function refusalOf(task: () => unknown): string {
  try {
    task()
  } catch (error) {
    if (error instanceof ServiceError) return `${error.shape.code}: ${error.message}`
    throw error
  }
  return 'not refused'
}

function withQueue(settings: Partial<QueueSettings> = {}): FifoQueues {
  const queues = new FifoQueues()
  queues.create('q', settings)
  return queues
}

describe('a group', () => {
  test('is received in the order in which it was sent, several at a time', () => {
    const queues = withQueue()
    queues.send(['a', 'b', 'a', 'b', 'a'])
    expect(queues.slots({ limit: 2 })).toEqual([0, 2])
    expect(queues.slots()).toEqual([1, 3])
    expect(queues.slots()).toEqual([])
  })

  test('is drained before the next is begun', () => {
    const queues = withQueue()
    queues.send(['a', 'b', 'a', 'b', 'a', 'c'])
    expect(queues.slots({ limit: 4 })).toEqual([0, 2, 4, 1])
    // What is left of the group that was begun waits with it.
    expect(queues.slots()).toEqual([5])
  })

  test('waits while something of it is in flight, for whoever asks', () => {
    const queues = withQueue()
    queues.send(['a', 'a', 'a', 'b'])
    const [first, second] = queues.receive({ limit: 2 })
    expect(queues.slots()).toEqual([3])
    queues.delete(first)
    expect(queues.slots(), 'one of two is deleted').toEqual([])
    queues.send(['a'])
    expect(queues.slots(), 'another was sent').toEqual([])
    queues.hide(second, 60)
    queues.rig.now += 40_000
    expect(queues.slots(), 'one is hidden for longer').toEqual([3])
    queues.delete(second)
    expect(queues.slots()).toEqual([2, 4])
  })

  test('waits until the last of those received together is visible again', () => {
    const queues = withQueue()
    queues.send(['a', 'a', 'a'])
    const [first, second, third] = queues.receive()
    queues.hide(second, 0)
    queues.hide(first, 10)
    queues.rig.now += 10_000
    expect(queues.slots()).toEqual([])
    queues.hide(third, 0)
    expect(queues.slots()).toEqual([0, 1, 2])
  })

  test('keeps the place of what comes back', () => {
    const queues = withQueue()
    queues.send(['a', 'a', 'a'])
    queues.receive({ limit: 1, hide: 5 })
    queues.rig.now += 5000
    expect(queues.slots({ limit: 2 })).toEqual([0, 1])
    queues.snapshotAndRestart()
    queues.rig.now += 30_000
    expect(queues.slots()).toEqual([0, 1, 2])
  })

  test('is free at once where a receive is taken back', () => {
    const queues = withQueue()
    queues.send(['a', 'a'])
    const received = queues.receive()
    queues.undo(received.map(({ receipt }) => receipt))
    expect(queues.receive().map(({ receipt, receiveCount }) => [receipt.slot, receiveCount])).toEqual([
      [0, 1],
      [1, 1],
    ])
  })

  test('takes its turn behind those that are waiting already', () => {
    const queues = withQueue()
    queues.send(['a', 'a', 'b', 'c'])
    const [first] = queues.receive({ limit: 1 })
    queues.delete(first)
    expect([1, 2, 3].map(() => queues.slots({ limit: 1 }))).toEqual([[2], [3], [1]])
  })

  test('goes on after what expired, also where that was in flight', () => {
    const queues = withQueue({ messageRetentionSeconds: 60 })
    queues.send(['a', 'b'])
    queues.receive({ limit: 1, hide: 600 })
    queues.rig.now += 30_000
    queues.send(['a', 'b'])
    queues.rig.now += 30_000
    expect(queues.slots().toSorted()).toEqual([2, 3])
  })
})

describe('a duplicate', () => {
  test('is told of the message that is there, and of nothing after five minutes', () => {
    const queues = withQueue()
    expect(queues.send(['a:x', 'a:x', 'b:x', 'a:y'])).toEqual([
      { slot: 0, duplicate: false },
      { slot: 0, duplicate: true },
      { slot: 0, duplicate: true },
      { slot: 1, duplicate: false },
    ])
    queues.rig.now += 5 * MINUTE - 1
    // A duplicate does not make the interval longer.
    expect(queues.send(['a:x'])).toEqual([{ slot: 0, duplicate: true }])
    queues.rig.now += 1
    expect(queues.send(['a:x', 'a:x'])).toEqual([
      { slot: 2, duplicate: false },
      { slot: 2, duplicate: true },
    ])
  })

  test.each(['delete', 'purge', 'expiry', 'restart from events', 'restart from a snapshot'])(
    'is one after %s, too',
    (what) => {
      const queues = withQueue({ messageRetentionSeconds: 60 })
      queues.send(['a:x'])
      if (what === 'delete') queues.deleteAll(queues.receive())
      if (what === 'purge') queues.purge()
      if (what === 'expiry') queues.rig.now += 61_000
      if (what === 'restart from events') queues.rig.restart(false)
      if (what === 'restart from a snapshot') queues.snapshotAndRestart()
      queues.rig.tidy()
      expect(queues.send(['a:x'])).toEqual([{ slot: 0, duplicate: true }])
    },
  )

  test('is none in another group where the scope is the group', () => {
    const queues = withQueue({ deduplicationScope: 'messageGroup' })
    expect(queues.send(['a:x', 'b:x', 'a:x']).map(({ duplicate }) => duplicate)).toEqual([false, false, true])
  })

  test('goes by the scope in which the first was sent', () => {
    const queues = withQueue()
    queues.send(['a:x'])
    queues.set({ deduplicationScope: 'messageGroup' })
    expect(queues.send(['a:x', 'b:x', 'b:y', 'c:y']).map(({ duplicate }) => duplicate)).toEqual([
      true,
      true,
      false,
      false,
    ])
    queues.snapshotAndRestart()
    queues.set({ deduplicationScope: 'queue' })
    expect(queues.send(['b:y', 'd:y', 'e:y']).map(({ duplicate }) => duplicate)).toEqual([true, false, true])
  })

  test.each([1, 2])(
    'is told of the one that the whole queue knows, sent with it or after it (%s requests)',
    (requests) => {
      const queues = withQueue({ deduplicationScope: 'messageGroup' })
      queues.send(['b:y'])
      queues.set({ deduplicationScope: 'queue' })
      const sent =
        requests === 1 ? queues.send(['d:y', 'b:y']) : [...queues.send(['d:y']), ...queues.send(['b:y'])]
      expect(sent).toEqual([
        { slot: 1, duplicate: false },
        { slot: 1, duplicate: true },
      ])
    },
  )

  test('is none in a queue that was created anew', () => {
    const queues = withQueue()
    queues.send(['a:x'])
    queues.drop()
    queues.create()
    expect(queues.send(['a:x'])).toEqual([{ slot: 0, duplicate: false }])
  })
})

describe('a delay', () => {
  test('holds for what is sent, and for what is in the queue already', () => {
    const queues = withQueue({ delaySeconds: 10 })
    queues.send(['a', 'b'])
    expect(queues.counts()).toEqual([0, 0, 2])
    queues.rig.now += 5000
    queues.set({ delaySeconds: 5 })
    expect(queues.slots({ limit: 1 })).toEqual([0])
    queues.set({ delaySeconds: 20 })
    expect(queues.counts()).toEqual([0, 1, 1])
    expect(queues.slots()).toEqual([])
    queues.rig.now += 14_999
    expect(queues.slots()).toEqual([])
    queues.rig.now += 1
    expect(queues.slots()).toEqual([1])
  })

  test('of the queue blocks no other message of the group than those behind it', () => {
    const queues = withQueue()
    queues.send(['a'])
    queues.rig.now += 1000
    queues.set({ delaySeconds: 5 })
    queues.send(['a'])
    queues.rig.now += 4000
    expect(queues.slots()).toEqual([0])
    queues.rig.now += 1000
    expect(queues.slots()).toEqual([])
  })

  test('ends for thousands over several ticks, and none is forgotten', () => {
    const queues = withQueue({ delaySeconds: 5 })
    queues.send(Array.from({ length: 5000 }, (_, i) => `g${i}`))
    const { rig } = queues
    expect(rig.machine.nextWakeAt).toBe(START + 5000)
    rig.now += 5000
    const waiting: number[] = []
    while (rig.machine.nextWakeAt <= rig.now) waiting.push(queues.counts()[0])
    expect(waiting).toEqual([2000, 4000, 5000])
    expect(rig.machine.nextWakeAt).toBe(Number.POSITIVE_INFINITY)
  })

  test('that is raised for thousands of groups is found out over several receives at most', () => {
    const queues = withQueue()
    queues.send(Array.from({ length: 25_000 }, (_, i) => `g${i}`))
    queues.rig.now += 1000
    queues.send(['last'])
    queues.set({ delaySeconds: 900 })
    expect(queues.counts()).toEqual([0, 0, 25_001])
    for (let i = 0; i < 3; i++) expect(queues.slots()).toEqual([])
    queues.set({ delaySeconds: 1 })
    while (queues.rig.machine.nextWakeAt <= queues.rig.now) queues.counts()
    expect(queues.slots()).toHaveLength(10)
    expect(queues.counts()).toEqual([24_990, 10, 1])
  })
})

describe('a receipt handle', () => {
  const EXPIRED =
    'Value {ReceiptHandle} for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.'

  test('is good for nothing once its message is visible again, or received again', () => {
    const queues = withQueue()
    queues.send(['a'])
    const [first] = queues.receive({ hide: 5 })
    queues.rig.now += 5000
    expect(queues.delete(first)).toBe(EXPIRED)
    const [second] = queues.receive()
    expect(queues.delete(first)).toBe(EXPIRED)
    expect(queues.hide(first, 5)).toMatch(/Message does not exist or is not available for visibility/)
    expect(queues.delete(second)).toBeUndefined()
    expect(queues.counts()).toEqual([0, 0, 0])
  })

  test('of a message received for no time is good for nothing at once', () => {
    const queues = withQueue()
    queues.send(['a'])
    expect(queues.delete(queues.receive({ hide: 0 })[0])).toBe(EXPIRED)
  })

  test('deletes twice', () => {
    const queues = withQueue()
    queues.send(['a'])
    const [received] = queues.receive()
    expect([queues.delete(received), queues.delete(received)]).toEqual([undefined, undefined])
  })
})

describe('a receive attempt', () => {
  const GONE =
    'InvalidParameterValueException: Value r for parameter ReceiveRequestAttemptId is invalid. Reason: The receiveRequestAttemptId is not valid anymore since the receive call is not retryable.'

  test.each([false, true])('gives the same again, and hides it anew (restart between: %s)', (restart) => {
    const queues = withQueue()
    queues.send(['a', 'b', 'a'])
    const first = queues.receive({ attempt: 'r', limit: 2 })
    expect(first.map(({ receipt }) => receipt.slot)).toEqual([0, 2])
    queues.rig.now += 29_000
    if (restart) queues.snapshotAndRestart()
    expect(queues.receive({ attempt: 'r', limit: 2 })).toEqual(first)
    queues.rig.now += 29_000
    expect(queues.receive({ attempt: 'r' })).toEqual(first)
    expect(queues.slots({ attempt: 'another' })).toEqual([1])
    queues.deleteAll(first)
  })

  test('is refused where something of it was deleted, or hidden for another time', () => {
    const queues = withQueue()
    queues.send(['a', 'a', 'b'])
    const [first] = queues.receive({ attempt: 'r', limit: 2 })
    queues.delete(first)
    expect(refusalOf(() => queues.receive({ attempt: 'r' }))).toBe(GONE)
    const [other] = queues.receive({ attempt: 's' })
    queues.hide(other, 31)
    expect(refusalOf(() => queues.receive({ attempt: 's' }))).toMatch(/not retryable/)
  })

  test('receives like any other once the messages are visible again', () => {
    const queues = withQueue()
    queues.send(['a'])
    queues.receive({ attempt: 'r', hide: 5 })
    queues.rig.now += 5000
    const [again] = queues.receive({ attempt: 'r' })
    expect(again).toMatchObject({ receiveCount: 2 })
    expect(queues.receive({ attempt: 'r' })).toEqual([again])
  })

  test('is remembered for five minutes, and not where it came back empty', () => {
    const queues = withQueue()
    expect(queues.slots({ attempt: 'r' })).toEqual([])
    queues.send(['a', 'b'])
    expect(queues.slots({ attempt: 'r', limit: 1, hide: 600 })).toEqual([0])
    queues.rig.now += 5 * MINUTE - 1
    expect(queues.slots({ attempt: 'r', limit: 1, hide: 600 })).toEqual([0])
    queues.rig.now += 1
    expect(queues.slots({ attempt: 'r', limit: 1 })).toEqual([1])
  })
})

describe('a dead letter', () => {
  test('keeps its group and its order, and is sent anew', () => {
    const queues = new FifoQueues()
    queues.create('dead')
    queues.create('q', redriveTo('dead', 1))
    queues.send(['a', 'a', 'a'])
    queues.receive({ hide: 0 })
    queues.rig.now += MINUTE
    queues.send(['a'])
    // Three were received once; the fourth never.
    expect(queues.slots()).toEqual([3])
    expect(queues.counts('dead')).toEqual([3, 0, 0])
    const received = queues.receive({ from: 'dead', limit: 2 })
    expect(received.map(({ receipt }) => receipt.slot)).toEqual([0, 1])
    expect(received[0]).toMatchObject({
      sentAt: START + MINUTE,
      firstReceivedAt: START,
      receiveCount: 2,
      deadLetterSource: { name: 'q.fifo' },
    })
    expect(queues.slots({ from: 'dead' })).toEqual([])
    queues.deleteAll(received, 'dead')
    expect(queues.slots({ from: 'dead' })).toEqual([2])
  })

  test('is one of the group that the dead-letter queue has already', () => {
    const queues = new FifoQueues()
    queues.create('dead')
    queues.create('q', redriveTo('dead', 1))
    queues.send(['a'], 'dead')
    queues.send(['a'])
    queues.receive({ hide: 0 })
    expect(queues.slots()).toEqual([])
    const [first] = queues.receive({ from: 'dead', limit: 1 })
    expect(queues.slots({ from: 'dead' })).toEqual([])
    queues.delete(first, 'dead')
    expect(queues.slots({ from: 'dead' })).toEqual([1])
  })

  test('goes to a FIFO queue alone, and those of a standard queue to none', () => {
    const queues = new FifoQueues()
    queues.create('dead')
    const queue = (name: string) => ({ accountId: '000000000000', region: 'us-east-1', name })
    const create = (name: string, target: string) =>
      queues.rig.execute({
        service: 'sqs',
        kind: 'createQueue',
        queue: queue(name),
        settings: {
          redrivePolicy: {
            deadLetterTargetArn: `arn:aws:sqs:us-east-1:000000000000:${target}`,
            maxReceiveCount: 1,
          },
        },
        tags: {},
      })
    queues.rig.execute({
      service: 'sqs',
      kind: 'createQueue',
      queue: queue('standard'),
      settings: {},
      tags: {},
    })
    const reason =
      /RedrivePolicy is invalid. Reason: Dead-letter queue must be same type of queue as the source/
    expect(refusalOf(() => create('q', 'dead.fifo'))).toMatch(reason)
    expect(refusalOf(() => create('q.fifo', 'standard'))).toMatch(reason)
    expect(refusalOf(() => create('q.fifo', 'dead.fifo'))).toBe('not refused')
  })
})

test('the throughput limit per group goes with deduplication per group alone, whichever is set first', () => {
  const reason =
    /^InvalidAttributeValue: .* allowed only when the value for DeduplicationScope is messageGroup/
  const perGroup = { fifoThroughputLimit: 'perMessageGroupId' } as const
  expect(refusalOf(() => withQueue(perGroup))).toMatch(reason)
  const queues = withQueue()
  expect(refusalOf(() => queues.set(perGroup))).toMatch(reason)
  queues.set({ deduplicationScope: 'messageGroup' })
  queues.set(perGroup)
  expect(refusalOf(() => queues.set({ deduplicationScope: 'queue' }))).toMatch(reason)
  queues.set({ deduplicationScope: 'queue', fifoThroughputLimit: 'perQueue' })
  queues.set({ deduplicationScope: 'messageGroup', ...perGroup })
})

test('a receive comes back empty while 120,000 messages are in flight', () => {
  const queues = withQueue()
  queues.send(Array.from({ length: 120_010 }, (_, i) => `g${i}`))
  for (let i = 0; i < 11_999; i++) queues.receive()
  queues.receive({ limit: 3 })
  expect(queues.receive()).toHaveLength(7)
  expect(queues.counts()).toEqual([10, 120_000, 0])
  expect(queues.receive()).toEqual([])
}, 120_000)

describe('with twenty thousand groups', () => {
  const groups = Array.from({ length: 20_000 }, (_, i) => `g${i}`)

  test('a restart brings back every group, in order', () => {
    const queues = withQueue()
    queues.send(groups)
    queues.send(groups)
    queues.receive({ hide: 600 })
    queues.snapshotAndRestart()
    expect(queues.counts()).toEqual([39_990, 10, 0])
    const seen = new Set<number>()
    for (let i = 0; i < 100; i++) {
      for (const [first, second] of pairs(queues.slots())) {
        expect(second).toBe(first! + groups.length)
        seen.add(first!)
      }
    }
    expect(seen.size).toBe(500)
  }, 120_000)

  test.each(['purge', 'delete', 'expire'])(
    'nothing is left of them after: %s',
    (how) => {
      const queues = withQueue({ messageRetentionSeconds: 60 })
      queues.create('other')
      const before = queues.rig.countUnits()
      queues.send(groups)
      queues.receive()
      expect(queues.rig.countUnits()).toBeGreaterThan(before + 300)
      const events = queues.rig.log.length
      if (how === 'purge') queues.purge()
      if (how === 'delete') queues.drop()
      if (how === 'expire') queues.rig.now += 61_000
      else expect(queues.rig.log.length).toBe(events + 1)
      queues.rig.tidy()
      queues.rig.checkBodies()
      // What was sent is remembered for five minutes.
      queues.rig.now += 5 * MINUTE
      queues.rig.tidy()
      expect(queues.rig.countUnits()).toBeLessThan(before + 5)
      if (how === 'delete') queues.create()
      queues.send(['g1'])
      expect(queues.slots()).toHaveLength(1)
    },
    60_000,
  )
})

test('sends let go of those whose interval is over, so that no clean-up has to come by', () => {
  const queues = withQueue()
  const groups = Array.from({ length: 2560 }, () => 'a')
  queues.send(groups)
  const before = queues.rig.countUnits()
  queues.rig.now += 5 * MINUTE
  queues.send(groups)
  // Ten pages of slots and ten of groups more, and as many of remembered sends as there were.
  expect(queues.rig.countUnits() - before).toBeLessThanOrEqual(22)
})

function* pairs<T>(list: readonly T[]): Iterable<readonly T[]> {
  for (let i = 0; i < list.length; i += 2) yield list.slice(i, i + 2)
}

describe('a move task', () => {
  /** `dead` has two dead letters of group b, which became free first, then three of group a. */
  function withDeadLetters(): FifoQueues {
    const queues = new FifoQueues()
    for (const name of ['dead', 'other']) queues.create(name)
    queues.create('q', redriveTo('dead', 1))
    queues.send(['a', 'b', 'a', 'b', 'a'])
    for (let i = 0; i < 2; i++) queues.receive({ hide: 0 })
    expect(queues.slots()).toEqual([])
    expect(queues.counts('dead')).toEqual([5, 0, 0])
    return queues
  }

  test('keeps groups and their order, and moves each message once', () => {
    const queues = withDeadLetters()
    const before = queues.bodies('dead')
    expect(queues.move('dead', 'other')).toEqual(['COMPLETED', 5])
    expect([queues.bodies('dead'), queues.bodies('other')]).toEqual([[], before])
    queues.rig.checkBodies()
    const first = queues.receive({ from: 'other', limit: 1 })
    expect(first.map(({ receipt }) => receipt.slot)).toEqual([0])
    // Group b is locked: what comes next is all of group a.
    expect(queues.slots({ from: 'other' })).toEqual([2, 3, 4])
  })

  test('passes over a group of which something is in flight', () => {
    const queues = withDeadLetters()
    const inFlight = queues.receive({ from: 'dead', limit: 1 })
    expect(queues.move('dead', 'other')).toEqual(['COMPLETED', 3])
    expect([queues.counts('dead'), queues.counts('other')]).toEqual([
      [1, 1, 0],
      [3, 0, 0],
    ])
    queues.deleteAll(inFlight, 'dead')
    expect(queues.move('dead', 'other')).toEqual(['COMPLETED', 1])
    expect(queues.counts('other')).toEqual([4, 0, 0])
  })

  test('finds what can be moved behind any number of messages that can not, in their groups and in others', () => {
    const queues = new FifoQueues()
    queues.create('dead')
    queues.create('q', redriveTo('dead', 1))
    // Nobody knows where these came from: they were sent to the dead-letter queue by a client.
    queues.send(
      Array.from({ length: 5000 }, (_, i) => (i % 2 === 0 ? 'a' : `of ${i}`)),
      'dead',
    )
    queues.send(['a', 'b', 'a', 'b', 'a'])
    const before = [0, 1, 2, 3, 4].map((i) => 5000 + i)
    for (let i = 0; i < 3; i++) queues.receive({ hide: 0 })
    expect(queues.counts('dead')).toEqual([5005, 0, 0])
    expect(queues.move('dead')).toEqual(['FAILED', 5])
    expect(queues.counts('dead')).toEqual([5000, 0, 0])
    // Group by group, each in its order.
    const moved = queues.bodies('q')
    expect([...moved].sort()).toEqual(before)
    for (const group of [
      [5000, 5002, 5004],
      [5001, 5003],
    ]) {
      expect(moved.filter((body) => group.includes(body))).toEqual(group)
    }
    queues.rig.checkBodies()
  })

  test('takes a group that is more than one step moves, each message once and in order', () => {
    const queues = new FifoQueues()
    for (const name of ['dead', 'other']) queues.create(name)
    queues.create('q', redriveTo('dead', 1))
    // The second step begins with what the first left of group a, and gets to the others that stand before it.
    queues.send(
      Array.from({ length: 400 }, (_, i) => (i % 4 === 0 ? `of ${i}` : 'a')),
      'dead',
    )
    expect(queues.move('dead', 'other')).toEqual(['COMPLETED', 400])
    const moved = queues.bodies('other', 1000)
    const all = Array.from({ length: 400 }, (_, i) => i)
    expect([...moved].sort((a, b) => a - b)).toEqual(all)
    const isOfA = (body: number) => body % 4 !== 0
    expect(moved.filter(isOfA)).toEqual(all.filter(isOfA))
    queues.rig.checkBodies()
  })

  test('takes a message once that comes to be the first of its group because another passed its retention', () => {
    const queues = new FifoQueues()
    for (const name of ['dead', 'other']) queues.create(name, { messageRetentionSeconds: 60 })
    queues.create('q', redriveTo('dead', 1))
    queues.send(['a'], 'dead')
    queues.rig.now += MINUTE / 2
    queues.send(['x', 'a'], 'dead')
    queues.rig.now += MINUTE / 2
    expect(queues.move('dead', 'other')).toEqual(['COMPLETED', 2])
    expect(queues.counts('other')).toEqual([2, 0, 0])
    queues.rig.checkBodies()
  })

  test('keeps the order of each group and no message twice, whatever else happens to the queue meanwhile', () => {
    const operation = fc.oneof(
      fc.record({ send: fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 10 }) }),
      fc.record({ receive: fc.integer({ min: 1, max: 10 }), hide: fc.constantFrom(0, 1, 5) }),
      fc.record({ wait: fc.constantFrom(20, 1000, 5000, 30_000) }),
      fc.record({ rate: fc.constantFrom(null, 1, 500) }),
      fc.constant('restart' as const),
    )
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 40, size: 'max' }), (operations) => {
        const queues = new FifoQueues()
        queues.create('dead', { messageRetentionSeconds: 60 })
        queues.create('other', { messageRetentionSeconds: 1_209_600 })
        queues.create('q', redriveTo('dead', 1))
        const sentTo: string[] = []
        for (const each of operations) {
          if (each === 'restart') queues.snapshotAndRestart()
          else if ('send' in each) {
            queues.send(each.send, 'dead')
            sentTo.push(...each.send)
          } else if ('receive' in each) queues.receive({ from: 'dead', limit: each.receive, hide: each.hide })
          else if ('wait' in each) queues.rig.now += each.wait
          else if (!queues.isMoving('dead')) queues.startMoving('dead', 'other', each.rate)
          while (queues.rig.doChore() !== null);
        }
        // Bodies are numbered as they were sent.
        const moved = queues.bodies('other', 1000)
        for (const group of new Set(sentTo)) {
          const bodies = moved.filter((body) => sentTo[body] === group)
          expect(bodies).toEqual([...new Set(bodies)].sort((a, b) => a - b))
        }
        queues.rig.checkBodies()
      }),
      { numRuns: 200 },
    )
  })

  test('does not put a message before an earlier one of its group that could not go when its turn came', () => {
    const queues = new FifoQueues()
    queues.create('dead')
    for (const name of ['q', 'q2']) queues.create(name, redriveTo('dead', 1))
    for (const from of ['q', 'q2', 'q']) {
      queues.send(['g'], from)
      for (let i = 0; i < 2; i++) queues.receive({ from, hide: 0 })
    }
    queues.drop('q')
    queues.startMoving('dead', undefined, 1)
    while (queues.rig.doChore() !== null);
    expect(queues.bodies('q2')).toEqual([1])
    // A queue of that name is there again, when the task is past the first message and before the last.
    queues.create('q')
    for (let second = 0; second < 2; second++) {
      queues.rig.now += 1000
      while (queues.rig.doChore() !== null);
    }
    expect(queues.bodies('q')).toEqual([0, 2])
  })

  test('leaves what is delayed, and clears away what passed its retention', () => {
    const queues = withDeadLetters()
    queues.set({ messageRetentionSeconds: 60 }, 'dead')
    queues.rig.now += MINUTE
    queues.set({ delaySeconds: 5 }, 'dead')
    queues.send(['c'], 'dead')
    expect(queues.move('dead', 'other')).toEqual(['COMPLETED', 0])
    expect([queues.counts('dead'), queues.counts('other')]).toEqual([
      [0, 0, 1],
      [0, 0, 0],
    ])
  })
})

test('who looks sees what is delayed and in flight, and what waits behind it as visible', () => {
  const queues = new FifoQueues()
  queues.create('q', { delaySeconds: 5 })
  queues.send(['a', 'a'])
  expect(queues.look()).toEqual([
    ['delayed', START + 5000],
    ['delayed', START + 5000],
  ])
  queues.rig.now += 5000
  queues.receive({ limit: 1, hide: 30 })
  expect(queues.look()).toEqual([
    ['inFlight', START + 35_000],
    ['visible', 0],
  ])
})

test('a reset forgets what was to come, and a queue of the same name begins anew', () => {
  const queues = new FifoQueues()
  queues.create('q', { delaySeconds: 5 })
  queues.send(['a:1', 'b:2'])
  queues.rig.execute({ service: 'sqs', kind: 'reset' } as SqsCommand)
  queues.rig.now += 10_000
  queues.create()
  expect(queues.send(['a:1']).map(({ duplicate }) => duplicate)).toEqual([false])
  expect(queues.slots()).toEqual([0])
  queues.rig.restart(true)
  expect(queues.counts()).toEqual([0, 1, 0])
})

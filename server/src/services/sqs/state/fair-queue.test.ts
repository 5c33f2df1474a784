import { expect, test } from 'vitest'
import { MachineRig } from '../../../../test/queue-model/machine-rig.ts'
import { groupKey } from '../../../core/keys.ts'
import type { ReceivedMessage, SqsCommand, SqsReplies } from '../commands.ts'
import type { QueueSettings } from '../queue-settings.ts'

const START = 1_700_000_000_000
const MINUTE = 60_000

/** A standard queue whose messages are told apart by their slots, and its dead-letter queue. */
class FairQueue {
  readonly rig = new MachineRig(START)
  /** By slot, the group it was sent with. */
  readonly groups: (string | null)[] = []

  constructor(settings: Partial<QueueSettings> = {}) {
    this.execute({ kind: 'createQueue', settings: {}, tags: {} }, 'dead')
    this.execute({ kind: 'createQueue', settings, tags: {} })
  }

  send(group: string | null, count = 1, delaySeconds = 0): void {
    for (let sent = 0; sent < count; sent += 10) {
      const bodies = Array.from({ length: Math.min(10, count - sent) }, () => new Uint8Array(1))
      const key = group === null ? undefined : groupKey(group)
      const messages = bodies.map((_, body) => ({ body, sizeBytes: 1, delaySeconds, groupKey: key }))
      this.execute({ kind: 'sendMessages', messages, bodies })
      for (const _ of bodies) this.groups.push(group)
    }
  }

  receive({ limit = 10, hide = 30, from = 'q' } = {}): readonly ReceivedMessage[] {
    const tags = new Uint8Array(80).fill(1)
    const command = { kind: 'receiveMessages', limit, visibilityTimeoutSeconds: hide, waitSeconds: 0, tags }
    return (this.execute(command, from) as SqsReplies['receiveMessages']).messages
  }

  /** Receives one by one, so many times; the groups of what came. */
  groupsOf(receives: number, hide = 30): (string | null | undefined)[] {
    return Array.from({ length: receives }, () => {
      const [message] = this.receive({ limit: 1, hide })
      return message === undefined ? undefined : this.groups[message.receipt.slot]!
    })
  }

  slotsOf(receives: number, hide = 30): (number | undefined)[] {
    return Array.from({ length: receives }, () => this.receive({ limit: 1, hide })[0]?.receipt.slot)
  }

  /** As many in flight of a group as are asked for, each for an hour; sends them first. */
  holdInFlight(group: string | null, count: number): void {
    this.send(group, count)
    for (let held = 0; held < count; )
      held += this.receive({ limit: Math.min(10, count - held), hide: 3600 }).length
  }

  delete(messages: readonly ReceivedMessage[]): void {
    this.execute({ kind: 'deleteMessages', receipts: messages.map(({ receipt }) => receipt) })
  }

  change(message: ReceivedMessage, seconds: number): void {
    this.execute({
      kind: 'changeVisibility',
      changes: [{ receipt: message.receipt, visibilityTimeoutSeconds: seconds }],
    })
  }

  counts(): readonly number[] {
    const description = this.execute({ kind: 'getQueue' }) as SqsReplies['getQueue']
    return [description.waitingMessages, description.inFlightMessages, description.delayedMessages]
  }

  execute(command: object, name = 'q'): unknown {
    const queue = { accountId: '000000000000', region: 'us-east-1', name }
    return this.rig.execute({ service: 'sqs', queue, ...command } as SqsCommand).reply
  }
}

test('messages of quiet groups and of none come in the order of arrival', () => {
  const queue = new FairQueue()
  queue.send(null, 2)
  queue.send('a')
  queue.send(null)
  queue.send('b', 2)
  queue.send('a')
  queue.send(null)
  expect(queue.receive().map(({ receipt }) => receipt.slot)).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
  expect(queue.counts()).toEqual([0, 8, 0])
})

test('a tenant with 30 in flight and more than a tenth of all is received last', () => {
  const queue = new FairQueue()
  queue.holdInFlight('noisy', 29)
  queue.send('noisy', 3)
  queue.send('quiet', 2)
  queue.send(null, 2)
  // 29 in flight are no reason yet; the one that makes it 30 is.
  expect(queue.groupsOf(8)).toEqual(['noisy', 'quiet', 'quiet', null, null, 'noisy', 'noisy', undefined])
})

test('a tenth of what is in flight is no reason to wait, whatever the number', () => {
  const queue = new FairQueue()
  queue.holdInFlight(null, 270)
  queue.holdInFlight('busy', 30)
  queue.send('busy', 2)
  queue.send('quiet')
  // The first makes it 31 of 301.
  expect(queue.groupsOf(3)).toEqual(['busy', 'quiet', 'busy'])
})

test('a tenant that took more than a tenth of the time of late is received last, though little of it is in flight', () => {
  const queue = new FairQueue()
  queue.holdInFlight('slow', 2)
  queue.rig.now += 14_000
  queue.send('slow', 2)
  queue.send('quiet', 2)
  // 28 seconds of consumers' time are too little to judge by.
  expect(queue.groupsOf(1)).toEqual(['slow'])
  queue.rig.now += 1000
  expect(queue.groupsOf(3)).toEqual(['quiet', 'quiet', 'slow'])
})

test.each([
  { minutes: 0, first: 'quiet' },
  { minutes: 1, first: 'slow' },
])(
  'time that a tenant took in this minute or the one before counts, and no other: $minutes since',
  ({ minutes, first }) => {
    const queue = new FairQueue()
    // One consumer is busy with something else all the time, so that there is something to judge by.
    queue.holdInFlight(null, 1)
    queue.send('slow', 2)
    const [slow] = queue.receive({ limit: 1, hide: 3600 })
    expect(queue.groups[slow!.receipt.slot]).toBe('slow')
    queue.rig.now += 30_000
    queue.delete([slow!])
    queue.rig.now += MINUTE - (queue.rig.now % MINUTE) + minutes * MINUTE
    queue.send('quiet')
    expect(queue.groupsOf(1)).toEqual([first])
  },
)

test('of several noisy tenants the one with the fewest in flight goes first', () => {
  const queue = new FairQueue()
  const inFlight = new Map([
    ['a', 40],
    ['b', 35],
    ['c', 37],
  ])
  for (const [group, count] of inFlight) queue.holdInFlight(group, count)
  for (const group of inFlight.keys()) queue.send(group, 9)
  for (let i = 0; i < 15; i++) {
    const [group] = queue.groupsOf(1) as [string]
    expect(inFlight.get(group)).toBe(Math.min(...inFlight.values()))
    inFlight.set(group, inFlight.get(group)! + 1)
  }
})

test('one receive fills up with the noisy, balanced among them, once the quiet have no more', () => {
  const queue = new FairQueue()
  queue.holdInFlight('a', 33)
  queue.holdInFlight('b', 31)
  queue.send('a', 20)
  queue.send('b', 20)
  queue.send('quiet', 3)
  const received = queue.receive().map(({ receipt }) => queue.groups[receipt.slot])
  expect(received.slice(0, 5)).toEqual(['quiet', 'quiet', 'quiet', 'b', 'b'])
  const last = received.slice(5)
  expect(last.filter((group) => group === 'a').length).toBeGreaterThanOrEqual(2)
  expect(last.filter((group) => group === 'b').length).toBeGreaterThanOrEqual(2)
})

test('a tenant is quiet again when its backlog is drained', () => {
  const queue = new FairQueue()
  queue.send('a', 34)
  const held = [queue.receive(), queue.receive(), queue.receive()].flat()
  queue.send(null)
  expect(queue.groupsOf(1)).toEqual([null])
  queue.delete(held)
  queue.send(null)
  // Its share has fallen, but it was found noisy, and has a backlog.
  expect(queue.groupsOf(5)).toEqual([null, 'a', 'a', 'a', 'a'])
  queue.send('a')
  queue.send(null)
  expect(queue.groupsOf(2)).toEqual(['a', null])
})

/** 'a' was found noisy, and has a backlog of 20, but nothing in flight any more. */
function queueWithNoisyTenant(): FairQueue {
  const queue = new FairQueue()
  queue.send('a', 50)
  const held = [queue.receive(), queue.receive(), queue.receive()].flat()
  queue.send('quiet')
  expect(queue.groupsOf(1)).toEqual(['quiet'])
  queue.delete(held)
  return queue
}

test('a tenant that was found noisy stays so while it has a backlog and sends, though its share has fallen', () => {
  const queue = queueWithNoisyTenant()
  queue.send('quiet', 2)
  expect(queue.groupsOf(3)).toEqual(['quiet', 'quiet', 'a'])
})

test.each([true, false])('who is noisy survives a restart (from a snapshot: %s)', (fromSnapshot) => {
  const queue = queueWithNoisyTenant()
  queue.rig.countUnits()
  queue.rig.restart(fromSnapshot)
  queue.send('quiet', 2)
  expect(queue.groupsOf(3)).toEqual(['quiet', 'quiet', 'a'])
})

test.each([true, false])(
  'the time that tenants took survives a restart (from a snapshot: %s)',
  (fromSnapshot) => {
    const queue = new FairQueue()
    queue.send('slow', 4)
    const first = queue.receive({ limit: 1, hide: 3600 })
    queue.rig.now += 40_000
    queue.delete(first)
    queue.rig.countUnits()
    queue.rig.restart(fromSnapshot)
    queue.send('quiet')
    expect(queue.groupsOf(2)).toEqual(['quiet', 'slow'])
  },
)

test('a noisy tenant that sent nothing for five minutes stands in line again, with one message at a time', () => {
  const queue = new FairQueue()
  queue.holdInFlight('a', 30)
  queue.send('a', 20)
  queue.send('quiet')
  expect(queue.groupsOf(2)).toEqual(['quiet', 'a'])
  queue.rig.now += 5 * MINUTE - 1
  queue.send('quiet', 2)
  expect(queue.groupsOf(1)).toEqual(['quiet'])
  queue.rig.now += 1
  queue.send('quiet', 2)
  // Two more were there when it was forgiven, so those go before it. Then each stands behind what waits.
  expect(queue.groupsOf(5)).toEqual(['quiet', 'quiet', 'a', 'quiet', 'quiet'])
  expect(queue.groupsOf(2)).toEqual(['a', 'a'])
})

test('five minutes pass in one step as in several', () => {
  const run = (steps: readonly number[]) => {
    const queue = new FairQueue()
    queue.holdInFlight('a', 30)
    queue.send('a', 20)
    queue.send('quiet', 5)
    queue.groupsOf(2)
    for (const step of steps) {
      queue.rig.now += step
      queue.rig.machine.advance(queue.rig.now)
    }
    return queue.groupsOf(8)
  }
  expect(run([100_000, 150_000, 50_000])).toEqual(run([300_000]))
})

test('a noisy tenant of which nothing was received for five minutes gets its turn, though it goes on sending', () => {
  const queue = new FairQueue()
  queue.send('a', 40)
  const held = [queue.receive(), queue.receive(), queue.receive()].flat()
  queue.send(null, 100)
  expect(queue.groupsOf(1)).toEqual([null])
  queue.delete(held)
  for (let minute = 0; minute < 5; minute++) {
    expect(queue.groupsOf(2)).toEqual([null, null])
    queue.rig.now += MINUTE
    queue.send('a')
    queue.send(null)
  }
  const waiting = queue.counts()[0]!
  const groups = queue.groupsOf(waiting)
  // What was in line goes before it; what came in the last minute is the last message of 'null'.
  expect(groups.indexOf('a')).toBe(groups.lastIndexOf(null) - 1)
  expect(groups.filter((group) => group === 'a')).toHaveLength(15)
})

test('a message that comes back stands behind what waits', () => {
  const queue = new FairQueue()
  queue.send('a', 3)
  queue.send(null)
  const [first] = queue.receive({ limit: 1 })
  queue.change(first!, 0)
  expect(queue.slotsOf(4)).toEqual([1, 2, 3, 0])
})

test('messages without a group that came back before any had one are not forgotten', () => {
  const queue = new FairQueue()
  queue.send(null, 12)
  const [first] = queue.receive({ limit: 1 })
  queue.change(first!, 0)
  queue.send('a')
  expect(queue.receive({ limit: 10 }).map(({ receipt }) => receipt.slot)).toContain(0)
  expect(queue.slotsOf(4)).toEqual([10, 11, 12, undefined])
})

test('messages of a group can be delayed, one by one', () => {
  const queue = new FairQueue()
  queue.send('a', 1, 10)
  queue.send('a')
  expect(queue.counts()).toEqual([1, 0, 1])
  expect(queue.slotsOf(2)).toEqual([1, undefined])
  queue.rig.now += 10_000
  expect(queue.slotsOf(1)).toEqual([0])
})

test('what is in flight of a tenant counts until it is deleted or visible again', () => {
  const queue = new FairQueue()
  queue.send('a', 40)
  queue.send('quiet')
  const held = [queue.receive(), queue.receive(), queue.receive()].flat()
  for (const message of held) queue.change(message, 0)
  // Nothing is in flight: 'a' is where it was in line.
  expect(queue.groupsOf(1)).toEqual(['a'])
})

test('a dead letter keeps its group', () => {
  const target = 'arn:aws:sqs:us-east-1:000000000000:dead'
  const queue = new FairQueue({ redrivePolicy: { deadLetterTargetArn: target, maxReceiveCount: 1 } })
  queue.send('a', 40)
  queue.send('quiet', 1)
  for (let i = 0; i < 5; i++) queue.receive({ hide: 0 })
  expect(queue.receive()).toEqual([])
  // In the order in which they came back: four times ten of 'a', then the other.
  const held = [1, 2, 3].flatMap(() => queue.receive({ from: 'dead', hide: 3600 }))
  expect(held).toHaveLength(30)
  const next = queue.receive({ from: 'dead', limit: 1 })
  expect(next.map(({ receipt }) => receipt.slot)).toEqual([40])
})

test('a message that expired is not received, and what stands behind it is', () => {
  const queue = new FairQueue({ messageRetentionSeconds: 60 })
  queue.send('a', 20)
  queue.send(null, 5)
  queue.rig.now += 30_000
  queue.send('a', 2)
  queue.send(null)
  queue.rig.now += 30_000
  expect(queue.slotsOf(4)).toEqual([25, 26, 27, undefined])
  queue.rig.tidy()
  expect(queue.counts()).toEqual([0, 3, 0])
  queue.rig.checkBodies()
})

test.each(['purge', 'delete', 'expire'] as const)('nothing is left of tenants after: %s', (end) => {
  const queue = new FairQueue({ messageRetentionSeconds: 3600 })
  const units = queue.rig.countUnits()
  for (let i = 0; i < 600; i++) queue.send(`g${i}`)
  queue.send('a', 700)
  queue.send(null, 300)
  for (let i = 0; i < 5; i++) queue.receive()
  if (end === 'purge') queue.execute({ kind: 'purgeQueue' })
  if (end === 'expire') queue.rig.now += 3_600_000
  if (end === 'delete') {
    for (;;) {
      const received = queue.receive()
      if (received.length === 0) break
      queue.delete(received)
    }
    queue.rig.now += 30_000
    for (;;) {
      const received = queue.receive()
      if (received.length === 0) break
      queue.delete(received)
    }
  }
  queue.rig.tidy()
  queue.rig.checkBodies()
  expect(queue.counts()).toEqual([0, 0, 0])
  // A page of slots, of tracking, of links and of tenants at most: what the next message needs.
  expect(queue.rig.countUnits()).toBeLessThanOrEqual(units + 4)
  queue.send('a')
  queue.send(null)
  queue.rig.restart(true)
  expect(queue.receive()).toHaveLength(2)
})

test('a restart brings back every tenant, in line', () => {
  const run = (restart: () => void, queue: FairQueue) => {
    queue.send('b', 12)
    queue.send(null, 4)
    queue.send('c', 3)
    const back = queue.receive({ limit: 5 })
    for (const message of back.toReversed()) queue.change(message, 0)
    queue.send('c', 2)
    restart()
    return queue.slotsOf(21)
  }
  const plain = new FairQueue()
  const expected = run(() => {}, plain)
  expect(expected).not.toContain(undefined)
  const [snapshotted, replayed] = [new FairQueue(), new FairQueue()]
  const fromSnapshot = () => {
    snapshotted.rig.countUnits()
    snapshotted.rig.restart(true)
  }
  // Which of those that came back together comes first is not kept.
  expect(run(fromSnapshot, snapshotted).slice(0, 14)).toEqual(expected.slice(0, 14))
  expect(run(() => replayed.rig.restart(false), replayed)).toEqual(expected)
})

test('a receive of several takes one message of a forgiven tenant where others wait', () => {
  const queue = new FairQueue()
  queue.holdInFlight('a', 30)
  queue.send('a', 20)
  queue.send(null)
  expect(queue.groupsOf(2)).toEqual([null, 'a'])
  queue.rig.now += 5 * MINUTE
  // The first of them waits from the moment on that it is forgiven.
  queue.rig.machine.advance(queue.rig.now)
  queue.send(null, 3)
  const received = queue.receive({ limit: 6 }).map(({ receipt }) => queue.groups[receipt.slot])
  expect(received.filter((group) => group === null)).toHaveLength(4)
  expect(received.slice(-1)).toEqual(['a'])
})

test('a tenant whose backlog expired, and which is noisy again, is so after a replay', () => {
  const queue = new FairQueue({ messageRetentionSeconds: 60 })
  const makeNoisy = () => {
    queue.send('a', 50)
    for (let i = 0; i < 3; i++) queue.receive()
    queue.send(null)
    expect(queue.groupsOf(1)).toEqual([null])
  }
  makeNoisy()
  queue.rig.now += 61_000
  queue.rig.tidy()
  makeNoisy()
  queue.rig.restart(false)
  queue.send(null)
  expect(queue.groupsOf(2)).toEqual([null, 'a'])
  queue.rig.tidy()
  queue.rig.checkBodies()
})

/** What is kept of all tenants and of each, by the first word of its key. */
function accountsOf(queue: FairQueue): object {
  const { tenants } = queue.rig.standardQueue({ accountId: '000000000000', region: 'us-east-1', name: 'q' })
  const { table } = tenants!
  const accounts = [...table.entries()].map((tenant) => [
    table.key(tenant)[0]!,
    [
      table.standing(tenant),
      table.messages(tenant),
      table.inFlight(tenant),
      table.sentAt(tenant),
      table.processingTime(tenant),
    ],
  ])
  return { all: tenants!.record().processingTime, ...Object.fromEntries(accounts) }
}

test.each<readonly [change: string, task: (queue: FairQueue) => void]>([
  ['a send', (queue) => queue.send('a')],
  ['a receive', (queue) => queue.receive({ limit: 1 })],
  ['a deletion', (queue) => queue.delete(queue.receive({ limit: 1 }))],
  ['the end of a visibility timeout', (queue) => queue.rig.machine.advance(queue.rig.now + 3_600_000)],
])('a snapshot after another has what changed between them: %s', (_, change) => {
  const queue = new FairQueue()
  queue.send('a', 60)
  queue.receive({ hide: 3600 })
  queue.rig.countUnits()
  queue.rig.now += 7000
  change(queue)
  queue.rig.now = Math.max(queue.rig.now, queue.rig.machine.now)
  queue.rig.countUnits()
  const before = accountsOf(queue)
  queue.rig.restart(true)
  expect(accountsOf(queue)).toEqual(before)
})

test('a snapshot after another has who was found noisy between them, though nothing else of it changed', () => {
  const queue = new FairQueue()
  queue.send('a', 50)
  // These fill the page of tenants that the first is in, and are not received.
  for (let i = 0; i < 127; i++) queue.send(`g${i}`, 1, 900)
  queue.send('elsewhere')
  for (let i = 0; i < 3; i++) queue.receive({ hide: 3600 })
  queue.rig.countUnits()
  expect(queue.groupsOf(1)).toEqual(['elsewhere'])
  queue.rig.countUnits()
  const before = accountsOf(queue)
  queue.rig.restart(true)
  expect(accountsOf(queue)).toEqual(before)
})

test('messages that came back at different times stand in that order after a restart from a snapshot', () => {
  const queue = new FairQueue()
  queue.send('a', 3)
  const [first, , last] = queue.receive()
  queue.change(last!, 0)
  queue.send(null)
  queue.change(first!, 0)
  queue.rig.countUnits()
  queue.rig.restart(true)
  expect(queue.slotsOf(4)).toEqual([2, 3, 0, undefined])
})

test('nobody is left to be forgiven after a purge', () => {
  const queue = new FairQueue()
  queue.send('a', 50)
  for (let i = 0; i < 4; i++) queue.receive()
  queue.execute({ kind: 'purgeQueue' })
  queue.rig.now += 5 * MINUTE
  queue.rig.machine.advance(queue.rig.now)
  expect(queue.counts()).toEqual([0, 0, 0])
})

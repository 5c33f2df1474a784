import { expect, test } from 'vitest'
import { Queues, redriveTo, refusalOf, START } from '../../../../test/queue-model/queues.ts'

test('no more than 120,000 messages of a queue are in flight', () => {
  const queues = new Queues()
  queues.create()
  queues.send(120_010)
  for (let i = 0; i < 11_999; i++) queues.receive()
  queues.receive({ limit: 3 })
  expect(queues.receive()).toHaveLength(7)
  expect(queues.counts()).toEqual([10, 120_000, 0])
  expect(refusalOf(() => queues.receive())).toBe('OverLimit')
  queues.rig.now += 30_000
  // Those whose time is up come back bit by bit; one is enough to receive again.
  expect(queues.receive({ limit: 1 })).toHaveLength(1)
})

test('what becomes visible at one time does so over several ticks, and none is forgotten', () => {
  const queues = new Queues()
  queues.create()
  queues.send(5000, { delaySeconds: 5 })
  const { rig } = queues
  expect(rig.machine.nextWakeAt).toBe(START + 5000)
  rig.now += 5000
  const waiting: number[] = []
  while (rig.machine.nextWakeAt <= rig.now) waiting.push(queues.counts()[0])
  expect(waiting).toEqual([2000, 4000, 5000])
  expect(rig.machine.nextWakeAt).toBe(Number.POSITIVE_INFINITY)
})

test('a receipt made up for a message that was never received here is refused', () => {
  const queues = new Queues()
  queues.create('dead')
  queues.create('q', redriveTo('dead', 1))
  queues.send(1)
  const [received] = queues.receive({ hide: 0 })
  queues.receive()
  expect(queues.counts('dead')).toEqual([1, 0, 0])
  queues.send(1, { to: 'dead', delaySeconds: 9 })
  for (const slot of [0, 1]) {
    for (const receiveNumber of [0, 1]) {
      const forged = { incarnation: 1, slot, receiveNumber, tagHigh: 0, tagLow: 0 }
      expect(queues.delete(forged, 'dead')).toBe('ReceiptHandleIsInvalid')
    }
  }
  expect(queues.delete(received!.receipt, 'dead')).toBe('ReceiptHandleIsInvalid')
  expect(queues.counts('dead')).toEqual([1, 0, 1])
})

test.each([false, true])(
  'a queue is created again with the policies it has, also after a restart (snapshot: %s)',
  (fromSnapshot) => {
    const queues = new Queues()
    queues.create('dead')
    queues.create('q', redriveTo('dead', 3))
    queues.rig.beginSnapshot()
    queues.rig.writeSnapshot(1000)
    queues.rig.restart(fromSnapshot)
    expect(queues.create('q', redriveTo('dead', 3))).toMatchObject({ name: 'q' })
    expect(refusalOf(() => queues.create('q', redriveTo('dead', 4)))).toBe('QueueNameExists')
  },
)

test.each([false, true])(
  'a dead letter names its source when that is gone, also after a restart (snapshot: %s)',
  (fromSnapshot) => {
    const queues = new Queues()
    queues.create('dead')
    queues.create('q', redriveTo('dead', 1))
    queues.send(2)
    queues.receive({ hide: 0 })
    queues.receive()
    // Known from a restart in between, from when on only the queue's own record says that it had dead letters.
    const restart = () => {
      queues.rig.beginSnapshot()
      queues.rig.writeSnapshot(1000)
      queues.rig.restart(fromSnapshot)
    }
    restart()
    queues.drop('q')
    const source = { accountId: '000000000000', region: 'us-east-1', name: 'q' }
    expect(queues.receive({ from: 'dead', limit: 1 })).toMatchObject([
      { deadLetterSource: source, receiveCount: 2 },
    ])
    restart()
    queues.create('q')
    expect(queues.receive({ from: 'dead', limit: 1 })).toMatchObject([
      { deadLetterSource: source, receiveCount: 2 },
    ])
  },
)

test.each([false, true])(
  'what expired stays gone when the retention is made longer, also after a restart (snapshot: %s)',
  (fromSnapshot) => {
    const queues = new Queues()
    queues.create('q', { messageRetentionSeconds: 60 })
    queues.send(600)
    queues.rig.now += 30_000
    queues.send(1)
    queues.rig.now += 30_000
    queues.set({ messageRetentionSeconds: 3600 })
    queues.rig.beginSnapshot()
    queues.rig.writeSnapshot(1000)
    queues.rig.restart(fromSnapshot)
    expect(queues.receive()).toHaveLength(1)
    queues.rig.tidy()
    expect(queues.rig.retainedBodies()).toEqual([600])
  },
)

test('a message is there until the moment its retention passes', () => {
  for (const [milliseconds, found] of [
    [59_999, 1],
    [60_000, 0],
  ] as const) {
    const queues = new Queues()
    queues.create('q', { messageRetentionSeconds: 60 })
    queues.send(1)
    queues.rig.now += milliseconds
    expect(queues.receive()).toHaveLength(found)
  }
})

test('what a purge let go of is given back once, whether it was waiting, in flight, delayed or returned', () => {
  const queues = new Queues()
  queues.create()
  queues.send(600)
  queues.send(300, { delaySeconds: 60 })
  queues.receive({ hide: 0 })
  queues.receive()
  queues.purge()
  expect(queues.counts()).toEqual([0, 0, 0])
  queues.send(3)
  queues.receive({ limit: 2 })
  queues.rig.tidy()
  queues.rig.checkBodies()
  expect(queues.rig.retainedBodies()).toEqual([900, 901, 902])
  // The deadlines of what is gone wake nobody.
  queues.rig.now += 100_000
  expect(queues.counts()).toEqual([3, 0, 0])
  expect(queues.rig.machine.nextWakeAt).toBe(Number.POSITIVE_INFINITY)
})

test('a queue that was purged or deleted between a cut and its writing is in the snapshot as it was', () => {
  const queues = new Queues()
  queues.create('p')
  queues.create('q')
  queues.send(700, { to: 'p' })
  queues.send(700)
  queues.receive()
  queues.rig.beginSnapshot()
  queues.rig.writeSnapshot(2)
  queues.purge('p')
  queues.drop('q')
  queues.rig.tidy()
  queues.create('q')
  queues.send(3)
  queues.rig.writeSnapshot(1000)
  queues.rig.restart(true)
  expect([queues.counts('p'), queues.counts('q')]).toEqual([
    [0, 0, 0],
    [3, 0, 0],
  ])
  queues.rig.tidy()
  expect(queues.rig.retainedBodies()).toEqual([1400, 1401, 1402])
})

test('what expired is not received, however much of it there is', () => {
  const queues = new Queues()
  queues.create('q', { messageRetentionSeconds: 60 })
  // More than one receive clears away.
  queues.send(5500)
  queues.rig.now += 60_000
  expect(queues.receive()).toEqual([])
})

test('what expired is cleared away to the last slot of every page, though nobody receives', () => {
  const queues = new Queues()
  queues.create('q', { messageRetentionSeconds: 60 })
  queues.send(1000)
  queues.rig.now += 30_000
  queues.send(1)
  queues.rig.now += 30_000
  queues.rig.tidy()
  expect(queues.rig.retainedBodies()).toEqual([1000])
  queues.rig.checkBodies()
})

test.each(['purge', 'delete', 'drop', 'expire', 'reset'])(
  'what a state needs does not grow with what is gone: %s',
  (how) => {
    const queues = new Queues()
    const sizes: number[] = []
    for (let round = 0; round < 4; round++) {
      queues.create('q', { messageRetentionSeconds: 60 })
      queues.send(1024, { delaySeconds: 50 })
      queues.send(1024)
      if (how === 'delete') {
        queues.rig.now += 50_000
        for (;;) {
          const received = queues.receive()
          if (received.length === 0) break
          for (const { receipt } of received) queues.delete(receipt)
        }
      }
      if (how === 'purge') queues.purge()
      if (how === 'drop') queues.drop()
      if (how === 'reset') queues.rig.execute({ service: 'sqs', kind: 'reset' })
      if (how === 'expire') queues.rig.now += 60_000
      queues.rig.tidy()
      expect(queues.rig.retainedBodies()).toEqual([])
      sizes.push(queues.rig.countUnits())
    }
    expect(sizes).toEqual(sizes.map(() => sizes[0]))
  },
)

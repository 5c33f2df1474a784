import { expect, test } from 'vitest'
import { Queues, redriveTo, refusalOf } from '../../../../test/queue-model/queues.ts'

/** Two queues with one dead-letter queue, and another queue. */
function withDeadLetters(first = 5, second = 0): Queues {
  const queues = new Queues()
  for (const name of ['dead', 'other']) queues.create(name)
  for (const name of ['a', 'b']) queues.create(name, redriveTo('dead', 1))
  queues.bury(first, 'a')
  queues.bury(second, 'b')
  return queues
}

const waiting = (queues: Queues, ...names: string[]) => names.map((name) => queues.counts(name)[0])

test('dead letters go back to the queues that they came from', () => {
  const queues = withDeadLetters(5, 3)
  queues.startMoving('dead')
  expect(queues.moveTasks('dead')).toMatchObject([{ status: 'RUNNING', messagesToMove: 8, messagesMoved: 0 }])
  queues.doChores()
  expect(waiting(queues, 'dead', 'a', 'b')).toEqual([0, 5, 3])
  expect(queues.moveTasks('dead')).toMatchObject([
    { status: 'COMPLETED', messagesToMove: 8, messagesMoved: 8, failureReason: '', destination: null },
  ])
  queues.rig.checkBodies()
})

test('dead letters go to another queue', () => {
  const queues = withDeadLetters(5, 3)
  queues.send(2, { to: 'dead' })
  queues.startMoving('dead', { to: 'other' })
  queues.doChores()
  expect(waiting(queues, 'dead', 'a', 'b', 'other')).toEqual([0, 0, 0, 10])
})

test('the oldest move first, whether they were received before or not', () => {
  const queues = new Queues()
  queues.create('dead')
  queues.create('other')
  queues.create('q', redriveTo('dead', 1))
  queues.bury(2)
  queues.send(2, { to: 'dead' })
  queues.bury(2)
  queues.startMoving('dead', { to: 'other', rate: 1 })
  const bodies: number[] = []
  for (let second = 0; second < 6; second++) {
    queues.doChores()
    bodies.push(...queues.bodiesIn('other'))
    queues.rig.now += 1000
  }
  expect(bodies).toEqual([0, 1, 2, 3, 4, 5])
})

test('what is moved begins anew: sent now, never received, a dead letter of nobody', () => {
  const queues = withDeadLetters(1)
  queues.rig.now += 5000
  queues.startMoving('dead')
  queues.doChores()
  const begun = { sentAt: queues.rig.now, receiveCount: 1, deadLetterSource: null, redrives: 1 }
  expect(queues.receive({ from: 'a', hide: 0 })).toMatchObject([begun])
  // Received once too often again, it is a dead letter like any other, and keeps that it was redriven.
  expect(queues.receive({ from: 'a' })).toEqual([])
  expect(queues.receive({ from: 'dead', hide: 0 })).toMatchObject([
    { receiveCount: 2, redrives: 1, deadLetterSource: { name: 'a' } },
  ])
  queues.startMoving('dead', { id: 'second' })
  queues.doChores()
  expect(queues.receive({ from: 'a' })).toMatchObject([{ receiveCount: 1, redrives: 2 }])
})

test('the retention of what is moved begins anew', () => {
  const queues = withDeadLetters(1)
  queues.set({ messageRetentionSeconds: 60 }, 'a')
  queues.rig.now += 59_000
  queues.startMoving('dead')
  queues.doChores()
  queues.rig.now += 59_000
  expect(queues.receive({ from: 'a' })).toHaveLength(1)
})

test('the receipts of a dead letter are worth nothing once it has moved', () => {
  const queues = withDeadLetters(1)
  const [received] = queues.receive({ from: 'dead', hide: 0 })
  queues.startMoving('dead')
  queues.doChores()
  expect(queues.delete(received!.receipt, 'dead')).toBeUndefined()
  expect(queues.delete(received!.receipt, 'a')).toBe('ReceiptHandleIsInvalid')
  expect(waiting(queues, 'a')).toEqual([1])
})

test('a task moves no more than was available when it began, so that it ends though others come', () => {
  const queues = withDeadLetters(5)
  queues.startMoving('dead', { rate: 1 })
  queues.bury(3, 'b')
  for (let second = 0; second < 4; second++) {
    queues.doChores()
    queues.rig.now += 1000
  }
  expect(queues.moveTasks('dead')).toMatchObject([{ status: 'RUNNING', messagesMoved: 4 }])
  queues.doChores()
  expect(waiting(queues, 'dead', 'a', 'b')).toEqual([3, 5, 0])
  expect(queues.moveTasks('dead')).toMatchObject([{ status: 'COMPLETED', messagesMoved: 5 }])
})

test('what is in flight is left alone', () => {
  const queues = withDeadLetters(5)
  queues.receive({ from: 'dead', limit: 2 })
  queues.startMoving('dead')
  queues.doChores()
  expect(queues.counts('dead')).toEqual([0, 2, 0])
  expect(queues.moveTasks('dead')).toMatchObject([
    { status: 'COMPLETED', messagesToMove: 3, messagesMoved: 3 },
  ])
})

test('what passed its retention is not moved, however much there is of it', () => {
  const queues = withDeadLetters(2000)
  queues.set({ messageRetentionSeconds: 60 }, 'dead')
  queues.send(2000, { to: 'dead' })
  queues.rig.now += 60_000
  queues.bury(1, 'a')
  queues.startMoving('dead')
  queues.doChores()
  expect(waiting(queues, 'a')).toEqual([1])
  expect(queues.moveTasks('dead')).toMatchObject([{ status: 'COMPLETED', messagesMoved: 1 }])
})

test('a task of an empty queue is completed at once', () => {
  const queues = withDeadLetters(0)
  queues.startMoving('dead')
  expect(queues.doChores()).toBe(1)
  expect(queues.moveTasks('dead')).toMatchObject([{ status: 'COMPLETED', messagesToMove: 0 }])
})

test('a step moves a piece; the rest follows in others, of which a restart misses none', () => {
  for (const fromSnapshot of [false, true]) {
    const queues = withDeadLetters(1000)
    queues.startMoving('dead', { to: 'other' })
    queues.doChores(2)
    expect(queues.moveTasks('dead')).toMatchObject([{ status: 'RUNNING', messagesMoved: 500 }])
    expect(waiting(queues, 'dead', 'other')).toEqual([500, 500])
    queues.rig.restartWith(fromSnapshot)
    expect(queues.moveTasks('dead')).toMatchObject([{ status: 'RUNNING', messagesMoved: 500 }])
    queues.doChores()
    expect(waiting(queues, 'dead', 'other')).toEqual([0, 1000])
    expect(queues.moveTasks('dead')).toMatchObject([{ status: 'COMPLETED', messagesMoved: 1000 }])
    queues.rig.checkBodies()
  }
})

test('after a restart a task with a rate goes on at its rate', () => {
  const queues = withDeadLetters(100)
  queues.startMoving('dead', { rate: 10 })
  queues.doChores()
  queues.rig.restart(false)
  queues.rig.now += 3_600_000
  queues.doChores()
  expect(queues.moveTasks('dead')).toMatchObject([{ messagesMoved: 2 }])
})

test('a task ends when it is cancelled, and what moved stays where it is', () => {
  const queues = withDeadLetters(5)
  queues.startMoving('dead', { rate: 1 })
  queues.doChores()
  expect(queues.cancelMoving('dead')).toBe(1)
  expect(queues.moveTasks('dead')).toMatchObject([{ status: 'CANCELLING' }])
  expect(refusalOf(() => queues.cancelMoving('dead'))).toBe('InvalidParameterValueException')
  expect(refusalOf(() => queues.startMoving('dead', { id: 'other' }))).toBe('InvalidParameterValueException')
  queues.doChores()
  expect(queues.moveTasks('dead')).toMatchObject([{ status: 'CANCELLED', messagesMoved: 1 }])
  expect(waiting(queues, 'dead', 'a')).toEqual([4, 1])
  expect(refusalOf(() => queues.cancelMoving('dead'))).toBe('InvalidParameterValueException')
  queues.startMoving('dead', { id: 'other' })
  queues.doChores()
  expect(waiting(queues, 'dead', 'a')).toEqual([0, 5])
})

test('a task fails when its destination is deleted', () => {
  const queues = withDeadLetters(5)
  queues.startMoving('dead', { to: 'other', rate: 1 })
  queues.doChores()
  queues.drop('other')
  queues.rig.now += 1000
  queues.doChores()
  const failed = {
    status: 'FAILED',
    failureReason: 'AWS.SimpleQueueService.NonExistentQueue',
    messagesMoved: 1,
  }
  expect(queues.moveTasks('dead')).toMatchObject([failed])
  expect(waiting(queues, 'dead')).toEqual([4])
})

test('a task moves what it can before it fails for what it cannot', () => {
  const queues = withDeadLetters(2, 3)
  queues.drop('a')
  queues.startMoving('dead')
  queues.doChores()
  expect(waiting(queues, 'dead', 'b')).toEqual([2, 3])
  expect(queues.moveTasks('dead')).toMatchObject([
    { status: 'FAILED', failureReason: 'AWS.SimpleQueueService.NonExistentQueue', messagesMoved: 3 },
  ])
  // A queue of the same name takes its place, as for the messages that name their source.
  queues.create('a')
  queues.startMoving('dead', { id: 'second' })
  queues.doChores()
  expect(waiting(queues, 'dead', 'a')).toEqual([0, 2])
})

test.each([false, true])(
  'where a message came from that a client sent can not be told (received: %s)',
  (received) => {
    const queues = withDeadLetters(2)
    queues.send(3, { to: 'dead' })
    if (received) queues.receive({ from: 'dead', hide: 0 })
    queues.startMoving('dead')
    queues.doChores()
    expect(queues.moveTasks('dead')).toMatchObject([
      { status: 'FAILED', failureReason: 'CouldNotDetermineMessageSource', messagesMoved: 2 },
    ])
    expect(waiting(queues, 'dead', 'a')).toEqual([3, 2])
  },
)

/** As many as several steps look at. */
const MANY = 7000

test.each([
  ['without groups', undefined],
  ['with groups', 'tenant'],
])('what can be moved is found behind any number of messages that can not (%s)', (_, group) => {
  const queues = withDeadLetters(0)
  queues.send(MANY, { to: 'dead', group })
  queues.send(5, { to: 'a', group })
  queues.receive({ from: 'a', hide: 0 })
  queues.receive({ from: 'a', hide: 0 })
  // What came back stands in a line of its own; here it's in the way too.
  for (let i = 0; i < 150; i++) queues.receive({ from: 'dead', hide: 60 })
  queues.rig.now += 60_000
  queues.startMoving('dead')
  expect(queues.doChores(2)).toBe(2)
  expect(queues.moveTasks('dead')).toMatchObject([{ status: 'RUNNING', messagesMoved: 0 }])
  queues.doChores()
  expect(waiting(queues, 'dead', 'a')).toEqual([MANY, 5])
  expect(queues.moveTasks('dead')).toMatchObject([
    { status: 'FAILED', failureReason: 'CouldNotDetermineMessageSource', messagesMoved: 5 },
  ])
  queues.rig.checkBodies()
})

test('what can be moved is found behind a thousand dead letters of a queue that is gone', () => {
  const queues = withDeadLetters(MANY, 5)
  queues.drop('a')
  queues.startMoving('dead')
  queues.doChores()
  expect(waiting(queues, 'dead', 'b')).toEqual([MANY, 5])
  expect(queues.moveTasks('dead')).toMatchObject([
    { status: 'FAILED', failureReason: 'AWS.SimpleQueueService.NonExistentQueue', messagesMoved: 5 },
  ])
})

test('a task that looks through what it can not move lets the others have their turns', () => {
  const queues = withDeadLetters(0)
  queues.send(MANY, { to: 'dead' })
  queues.create('dead-2')
  queues.create('of-dead-2', redriveTo('dead-2', 1))
  queues.send(1000, { to: 'dead-2' })
  queues.startMoving('dead')
  queues.startMoving('dead-2', { to: 'other' })
  for (let i = 0; i < 4; i++) {
    queues.rig.now += 1
    queues.doChores(1)
  }
  expect(queues.moveTasks('dead-2')).toMatchObject([{ messagesMoved: 500 }])
  expect(queues.moveTasks('dead')).toMatchObject([{ status: 'RUNNING' }])
})

test('a message that was in flight when its place was passed is moved when it came back meanwhile', () => {
  const queues = withDeadLetters(5)
  queues.rig.now += 1000
  queues.startMoving('dead', { rate: 1 })
  // Of the five that were there, the first is hidden from the task for a moment.
  queues.receive({ from: 'dead', limit: 1, hide: 2 })
  for (let second = 0; second < 6; second++) {
    queues.doChores()
    queues.rig.now += 1000
  }
  expect(waiting(queues, 'dead', 'a')).toEqual([0, 5])
  expect(queues.moveTasks('dead')).toMatchObject([{ status: 'COMPLETED', messagesMoved: 5 }])
})

test('a task looks at what was sent after a purge, as at everything that is there when it gets to it', () => {
  const queues = withDeadLetters(5)
  queues.startMoving('dead', { to: 'other' })
  queues.purge('dead')
  queues.send(3, { to: 'dead' })
  queues.doChores()
  expect(waiting(queues, 'dead', 'other')).toEqual([0, 3])
})

test('a purge of the source leaves its task nothing to do; a deletion takes it along', () => {
  const purged = withDeadLetters(5)
  purged.startMoving('dead', { rate: 1 })
  purged.doChores()
  purged.purge('dead')
  purged.rig.now += 1000
  purged.doChores()
  expect(purged.moveTasks('dead')).toMatchObject([{ status: 'COMPLETED', messagesMoved: 1 }])

  const deleted = withDeadLetters(5)
  deleted.startMoving('dead', { rate: 1 })
  deleted.drop('dead')
  expect(deleted.doChores()).toBe(0)
  expect(refusalOf(() => deleted.moveTasks('dead'))).toBe('ResourceNotFoundException')
  deleted.create('dead')
  expect(deleted.moveTasks('dead')).toEqual([])
})

test('only a dead-letter queue can be a source, and only another queue that is there a destination', () => {
  const queues = withDeadLetters(0)
  queues.create('other.fifo')
  expect(refusalOf(() => queues.startMoving('other'))).toBe('InvalidParameterValueException')
  expect(refusalOf(() => queues.startMoving('nobody'))).toBe('ResourceNotFoundException')
  expect(refusalOf(() => queues.startMoving('dead', { to: 'nobody' }))).toBe('ResourceNotFoundException')
  expect(refusalOf(() => queues.startMoving('dead', { to: 'dead' }))).toBe('InvalidParameterValueException')
  expect(refusalOf(() => queues.startMoving('dead', { to: 'other.fifo' }))).toBe(
    'InvalidParameterValueException',
  )
  expect(refusalOf(() => queues.cancelMoving('dead'))).toBe('ResourceNotFoundException')
})

test('the ten newest tasks of a queue are kept, the newest first', () => {
  const queues = withDeadLetters(0)
  for (let i = 1; i <= 12; i++) {
    queues.startMoving('dead', { id: `task ${i}` })
    queues.doChores()
  }
  expect(queues.moveTasks('dead').map(({ id }) => id)).toEqual(
    [12, 11, 10, 9, 8, 7, 6, 5, 4, 3].map((i) => `task ${i}`),
  )
  expect(queues.moveTasks('dead', 1)).toMatchObject([{ id: 'task 12' }])
  expect(queues.moveTasks('dead', 100)).toHaveLength(10)
})

test('tasks of several queues take turns, those with a rate too', () => {
  const queues = withDeadLetters(0)
  for (const name of ['dead-1', 'dead-2', 'dead-3']) {
    queues.create(name)
    queues.create(`of-${name}`, redriveTo(name, 1))
    queues.send(1000, { to: name })
  }
  queues.startMoving('dead-1', { to: 'other' })
  queues.startMoving('dead-2', { to: 'other' })
  queues.startMoving('dead-3', { to: 'other', rate: 1 })
  for (let i = 0; i < 3; i++) {
    queues.doChores(1)
    queues.rig.now += 1
  }
  const moved = ['dead-1', 'dead-2', 'dead-3'].map((name) => queues.moveTasks(name)[0]!.messagesMoved)
  expect(moved).toEqual([250, 250, 1])
})

test('no more than a hundred tasks are at work in one account and region', () => {
  const queues = withDeadLetters(0)
  queues.create('q', {})
  for (let i = 0; i <= 100; i++) {
    queues.create(`dead-${i}`)
    queues.set(redriveTo(`dead-${i}`, 1), 'q')
    if (i < 100) queues.startMoving(`dead-${i}`)
  }
  expect(refusalOf(() => queues.startMoving('dead-100'))).toBe('RequestThrottled')
  queues.doChores(1)
  queues.startMoving('dead-100')
})

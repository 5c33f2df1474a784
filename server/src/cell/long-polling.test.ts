import { describe, expect, test } from 'vitest'
import { CellRig, queue, receiptsOf, textsOf } from '../../test/cell/cell-rig.ts'
import { ServiceError } from '../api/service-error.ts'

async function rigWithQueue(settings = {}) {
  const rig = await CellRig.open()
  await rig.create('q', settings)
  // Away from the full seconds, at which the cell tries everybody again: nobody is to need that.
  await rig.time.runFor(300)
  return rig
}

/** A connection that a test closes. */
class Connection {
  closed = false
  readonly #listeners = new Set<() => void>()
  onClose(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
  get listeners(): number {
    return this.#listeners.size
  }
  close(): void {
    this.closed = true
    for (const listener of [...this.#listeners]) listener()
  }
}

test('a waiting receive is served the moment a message is sent', async () => {
  const rig = await rigWithQueue()
  const waiting = rig.receive({ wait: 20 })
  await rig.time.runFor(7000)
  expect(waiting.outcome).toBeNull()
  rig.send('one')
  await rig.commit()
  expect(textsOf(waiting)).toEqual(['one'])
})

test('what a waiting receive was given is answered when it is durable', async () => {
  const rig = await rigWithQueue()
  const waiting = rig.receive({ wait: 20 })
  rig.send('one')
  await rig.time.runFor(30_000)
  expect(waiting.outcome).toBeNull()
  await rig.commit()
  expect(textsOf(waiting)).toEqual(['one'])
})

test('a waiting receive is served when a visibility timeout passes, without any other command', async () => {
  const rig = await rigWithQueue()
  rig.send('one')
  rig.receive({ hide: 12 })
  const waiting = rig.receive({ wait: 20 })
  await rig.commit()
  await rig.time.runFor(11_999)
  expect(waiting.outcome).toBeNull()
  await rig.time.runFor(1)
  await rig.commit()
  expect(textsOf(waiting)).toEqual(['one'])
})

test('a waiting receive is served when a delay passes', async () => {
  const rig = await rigWithQueue()
  const waiting = rig.receive({ wait: 20 })
  rig.send('one', { delaySeconds: 3 })
  await rig.commit()
  await rig.time.runFor(2999)
  expect(waiting.outcome).toBeNull()
  await rig.time.runFor(1)
  await rig.commit()
  expect(textsOf(waiting)).toEqual(['one'])
})

test('a shorter delay that comes later is not missed', async () => {
  const rig = await rigWithQueue()
  const waiting = rig.receive({ wait: 20, limit: 1 })
  rig.send('late', { delaySeconds: 15 })
  rig.send('soon', { delaySeconds: 2 })
  await rig.time.runFor(2000)
  await rig.commit()
  expect(textsOf(waiting)).toEqual(['soon'])
})

test('a waiting receive is served when a message in flight is made visible, or its receive undone', async () => {
  for (const kind of ['changeVisibility', 'undoReceive']) {
    const rig = await rigWithQueue()
    rig.send('one')
    const received = rig.receive()
    await rig.commit()
    const [receipt] = receiptsOf(received)
    const waiting = rig.receive({ wait: 20 })
    rig.execute({
      service: 'sqs',
      kind,
      queue: queue('q'),
      receipts: [receipt],
      changes: [{ receipt, visibilityTimeoutSeconds: 0 }],
    } as never)
    await rig.commit()
    expect(textsOf(waiting), kind).toEqual(['one'])
  }
})

test('a receive that waits at a dead-letter queue is served by a dead letter', async () => {
  const rig = await rigWithQueue()
  await rig.create('dead')
  const deadLetterTargetArn = 'arn:aws:sqs:us-east-1:000000000000:dead'
  await rig.create('source', { redrivePolicy: { deadLetterTargetArn, maxReceiveCount: 1 } })
  rig.send('one', { to: 'source' })
  rig.receive({ from: 'source', hide: 0 })
  const waiting = rig.receive({ from: 'dead', wait: 20 })
  rig.receive({ from: 'source' })
  await rig.commit()
  expect(textsOf(waiting)).toEqual(['one'])
})

test('first come, first served, each with what is there', async () => {
  const rig = await rigWithQueue()
  const first = rig.receive({ wait: 20, limit: 1 })
  const second = rig.receive({ wait: 20, limit: 1 })
  const third = rig.receive({ wait: 20, limit: 1 })
  rig.send('a')
  await rig.commit()
  expect([first, second, third].map(textsOf)).toEqual([['a'], 'not answered', 'not answered'])
  rig.send('b')
  rig.send('c')
  await rig.commit()
  expect([second, third].map(textsOf)).toEqual([['b'], ['c']])
})

test('a receive waits as long as its queue says where it does not say itself', async () => {
  const rig = await rigWithQueue({ receiveWaitSeconds: 6 })
  const waiting = rig.receive({ wait: 'as the queue says' })
  const impatient = rig.receive({ wait: 0 })
  await rig.time.runFor(5999)
  expect(waiting.outcome).toBeNull()
  expect(textsOf(impatient)).toEqual([])
  await rig.time.runFor(1)
  expect(textsOf(waiting)).toEqual([])
})

test('a receive that waited in vain is answered with nothing, and takes nothing that comes later', async () => {
  const rig = await rigWithQueue()
  const waiting = rig.receive({ wait: 2 })
  await rig.time.runFor(2000)
  expect(textsOf(waiting)).toEqual([])
  rig.send('late')
  const next = rig.receive()
  await rig.commit()
  expect(textsOf(next)).toEqual(['late'])
})

test('a client that went away is given nothing', async () => {
  const rig = await rigWithQueue()
  const connection = new Connection()
  rig.receive({ wait: 20, connection })
  const other = rig.receive({ wait: 20 })
  connection.close()
  rig.send('one')
  await rig.commit()
  expect(textsOf(other)).toEqual(['one'])
  expect(connection.listeners).toBe(0)
})

test('a client that went away before it could wait does not wait', async () => {
  const rig = await rigWithQueue()
  const connection = new Connection()
  connection.close()
  const gone = rig.receive({ wait: 20, connection })
  await rig.settle()
  expect(textsOf(gone)).toEqual([])
})

test('a served receive no longer listens to its connection, nor to the time', async () => {
  const rig = await rigWithQueue()
  const pending = rig.time.pending
  const connection = new Connection()
  rig.receive({ wait: 20, connection })
  expect(connection.listeners).toBe(1)
  rig.send('one')
  await rig.commit()
  expect(connection.listeners).toBe(0)
  expect(rig.time.pending).toBe(pending)
})

test('those who wait at a queue that is deleted are told so', async () => {
  const rig = await rigWithQueue()
  const waiting = [rig.receive({ wait: 20 }), rig.receive({ wait: 20 })]
  rig.execute({ service: 'sqs', kind: 'deleteQueue', queue: queue('q') } as never)
  await rig.settle()
  expect(waiting.map(textsOf)).toEqual(['not answered', 'not answered'])
  await rig.commit()
  for (const { outcome } of waiting) {
    expect(outcome).toMatchObject({ error: { shape: { code: 'QueueDoesNotExist' } } })
  }
})

test('a reset tells those who wait that their queue is gone', async () => {
  const rig = await rigWithQueue()
  const waiting = rig.receive({ wait: 20 })
  rig.execute({ service: 'sqs', kind: 'reset' })
  await rig.settle()
  expect(textsOf(waiting)).toBe('not answered')
  await rig.commit()
  expect(waiting.outcome).toMatchObject({ error: { shape: { code: 'QueueDoesNotExist' } } })
})

test('those who wait are released when the server drains, and no one waits from then on', async () => {
  const rig = await rigWithQueue()
  const waiting = rig.receive({ wait: 20 })
  rig.cell.releaseWaiting()
  const late = rig.receive({ wait: 20 })
  await rig.settle()
  expect([waiting, late].map(textsOf)).toEqual([[], []])
})

test('a receive that finds only what is out of date waits, and is served by what is not', async () => {
  const rig = await rigWithQueue({ messageRetentionSeconds: 60 })
  for (let i = 0; i < 20; i++) rig.send('old')
  await rig.time.runFor(60_000)
  const waiting = rig.receive({ wait: 20 })
  rig.send('new')
  await rig.commit()
  expect(textsOf(waiting)).toEqual(['new'])
})

test('a message that hides behind more dead letters than one receive looks through still reaches those who wait', async () => {
  const rig = await CellRig.open()
  await rig.create('dead')
  await rig.create('q')
  for (let i = 0; i < 2500; i++) rig.send('dead letter')
  for (let i = 0; i < 250; i++) rig.receive({ hide: 1 })
  const deadLetterTargetArn = 'arn:aws:sqs:us-east-1:000000000000:dead'
  const redrivePolicy = { deadLetterTargetArn, maxReceiveCount: 1 }
  rig.execute({
    service: 'sqs',
    kind: 'setQueueSettings',
    queue: queue('q'),
    settings: { redrivePolicy },
  } as never)
  rig.send('alive', { delaySeconds: 2 })
  await rig.time.runFor(3000)
  const waiting = rig.receive({ wait: 20 })
  await rig.time.runFor(5000)
  await rig.commit()
  expect(textsOf(waiting)).toEqual(['alive'])
})

test('a message that hides behind more expired ones than one receive looks through still reaches those who wait', async () => {
  const rig = await rigWithQueue({ messageRetentionSeconds: 60 })
  for (let i = 0; i < 9000; i++) rig.send('old')
  await rig.time.runFor(30_000)
  rig.send('alive')
  await rig.commit()
  await rig.time.runFor(29_999)
  const waiting = rig.receive({ limit: 1, hide: 0 })
  await rig.commit()
  expect(textsOf(waiting)).toEqual(['old'])
  await rig.time.runFor(1)
  const late = rig.receive({ wait: 20 })
  await rig.time.runFor(5000)
  await rig.commit()
  expect(textsOf(late)).toEqual(['alive'])
})

describe('a receive that waits at a FIFO queue', () => {
  async function rigWithFifoQueue(settings = {}) {
    const rig = await CellRig.open()
    await rig.create('q.fifo', settings)
    await rig.time.runFor(300)
    return rig
  }

  test('is served when a message is sent to a group that is free, and not to one that is locked', async () => {
    const rig = await rigWithFifoQueue()
    rig.sendToGroup('one', 'a')
    rig.receive({ from: 'q.fifo' })
    const waiting = rig.receive({ from: 'q.fifo', wait: 20 })
    rig.sendToGroup('two', 'a')
    await rig.commit()
    expect(waiting.outcome).toBeNull()
    rig.sendToGroup('three', 'b')
    await rig.commit()
    expect(textsOf(waiting)).toEqual(['three'])
  })

  test('is served when the last message that locks a group is deleted', async () => {
    const rig = await rigWithFifoQueue()
    for (const text of ['one', 'two', 'three']) rig.sendToGroup(text, 'a')
    const first = rig.receive({ from: 'q.fifo', limit: 2 })
    await rig.commit()
    const waiting = rig.receive({ from: 'q.fifo', wait: 20 })
    const [one, two] = receiptsOf(first)
    rig.delete([one!], 'q.fifo')
    await rig.commit()
    expect(waiting.outcome).toBeNull()
    rig.delete([two!], 'q.fifo')
    await rig.commit()
    expect(textsOf(waiting)).toEqual(['three'])
  })

  test('has its turn in the frame of the delete that frees the group, so that a turn costs one commit', async () => {
    const rig = await rigWithFifoQueue()
    const texts = ['one', 'two', 'three', 'four']
    for (const text of texts) rig.sendToGroup(text, 'a')
    // One receives, the others stand in line behind it.
    const turns = texts.map(() => rig.receive({ from: 'q.fifo', wait: 20, limit: 1 }))
    await rig.commit()
    for (const [i, turn] of turns.entries()) {
      expect(textsOf(turn)).toEqual([texts[i]])
      const [appends, frame] = [rig.journal.appends, rig.journal.openFrame]
      const deleted = rig.delete(receiptsOf(turn), 'q.fifo')
      // The delete, and the receive of whoever is next; neither is told before the commit.
      expect(rig.journal.appends).toBe(appends + (i < texts.length - 1 ? 2 : 1))
      expect(rig.journal.openFrame).toBe(frame)
      expect([deleted.outcome, turns[i + 1]?.outcome ?? null]).toEqual([null, null])
      await rig.commit()
      expect(rig.journal.durableFrame).toBe(frame)
      expect(deleted.outcome).not.toBeNull()
    }
  })

  test('is served when the delay of the queue is over, without any other command', async () => {
    const rig = await rigWithFifoQueue({ delaySeconds: 7 })
    const waiting = rig.receive({ from: 'q.fifo', wait: 20 })
    rig.sendToGroup('one', 'a')
    await rig.commit()
    await rig.time.runFor(6999)
    expect(waiting.outcome).toBeNull()
    await rig.time.runFor(1)
    await rig.commit()
    expect(textsOf(waiting)).toEqual(['one'])
  })

  test('is served when a group is free because the timeout of what locked it passed', async () => {
    const rig = await rigWithFifoQueue()
    rig.sendToGroup('one', 'a')
    rig.sendToGroup('two', 'a')
    rig.receive({ from: 'q.fifo', limit: 1, hide: 5 })
    const waiting = rig.receive({ from: 'q.fifo', wait: 20 })
    await rig.commit()
    await rig.time.runFor(5000)
    await rig.commit()
    expect(textsOf(waiting)).toEqual(['one', 'two'])
  })
})

describe('a receive whose client loses its leave while it waits', () => {
  const denial = new ServiceError({ code: 'AccessDenied', status: 403, fault: 'client' }, 'not any more')

  /** A client that may have something until `isLet` is false. */
  class Client extends Connection {
    isLet = true
    checks = 0
    readonly recheck = () => {
      this.checks++
      if (!this.isLet) throw denial
    }
  }

  test('gets no message, which is for the next who waits and was received by nobody', async () => {
    const rig = await rigWithQueue()
    const [client, other] = [new Client(), new Client()]
    const denied = rig.receive({ wait: 20, connection: client })
    const allowed = rig.receive({ wait: 20, connection: other })
    client.isLet = false
    rig.send('one')
    await rig.commit()
    expect(denied.outcome).toEqual({ error: denial })
    expect(textsOf(allowed)).toEqual(['one'])
    expect(allowed.outcome).toMatchObject({ value: { messages: [{ receiveCount: 1 }] } })
    expect(client.listeners + other.listeners).toBe(0)
  })

  test('is refused within a second where none comes', async () => {
    const rig = await rigWithQueue()
    const client = new Client()
    const waiting = rig.receive({ wait: 20, connection: client })
    await rig.time.runFor(5000)
    expect(waiting.outcome).toBeNull()
    client.isLet = false
    await rig.time.runFor(1000)
    expect(waiting.outcome).toEqual({ error: denial })
  })

  test('is refused when a message becomes visible by time alone', async () => {
    const rig = await rigWithQueue()
    rig.send('one', { delaySeconds: 3 })
    const client = new Client()
    const waiting = rig.receive({ wait: 20, connection: client })
    await rig.commit()
    client.isLet = false
    await rig.time.runFor(3000)
    await rig.commit()
    expect(waiting.outcome).toEqual({ error: denial })
    const next = rig.receive({})
    await rig.commit()
    expect(textsOf(next)).toEqual(['one'])
  })

  test('is not asked again while it does not wait', async () => {
    const rig = await rigWithQueue()
    rig.send('one')
    const client = new Client()
    rig.receive({ wait: 20, connection: client })
    await rig.commit()
    expect(client.checks).toBe(0)
  })

  test('ends alone where the check itself goes wrong', async () => {
    const rig = await rigWithQueue()
    const broken = {
      ...new Connection(),
      closed: false,
      onClose: () => () => {},
      recheck: () => {
        throw new Error('a defect')
      },
    }
    const waiting = rig.receive({ wait: 20, connection: broken })
    rig.send('one')
    await rig.commit()
    expect(waiting.outcome).toEqual({ error: new Error('a defect') })
    expect(rig.failures).toEqual([])
    const next = rig.receive({})
    await rig.commit()
    expect(textsOf(next)).toEqual(['one'])
  })
})

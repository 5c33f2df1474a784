import { expect, test } from 'vitest'
import { CellRig, queue, textsOf } from '../../test/cell/cell-rig.ts'
import { SimulatedTime } from '../../test/simulation/simulated-time.ts'
import type { Command } from '../core/command.ts'
import type { Chore } from '../core/service-state.ts'
import type { SqsReplies } from '../services/sqs/commands.ts'
import { Chores, type ChoreWork, commandOf } from './chores.ts'

const deadLetterTargetArn = 'arn:aws:sqs:us-east-1:000000000000:dead'

/** A cell with a queue `q` whose dead letters, `count` of them, are in `dead`, and a queue `other`. */
async function rigWithDeadLetters(count: number): Promise<CellRig> {
  const rig = await CellRig.open()
  await rig.create('dead')
  await rig.create('other')
  await rig.create('q', { redrivePolicy: { deadLetterTargetArn, maxReceiveCount: 1 } })
  for (let i = 0; i < count; i++) rig.send(`m${i}`)
  for (let i = 0; i < count; i += 10) rig.receive({ hide: 0 })
  rig.receive()
  await rig.commit()
  return rig
}

/** Begins to move, without letting anything else happen. */
function startMoving(rig: CellRig, { to = 'other', rate }: { to?: string; rate?: number } = {}) {
  return rig.execute({
    service: 'sqs',
    kind: 'startMoveTask',
    source: queue('dead'),
    destination: queue(to),
    messagesPerSecond: rate ?? null,
    id: 'task',
  } as Command)
}

async function moved(rig: CellRig): Promise<readonly [status: string, moved: number]> {
  const watched = rig.execute({
    service: 'sqs',
    kind: 'listMoveTasks',
    source: queue('dead'),
    limit: 1,
  } as Command)
  await rig.commit()
  if (watched.outcome === null || 'error' in watched.outcome) throw new Error('the tasks were not told')
  const [task] = watched.outcome.value as SqsReplies['listMoveTasks']
  return [task!.status, task!.messagesMoved]
}

test('a task moves all there is, without another command coming by', async () => {
  const rig = await rigWithDeadLetters(600)
  startMoving(rig)
  await rig.time.runFor(5)
  expect(await moved(rig)).toEqual(['COMPLETED', 600])
  await rig.time.runFor(60_000)
  expect(rig.failures).toEqual([])
})

test('requests get their turn between two pieces', async () => {
  const rig = await rigWithDeadLetters(1000)
  startMoving(rig)
  const seen: SqsReplies['getQueue'][] = []
  const look = () => {
    rig.cell
      .execute({ service: 'sqs', kind: 'getQueue', queue: queue('other') } as Command)
      .then((reply) => seen.push(reply as SqsReplies['getQueue']))
    if (seen.length < 6) rig.time.soon(look)
  }
  look()
  for (let turn = 0; turn < 20; turn++) {
    await rig.time.step()
    rig.journal.commit()
  }
  const counts = seen.map(({ waitingMessages }) => waitingMessages)
  expect(counts).toEqual(expect.arrayContaining([0, 250, 500, 750, 1000]))
})

test('those who wait for the destination are served the moment a piece came', async () => {
  const rig = await rigWithDeadLetters(1)
  const waiting = rig.receive({ from: 'other', wait: 20 })
  await rig.time.runFor(300)
  expect(waiting.outcome).toBeNull()
  startMoving(rig)
  await rig.time.runFor(1)
  await rig.commit()
  expect(textsOf(waiting)).toEqual(['m0'])
})

test('a task with a rate moves at that rate, by timers alone', async () => {
  const rig = await rigWithDeadLetters(10)
  startMoving(rig, { rate: 2 })
  await rig.time.runFor(2100)
  expect(await moved(rig)).toEqual(['RUNNING', 5])
  await rig.time.runFor(2500)
  expect(await moved(rig)).toEqual(['COMPLETED', 10])
})

test('a task goes on by itself after a restart, with what was durable', async () => {
  const first = await rigWithDeadLetters(10)
  startMoving(first, { rate: 1 })
  await first.time.runFor(2100)
  await first.commit()
  await first.time.runFor(2000)
  // Two more moved, but that was never durable.
  first.journal.fail(new Error('power'))
  const rig = await CellRig.open({ journal: first.journal, time: first.time })
  await rig.time.runFor(3900)
  expect(await moved(rig)).toEqual(['RUNNING', 7])
  await rig.time.runFor(4000)
  expect(await moved(rig)).toEqual(['COMPLETED', 10])
  const received = rig.receive({ from: 'other' })
  await rig.commit()
  expect([...textsOf(received)].sort()).toEqual(Array.from({ length: 10 }, (_, i) => `m${i}`))
})

test('a task goes on while space is low: it takes none', async () => {
  const rig = await rigWithDeadLetters(300)
  rig.journal.lowOnSpace = true
  startMoving(rig)
  await rig.time.runFor(5)
  expect(await moved(rig)).toEqual(['COMPLETED', 300])
})

test('nothing is moved after a close or a failure', async () => {
  for (const end of ['close', 'failure']) {
    const rig = await rigWithDeadLetters(10)
    startMoving(rig, { rate: 1 })
    await rig.time.runFor(10)
    await rig.commit()
    if (end === 'close') await rig.cell.close()
    else rig.journal.fail(new Error('EIO'))
    const { nextBodyId, durableFrame } = rig.journal
    await rig.time.runFor(10_000)
    expect([rig.journal.nextBodyId, rig.journal.durableFrame]).toEqual([nextBodyId, durableFrame])
    expect(rig.time.pending).toBe(0)
  }
})

/** Chores that come due when the test says. */
function chores({ read = () => [] }: Partial<Pick<ChoreWork, 'read'>> = {}) {
  const time = new SimulatedTime(1000)
  let due: Chore | null = null
  let givingWay: Chore | null = null
  let stoodStillMs = 0
  const done: number[] = []
  const came: unknown[] = []
  const failures: Error[] = []
  const made = new Chores(time, {
    now: () => time.now() + stoodStillMs,
    next: (inLull) => {
      if (givingWay === null || due === null) return due ?? givingWay
      return due.at < (inLull ? givingWay.at : givingWay.givesWayUntil!) ? due : givingWay
    },
    read,
    carryOut: (chore, command) => {
      done.push(time.now())
      came.push(command.read)
      if (chore === givingWay) givingWay = null
      else due = null
      made.schedule(time.now())
    },
    fail: (error) => failures.push(error),
  })
  const setDue = (at: number | null, reads?: readonly number[]) => {
    const chore = { service: 'sqs', kind: 'chore' }
    due = at === null ? null : { at, command: chore, ...(reads && { reads: () => reads }) }
    made.schedule(time.now())
  }
  const setGivingWay = (at: number, givesWayUntil: number) => {
    givingWay = { at, givesWayUntil, command: { service: 'sqs', kind: 'givesWay' } }
    made.schedule(time.now())
  }
  /** Requests that come so many milliseconds after each other, for so long. */
  const disturb = async (everyMs: number, forMs: number) => {
    for (let left = forMs; left > 0; left -= everyMs) {
      made.schedule(time.now())
      await time.runFor(everyMs)
    }
  }
  const standStill = (milliseconds: number) => {
    stoodStillMs += milliseconds
  }
  return { time, done, came, failures, setDue, setGivingWay, disturb, standStill, made }
}

test('a chore that comes earlier than the one before is not missed, and one that is off is not done', async () => {
  const { time, done, setDue } = chores()
  setDue(5000)
  setDue(3000)
  await time.runFor(10_000)
  expect(done).toEqual([3000])
  setDue(20_000)
  setDue(null)
  await time.runFor(20_000)
  expect(done).toEqual([3000])
  expect(time.pending).toBe(0)
})

test('a chore that is due is done once, in a turn of its own', async () => {
  const { time, done, setDue } = chores()
  setDue(900)
  setDue(900)
  expect(done).toEqual([])
  await time.runFor(1)
  expect(done).toEqual([1000])
})

test('after a stop nothing is done, not even what was about to be', async () => {
  for (const at of [900, 1500]) {
    const { time, done, setDue, made } = chores()
    setDue(at)
    made.stop()
    setDue(at)
    await time.runFor(5000)
    expect(done).toEqual([])
  }
})

const body = Uint8Array.of(1)

test('a chore comes with the bodies that it needs, at once where they are at hand', async () => {
  const { time, came, done, setDue } = chores({ read: (ids) => ids.map((id) => (id === 7 ? body : null)) })
  setDue(900, [7, 8])
  await time.runFor(1)
  expect(came).toEqual([[body, null]])
  expect(done).toEqual([1000])
})

test('while bodies are read for a chore no other is begun, and it is done once', async () => {
  let arrive: (bodies: readonly Uint8Array[]) => void = () => {}
  let reads = 0
  const read = () => {
    reads++
    return new Promise<readonly Uint8Array[]>((resolve) => {
      arrive = resolve
    })
  }
  const { time, came, setDue } = chores({ read })
  setDue(900, [7])
  await time.runFor(1)
  setDue(800, [7])
  await time.runFor(10)
  expect([reads, came]).toEqual([1, []])
  arrive([body])
  await time.runFor(1)
  expect([reads, came]).toEqual([1, [[body]]])
  setDue(900)
  await time.runFor(1)
  expect(came).toEqual([[body], undefined])
})

test('whoever reads for a chore is told for which, since that says how it wants what it reads', () => {
  const told: Chore[] = []
  const read = (_: readonly number[], chore: Chore) => {
    told.push(chore)
    return [null]
  }
  const command = { service: 'sqs', kind: 'pack' }
  const chore = { at: 0, command, reads: () => [7], doesWithoutUnreadable: true }
  expect(commandOf(chore, read)).toEqual({ ...command, read: [null] })
  expect(told).toEqual([chore])
})

test('bodies that can not be read are a failure; that is not heard of after a stop', async () => {
  for (const stop of [false, true]) {
    let fail: (error: Error) => void = () => {}
    const read = () =>
      new Promise<never>((_, reject) => {
        fail = reject
      })
    const { time, done, failures, setDue, made } = chores({ read })
    setDue(900, [7])
    await time.runFor(1)
    if (stop) made.stop()
    fail(new Error('EIO'))
    await time.runFor(10)
    expect([done, failures.length]).toEqual([[], stop ? 0 : 1])
  }
})

test('a chore that gives way is done when nothing came for a while', async () => {
  const { time, done, setGivingWay, disturb } = chores()
  setGivingWay(1500, 9000)
  await disturb(7, 700)
  expect(done).toEqual([])
  await time.runFor(30)
  expect(done).toHaveLength(1)
  expect(time.pending).toBe(0)
})

test('a chore gives way for no longer than it says', async () => {
  const { done, setGivingWay, disturb } = chores()
  setGivingWay(900, 3000)
  await disturb(7, 1990)
  expect(done).toEqual([])
  await disturb(7, 20)
  expect(done).toEqual([3000])
})

test('what is due is done while another chore gives way', async () => {
  const { time, done, setDue, setGivingWay, disturb } = chores()
  setGivingWay(900, 3000)
  await disturb(7, 70)
  setDue(1100)
  await disturb(7, 700)
  expect(done).toEqual([1100])
  await time.runFor(30)
  expect(done).toHaveLength(2)
})

test('a process that stood still hears of what came meanwhile before it takes that for a lull', async () => {
  const { time, done, setGivingWay, standStill } = chores()
  setGivingWay(900, 9000)
  standStill(500)
  await time.runFor(19)
  expect(done).toEqual([])
  await time.runFor(1)
  expect(done).toEqual([1020])
})

test('after a stop no lull is waited for', async () => {
  const { time, done, setGivingWay, made } = chores()
  setGivingWay(900, 9000)
  made.stop()
  expect(time.pending).toBe(0)
  await time.runFor(10_000)
  expect(done).toEqual([])
})

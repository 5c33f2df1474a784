import { expect, test } from 'vitest'
import { CellRig, queue, START, textsOf, type Watched } from '../../test/cell/cell-rig.ts'
import type { ScriptedJournal } from '../../test/cell/scripted-journal.ts'
import { SimulatedTime } from '../../test/simulation/simulated-time.ts'
import type { Command } from '../core/command.ts'
import type { Chore, Step } from '../core/service-state.ts'
import type { SqsReplies } from '../services/sqs/commands.ts'
import type { SqsEvent } from '../services/sqs/state/events.ts'
import { SqsState } from '../services/sqs/state/sqs-state.ts'
import type { CellOptions } from './cell.ts'
import { ManualClock } from './manual-clock.ts'
import { TimeControl } from './time-control.ts'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
const deadLetterTargetArn = 'arn:aws:sqs:us-east-1:000000000000:dead'

interface ControlledRig {
  readonly rig: CellRig
  readonly control: TimeControl
  /** Advances, with the journal committing whatever comes. */
  readonly advance: (milliseconds: number) => Promise<void>
}

/** A cell with a queue `q` that goes by a frozen clock; the time behind it does not pass, but for turns of the event loop. */
async function frozenRig(
  journal?: ScriptedJournal,
  time = new SimulatedTime(START),
  states?: CellOptions['states'],
): Promise<ControlledRig> {
  const clock = new ManualClock(time, time)
  const rig = await CellRig.open({ time, clock, ...(journal && { journal }), ...(states && { states }) })
  const control = new TimeControl(clock, Promise.resolve(rig.cell))
  control.freeze()
  if (journal === undefined) await rig.create()
  const advance = async (milliseconds: number) => {
    let isDone = false
    const advanced = control.advance(milliseconds).finally(() => {
      isDone = true
    })
    advanced.catch(() => {})
    while (!isDone) {
      rig.journal.commit()
      await rig.settle()
    }
    await advanced
  }
  return { rig, control, advance }
}

async function received(rig: CellRig, from = 'q', hide = 30) {
  const receive = rig.receive({ from, hide })
  await rig.commit()
  return textsOf(receive)
}

async function counts(rig: CellRig, name = 'q'): Promise<readonly number[]> {
  const asked = rig.execute({ service: 'sqs', kind: 'getQueue', queue: queue(name) } as Command)
  await rig.commit()
  if (asked.outcome === null || 'error' in asked.outcome) throw new Error('the queue was not described')
  const { waitingMessages, delayedMessages, inFlightMessages } = asked.outcome.value as SqsReplies['getQueue']
  return [waitingMessages, delayedMessages, inFlightMessages]
}

test('delays, visibility timeouts and retention go by the clock that is set', async () => {
  const { rig, advance } = await frozenRig()
  rig.send('delayed', { delaySeconds: 900 })
  await rig.time.runFor(DAY)
  expect(await received(rig)).toEqual([])
  await advance(900_000 - 1)
  expect(await received(rig)).toEqual([])
  await advance(1)
  expect(await received(rig)).toEqual(['delayed'])
  await advance(29_999)
  expect(await received(rig)).toEqual([])
  await advance(1)
  expect(await received(rig)).toEqual(['delayed'])
  await advance(4 * DAY)
  expect(await counts(rig)).toEqual([0, 0, 0])
})

test('who waits is answered when the time is reached, with what is his for its whole timeout', async () => {
  const { rig, advance } = await frozenRig()
  rig.send('one', { delaySeconds: 10 })
  await rig.commit()
  const waiting = rig.receive({ wait: 20, hide: 30 })
  await advance(5 * MINUTE)
  expect(textsOf(waiting)).toEqual(['one'])
  await advance(29_999)
  expect(await counts(rig)).toEqual([0, 0, 1])
  await advance(1)
  expect(await counts(rig)).toEqual([1, 0, 0])
})

test('who waited long enough is answered with nothing, and not before', async () => {
  const { rig, advance } = await frozenRig()
  const waiting = rig.receive({ wait: 20 })
  await rig.time.runFor(DAY)
  await advance(19_999)
  expect(waiting.outcome).toBeNull()
  await advance(1)
  expect(textsOf(waiting)).toEqual([])
})

async function rigWithMove(count: number, rate: number | null): Promise<ControlledRig> {
  const controlled = await frozenRig()
  const { rig } = controlled
  await rig.create('dead')
  await rig.create('other')
  await rig.create('source', { redrivePolicy: { deadLetterTargetArn, maxReceiveCount: 1 } })
  for (let i = 0; i < count; i++) rig.send(`m${i}`, { to: 'dead' })
  rig.execute({
    service: 'sqs',
    kind: 'startMoveTask',
    source: queue('dead'),
    destination: queue('other'),
    messagesPerSecond: rate,
    id: 'task',
  } as Command)
  await rig.settle()
  return controlled
}

test('a move task with a rate moves as many messages as it would have in that time', async () => {
  const { rig, advance } = await rigWithMove(1000, 10)
  expect(await counts(rig, 'other')).toEqual([1, 0, 0])
  await advance(10_000)
  expect(await counts(rig, 'other')).toEqual([101, 0, 0])
  await advance(50)
  await advance(50)
  expect(await counts(rig, 'other')).toEqual([102, 0, 0])
  await advance(MINUTE + 30_000)
  expect(await counts(rig, 'other')).toEqual([1000, 0, 0])
  expect(rig.failures).toEqual([])
})

test('what is moved meanwhile is received by those who wait at the time that is reached', async () => {
  const { rig, advance } = await rigWithMove(2, 1)
  expect(await received(rig, 'other', 43_200)).toEqual(['m0'])
  const waiting = rig.receive({ from: 'other', wait: 20, hide: 30 })
  await advance(MINUTE)
  expect(textsOf(waiting)).toEqual(['m1'])
  expect(await counts(rig, 'other')).toEqual([0, 0, 2])
})

/** SQS with chores that do nothing but to note when they are done, and how many messages wait in `q` then. */
class StateWithChores extends SqsState {
  readonly done: (readonly [at: number, waiting: number])[] = []
  #dueAt: readonly number[] = []

  setDue(...milliseconds: number[]): void {
    this.#dueAt = milliseconds.map((each) => START + each)
  }

  override chore(): Chore | null {
    const [at] = this.#dueAt
    return at === undefined ? null : { at, command: { service: 'sqs', kind: 'chore' } }
  }

  override execute(command: Command, step: Step<SqsEvent>) {
    if (command.kind !== 'chore') return super.execute(command, step)
    this.done.push([step.now - START, this.queueAt(queue('q'))?.waiting ?? 0])
    this.#dueAt = this.#dueAt.slice(1)
    return null
  }
}

test('a chore is done at its own time, and finds all that is visible by then', async () => {
  const states: StateWithChores[] = []
  const { rig, advance } = await frozenRig(undefined, undefined, (units, host) => {
    states.push(new StateWithChores(units, host))
    return states
  })
  const [state] = states
  for (let i = 0; i < 5000; i++) rig.send(`m${i}`, { delaySeconds: 60 })
  await rig.commit()
  state!.setDue(0, 10_000, 60_000, 70_000)
  rig.send('one')
  await advance(50_000)
  expect(state!.done).toEqual([
    [0, 1],
    [10_000, 1],
  ])
  await advance(10_000)
  expect(state!.done.slice(2)).toEqual([[60_000, 5001]])
})

test('more than one tick may make visible is visible all the same, and what expired is cleared away', async () => {
  const { rig, advance } = await frozenRig()
  for (let i = 0; i < 5000; i++) rig.send(`m${i}`, { delaySeconds: 60 })
  await rig.commit()
  await advance(MINUTE)
  expect(await counts(rig)).toEqual([5000, 0, 0])
  const { length } = rig.journal.released
  await advance(4 * DAY)
  expect(rig.journal.released.length - length).toBe(5000)
})

test('advances at the same time are one after the other', async () => {
  const { rig, control, advance } = await frozenRig()
  await Promise.all([advance(1000), advance(2000), advance(3000)])
  expect(control.now()).toBe(START + 6000)
  expect(rig.failures).toEqual([])
})

test('an advance is durable: a restart goes on from there, though nothing else happened', async () => {
  const first = await frozenRig()
  first.rig.send('one')
  await first.rig.commit()
  await first.advance(3 * DAY)
  first.rig.journal.fail(new Error('power'))
  const { rig, control, advance } = await frozenRig(first.rig.journal, first.rig.time)
  expect(control.now()).toBe(START + 3 * DAY)
  await advance(DAY - 1)
  expect(await counts(rig)).toEqual([1, 0, 0])
  await advance(1)
  expect(await counts(rig)).toEqual([0, 0, 0])
})

test('what passed by itself since is not lost by a close', async () => {
  const first = await frozenRig()
  await first.advance(DAY)
  first.control.resume()
  await first.rig.time.runFor(3_600_000)
  await first.rig.cell.close()
  const { control } = await frozenRig(first.rig.journal, first.rig.time)
  expect(control.now()).toBe(START + DAY + 3_600_000)
})

test('a start by the real clock says where a time that is ahead may come from', async () => {
  const { rig, advance } = await frozenRig()
  await advance(DAY)
  await expect(CellRig.open({ journal: rig.journal, time: rig.time })).rejects.toThrow(
    /before the journal's last entry .*--allow-clock-control.*--accept-clock/,
  )
})

test('an advance that does not end well says so', async () => {
  const closed = await frozenRig()
  await closed.rig.cell.close()
  await expect(closed.control.advance(1)).rejects.toThrow('the cell is closed')
  const failed = await frozenRig()
  failed.rig.journal.fail(new Error('EIO'))
  await expect(failed.control.advance(1)).rejects.toThrow('EIO')
})

test('commands that come while time is being set are answered, and nobody waits in vain', async () => {
  const { rig, control, advance } = await rigWithMove(300, 100)
  const late: Watched<unknown>[] = []
  const advanced = control.advance(MINUTE)
  for (let i = 0; i < 20; i++) {
    await rig.time.step()
    late.push(rig.receive({ from: 'other', wait: 20, limit: 1 }))
    rig.journal.commit()
  }
  await advance(20_000)
  await advanced
  expect(control.now()).toBe(START + MINUTE + 20_000)
  expect(late.filter(({ outcome }) => outcome === null || 'error' in outcome)).toEqual([])
})

import { expect, test } from 'vitest'
import { CellRig, queue, receiptsOf, START, textsOf } from '../../test/cell/cell-rig.ts'
import { ScriptedJournal } from '../../test/cell/scripted-journal.ts'
import { SimulatedTime } from '../../test/simulation/simulated-time.ts'
import type { ServiceState, VisitBody } from '../core/service-state.ts'
import { ClockError } from './cell.ts'

const DAY = 24 * 3_600_000

test('a reply leaves when what it says is durable', async () => {
  const rig = await CellRig.open()
  await rig.create()
  const sent = rig.send('one')
  await rig.time.runFor(5000)
  expect(sent.outcome).toBeNull()
  await rig.commit()
  expect(sent.outcome).toEqual({ value: [null] })
})

test('a reply without events waits for what it saw, and so does a refusal', async () => {
  const rig = await CellRig.open()
  await rig.create()
  const before = rig.receive()
  await rig.settle()
  expect(textsOf(before)).toEqual([])
  rig.execute({ service: 'sqs', kind: 'deleteQueue', queue: queue('q') } as never)
  const refused = rig.receive()
  await rig.settle()
  expect(refused.outcome).toBeNull()
  await rig.commit()
  expect(textsOf(refused)).toBe('The specified queue does not exist.')
})

test('answers come in the order of the commands', async () => {
  const rig = await CellRig.open()
  await rig.create()
  rig.answered.length = 0
  rig.send('a')
  rig.receive({ name: 'receive 1' })
  rig.receive({ name: 'receive 2' })
  rig.send('b')
  rig.receive({ name: 'receive from nowhere', from: 'nowhere' })
  await rig.commit()
  expect(rig.answered).toEqual(['send a', 'receive 1', 'receive 2', 'send b', 'receive from nowhere'])
})

test('later commands see what is applied but not durable yet', async () => {
  const rig = await CellRig.open()
  await rig.create()
  rig.send('one')
  const received = rig.receive()
  await rig.settle()
  expect(received.outcome).toBeNull()
  await rig.commit()
  expect(textsOf(received)).toEqual(['one'])
})

test('a body that a repair wrote off is named as lost, and the others come', async () => {
  const rig = await CellRig.open()
  await rig.create()
  rig.send('first')
  rig.send('second')
  await rig.commit()
  rig.journal.lost.add(rig.journal.nextBodyId - 2)
  const received = rig.receive()
  await rig.commit()
  const { outcome } = received
  if (outcome === null || 'error' in outcome) throw new Error('the receive was answered otherwise')
  const bodies = await outcome.value.bodies
  expect(bodies[0]).toBeNull()
  expect(Buffer.from(bodies[1]!).toString()).toBe('second')
})

test('what was answered is there after a restart, and what was not durable is gone', async () => {
  const first = await CellRig.open()
  await first.create()
  first.send('kept')
  await first.commit()
  const lost = first.send('lost')
  first.journal.fail(new Error('power'))
  const rig = await CellRig.open({ journal: first.journal, time: first.time })
  const received = rig.receive()
  await rig.commit()
  expect(textsOf(received)).toEqual(['kept'])
  expect(lost.outcome).toBeNull()
})

test('a failed journal stops the cell: it is reported once, and nothing is answered any more', async () => {
  const rig = await CellRig.open()
  await rig.create()
  const waiting = rig.receive({ wait: 20 })
  const sent = rig.send('one', { delaySeconds: 5 })
  const error = new Error('EIO')
  rig.journal.fail(error)
  rig.journal.fail(error)
  await rig.time.runFor(60_000)
  expect(rig.failures).toEqual([error])
  expect(sent.outcome).toBeNull()
  expect(waiting.outcome).toBeNull()
  const late = rig.receive()
  await rig.settle()
  expect(late.outcome).toEqual({ error })
})

test('those who wait are not answered after a failure either, though all they saw is durable', async () => {
  const rig = await CellRig.open()
  await rig.create()
  const waiting = rig.receive({ wait: 20 })
  rig.journal.fail(new Error('EIO'))
  await rig.time.runFor(60_000)
  expect(waiting.outcome).toBeNull()
})

test('an event that can not be applied is never appended, and stops the cell', async () => {
  const rig = await CellRig.open({ states: () => [new PoisonousState()] })
  const fine = rig.execute({ service: 'poison', kind: 'fine' })
  const bad = rig.execute({ service: 'poison', kind: 'bad' })
  await rig.settle()
  expect(rig.journal.appends).toBe(1)
  expect(rig.failures).toMatchObject([{ cause: { message: 'this event is poison' } }])
  const late = rig.execute({ service: 'poison', kind: 'fine' })
  await rig.settle()
  expect(rig.journal.appends).toBe(1)
  for (const { outcome } of [bad, late]) expect(outcome).toEqual({ error: rig.failures[0] })
  // What came before the poison is as good as ever, and was held back already.
  await rig.commit()
  expect(fine.outcome).toEqual({ value: 'fine' })
})

test('the journal is told for how long bodies are stored, by the command and again by the state that was rebuilt', async () => {
  class KeepingState extends PoisonousState {
    override execute(_: { kind: string }, step: Parameters<ServiceState['execute']>[1]): unknown {
      step.emit({ kind: 0x0200 })
      return [step.store(0), step.store(1, 3)]
    }
    override live(visit: VisitBody): void {
      visit(1, 5, 2)
      visit(0, 5)
    }
  }
  const states = () => [new KeepingState()]
  const rig = await CellRig.open({ states })
  const bodies = [new Uint8Array(5), new Uint8Array(5)]
  rig.execute({ service: 'poison', kind: 'keep', bodies })
  await rig.commit()
  expect(Object.fromEntries(rig.journal.lifetimes)).toEqual({ 0: 0, 1: 3 })
  await CellRig.open({ states, journal: rig.journal })
  expect(Object.fromEntries(rig.journal.lifetimes)).toEqual({ 0: 0, 1: 2 })
})

test.each(['advance', 'tidy'] as const)('a defect in %s stops the cell', async (where) => {
  const state = new PoisonousState()
  const rig = await CellRig.open({ states: () => [state] })
  state.poisoned = where
  await rig.time.runFor(1500)
  expect(rig.failures.map(({ message }) => message)).toEqual([`${where} is poisoned`])
})

test('while space is low, what makes the journal grow is refused and the rest goes on', async () => {
  const rig = await CellRig.open()
  await rig.create()
  rig.send('one')
  await rig.commit()
  rig.journal.lowOnSpace = true
  const sent = rig.send('two')
  const created = rig.execute({
    service: 'sqs',
    kind: 'createQueue',
    queue: queue('p'),
    settings: {},
    tags: {},
  } as never)
  const received = rig.receive()
  await rig.commit()
  for (const { outcome } of [sent, created]) {
    expect(outcome).toMatchObject({ error: { shape: { code: 'ServiceUnavailable', status: 503 } } })
  }
  expect(textsOf(received)).toEqual(['one'])
  const deleted = rig.delete(receiptsOf(received))
  await rig.commit()
  expect(deleted.outcome).toEqual({ value: [null] })
  rig.journal.lowOnSpace = false
  const again = rig.send('two')
  await rig.commit()
  expect(again.outcome).toEqual({ value: [null] })
})

test('the bodies of a purged queue are given back in the background', async () => {
  const rig = await CellRig.open()
  await rig.create()
  for (let i = 0; i < 10_000; i++) rig.send(`${i}`)
  rig.execute({ service: 'sqs', kind: 'purgeQueue', queue: queue('q') } as never)
  await rig.commit()
  expect(rig.journal.released.length).toBe(0)
  await rig.time.runFor(1000)
  expect(new Set(rig.journal.released).size).toBe(10_000)
  expect(rig.journal.released.length).toBe(10_000)
})

test('messages whose retention passed are cleared away in the background', async () => {
  const rig = await CellRig.open()
  await rig.create('q', { messageRetentionSeconds: 60 })
  rig.send('one')
  await rig.commit()
  await rig.time.runFor(59_000)
  expect(rig.journal.released).toEqual([])
  await rig.time.runFor(3000)
  expect(rig.journal.released).toEqual([0])
})

test('what is due behind more than one tick may do follows at once, also while nobody waits', async () => {
  const rig = await CellRig.open()
  await rig.create('crowd')
  await rig.create('q')
  for (let i = 0; i < 7000; i++) rig.send('crowd', { to: 'crowd', delaySeconds: 5 })
  await rig.time.runFor(1)
  rig.send('one', { delaySeconds: 5 })
  await rig.commit()
  // Away from the full second: this is not about what the cell does every second.
  await rig.time.runFor(5300)
  const received = rig.receive()
  await rig.commit()
  expect(textsOf(received)).toEqual(['one'])
})

test('a cell that was closed has made everything durable, answered everything, and takes nothing more', async () => {
  const rig = await CellRig.open()
  await rig.create()
  const waiting = rig.receive({ wait: 20 })
  const sent = rig.send('one', { delaySeconds: 9 })
  await rig.time.settle(rig.cell.close())
  expect(sent.outcome).toEqual({ value: [null] })
  expect(textsOf(waiting)).toEqual([])
  expect(rig.journal.closed).toBe(true)
  for (const late of [rig.send('late'), rig.receive()]) {
    await rig.settle()
    expect(late.outcome).toMatchObject({ error: { message: expect.stringContaining('closed') } })
  }
  await rig.time.runFor(60_000)
  expect(rig.failures).toEqual([])
  expect(rig.time.pending).toBe(0)
})

async function journalThatStopped(): Promise<ScriptedJournal> {
  const rig = await CellRig.open()
  await rig.create()
  await rig.time.settle(rig.cell.close())
  return rig.journal
}

test.each([
  ['a minute before', -60_000],
  ['a day after', DAY],
])('a start %s the last entry of the journal is taken as it is', async (_, offset) => {
  const journal = await journalThatStopped()
  const rig = await CellRig.open({ journal, time: new SimulatedTime(START + offset) })
  const received = rig.receive()
  await rig.settle()
  expect(textsOf(received)).toEqual([])
})

test.each([
  ['more than a minute before', -60_001, /before the journal's last entry/],
  ['more than a day after', DAY + 1, /more than a day after/],
])('a start %s the last entry asks for --accept-clock', async (_, offset, message) => {
  const journal = await journalThatStopped()
  const time = new SimulatedTime(START + offset)
  const opening = CellRig.open({ journal, time })
  await expect(opening).rejects.toThrow(ClockError)
  await expect(opening).rejects.toThrow(message)
  await expect(opening).rejects.toThrow('--accept-clock')
  expect(journal.closed).toBe(true)
  const accepted = await CellRig.open({ journal, time, acceptClock: true })
  const received = accepted.receive()
  await accepted.settle()
  expect(textsOf(received)).toEqual([])
})

test('an empty journal starts at any time', async () => {
  const rig = await CellRig.open({ time: new SimulatedTime(5), journal: new ScriptedJournal() })
  await rig.create()
  expect(rig.answered).toHaveLength(1)
})

test('where the clock is behind the journal, time stands still until it has caught up', async () => {
  const journal = await journalThatStopped()
  const rig = await CellRig.open({ journal, time: new SimulatedTime(START - 30_000) })
  rig.send('one', { delaySeconds: 10 })
  await rig.commit()
  await rig.time.runUntil(START + 9999)
  expect(textsOf(await answered(rig))).toEqual([])
  await rig.time.runUntil(START + 10_000)
  expect(textsOf(await answered(rig))).toEqual(['one'])
})

async function answered(rig: CellRig) {
  const received = rig.receive()
  await rig.commit()
  return received
}

/** A state with one event, which some commands make it choke on. */
class PoisonousState implements ServiceState {
  readonly service = 'poison'
  readonly number = 2
  readonly nextWakeAt = Number.POSITIVE_INFINITY
  poisoned: 'advance' | 'tidy' | null = null

  advance(): void {
    if (this.poisoned === 'advance') throw new Error('advance is poisoned')
  }
  execute(command: { kind: string }, step: Parameters<ServiceState['execute']>[1]): unknown {
    step.emit({ kind: command.kind === 'bad' ? 0x0201 : 0x0200 })
    return command.kind
  }
  apply(event: { kind: number }): void {
    if (event.kind === 0x0201) throw new Error('this event is poison')
  }
  encode(): void {}
  decode(kind: number): { kind: number } {
    return { kind }
  }
  waitFor(): null {
    return null
  }
  grows(): boolean {
    return false
  }
  chore(): null {
    return null
  }
  tidy(): boolean {
    if (this.poisoned === 'tidy') throw new Error('tidy is poisoned')
    return false
  }
  restore(): void {}
  live(_visit: VisitBody): void {}
}

import { expect, test } from 'vitest'
import { ServiceError } from '../api/service-error.ts'
import type { Command } from './command.ts'
import type { Delivery, Landing, LandingOutcome } from './landing.ts'
import type { Lifetime } from './lifetime.ts'
import { Machine } from './machine.ts'
import type { Chore, Event, ServiceState, Step } from './service-state.ts'
import { Units } from './units.ts'

const Refused = { code: 'Refused', status: 400, fault: 'client' } as const

/** Notes what it is told; its commands say how many events to emit, and what to throw after them. */
class NotingState implements ServiceState {
  readonly service: string
  readonly number: number
  readonly notes: string[] = []
  nextWakeAt = Number.POSITIVE_INFINITY
  due: Chore | null = null

  constructor(service = 'notes', number = 3) {
    this.service = service
    this.number = number
  }
  advance(now: number): void {
    this.notes.push(`advance ${now}`)
  }
  execute(command: { kind: string; events?: number; error?: Error }, step: Step<Event>): unknown {
    for (let i = 0; i < (command.events ?? 0); i++) step.emit({ kind: (this.number << 8) | i })
    if (command.kind === 'store') return [step.store(1), step.store(0), step.emit({ kind: this.number << 8 })]
    if (command.error !== undefined) throw command.error
    return command.kind
  }
  apply(event: Event, now: number): void {
    this.notes.push(`${event.kind & 0xff} at ${now}`)
  }
  encode(event: Event, writer: { uint32(value: number): void }): void {
    writer.uint32(event.kind)
  }
  decode(kind: number, version: number, reader: { uint32(): number }): Event {
    expect(version).toBe(1)
    expect(reader.uint32()).toBe(kind)
    return { kind }
  }
  waitFor(): null {
    return null
  }
  grows({ kind }: Command): boolean {
    return kind === 'grow'
  }
  chore(): Chore | null {
    return this.due
  }
  tidy(): boolean {
    return false
  }
  restore(): void {}
  live(): void {}
}

const command = (events: number, error?: Error) => ({ service: 'notes', kind: 'do', events, error })

test('events are replayed at the times they happened', () => {
  const state = new NotingState()
  const machine = new Machine([state])
  const journal: Uint8Array[] = []
  const execute = (now: number, events: number) => {
    machine.advance(now)
    journal.push(machine.execute(command(events), 0).events)
  }
  execute(100, 2)
  execute(100, 1)
  execute(150, 0)
  execute(200, 1)
  expect(journal[2]).toHaveLength(0)
  const replayed = new NotingState()
  const other = new Machine([replayed])
  for (const events of journal) other.replay(events)
  expect(replayed.notes).toEqual([
    'advance 100',
    '0 at 100',
    '1 at 100',
    '0 at 100',
    'advance 200',
    '0 at 200',
  ])
  expect(other.now).toBe(200)
})

test('a machine that was restored goes on from the time of its snapshot', () => {
  const state = new NotingState()
  const before = new Machine([state])
  before.advance(100)
  before.execute(command(1), 0)
  const { events } = before.execute(command(1), 0)
  const restored = new NotingState()
  const machine = new Machine([restored])
  machine.restore(new Map(), new Units(), 100)
  machine.replay(events)
  expect(restored.notes).toEqual(['advance 100', '0 at 100'])
})

test('what happens in the millisecond of the snapshot that a machine was restored from has its time without that snapshot, too', () => {
  const machine = new Machine([new NotingState()])
  machine.restore(new Map(), new Units(), 100)
  const { events } = machine.execute(command(1), 0)
  const replayed = new NotingState()
  const other = new Machine([replayed])
  other.restore(new Map(), new Units(), 60)
  other.replay(events)
  expect(replayed.notes).toEqual(['advance 60', 'advance 100', '0 at 100'])
})

test('a refusal leaves nothing behind, and is handed on as it is', () => {
  const machine = new Machine([new NotingState()])
  machine.advance(100)
  const refusal = new ServiceError(Refused, 'no')
  expect(() => machine.execute(command(0, refusal), 0)).toThrow(refusal)
  const after = machine.execute(command(1), 0).events
  const fresh = new Machine([new NotingState()])
  fresh.advance(100)
  expect(after).toEqual(fresh.execute(command(1), 0).events)
})

test('a refusal after the first event is a defect, not a refusal', () => {
  const machine = new Machine([new NotingState()])
  const refusal = new ServiceError(Refused, 'no')
  let thrown: unknown
  try {
    machine.execute(command(1, refusal), 0)
  } catch (error) {
    thrown = error
  }
  expect(thrown).not.toBeInstanceOf(ServiceError)
  expect(thrown).toMatchObject({ message: 'notes gave up do after its first event', cause: refusal })
})

test('bodies get their ids in the order in which they are stored', () => {
  const machine = new Machine([new NotingState()])
  const bodies = [new Uint8Array([0]), new Uint8Array([1])]
  const outcome = machine.execute({ service: 'notes', kind: 'store', bodies }, 40)
  expect(outcome.reply).toEqual([40, 41, undefined])
  expect(outcome.bodies).toEqual([bodies[1], bodies[0]])
})

test('a body that a decision made is stored among those that its command brings', () => {
  const made = new Uint8Array([7])
  class MakingState extends NotingState {
    override execute(_command: Command, step: Step<Event>): unknown {
      const bodyIds = [step.storeShared(0), step.storeMade(made, 2), step.store(1)]
      step.retain(bodyIds[0]!)
      step.emit({ kind: this.number << 8 })
      return bodyIds
    }
  }
  const bodies = [new Uint8Array([0]), new Uint8Array([1])]
  const machine = new Machine([new MakingState()])
  const outcome = machine.execute({ service: 'notes', kind: 'make', bodies }, 40)
  expect(outcome.reply).toEqual([40, 41, 42])
  expect(outcome.bodies).toEqual([bodies[0], made, bodies[1]])
  expect([outcome.references, outcome.lifetimes]).toEqual([
    [1, 1, 1],
    [0, 2, 0],
  ])
})

test('a body that the command does not bring can not be stored', () => {
  const machine = new Machine([new NotingState()])
  expect(() => machine.execute({ service: 'notes', kind: 'store', bodies: [] }, 0)).toThrow('no body 1')
})

test('time does not go back', () => {
  const machine = new Machine([new NotingState()])
  machine.advance(100)
  expect(() => machine.advance(99)).toThrow('time went back')
  expect(() => machine.advance(100)).not.toThrow()
})

test('an event of a service that this build does not have is refused', () => {
  const machine = new Machine([new NotingState('notes', 4)])
  machine.advance(1)
  const { events } = machine.execute(command(1), 0)
  expect(() => new Machine([new NotingState('notes', 3)]).replay(events)).toThrow(/kind 1024.*newer/)
})

test('each service is told of its own events, and all of the time', () => {
  const [one, two] = [new NotingState('one', 3), new NotingState('two', 4)]
  const machine = new Machine([one, two])
  machine.advance(7)
  machine.execute({ service: 'two', kind: 'do', events: 1 } as never, 0)
  expect(one.notes).toEqual(['advance 7'])
  expect(two.notes).toEqual(['advance 7', '0 at 7'])
  one.nextWakeAt = 50
  two.nextWakeAt = 30
  expect(machine.nextWakeAt).toBe(30)
  expect(() => machine.execute({ service: 'three', kind: 'do' }, 0)).toThrow('three')
})

/** Sends the first body of its command to the targets that it names, and replies with what became of them. */
class SendingState extends NotingState {
  override execute(command: { targets: string[] } & Command, step: Step<Event>): unknown {
    const bodyId = step.storeShared(0)
    step.emit({ kind: this.number << 8 })
    return command.targets.map((target) =>
      step.deliver({ target, sender: null, origin: 'o', landings: [landingOf(bodyId)] }),
    )
  }
}

/** Takes landings in, but for those of a target named `full`. */
class TakingState extends NotingState {
  accept({ target, landings }: Delivery, step: Step<Event>): readonly LandingOutcome[] {
    if (target.endsWith(':full')) return landings.map(() => 'too large')
    for (const { bodyId } of landings) step.retain(bodyId)
    step.emit({ kind: this.number << 8 })
    return landings.map(() => null)
  }
}

function landingOf(bodyId: number): Landing {
  return { bodyId, bytes: 1, sizeBytes: 1, groupKey: null, deduplication: null }
}

function deliver(...targets: string[]) {
  const [sender, taker] = [new SendingState('sender', 3), new TakingState('taker', 4)]
  const machine = new Machine([sender, taker, new NotingState('deaf', 5)])
  machine.advance(5)
  const command = { service: 'sender', kind: 'send', bodies: [new Uint8Array(1)], targets }
  return { taker, sender, outcome: machine.execute(command, 70) }
}

test('what one state sends to another stands in the same events, in the order of the decision', () => {
  const { outcome, sender, taker } = deliver('arn:aws:taker:r:a:x')
  expect(outcome.reply).toEqual([[null]])
  expect(taker.notes).toEqual(['advance 5', '0 at 5'])
  const [again, other] = [new SendingState('sender', 3), new TakingState('taker', 4)]
  new Machine([again, other]).replay(outcome.events)
  expect(again.notes).toEqual(sender.notes)
  expect(other.notes).toEqual(taker.notes)
})

test('a shared body has a reference for each target that kept it, and none of those that did not', () => {
  const { outcome } = deliver('arn:aws:taker:r:a:x', 'arn:aws:taker:r:a:full', 'arn:aws:taker:r:a:y')
  expect(outcome.bodies).toHaveLength(1)
  expect(outcome.references).toEqual([2])
  expect(deliver('arn:aws:taker:r:a:full').outcome.references).toEqual([0])
})

test('a target of a service that is not there, or takes nothing, fails by itself', () => {
  const { outcome } = deliver(
    'arn:aws:unknown:r:a:x',
    'arn:aws:deaf:r:a:x',
    'nonsense',
    'arn:aws:taker:r:a:x',
  )
  expect(outcome.reply).toEqual([['no such target'], ['no such target'], ['no such target'], [null]])
  expect(outcome.references).toEqual([1])
})

test('bodies of one owner have one reference beside those that are shared', () => {
  class BothState extends NotingState {
    override execute(_: Command, step: Step<Event>): unknown {
      step.store(0)
      const shared = step.storeShared(1)
      step.store(2)
      step.retain(shared)
      step.retain(shared)
      return step.emit({ kind: this.number << 8 })
    }
  }
  const machine = new Machine([new BothState()])
  const bodies = [0, 1, 2].map((byte) => new Uint8Array([byte]))
  expect(machine.execute({ service: 'notes', kind: 'both', bodies }, 9).references).toEqual([1, 2, 1])
})

test('a body that was not stored to be shared can not be retained', () => {
  class GreedyState extends NotingState {
    override execute(_: Command, step: Step<Event>): unknown {
      step.retain(step.store(0))
      return null
    }
  }
  const machine = new Machine([new GreedyState()])
  const command = { service: 'notes', kind: 'greedy', bodies: [new Uint8Array(1)] }
  expect(() => machine.execute(command, 0)).toThrow('was not stored to be shared')
})

test('a body of an earlier command gets one more reference for each time it is retained', () => {
  class KeepingState extends NotingState {
    override execute(_: Command, step: Step<Event>): unknown {
      step.retain(8)
      step.retain(3)
      step.retain(8)
      return step.emit({ kind: this.number << 8 })
    }
  }
  const machine = new Machine([new KeepingState()])
  const outcome = machine.execute({ service: 'notes', kind: 'keep' }, 9)
  expect([outcome.retained, outcome.references]).toEqual([[8, 3, 8], null])
  expect(machine.execute({ service: 'notes', kind: 'keep' }, 9).retained).toEqual([8, 3, 8])
})

test('what a body is stored for is said of all bodies of a command, and of none where all are for a short time', () => {
  type Storing = { readonly lifetimes: readonly (Lifetime | undefined)[] } & Command
  class HoardingState extends NotingState {
    override execute({ lifetimes }: Storing, step: Step<Event>): unknown {
      step.emit({ kind: this.number << 8 })
      return lifetimes.map((lifetime, i) =>
        i === 2 ? step.storeShared(i, lifetime) : step.store(i, lifetime),
      )
    }
  }
  const machine = new Machine([new HoardingState()])
  const bodies = [0, 1, 2, 3].map((byte) => new Uint8Array([byte]))
  const told = (...lifetimes: Storing['lifetimes']) => {
    const command: Storing = { service: 'notes', kind: 'hoard', bodies, lifetimes }
    return machine.execute(command, 9).lifetimes
  }
  expect(told(undefined, 3, undefined, 1)).toEqual([0, 3, 0, 1])
  expect(told(undefined, 0, undefined)).toBeNull()
  expect(told(0, undefined, 2)).toEqual([0, 0, 2])
  expect(told(1)).toEqual([1])
})

test('the chore that is due first is told, and one that grows the journal only where it may, while others are', () => {
  const [notes, others] = [new NotingState(), new NotingState('others', 4)]
  const machine = new Machine([notes, others])
  expect(machine.chore()).toBe(null)
  notes.due = { at: 1, command: { service: 'notes', kind: 'grow' } }
  others.due = { at: 2, command: { service: 'others', kind: 'do' } }
  expect(machine.chore()).toBe(notes.due)
  expect(machine.chore(false)).toBe(others.due)
  others.due = null
  expect(machine.chore(false)).toBe(null)
})

test('of chores one that gives way has its turn in a lull, and outside of one behind those that are due before it stops to', () => {
  const [notes, others] = [new NotingState(), new NotingState('others', 4)]
  const machine = new Machine([notes, others])
  notes.due = { at: 1, givesWayUntil: 9, command: { service: 'notes', kind: 'do' } }
  expect([machine.chore(), machine.chore(true, false)]).toEqual([notes.due, notes.due])
  others.due = { at: 8, command: { service: 'others', kind: 'do' } }
  expect([machine.chore(), machine.chore(true, false)]).toEqual([notes.due, others.due])
  others.due = { at: 10, command: { service: 'others', kind: 'do' } }
  expect(machine.chore(true, false)).toBe(notes.due)
})

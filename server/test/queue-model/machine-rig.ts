import { expect } from 'vitest'
import { ByteReader } from '../../src/base/byte-reader.ts'
import { Machine, type Outcome } from '../../src/core/machine.ts'
import type { StateHost } from '../../src/core/service-state.ts'
import { type Cut, Units } from '../../src/core/units.ts'
import type {
  QueueAddress,
  ReceivedMessage,
  SqsCommand,
  SqsReplies,
} from '../../src/services/sqs/commands.ts'
import { isFifoName } from '../../src/services/sqs/queue-name.ts'
import { decodeEvent } from '../../src/services/sqs/state/event-layouts.ts'
import type { SqsEvent } from '../../src/services/sqs/state/events.ts'
import { SqsState } from '../../src/services/sqs/state/sqs-state.ts'
import { StandardQueue } from '../../src/services/sqs/state/standard-queue.ts'
import { type SendCommand, SenderState } from './sender-state.ts'

interface Snapshot {
  readonly units: ReadonlyMap<number, Uint8Array>
  /** How much of the log it covers, and the time of the last entry it covers. */
  readonly entries: number
  readonly now: number
}

interface Life {
  readonly machine: Machine
  readonly state: SqsState
  readonly units: Units
  /** Every body the state has not let go of. */
  readonly retained: Map<number, Retained>
  /** False while the state is rebuilt: a journal counts what is live afterwards. */
  counting: boolean
}

interface Retained {
  readonly bytes: number
  references: number
}

/**
 * A machine with SQS on it, and a service that sends to it, and the journal in its plainest form: an array of events, and the newest snapshot. Watches
 * that every body is given back once for each reference, and that the state says of each whether it is still there.
 */
export class MachineRig {
  now: number
  readonly log: { readonly now: number; readonly events: Uint8Array }[] = []
  #life: Life
  #bodies = 0
  #snapshot: Snapshot | null = null
  #writing: { cut: Cut; units: Map<number, Uint8Array>; entries: number; now: number } | null = null

  constructor(now: number) {
    this.now = now
    this.#life = newLife()
    this.#life.counting = true
  }

  get machine(): Machine {
    return this.#life.machine
  }

  /** To be looked into. */
  get state(): SqsState {
    return this.#life.state
  }

  /** The standard queue there, to be looked into. */
  standardQueue(address: QueueAddress): StandardQueue {
    const queue = this.#life.state.queueAt(address)
    if (!(queue instanceof StandardQueue)) throw new Error(`${address.name} is no standard queue`)
    return queue
  }

  /** Decides a command at the present time. Throws what the machine throws. */
  execute(command: SqsCommand | SendCommand): Outcome {
    this.machine.advance(this.now)
    const outcome = this.machine.execute(command, this.#bodies)
    if (outcome.events.length > 0) this.log.push({ now: this.now, events: outcome.events })
    for (const [i, body] of outcome.bodies.entries()) {
      const references = outcome.references?.[i] ?? 1
      if (references > 0) this.#life.retained.set(this.#bodies, { bytes: body.length, references })
      this.#bodies++
    }
    return outcome
  }

  /** Carries out the chore that is due, if there is one; null if there is none. */
  doChore(): Outcome | null {
    this.machine.advance(this.now)
    const chore = this.machine.chore()
    return chore === null || chore.at > this.now ? null : this.execute(chore.command as SqsCommand)
  }

  /** Tidies until nothing is left to do. */
  tidy(): void {
    this.machine.advance(this.now)
    tidyAll(this.machine)
    this.now = this.machine.now
  }

  /** The state and the bodies that were given back agree on what is there. */
  checkBodies(): void {
    const { retained } = this.#life
    const seen = new Map<number, number>()
    this.machine.live((bodyId, bytes) => {
      if (retained.get(bodyId)?.bytes !== bytes)
        throw new Error(`body ${bodyId} is referred to, but was given back`)
      seen.set(bodyId, (seen.get(bodyId) ?? 0) + 1)
    })
    for (const [bodyId, { references }] of retained) {
      const found = seen.get(bodyId) ?? 0
      if (found !== references)
        throw new Error(`body ${bodyId} is referred to ${found} times, and counted for ${references}`)
    }
  }

  retainedBodies(): number[] {
    return [...this.#life.retained.keys()].sort((a, b) => a - b)
  }

  beginSnapshot(): void {
    if (this.#writing !== null) return
    this.#writing = {
      cut: this.#life.units.cut(),
      units: new Map(),
      entries: this.log.length,
      now: this.log.at(-1)?.now ?? 0,
    }
  }

  /** Writes up to `count` units of the snapshot under way; it counts once the last was written. */
  writeSnapshot(count: number): void {
    for (let i = 0; i < count && this.#writing !== null; i++) {
      const unit = this.#writing.cut.next()
      if (unit === null) {
        const { units, entries, now } = this.#writing
        this.#snapshot = { units, entries, now }
        this.#writing = null
      } else {
        expect(this.#writing.units.has(unit.id)).toBe(false)
        this.#writing.units.set(unit.id, unit.bytes ?? this.#snapshot!.units.get(unit.id)!)
      }
    }
  }

  /** Takes a whole snapshot and says of how many units it is. */
  countUnits(): number {
    this.beginSnapshot()
    this.writeSnapshot(Number.POSITIVE_INFINITY)
    return this.#snapshot!.units.size
  }

  abandonSnapshot(): void {
    this.#writing?.cut.abandon(this.#life.units)
    this.#writing = null
  }

  /** Starts again from the log, and from the newest snapshot where that's wanted and there is one. */
  restart(fromSnapshot: boolean): void {
    this.#writing = null
    if (!fromSnapshot) this.#snapshot = null
    this.#life = this.#rebuild()
    const { retained } = this.#life
    this.machine.live((bodyId, bytes) => {
      const references = (retained.get(bodyId)?.references ?? 0) + 1
      retained.set(bodyId, { bytes, references })
    })
    this.#life.counting = true
    expect(this.machine.now).toBeLessThanOrEqual(this.now)
  }

  /** Takes a whole snapshot, and starts again from it or from the log alone. */
  restartWith(snapshot: boolean): void {
    this.countUnits()
    this.restart(snapshot)
  }

  /** Another machine, built from the log alone; it lets go of bodies unseen. */
  replayed(): Machine {
    const { machine } = newLife()
    for (const { events } of this.log) machine.replay(events)
    return machine
  }

  #rebuild(): Life {
    const life = newLife()
    const snapshot = this.#snapshot
    if (snapshot !== null) {
      const copies = new Map([...snapshot.units].map(([id, bytes]) => [id, bytes.slice()]))
      life.machine.restore(copies, life.units, snapshot.now)
    }
    for (const { events } of this.log.slice(snapshot?.entries ?? 0)) life.machine.replay(events)
    return life
  }
}

function newLife(): Life {
  const units = new Units()
  const retained = new Map<number, Retained>()
  let life: Life
  const host: StateHost = {
    release: (bodyId, bytes) => {
      if (!life.counting) return
      const body = retained.get(bodyId)
      expect(body?.bytes, `body ${bodyId} was let go of`).toBe(bytes)
      if (--body!.references === 0) retained.delete(bodyId)
    },
    read: (bodyIds) => bodyIds.map(bodyOf),
    wake: () => {},
  }
  const state = new SqsState(units, host)
  life = { machine: new Machine([state, new SenderState()]), state, units, retained, counting: false }
  return life
}

function tidyAll(machine: Machine): void {
  // The search for expired messages runs at most once a second.
  machine.advance(machine.now + 1000)
  for (let calls = 0; machine.tidy(); calls++) expect(calls).toBeLessThan(10_000)
}

/**
 * All queues with the receivable messages in each, received here one by one, in the order of their bodies.
 * Time passes by a second.
 */
export function contentOf(machine: Machine): unknown {
  // What expired counts until it's cleared away, which is nobody's promise when.
  tidyAll(machine)
  let nextBody = 1e9
  const execute = (command: SqsCommand) => {
    const { reply, bodies } = machine.execute(command, nextBody)
    nextBody += bodies.length
    return reply
  }
  const page = { service: 'sqs', kind: 'listQueues', prefix: '', after: '', limit: 100 } as const
  const scope = { accountId: '000000000000', region: 'us-east-1' }
  const { names } = execute({ ...page, ...scope }) as SqsReplies['listQueues']
  const tags = new Uint8Array(80)
  return names.map((name) => {
    const queue = { ...scope, name }
    const {
      settings,
      tags: labels,
      inFlightMessages,
      delayedMessages,
    } = execute({
      service: 'sqs',
      kind: 'getQueue',
      queue,
    }) as SqsReplies['getQueue']
    const messages: (Omit<ReceivedMessage, 'receipt' | 'slot'> & { receiveNumber: number; body: number })[] =
      []
    const receive = { service: 'sqs', kind: 'receiveMessages', limit: 10, waitSeconds: 0 } as const
    for (;;) {
      const reply = execute({ ...receive, queue, tags, visibilityTimeoutSeconds: 9 })
      const { messages: received, bodies } = reply as SqsReplies['receiveMessages']
      if (received.length === 0) break
      const receipts = received.map(({ receipt }) => receipt)
      // What is in flight locks its group.
      if (isFifoName(name)) execute({ service: 'sqs', kind: 'deleteMessages', queue, receipts })
      for (const [i, { receipt, slot: _slot, ...rest }] of received.entries()) {
        const body = bodyIdIn((bodies as readonly Uint8Array[])[i]!)
        messages.push({ ...rest, receiveNumber: receipt.receiveNumber, body })
      }
    }
    // Which of two that became visible at the same time comes first is nobody's business.
    messages.sort((a, b) => a.body - b.body)
    const moveTasks = execute({ service: 'sqs', kind: 'listMoveTasks', source: queue, limit: 10 })
    return { name, settings, labels, inFlightMessages, delayedMessages, messages, moveTasks }
  })
}

/** What the rig reads for a body: its id. */
export function bodyOf(bodyId: number): Uint8Array {
  return new Uint8Array(new Float64Array([bodyId]).buffer)
}

/** The id of a body that the rig read. */
export function bodyIdIn(body: Uint8Array): number {
  return new Float64Array(body.buffer)[0]!
}

const TICK = 1

/** The events of one command, without the ticks. */
export function eventsIn(bytes: Uint8Array): SqsEvent[] {
  const reader = new ByteReader(bytes)
  const events: SqsEvent[] = []
  while (reader.remaining > 0) {
    const kind = reader.uint16()
    const version = reader.uint16()
    const payload = new ByteReader(reader.bytes(reader.uint32()))
    if (kind !== TICK) events.push(decodeEvent(kind, version, payload))
  }
  return events
}

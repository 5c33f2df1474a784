import { expect, test } from 'vitest'
import { MachineRig } from '../../../../test/queue-model/machine-rig.ts'
import { Machine } from '../../../core/machine.ts'
import { Units } from '../../../core/units.ts'
import type { SqsCommand, SqsReplies } from '../commands.ts'
import { queueArn } from '../queue-arn.ts'
import { decodeRoot } from './root.ts'
import { SqsState } from './sqs-state.ts'

const START = 1_700_000_000_000
const SCOPE = { accountId: '000000000000', region: 'us-east-1' }

const create = (rig: MachineRig, name: string, region = 'us-east-1') =>
  rig.execute({
    service: 'sqs',
    kind: 'createQueue',
    queue: { ...SCOPE, region, name },
    settings: {},
    tags: {},
  })

function send(rig: MachineRig, name: string, count: number, delaySeconds = 0): void {
  const bodies = Array.from({ length: count }, () => new Uint8Array(1))
  const messages = bodies.map((_, body) => ({ body, sizeBytes: 1, delaySeconds }))
  rig.execute({ service: 'sqs', kind: 'sendMessages', queue: { ...SCOPE, name }, messages, bodies })
}

function receive(rig: MachineRig, name: string, limit = 10): SqsReplies['receiveMessages'] {
  const command: SqsCommand = {
    service: 'sqs',
    kind: 'receiveMessages',
    queue: { ...SCOPE, name },
    limit,
    visibilityTimeoutSeconds: 30,
    waitSeconds: 0,
    tags: new Uint8Array(8 * limit),
  }
  return rig.execute(command).reply as SqsReplies['receiveMessages']
}

function names(rig: MachineRig, region = 'us-east-1'): readonly string[] {
  const page = { service: 'sqs', kind: 'listQueues', prefix: '', after: '', limit: 1000 } as const
  return (rig.execute({ ...page, ...SCOPE, region }).reply as SqsReplies['listQueues']).names
}

const reset = (rig: MachineRig) => rig.execute({ service: 'sqs', kind: 'reset' })

test('one event lets go of every queue, however many there are and whatever they hold', () => {
  const rig = new MachineRig(START)
  for (let i = 0; i < 700; i++) create(rig, `q-${i}`)
  create(rig, 'elsewhere', 'eu-west-1')
  send(rig, 'q-0', 2000)
  send(rig, 'q-1', 300, 60)
  receive(rig, 'q-0')
  const { reply, events } = reset(rig)
  expect(reply).toEqual({ queues: 701 })
  // The tick that says when, and an event without a payload.
  expect(events.length).toBeLessThanOrEqual(24)
  expect([names(rig), names(rig, 'eu-west-1')]).toEqual([[], []])
  // The bodies go in pieces, while nobody waits.
  expect(rig.retainedBodies()).toHaveLength(2300)
  expect(rig.machine.tidy()).toBe(true)
  rig.checkBodies()
  rig.tidy()
  expect(rig.retainedBodies()).toEqual([])
})

test('a reset of nothing is no event', () => {
  const rig = new MachineRig(START)
  expect(reset(rig)).toMatchObject({ reply: { queues: 0 }, events: new Uint8Array(0) })
})

test.each([false, true])(
  'queues that were let go of do not come back after a restart (from a snapshot: %s)',
  (fromSnapshot) => {
    const rig = new MachineRig(START)
    create(rig, 'q')
    send(rig, 'q', 600)
    receive(rig, 'q')
    rig.beginSnapshot()
    rig.writeSnapshot(2)
    reset(rig)
    // The snapshot that was under way has the queue as it was; the event comes after it.
    rig.writeSnapshot(Number.POSITIVE_INFINITY)
    rig.machine.tidy()
    rig.restart(fromSnapshot)
    expect(names(rig)).toEqual([])
    rig.tidy()
    expect(rig.retainedBodies()).toEqual([])
  },
)

test('a queue of the same name is another one: old receipts are worth nothing, old deadlines do nothing', () => {
  const rig = new MachineRig(START)
  create(rig, 'q')
  send(rig, 'q', 3)
  const [old] = receive(rig, 'q').messages
  reset(rig)
  create(rig, 'q')
  send(rig, 'q', 2)
  const receipts = [old!.receipt]
  const { reply } = rig.execute({
    service: 'sqs',
    kind: 'deleteMessages',
    queue: { ...SCOPE, name: 'q' },
    receipts,
  })
  expect((reply as SqsReplies['deleteMessages'])[0]?.error.code).toBe('ReceiptHandleIsInvalid')
  rig.now += 60_000
  expect(receive(rig, 'q').messages).toHaveLength(2)
  rig.tidy()
  expect(rig.retainedBodies()).toHaveLength(2)
})

test('no deleted queue is remembered for dead letters that are gone', () => {
  const units = new Units()
  const host = { release: () => {}, wake: () => {}, read: (ids: readonly number[]) => ids.map(() => null) }
  const machine = new Machine([new SqsState(units, host)])
  machine.advance(START)
  const execute = (command: object) => machine.execute({ service: 'sqs', ...command } as SqsCommand, 1)
  const [q, dead] = [
    { ...SCOPE, name: 'q' },
    { ...SCOPE, name: 'dead' },
  ]
  execute({ kind: 'createQueue', queue: dead, settings: {}, tags: {} })
  const redrivePolicy = { deadLetterTargetArn: queueArn(dead), maxReceiveCount: 1 }
  execute({ kind: 'createQueue', queue: q, settings: { redrivePolicy }, tags: {} })
  execute({
    kind: 'sendMessages',
    queue: q,
    messages: [{ body: 0, sizeBytes: 1, delaySeconds: 0 }],
    bodies: [new Uint8Array(1)],
  })
  const receive = { kind: 'receiveMessages', queue: q, limit: 1, waitSeconds: 0, tags: new Uint8Array(8) }
  execute({ ...receive, visibilityTimeoutSeconds: 0 })
  machine.advance(START + 1)
  // The second receive comes upon a message that was received often enough.
  execute({ ...receive, visibilityTimeoutSeconds: 0 })
  execute({ kind: 'deleteQueue', queue: q })
  expect(rootOf(units).retired).toEqual([[2, q]])
  execute({ kind: 'reset' })
  expect(rootOf(units).retired).toEqual([])
})

function rootOf(units: Units) {
  const cut = units.cut()
  let root: Uint8Array | null = null
  for (let unit = cut.next(); unit !== null; unit = cut.next()) if (unit.id === 1) root = unit.bytes
  return decodeRoot(root!)
}

test('a snapshot taken while the queues are still being cleared away does not have them', () => {
  const rig = new MachineRig(START)
  create(rig, 'q')
  send(rig, 'q', 9000)
  reset(rig)
  create(rig, 'new')
  send(rig, 'new', 1)
  rig.machine.tidy()
  rig.countUnits()
  rig.restart(true)
  expect(names(rig)).toEqual(['new'])
  expect(rig.retainedBodies()).toHaveLength(1)
})

import { expect, test } from 'vitest'
import { MachineRig } from '../../../../test/queue-model/machine-rig.ts'
import { ServiceError } from '../../../api/service-error.ts'
import type { PeekPlace, SqsCommand, SqsReplies } from '../commands.ts'

const START = 1_700_000_000_000
const queue = { accountId: '000000000000', region: 'us-east-1', name: 'q' }

function rigWithQueue(): MachineRig {
  const rig = new MachineRig(START)
  rig.execute({ service: 'sqs', kind: 'createQueue', queue, settings: {}, tags: {} })
  return rig
}

function send(rig: MachineRig, count: number, { bytes = 1, delaySeconds = 0 } = {}): void {
  const bodies = Array.from({ length: count }, () => new Uint8Array(bytes))
  const messages = bodies.map((_, body) => ({ body, sizeBytes: 1, delaySeconds }))
  rig.execute({ service: 'sqs', kind: 'sendMessages', queue, messages, bodies })
}

function receive(rig: MachineRig, limit = 10): SqsReplies['receiveMessages'] {
  const tags = new Uint8Array(8 * limit)
  const wanted = { limit, visibilityTimeoutSeconds: 30, waitSeconds: 0, tags }
  return rig.execute({ service: 'sqs', kind: 'receiveMessages', queue, ...wanted })
    .reply as SqsReplies['receiveMessages']
}

function drop(rig: MachineRig, count: number): void {
  for (let dropped = 0; dropped < count; dropped += 10) {
    const receipts = receive(rig).messages.map(({ receipt }) => receipt)
    rig.execute({ service: 'sqs', kind: 'deleteMessages', queue, receipts })
  }
}

function peek(
  rig: MachineRig,
  options: Partial<SqsCommand<'peekMessages'>> = {},
): SqsReplies['peekMessages'] {
  const phases = ['visible', 'inFlight', 'delayed'] as const
  const command = { from: 'oldest', phases, limit: 1000, bytesMax: 1e6, ...options } as const
  return rig.execute({ service: 'sqs', kind: 'peekMessages', queue, ...command })
    .reply as SqsReplies['peekMessages']
}

const phasesOf = ({ messages }: SqsReplies['peekMessages']) => messages.map(({ phase }) => phase)

test('each message is shown with what hides it and until when, and stays as it was', () => {
  const rig = rigWithQueue()
  send(rig, 2)
  send(rig, 1, { delaySeconds: 60 })
  receive(rig, 1)
  const entries = rig.log.length
  const seen = peek(rig)
  expect(seen.messages).toMatchObject([
    { phase: 'inFlight', visibleAt: START + 30_000, receiveCount: 1, firstReceivedAt: START },
    { phase: 'visible', visibleAt: 0, receiveCount: 0, firstReceivedAt: 0 },
    { phase: 'delayed', visibleAt: START + 60_000, receiveCount: 0 },
  ])
  expect(peek(rig)).toEqual(seen)
  expect(rig.log.length).toBe(entries)
  expect(receive(rig).messages).toMatchObject([{ receiveCount: 1 }])
})

test('only the phases that were asked for are shown', () => {
  const rig = rigWithQueue()
  send(rig, 2)
  send(rig, 1, { delaySeconds: 60 })
  receive(rig, 1)
  expect(phasesOf(peek(rig, { phases: ['visible'] }))).toEqual(['visible'])
  expect(phasesOf(peek(rig, { phases: ['inFlight', 'delayed'] }))).toEqual(['inFlight', 'delayed'])
})

test('what is due is visible, also where more is due than one tick makes so', () => {
  const rig = rigWithQueue()
  send(rig, 5000)
  for (let i = 0; i < 500; i++) receive(rig)
  rig.now += 30_000
  const shown: string[] = []
  for (let from: PeekPlace | 'oldest' = 'oldest'; ; ) {
    const page = peek(rig, { from })
    shown.push(...phasesOf(page))
    if (!page.more) break
    from = page.next
  }
  expect(shown).toEqual(Array.from({ length: 5000 }, () => 'visible'))
})

test('an expired message is not shown', () => {
  const rig = rigWithQueue()
  rig.execute({ service: 'sqs', kind: 'setQueueSettings', queue, settings: { messageRetentionSeconds: 60 } })
  send(rig, 1)
  rig.now += 60_000
  expect(peek(rig).messages).toEqual([])
})

test('a page ends before its bytes are too many, and has one message at least', () => {
  const rig = rigWithQueue()
  send(rig, 3, { bytes: 400 })
  const first = peek(rig, { bytesMax: 800 })
  expect(first.messages).toHaveLength(2)
  expect(first.more).toBe(true)
  const last = peek(rig, { bytesMax: 100, from: first.next })
  expect(last.messages).toHaveLength(1)
  expect(last.more).toBe(false)
})

test('one command looks at a bounded number of slots, and the next goes on from there', () => {
  const rig = rigWithQueue()
  send(rig, 30_000)
  const nothing = peek(rig, { phases: ['delayed'] })
  expect(nothing).toMatchObject({ messages: [], more: true, next: { slot: 20_000 } })
  expect(peek(rig, { phases: ['delayed'], from: nothing.next })).toMatchObject({ messages: [], more: false })
})

test('what was emptied long ago costs no looking', () => {
  const rig = rigWithQueue()
  for (let round = 0; round < 6; round++) {
    send(rig, 5000)
    drop(rig, 5000)
  }
  send(rig, 1)
  expect(peek(rig)).toMatchObject({ messages: [{ phase: 'visible' }], more: false })
})

test('from the end on only what comes later is shown', () => {
  const rig = rigWithQueue()
  send(rig, 300)
  const { next, messages } = peek(rig, { from: 'end' })
  expect(messages).toEqual([])
  expect(peek(rig, { from: next }).messages).toEqual([])
  send(rig, 2)
  expect(peek(rig, { from: next }).messages).toHaveLength(2)
})

test('nothing that comes into an emptied page is passed over', () => {
  const rig = rigWithQueue()
  send(rig, 10)
  drop(rig, 10)
  const { next, more } = peek(rig)
  expect([next.slot, more]).toEqual([10, false])
  send(rig, 1)
  expect(peek(rig, { from: next }).messages).toHaveLength(1)
})

test('a place in a queue that was made anew since stands for its beginning', () => {
  const rig = rigWithQueue()
  send(rig, 9)
  const { next } = peek(rig)
  rig.execute({ service: 'sqs', kind: 'deleteQueue', queue })
  rig.execute({ service: 'sqs', kind: 'createQueue', queue, settings: {}, tags: {} })
  send(rig, 2)
  expect(peek(rig, { from: next }).messages).toHaveLength(2)
})

test('a queue that is not there is refused', () => {
  const rig = new MachineRig(START)
  expect(() => peek(rig)).toThrow(ServiceError)
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bodyIdIn, contentOf, MachineRig } from '../../../../test/queue-model/machine-rig.ts'
import { LIMITED } from '../../../../test/queue-model/model-properties.ts'
import { SeededRandom } from '../../../base/random.ts'
import { groupKey } from '../../../core/keys.ts'
import type { Receipt, SqsCommand, SqsReplies } from '../commands.ts'
import { drawDisorder } from '../draw-disorder.ts'
import { SHUFFLED_MESSAGES } from '../limits.ts'
import type { QueueSettings } from '../queue-settings.ts'

type Received = { readonly body: number; readonly receipt: Receipt; readonly receiveCount: number }

/** A standard queue and its dead-letter queue, `dead`, on a server that strays from order. A message is known by its body's id. */
class StrayingQueue {
  readonly rig = new MachineRig(1_700_000_000_000)
  readonly #random: SeededRandom
  twicePercent: number

  constructor({ seed = 1, twicePercent = 0, settings = {} as Partial<QueueSettings> } = {}) {
    this.#random = new SeededRandom(seed)
    this.twicePercent = twicePercent
    this.#execute({ kind: 'createQueue', settings: {}, tags: {} }, 'dead')
    this.#execute({ kind: 'createQueue', settings, tags: {} })
  }
  send(count: number, { group, delaySeconds }: { group?: string; delaySeconds?: number } = {}): void {
    const key = group === undefined ? undefined : groupKey(group)
    const messages = Array.from({ length: count }, (_, body) => ({
      ...{ body, sizeBytes: 1, delaySeconds, groupKey: key },
    }))
    this.#execute({ kind: 'sendMessages', messages, bodies: messages.map(() => new Uint8Array(1)) })
  }
  receive({ limit = 10, hide = 30, from = 'q' } = {}): readonly Received[] {
    const disorder = drawDisorder({ random: this.#random, twicePercent: this.twicePercent }, 2 * limit)
    const tags = this.#random.bytes(80)
    const command = { kind: 'receiveMessages', limit, visibilityTimeoutSeconds: hide, waitSeconds: 0, tags }
    const reply = this.#execute({ ...command, disorder }, from) as SqsReplies['receiveMessages']
    if (reply.bodies instanceof Promise) throw new Error('the rig has all bodies at hand')
    const { bodies } = reply
    return reply.messages.map((each, i) => ({ ...each, body: bodyIdIn(bodies[i]!) }))
  }
  delete(receipts: readonly Receipt[], from = 'q'): void {
    const disorder = drawDisorder({ random: this.#random, twicePercent: this.twicePercent }, receipts.length)
    const outcomes = this.#execute({ kind: 'deleteMessages', receipts, disorder }, from)
    expect(outcomes).toEqual(receipts.map(() => null))
  }
  counts(name = 'q'): readonly number[] {
    const found = this.#execute({ kind: 'getQueue' }, name) as SqsReplies['getQueue']
    return [found.waitingMessages, found.inFlightMessages, found.delayedMessages]
  }
  #execute(command: object, name = 'q'): unknown {
    const queue = { accountId: '000000000000', region: 'us-east-1', name }
    return this.rig.execute({ service: 'sqs', queue, ...command } as SqsCommand).reply
  }
}

const bodies = (received: readonly Received[]) => received.map(({ body }) => body)
const receipts = (received: readonly Received[]) => received.map(({ receipt }) => receipt)
const numbers = (count: number) => Array.from({ length: count }, (_, i) => i)
const ascending = (list: readonly number[]) => [...list].sort((a, b) => a - b)

describe('out of order', () => {
  /** What comes of a hundred messages, received ten at a time. */
  function orderOf(seed: number): number[] {
    const queue = new StrayingQueue({ seed })
    queue.send(100)
    return numbers(10).flatMap(() => bodies(queue.receive()))
  }

  test('every message is received once, in an order that only the seed decides', () => {
    expect(ascending(orderOf(1))).toEqual(numbers(100))
    expect(orderOf(1)).not.toEqual(numbers(100))
    expect(orderOf(1)).toEqual(orderOf(1))
    expect(orderOf(2)).not.toEqual(orderOf(1))
  })

  test('a receive takes from among the messages that stand first, and any of those', () => {
    const firsts = new Set<number>()
    for (let seed = 1; seed <= 500; seed++) {
      const queue = new StrayingQueue({ seed })
      queue.send(100)
      firsts.add(bodies(queue.receive({ limit: 1 }))[0]!)
    }
    expect(ascending([...firsts])).toEqual(numbers(SHUFFLED_MESSAGES))
  })

  test('messages that came back are shuffled with those that were never received', () => {
    const queue = new StrayingQueue()
    queue.send(10)
    queue.receive({ hide: 0 })
    queue.send(10)
    const order = bodies([...queue.receive(), ...queue.receive()])
    expect(ascending(order)).toEqual(numbers(20))
    expect(order).not.toEqual(numbers(20))
  })

  test('what was passed over is found, also after a restart', () => {
    for (const snapshot of [false, true]) {
      const queue = new StrayingQueue({ seed: 5 })
      queue.send(100)
      const first = bodies(queue.receive())
      queue.rig.restartWith(snapshot)
      const rest = numbers(9).flatMap(() => bodies(queue.receive()))
      expect(ascending([...first, ...rest])).toEqual(numbers(100))
    }
  })

  test('quiet tenants go before a noisy one all the same', () => {
    const queue = new StrayingQueue()
    for (let sent = 0; sent < 200; sent += 10) queue.send(10, { group: 'noisy' })
    for (let received = 0; received < 40; received += 10) queue.receive()
    queue.send(5, { group: 'calm' })
    queue.send(3)
    const received = bodies(queue.receive())
    expect(ascending(received.slice(0, 8))).toEqual(numbers(8).map((i) => 200 + i))
    expect(received).toHaveLength(10)
  })
})

describe('twice', () => {
  test('a share of what is received stays visible, and is received again', () => {
    const queue = new StrayingQueue({ twicePercent: 20 })
    for (let sent = 0; sent < 1000; sent += 10) queue.send(10)
    const received: Received[] = []
    for (let i = 0; i < 100; i++) received.push(...queue.receive({ hide: 600 }))
    const [waiting = 0, inFlight = 0] = queue.counts()
    expect(waiting + inFlight).toBe(1000)
    queue.twicePercent = 0
    for (let i = 0; i < 200; i++) received.push(...queue.receive({ hide: 600 }))
    const again = received.filter(({ receiveCount }) => receiveCount > 1).length
    expect(received).toHaveLength(1000 + again)
    expect(again).toBeGreaterThan(130)
    expect(again).toBeLessThan(270)
    expect(queue.counts()).toEqual([0, 1000, 0])
  })

  test('a share of what is deleted is visible again', () => {
    const queue = new StrayingQueue()
    for (let sent = 0; sent < 1000; sent += 10) queue.send(10)
    for (let i = 0; i < 100; i++) {
      queue.twicePercent = 0
      const received = receipts(queue.receive())
      queue.twicePercent = 20
      queue.delete(received)
      queue.twicePercent = 0
      if (i === 50) queue.rig.restartWith(true)
    }
    const [waiting = 0, inFlight] = queue.counts()
    expect(waiting).toBeGreaterThan(130)
    expect(waiting).toBeLessThan(270)
    expect(inFlight).toBe(0)
    for (let some = queue.receive(); some.length > 0; some = queue.receive()) queue.delete(receipts(some))
    expect(queue.counts()).toEqual([0, 0, 0])
    queue.rig.checkBodies()
  })

  test('what is visible when it is deleted is gone', () => {
    const queue = new StrayingQueue({ twicePercent: 50 })
    queue.send(10)
    queue.delete(receipts(queue.receive({ hide: 0 })))
    expect(queue.counts()).toEqual([0, 0, 0])
  })

  test('every receipt has a tag of its own', () => {
    const queue = new StrayingQueue({ twicePercent: 50 })
    queue.send(10)
    const tags = receipts(queue.receive()).map(({ tagHigh, tagLow }) => `${tagHigh} ${tagLow}`)
    expect(new Set(tags).size).toBe(10)
  })

  test('a message that was left visible is gone once it is deleted, and its earlier handle does nothing', () => {
    const queue = new StrayingQueue({ twicePercent: 50 })
    queue.send(1)
    let received = queue.receive()
    while (queue.counts()[0] === 0) {
      queue.rig.now += 30_000
      received = queue.receive()
    }
    queue.twicePercent = 0
    const [again] = queue.receive()
    queue.delete(receipts(received))
    expect(queue.counts()).toEqual([0, 1, 0])
    queue.delete([again!.receipt])
    expect(queue.counts()).toEqual([0, 0, 0])
  })
})

type Step =
  | {
      readonly kind: 'send'
      readonly count: number
      readonly group: string | undefined
      readonly delay: number
    }
  | { readonly kind: 'receive'; readonly limit: number; readonly hide: number }
  | { readonly kind: 'delete'; readonly which: number; readonly count: number }
  | { readonly kind: 'pass'; readonly milliseconds: number }
  | { readonly kind: 'restart'; readonly snapshot: boolean }

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('send' as const),
    count: fc.integer({ min: 1, max: 10 }),
    group: fc.constantFrom(undefined, undefined, 'a', 'b'),
    delay: fc.constantFrom(0, 0, 0, 5),
  }),
  fc.record({
    kind: fc.constant('receive' as const),
    limit: fc.integer({ min: 1, max: 10 }),
    hide: fc.constantFrom(0, 10, 30),
  }),
  fc.record({
    kind: fc.constant('delete' as const),
    which: fc.nat(),
    count: fc.integer({ min: 1, max: 10 }),
  }),
  fc.record({ kind: fc.constant('pass' as const), milliseconds: fc.constantFrom(1, 4000, 10_000, 30_000) }),
  fc.record({ kind: fc.constant('restart' as const), snapshot: fc.boolean() }),
)

test('nothing is lost, and a replay comes to the same, whatever happens in whatever order', () => {
  const policy = { deadLetterTargetArn: 'arn:aws:sqs:us-east-1:000000000000:dead', maxReceiveCount: 4 }
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 80, size: 'max' }),
      fc.nat(),
      fc.boolean(),
      (steps, seed, redrives) => {
        const settings = redrives ? { redrivePolicy: policy } : {}
        const queue = new StrayingQueue({ seed, twicePercent: 20, settings })
        const held: Receipt[] = []
        for (const each of steps) {
          if (each.kind === 'send') queue.send(each.count, { group: each.group!, delaySeconds: each.delay })
          if (each.kind === 'receive') held.push(...receipts(queue.receive(each)))
          if (each.kind === 'delete' && held.length > 0)
            queue.delete(held.splice(each.which % held.length, each.count))
          if (each.kind === 'pass') queue.rig.now += each.milliseconds
          if (each.kind === 'restart') queue.rig.restartWith(each.snapshot)
        }
        queue.rig.checkBodies()
        const kept = queue.rig.retainedBodies()
        queue.twicePercent = 0
        queue.rig.now += 60_000
        const found = new Set<number>()
        for (const from of ['q', 'dead']) {
          for (
            let some = queue.receive({ from, hide: 600 });
            some.length > 0;
            some = queue.receive({ from, hide: 600 })
          )
            for (const body of bodies(some)) found.add(body)
        }
        expect(ascending([...found])).toEqual(kept)
        const again = queue.rig.replayed()
        again.advance(queue.rig.machine.now)
        expect(contentOf(again)).toEqual(contentOf(queue.rig.machine))
      },
    ),
    { numRuns: 200, ...LIMITED },
  )
}, 60_000)

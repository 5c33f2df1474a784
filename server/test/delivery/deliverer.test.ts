import { afterEach, expect, test } from 'vitest'
import { type AttemptLine, Deliverer, type Way } from '../../src/delivery/deliverer.ts'
import { DeliveryCounters } from '../../src/delivery/delivery-counters.ts'
import type { Push, PushBatch, Pushes, ReadySource } from '../../src/delivery/pushes.ts'
import {
  type Delivery,
  failed,
  GIVEN_UP,
  type Outcome,
  type Transport,
} from '../../src/delivery/transport.ts'
import { HeldTimers } from './held-timers.ts'
import { delivery } from './test-delivery.ts'

/** Messages by their source, and what became of them. */
class TestPushes implements Pushes {
  readonly waiting = new Map<string, string[]>()
  readonly endings: string[] = []
  readonly takes: string[] = []
  spacingMs = 0
  protocol = 'http'
  #ready: ReadySource[] = []
  #wake: (() => void) | null = null

  add(name: string, ...messages: readonly string[]): void {
    this.waiting.set(name, [...(this.waiting.get(name) ?? []), ...messages])
    this.#ready.push({ name, protocol: this.protocol })
    this.#wake?.()
  }

  async ready(limit: number): Promise<readonly ReadySource[]> {
    if (this.#ready.length === 0) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    return this.#ready.splice(0, limit)
  }

  async take(source: string, limit: number): Promise<PushBatch> {
    this.takes.push(source)
    const taken = (this.waiting.get(source) ?? []).splice(0, limit)
    if (taken[0] === 'poison') throw new Error('poison')
    return {
      pushes: taken.map((message) => this.#push(source, message)),
      more: taken.length > 0,
      spacingMs: this.spacingMs,
    }
  }

  #push(source: string, message: string): Push {
    const end = async <T>(how: string, ending: T) => {
      this.endings.push(`${message} ${how}`)
      return ending
    }
    return {
      delivery: delivery(source, { message }),
      attempt: 1,
      delivered: () => end('delivered', 'delivered'),
      failed: (retryable) => end('failed', retryable ? 'to be retried' : 'discarded'),
      putBack: () => end('put back', undefined),
    }
  }
}

/** Holds every attempt until it is told how it went. */
class TestTransport implements Transport {
  readonly underWay = new Map<string, (outcome: Outcome) => void>()
  most = 0

  deliver({ notification }: Delivery, signal: AbortSignal): Promise<Outcome> {
    return new Promise((resolve) => {
      const end = (outcome: Outcome) => {
        this.underWay.delete(notification.message)
        resolve(outcome)
      }
      this.underWay.set(notification.message, end)
      this.most = Math.max(this.most, this.underWay.size)
      if (signal.aborted) end(GIVEN_UP)
      signal.addEventListener('abort', () => end(GIVEN_UP), { once: true })
    })
  }

  async close(): Promise<void> {}
}

const stops: (() => void)[] = []
afterEach(() => {
  for (const stop of stops.splice(0)) stop()
})

function setUp({ attemptsMax = 8 } = {}) {
  const pushes = new TestPushes()
  const transport = new TestTransport()
  const timers = new HeldTimers()
  const counters = new DeliveryCounters()
  const clock = { time: 0, now: () => clock.time }
  const lines: AttemptLine[] = []
  const errors: unknown[] = []
  const log = {
    attempted: (line: AttemptLine) => lines.push(line),
    failed: (error: unknown) => errors.push(error),
  }
  const way: Way = {
    protocols: ['http', 'https'],
    transport: () => transport,
    attemptsMax,
    hiddenSeconds: 30,
  }
  const deliverer = new Deliverer({ pushes, ways: [way], clock, timers, counters, log })
  deliverer.start()
  stops.push(() => void deliverer.stop(0))
  return { pushes, transport, timers, counters, clock, lines, errors, deliverer }
}

/** Lets everything happen that is not held. */
async function settle(): Promise<void> {
  for (let i = 0; i < 5; i++) await new Promise<void>((resolve) => setImmediate(resolve))
}

const OK: Outcome = { ok: true }
const DEAD = failed('no answer in time', 'retryable')
const REFUSED = failed('answered with status 403', 'permanent', 403)

async function end(transport: TestTransport, message: string, outcome: Outcome): Promise<void> {
  transport.underWay.get(message)!(outcome)
  await settle()
}

const sequence = (count: number, prefix: string) => Array.from({ length: count }, (_, i) => `${prefix}${i}`)

test('what waits is delivered, more at once as the endpoint answers, and then nothing is asked any more', async () => {
  const { pushes, transport, counters, lines } = setUp()
  pushes.add('a', ...sequence(6, 'm'))
  await settle()
  expect([...transport.underWay.keys()]).toEqual(['m0'])
  await end(transport, 'm0', OK)
  expect([...transport.underWay.keys()]).toEqual(['m1', 'm2'])
  for (const message of ['m1', 'm2', 'm3', 'm4', 'm5']) await end(transport, message, OK)
  expect(pushes.endings).toEqual(sequence(6, 'm').map((message) => `${message} delivered`))
  const takes = pushes.takes.length
  await settle()
  expect(pushes.takes.length).toBe(takes)
  expect([...counters]).toMatchObject([{ protocol: 'http', counts: { delivered: 6, discarded: 0 } }])
  expect(lines).toHaveLength(6)
})

test('what failed is said to have failed, for a while or for good', async () => {
  const { pushes, transport, counters, lines } = setUp()
  pushes.add('a', 'm', 'n')
  await settle()
  await end(transport, 'm', DEAD)
  await end(transport, 'n', REFUSED)
  expect(pushes.endings).toEqual(['m failed', 'n failed'])
  expect([...counters]).toMatchObject([{ counts: { delivered: 0, 'to be retried': 1, discarded: 1 } }])
  expect(lines.map(({ reason }) => reason)).toEqual(['no answer in time', 'answered with status 403'])
  expect(JSON.stringify(lines)).not.toContain('endpoint')
})

test('never more is under way than there are places, whose turns all sources take', async () => {
  const { pushes, transport } = setUp({ attemptsMax: 4 })
  for (const source of sequence(10, 's')) pushes.add(source, ...sequence(5, `${source}-`))
  await settle()
  expect([...transport.underWay.keys()]).toEqual(['s0-0', 's1-0', 's2-0', 's3-0'])
  await end(transport, 's0-0', OK)
  expect([...transport.underWay.keys()]).toContain('s4-0')
  while (transport.underWay.size > 0) await end(transport, [...transport.underWay.keys()][0]!, OK)
  expect(transport.most).toBe(4)
  expect(pushes.endings).toHaveLength(50)
})

test('endpoints that do not answer hold half of the places at most, so that one that does gets through', async () => {
  const { pushes, transport } = setUp({ attemptsMax: 8 })
  const dead = sequence(20, 'dead')
  for (const source of dead) pushes.add(source, `${source} first`)
  for (let left = dead.length; left > 0; left--) {
    await settle()
    await end(transport, [...transport.underWay.keys()][0]!, DEAD)
  }
  // It is remembered of them until their retries.
  for (const source of dead) pushes.add(source, `${source} again`)
  await settle()
  expect(transport.underWay.size).toBe(4)
  pushes.add('good', 'm')
  await settle()
  expect(transport.underWay.has('m')).toBe(true)
  await end(transport, 'm', OK)
  expect(transport.underWay.size).toBe(4)
  // One that answers again is no longer among them.
  await end(transport, 'dead0 again', OK)
  expect(transport.underWay.size).toBe(4)
  pushes.add('dead0', 'alive')
  await settle()
  expect(transport.underWay.has('alive')).toBe(true)
})

test('a throttle policy spaces the attempts, by one timer', async () => {
  const { pushes, transport, clock, timers } = setUp()
  pushes.spacingMs = 500
  pushes.add('a', 'm', 'n', 'o')
  await settle()
  await end(transport, 'm', OK)
  expect(transport.underWay.size).toBe(0)
  expect(timers.waiting).toEqual([500])
  pushes.add('a', 'p')
  await settle()
  expect(timers.waiting).toEqual([500])
  clock.time = 500
  timers.fire()
  await settle()
  expect([...transport.underWay.keys()]).toEqual(['n'])
})

test('an attempt that outlasts its time is given up and put back, since somebody else may have the message then', async () => {
  const { pushes, transport, timers } = setUp()
  pushes.add('a', 'm')
  await settle()
  expect(timers.waiting).toEqual([25_000])
  timers.fire()
  await settle()
  expect(pushes.endings).toEqual(['m put back'])
  expect(transport.underWay.size).toBe(0)
})

test('a stop lets attempts end for a while, puts back what did not, and begins nothing more', async () => {
  const { pushes, transport, timers, deliverer } = setUp()
  pushes.add('a', 'm', 'n')
  pushes.add('b', 'o')
  await settle()
  const stopped = deliverer.stop(10_000)
  pushes.add('c', 'late')
  await end(transport, 'm', OK)
  expect([...transport.underWay.keys()]).toEqual(['o'])
  expect(timers.waiting).toContain(10_000)
  timers.fire()
  await stopped
  expect(pushes.endings).toEqual(['m delivered', 'o put back'])
  expect(timers.waiting).toEqual([])
})

test('what can not be taken is reported, and holds up nothing else', async () => {
  const { pushes, transport, errors } = setUp({ attemptsMax: 1 })
  pushes.add('a', 'poison')
  pushes.add('b', 'm')
  await settle()
  expect(errors).toHaveLength(1)
  await end(transport, 'm', OK)
  expect(pushes.endings).toEqual(['m delivered'])
})

test('what is for a protocol without a way stays where it is', async () => {
  const { pushes } = setUp()
  pushes.protocol = 'sms'
  pushes.add('a', 'm')
  await settle()
  expect([pushes.takes, pushes.waiting.get('a')]).toEqual([[], ['m']])
})

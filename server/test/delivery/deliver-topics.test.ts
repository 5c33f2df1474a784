import { expect, test } from 'vitest'
import { SeededRandom } from '../../src/base/random.ts'
import { Deliverer } from '../../src/delivery/deliverer.ts'
import { DeliveryCounters } from '../../src/delivery/delivery-counters.ts'
import {
  type FunctionInvoker,
  type Invocation,
  LambdaTransport,
} from '../../src/delivery/lambda-transport.ts'
import type { Pushes, ReadySource } from '../../src/delivery/pushes.ts'
import { DELIVERED, type Delivery, failed, type Transport } from '../../src/delivery/transport.ts'
import { TopicWorld } from '../sns/topic-world.ts'
import { HeldTimers } from './held-timers.ts'

/** Topics, their state and a deliverer together, in a time that tests let pass. */
class DeliveringWorld extends TopicWorld {
  readonly timers = new HeldTimers()
  readonly counters = new DeliveryCounters()
  readonly errors: unknown[] = []
  /** How many deliverers there were: those of earlier lives do nothing any more. */
  #life = 0

  /** As a start of the process does. */
  deliverBy(transport: Transport): void {
    const life = ++this.#life
    const ifAlive = async <T>(act: () => Promise<T>): Promise<T> => {
      if (life !== this.#life) await new Promise(() => {})
      const result = await act()
      if (life !== this.#life) await new Promise(() => {})
      return result
    }
    const pushes = this.pushes
    const livingPushes: Pushes = {
      ready: async (limit) => {
        for (;;) {
          const found: readonly ReadySource[] = await ifAlive(() => pushes.ready(limit))
          if (found.length > 0) return found
          await new Promise<void>((resolve) => setImmediate(resolve))
        }
      },
      take: async (source, limit, hiddenSeconds) => {
        const batch = await ifAlive(() => pushes.take(source, limit, hiddenSeconds))
        const living = batch.pushes.map((push) => ({
          ...push,
          delivered: () => ifAlive(() => push.delivered()),
          failed: (retryable: boolean) => ifAlive(() => push.failed(retryable)),
        }))
        return { ...batch, pushes: living }
      },
    }
    const { timers, counters } = this
    const protocols = ['http', 'lambda']
    const way = { protocols, transport: () => transport, attemptsMax: 8, hiddenSeconds: 30 }
    const log = { attempted: () => {}, failed: (error: unknown) => void this.errors.push(error) }
    new Deliverer({
      pushes: livingPushes,
      ...{ ways: [way], clock: { now: () => this.now }, timers, counters, log },
    }).start()
  }

  /** The process is gone, and all that it was about to do. */
  crash(snapshot: boolean): void {
    this.#life++
    this.restart({ snapshot })
  }

  async pass(seconds: number): Promise<void> {
    this.now += seconds * 1000
    this.tidy()
    for (let i = 0; i < 40; i++) await new Promise<void>((resolve) => setImmediate(resolve))
  }
}

async function hook(world: DeliveringWorld, topic: string, i: number, Attributes: object): Promise<string> {
  const Endpoint = `http://example.com/${i}`
  const input = { TopicArn: topic, Protocol: 'http', Endpoint, Attributes, ReturnSubscriptionArn: true }
  const { SubscriptionArn } = await world.sns('Subscribe', input)
  await world.confirm(SubscriptionArn)
  return SubscriptionArn
}

/** Ends attempts by chance, some of them late. */
class UnsteadyTransport implements Transport {
  readonly reached = new Map<string, number>()
  steady = false
  readonly #random: SeededRandom

  constructor(random: SeededRandom) {
    this.#random = random
  }

  async deliver({ endpoint, notification }: Delivery) {
    for (let turns = this.#random.bytes(1)[0]! & 7; turns > 0; turns--) {
      await new Promise<void>((resolve) => setImmediate(resolve))
    }
    const chance = this.steady ? 0 : this.#random.bytes(1)[0]!
    if (chance > 230) return failed('refused', 'permanent', 403)
    if (chance > 180) return failed('busy', 'retryable', 503)
    // It gets there, but that is not always heard of.
    const key = `${notification.message} at ${endpoint}`
    this.reached.set(key, (this.reached.get(key) ?? 0) + 1)
    return chance > 150 ? failed('no answer in time', 'retryable') : DELIVERED
  }

  async close(): Promise<void> {}
}

test.each(Array.from({ length: 12 }, (_, seed) => seed))(
  'whatever crashes, each message reaches its endpoint or lies in the dead-letter queue (seed %i)',
  async (seed) => {
    const random = new SeededRandom(seed)
    const dice = (sides: number) => random.bytes(1)[0]! % sides
    const world = new DeliveringWorld()
    const transport = new UnsteadyTransport(random)
    const topic = await world.topic()
    await world.queue('dead')
    const Attributes = {
      RedrivePolicy: '{"deadLetterTargetArn":"arn:aws:sqs:eu-west-1:000000000000:dead"}',
      DeliveryPolicy: '{"healthyRetryPolicy":{"numRetries":3,"minDelayTarget":2,"maxDelayTarget":9}}',
    }
    for (let i = 0; i < 3; i++) await hook(world, topic, i, Attributes)
    world.deliverBy(transport)
    const published: string[] = []
    for (let step = 0; step < 60; step++) {
      switch (dice(6)) {
        case 0:
          world.crash(dice(2) === 0)
          world.deliverBy(transport)
          break
        case 1:
        case 2:
          await world.pass(1 + dice(20))
          break
        default:
          published.push(`m${step}`)
          await world.sns('Publish', { TopicArn: topic, Message: `m${step}` })
      }
    }
    transport.steady = true
    for (let i = 0; i < 12; i++) await world.pass(30)
    const dead: string[] = []
    for (;;) {
      const messages = await world.received('dead', { VisibilityTimeout: 1000 })
      if (messages.length === 0) break
      for (const { Body, ReceiptHandle } of messages) {
        dead.push(JSON.parse(Body).Message)
        await world.sqs('DeleteMessage', { QueueUrl: 'dead', ReceiptHandle })
      }
    }
    for (const message of published) {
      const reached = [0, 1, 2].filter((i) => transport.reached.has(`${message} at http://example.com/${i}`))
      const buried = dead.filter((each) => each === message).length
      expect(reached.length + buried, message).toBeGreaterThanOrEqual(3)
    }
    expect(world.errors).toEqual([])
    expect(world.storedBodies).toBe(0)
  },
)

test('a function is called with what is published, again where its runner is busy, and not where it refuses', async () => {
  const world = new DeliveringWorld()
  const topic = await world.topic()
  const answers: Invocation[] = [{ kind: 'busy', reason: 'too many calls' }, { kind: 'accepted' }]
  const calls: { readonly functionArn: string; readonly payload: string }[] = []
  const invoker: FunctionInvoker = {
    async invoke(functionArn, payload) {
      calls.push({ functionArn, payload })
      return answers.shift() ?? { kind: 'refused', reason: 'no such function' }
    },
  }
  world.deliverBy(new LambdaTransport(invoker))
  const Endpoint = 'arn:aws:lambda:eu-west-1:000000000000:function:grind'
  const { SubscriptionArn } = await world.sns('Subscribe', { TopicArn: topic, Protocol: 'lambda', Endpoint })
  await world.sns('Publish', { TopicArn: topic, Message: 'rye' })
  await world.pass(1)
  expect(calls.map(({ functionArn }) => functionArn)).toEqual([Endpoint, Endpoint])
  const [record] = JSON.parse(calls[1]!.payload).Records
  expect(record).toMatchObject({
    EventSubscriptionArn: SubscriptionArn,
    Sns: { Message: 'rye', TopicArn: topic, Subject: null },
  })
  expect(record.Sns.Signature).toHaveLength(344)
  await world.sns('Publish', { TopicArn: topic, Message: 'wheat' })
  await world.pass(1)
  expect([...world.counters]).toMatchObject([
    { topicArn: topic, counts: { delivered: 1, 'to be retried': 1, discarded: 1 } },
  ])
  expect(world.storedBodies).toBe(0)
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ServiceError } from '../../../api/service-error.ts'
import { Machine } from '../../../core/machine.ts'
import { Units } from '../../../core/units.ts'
import type { SnsCommand, SnsReplies } from '../commands.ts'
import { SnsState } from './sns-state.ts'

const START = 1_700_000_000_000
const SCOPE = { accountId: '000000000000', region: 'us-east-1' }

const HOST = { release: () => {}, read: () => [], wake: () => {} }

class Life {
  readonly units = new Units()
  readonly machine = new Machine([new SnsState(this.units, HOST)])

  /** Null where it was refused. */
  run(command: object): { readonly reply: unknown; readonly events: Uint8Array } | null {
    try {
      return this.machine.execute({ service: 'sns', ...command } as SnsCommand, 0)
    } catch (error) {
      if (error instanceof ServiceError) return null
      throw error
    }
  }

  /** All that a client can find out. */
  content(): unknown {
    const ask = (command: object) => this.run(command)!.reply
    const { names } = ask({ kind: 'listTopics', ...SCOPE, after: '', limit: 100 }) as SnsReplies['listTopics']
    const all = ask({ kind: 'listSubscriptions', ...SCOPE, after: null, limit: 1000 })
    const topics = names.map((name) => {
      const topic = { ...SCOPE, name }
      const page = ask({ kind: 'listSubscriptionsByTopic', topic, after: 0, limit: 100 })
      const { subscriptions } = page as SnsReplies['listSubscriptionsByTopic']
      const described = subscriptions.map(({ id }) => ask({ kind: 'getSubscription', topic, id }))
      return [name, ask({ kind: 'getTopic', topic }), ask({ kind: 'listTopicTags', topic }), described]
    })
    return { topics, all }
  }
}

const name = fc.constantFrom('a', 'b', 'c.fifo')
const topic = name.map((each) => ({ ...SCOPE, name: each }))
const number = fc.nat(4)
const uuid = number.map((each) => `00000000-0000-4000-8000-00000000000${each}`)
// As with digests, no key of the one kind is one of the other.
const groupKey = number.map((each) => Uint32Array.of(each, 1, 2, 3))
const deduplicationKey = number.map((each) => Uint32Array.of(each, 4, 5, 6))
const settings = fc.record(
  {
    rawMessageDelivery: fc.boolean(),
    filterPolicy: fc.constantFrom('', '{"a":["b"]}', '{"a":{"b":["c"]}}'),
    filterPolicyScope: fc.constantFrom('MessageAttributes', 'MessageBody'),
  },
  { requiredKeys: [] },
)
const kind = <const Name extends string>(each: Name) => fc.constant(each)
const operation = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: kind('createTopic'),
      topic,
      settings: fc.constant({}),
      tags: kind('x').map(() => null),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: kind('deleteTopic'), topic }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: kind('setTopicSettings'),
      topic,
      settings: fc.record({
        displayName: fc.string(),
        fifoThroughputScope: fc.constantFrom('Topic', 'MessageGroup'),
      }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: kind('tagTopic'),
      topic,
      tags: fc.dictionary(fc.constantFrom('k', 'l'), fc.string()),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: kind('subscribe'),
      topic,
      protocol: fc.constantFrom('sqs', 'http'),
      endpoint: number.map((each) => `arn:aws:sqs:us-east-1:000000000000:q${each}`),
      settings,
      owner: kind('o'),
      principal: kind('p'),
      id: fc.uuid(),
      token: fc.option(number.map((each) => `token ${each}`)),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: kind('confirmSubscription'),
      topic,
      token: number.map((each) => `token ${each}`),
      authenticateOnUnsubscribe: fc.boolean(),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: kind('unsubscribe nth'), topic, nth: number }) },
  { weight: 4, arbitrary: fc.record({ kind: kind('change nth'), topic, nth: number, settings }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: kind('unsubscribe'),
      topic,
      id: uuid,
      token: fc.constantFrom(null, 'a'.repeat(128)),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: kind('publish'),
      topic,
      groupKey,
      deduplicationKey,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: kind('wait'),
      milliseconds: fc.constantFrom(1, 1000, 299_999, 172_800_000),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: kind('tidy') }) },
  { weight: 2, arbitrary: fc.record({ kind: kind('cut') }) },
  { weight: 1, arbitrary: fc.record({ kind: kind('reset') }) },
)

test('a replay, and a snapshot with what came after it, leave what a client saw', () => {
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 60, size: 'max' }), (operations) => {
      const life = new Life()
      let now = START
      life.machine.advance(now)
      const log: Uint8Array[] = []
      const stored = new Map<number, Uint8Array>()
      let covered = { entries: 0, now: 0, units: new Map<number, Uint8Array>() }
      let cut: ReturnType<Units['cut']> | null = null
      let beginning = { entries: 0, now: 0 }
      const finishCut = () => {
        if (cut === null) return
        const units = new Map<number, Uint8Array>()
        for (let unit = cut.next(); unit !== null; unit = cut.next()) {
          const bytes = unit.bytes ?? stored.get(unit.id)!
          units.set(unit.id, bytes)
        }
        stored.clear()
        for (const [id, bytes] of units) stored.set(id, bytes)
        covered = { ...beginning, units }
        cut = null
      }
      for (const each of operations) {
        if (each.kind === 'wait') {
          now += each.milliseconds
          life.machine.advance(now)
        } else if (each.kind === 'tidy') {
          while (life.machine.tidy());
        } else if (each.kind === 'cut') {
          // What the cut before says is written only now, after all that happened since.
          finishCut()
          cut = life.units.cut()
          beginning = { entries: log.length, now }
        } else {
          const outcome = life.run(commandOf(life, each))
          if (outcome !== null && outcome.events.length > 0) log.push(outcome.events)
        }
      }
      finishCut()
      const expected = life.content()
      const replayed = new Life()
      for (const events of log) replayed.machine.replay(events)
      replayed.machine.advance(now)
      expect(replayed.content()).toEqual(expected)
      const restored = new Life()
      if (covered.units.size > 0) restored.machine.restore(covered.units, restored.units, covered.now)
      for (const events of log.slice(covered.entries)) restored.machine.replay(events)
      restored.machine.advance(now)
      expect(restored.content()).toEqual(expected)
      // What is decided from now on is the same, too; at another time, which each notes.
      for (const one of [life, replayed, restored]) one.machine.advance(now + 1)
      for (const each of operations.filter(({ kind }) => kind === 'publish' || kind === 'subscribe')) {
        const outcomes = [life, replayed, restored].map((one) => one.run(commandOf(one, each)))
        expect(outcomes[1]).toEqual(outcomes[0])
        expect(outcomes[2]).toEqual(outcomes[0])
      }
    }),
    { numRuns: 300, interruptAfterTimeLimit: 15_000 },
  )
}, 60_000)

type Operation = typeof operation extends fc.Arbitrary<infer Value> ? Value : never

function commandOf(life: Life, each: Operation): object {
  if (each.kind === 'unsubscribe nth' || each.kind === 'change nth') {
    const listed = life.run({ kind: 'listSubscriptionsByTopic', topic: each.topic, after: 0, limit: 100 })
    const { subscriptions } = (listed?.reply ?? {
      subscriptions: [],
    }) as SnsReplies['listSubscriptionsByTopic']
    const id = subscriptions[each.nth]?.id ?? 'none'
    return each.kind === 'change nth'
      ? { kind: 'setSubscriptionSettings', topic: each.topic, id, settings: each.settings }
      : { kind: 'unsubscribe', topic: each.topic, id, token: null }
  }
  if (each.kind !== 'publish') return each
  const isFifo = each.topic.name.endsWith('.fifo')
  const message = {
    ...{ body: 0, messageId: new Uint32Array(4), landingSeed: new Uint32Array(4), groupKey: each.groupKey },
    ...{ deduplicationKey: isFifo ? each.deduplicationKey : null, deduplicatesByContent: false },
    inQueue: { envelopeBytes: 1, rawBytes: 1, rawProblem: null },
    filterable: { attributes: [], texts: new Map([['', 'text']]) },
    protection: null,
  }
  return {
    kind: 'publish',
    topic: each.topic,
    heldAgainst: null,
    messages: [message],
    bodies: [new Uint8Array(60)],
  }
}

test('a snapshot of a later version is refused', () => {
  const life = new Life()
  const unknown = new Map([[2, new Uint8Array([0xa1, 0x67, 0x76, 0x65, 0x72, 0x73, 0x69, 0x6f, 0x6e, 0x09])]])
  expect(() => life.machine.restore(unknown, life.units, START)).toThrow(
    "the snapshot's SNS state has version 9; this build reads up to 2",
  )
})

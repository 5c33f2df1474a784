import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { HOUR_MS, named, ORDERS, START, StreamLife } from '../../../../test/kinesis/stream-life.ts'
import { ServiceError } from '../../../api/service-error.ts'
import type { Cut } from '../../../core/units.ts'

const stream = fc.constantFrom('a', 'b').map(named)
const settleMs = fc.constantFrom(0, 0, 500, 40 * HOUR_MS)
const nth = fc.nat(7)
const consumer = fc.constantFrom('x', 'y').map((name) => ({ name, created: null }))
const resource = fc.record({ stream, consumer: fc.option(consumer) })
const kind = <const Name extends string>(name: Name) => fc.constant(name)

/** What clients do. */
const command = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      ...{ kind: kind('createStream'), stream, settleMs, shards: fc.integer({ min: 1, max: 4 }) },
      mode: fc.constantFrom('PROVISIONED', 'PROVISIONED', 'ON_DEMAND'),
    }),
  },
  fc.record({ kind: kind('deleteStream'), stream, settleMs, withConsumers: fc.boolean() }),
  { weight: 4, arbitrary: fc.record({ kind: kind('split nth'), stream, nth, settleMs }) },
  { weight: 3, arbitrary: fc.record({ kind: kind('merge nth'), stream, nth, settleMs }) },
  fc.record({ kind: kind('setShardCount'), stream, settleMs, shards: fc.integer({ min: 1, max: 9 }) }),
  fc.record({
    ...{ kind: kind('setRetention'), stream, settleMs, hours: fc.constantFrom(24, 25, 48) },
    direction: fc.constantFrom('increase', 'decrease'),
  }),
  fc.record({ kind: kind('setMode'), stream, settleMs, mode: fc.constantFrom('PROVISIONED', 'ON_DEMAND') }),
  fc.record({ kind: kind('setEncryption'), stream, settleMs, keyId: fc.option(fc.constantFrom('k', 'l')) }),
  fc.record({ kind: kind('setMaxRecordSize'), stream, settleMs, maxRecordKiB: fc.constantFrom(1024, 2048) }),
  fc.record({ kind: kind('tagResource'), resource, tags: fc.dictionary(kind('t'), fc.string()) }),
  fc.record({ kind: kind('setPolicy'), resource, policy: fc.option(fc.constant('{}')) }),
  {
    weight: 2,
    arbitrary: fc.record({
      kind: kind('registerConsumer'),
      stream,
      settleMs,
      name: fc.constantFrom('x', 'y'),
    }),
  },
  fc.record({ kind: kind('deregisterConsumer'), stream, settleMs, consumer }),
  fc.record({ kind: kind('setAccount'), commitment: fc.boolean() }),
  { weight: 6, arbitrary: fc.record({ kind: kind('put'), stream, shards: fc.integer({ min: 1, max: 3 }) }) },
)

/** What else happens. */
const happening = fc.oneof(
  { weight: 30, arbitrary: command },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: kind('wait'),
      milliseconds: fc.constantFrom(1, 999, 10_000, HOUR_MS, 13 * HOUR_MS, 30 * HOUR_MS),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: kind('tidy') }) },
  { weight: 2, arbitrary: fc.record({ kind: kind('tidy a piece') }) },
  { weight: 3, arbitrary: fc.record({ kind: kind('chores') }) },
  { weight: 4, arbitrary: fc.record({ kind: kind('cut') }) },
  { weight: 1, arbitrary: fc.record({ kind: kind('reset') }) },
)

test('a replay, and a snapshot with what came after it, leave what a client saw', () => {
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 60, size: 'max' }), (happenings) => {
      const life = new StreamLife()
      let beginning = { entries: 0, now: life.now }
      let covered = { ...beginning, units: life.finish(life.cut()) }
      let cut: Cut | null = null
      const finishCut = () => {
        if (cut !== null) covered = { ...beginning, units: life.finish(cut) }
        cut = null
      }
      for (const each of happenings) {
        if (each.kind === 'cut') {
          // What the cut before says is written only now, after all that happened since.
          finishCut()
          cut = life.cut()
          beginning = { entries: life.log.length, now: life.now }
        } else happen(life, each)
      }
      finishCut()
      life.checkBodies()
      const restarted = [
        life.restarted(null, life.log),
        life.restarted(covered, life.log.slice(covered.entries)),
      ]
      const expected = life.content()
      for (const one of restarted) expect(one.content()).toEqual(expected)
      // What happens from now on is the same, too.
      for (const one of [life, ...restarted]) one.wait(1)
      for (const each of happenings) {
        if (each.kind === 'cut') continue
        for (const one of [life, ...restarted]) happen(one, each)
        const [after] = life.log.slice(-1)
        for (const one of restarted) if (one.log.length > 0) expect(one.log.at(-1)).toEqual(after)
      }
      const later = life.content()
      for (const one of restarted) expect(one.content()).toEqual(later)
      // In the end nothing is left.
      for (const one of [life, ...restarted]) {
        one.ask('reset')
        one.tidy()
        one.checkBodies()
        expect(one.bodies).toBe(0)
        one.finish(one.cut())
        expect(one.units).toBe(1)
      }
    }),
    { numRuns: 150, interruptAfterTimeLimit: 30_000 },
  )
}, 120_000)

type Happening = Exclude<typeof happening extends fc.Arbitrary<infer Value> ? Value : never, { kind: 'cut' }>

function happen(life: StreamLife, each: Happening): void {
  switch (each.kind) {
    case 'wait':
      life.wait(each.milliseconds)
      return
    case 'tidy':
      life.tidy()
      return
    case 'tidy a piece':
      life.machine.tidy()
      return
    case 'chores':
      life.doChores()
      return
    case 'reset':
      life.ask('reset')
      return
    case 'put':
      attempt(() => life.put(each.stream, each.shards))
      return
    case 'split nth':
    case 'merge nth':
      attempt(() => {
        const open = life.openShards(each.stream)
        const shard = open[each.nth % open.length]?.number ?? 0
        if (each.kind === 'merge nth') {
          life.ask('mergeShards', {
            ...each,
            shard,
            adjacent: open[(each.nth + 1) % open.length]?.number ?? 0,
          })
          return
        }
        const [low, high] = [open[each.nth % open.length]?.startingHashKey ?? '', 'f'.repeat(31)]
        life.ask('splitShard', { ...each, shard, at: `${low.slice(0, 1)}0${high.slice(0, 30)}` })
      })
      return
    default:
      attempt(() => life.ask(each.kind, each as never))
  }
}

function attempt(work: () => void): void {
  try {
    work()
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error
  }
}

test('it does not matter in how many steps time passes', () => {
  const lives = [new StreamLife(), new StreamLife()]
  for (const life of lives) {
    for (const name of ['a', 'b', 'c']) life.ask('createStream', { stream: named(name) })
    life.ask('registerConsumer', { stream: named('c'), name: 'x' })
    life.ask('deregisterConsumer', {
      stream: named('c'),
      consumer: { name: 'x', created: null },
      settleMs: 300,
    })
    life.ask('deleteStream', { stream: named('b'), settleMs: 200 })
    life.ask('deleteStream', { stream: named('a'), settleMs: 100 })
  }
  for (let i = 0; i < 300; i++) lives[0]!.wait(1)
  lives[1]!.wait(300)
  expect(lives[0]!.content()).toEqual(lives[1]!.content())
  expect(lives[0]!.ask('listStreams').streams.map(({ name }) => name)).toEqual(['c'])
})

test('what happened at one moment is replayed at one moment', () => {
  const life = new StreamLife()
  for (let i = 0; i < 3; i++) {
    life.ask('createStream', { shards: 2 })
    for (let each = 0; each < 3; each++) {
      life.ask('registerConsumer', { name: 'x' })
      life.ask('deregisterConsumer', { consumer: { name: 'x', created: null } })
    }
    if (i < 2) life.ask('deleteStream')
  }
  const again = life.restarted(null, life.log)
  expect(again.content()).toEqual(life.content())
  expect(again.shards()).toHaveLength(2)
})

test('what is to happen later is not forgotten in a snapshot', () => {
  const life = new StreamLife()
  life.ask('createStream')
  for (let i = 0; i < 10; i++) life.put(ORDERS, 1, 10_000)
  life.ask('registerConsumer', { name: 'x' })
  life.ask('deregisterConsumer', { consumer: { name: 'x', created: null }, settleMs: 10_000 })
  const units = life.finish(life.cut())
  const again = life.restarted({ units, now: life.now }, [])
  for (const one of [life, again]) {
    expect(one.machine.nextWakeAt).toBe(START + 10_000)
    one.wait(10_000)
    expect(one.ask('getStream').consumers).toBe(0)
    expect(one.doChores()).toBe(1)
  }
})

test('a reset forgets what was to be deleted', () => {
  const life = new StreamLife()
  life.ask('createStream')
  life.ask('deleteStream', { settleMs: 100 })
  life.ask('reset')
  expect(life.machine.nextWakeAt).toBe(Number.POSITIVE_INFINITY)
})

test('shards that are gone are in no later snapshot, whatever the order in which they were closed', () => {
  const life = new StreamLife()
  life.ask('createStream', { shards: 3 })
  life.ask('splitShard', { shard: 2, at: `f${'0'.repeat(31)}` })
  life.wait(HOUR_MS)
  life.ask('mergeShards', { shard: 0, adjacent: 1 })
  const units = life.finish(life.cut())
  const again = life.restarted({ units, now: life.now }, [])
  for (const one of [life, again]) {
    one.now = START + 24 * HOUR_MS + 1
    one.tidy()
    const later = one.finish(one.cut())
    // A unit for each shard that can be read, the stream and the root.
    expect(later.size).toBe(7)
    expect(one.restarted({ units: later, now: one.now }, []).content()).toEqual(one.content())
  }
})

test('records outlive what is done to their shards until their time has passed, and then their bodies go', () => {
  const life = new StreamLife()
  life.ask('createStream', { shards: 2 })
  life.put(ORDERS, 2)
  life.ask('mergeShards', { shard: 0, adjacent: 1 })
  expect(life.shards().map(({ closed }) => closed?.lastIndex)).toEqual([3, 3, undefined])
  life.put()
  life.now = START + 24 * HOUR_MS
  life.tidy()
  expect(life.bodies).toBe(2)
  life.now++
  life.tidy()
  life.checkBodies()
  expect(life.bodies).toBe(0)
  expect(life.shards().map(({ number }) => number)).toEqual([2])
})

test('a stream of 10,000 shards, and what it held, comes and goes in small pieces', () => {
  const life = new StreamLife()
  life.ask('createStream', { shards: 10_000 })
  for (let i = 0; i < 10; i++) life.put(ORDERS, 10_000, 10)
  expect(life.bodies).toBe(10)
  life.ask('setShardCount', { shards: 5_000 })
  expect(life.openShards()).toHaveLength(5_000)
  life.wait(25 * HOUR_MS)
  expect(life.tidy()).toBeGreaterThan(20)
  expect(life.shards()).toHaveLength(5_000)
  expect(life.bodies).toBe(0)
  life.ask('deleteStream')
  expect(life.tidy()).toBeGreaterThan(10)
  life.finish(life.cut())
  expect(life.units).toBe(1)
})

test('a snapshot of a later version is refused', () => {
  const life = new StreamLife()
  const unknown = new Map([[3, new Uint8Array([0xa1, 0x67, 0x76, 0x65, 0x72, 0x73, 0x69, 0x6f, 0x6e, 0x09])]])
  expect(() => life.restarted({ units: unknown, now: START }, [])).toThrow(
    "the snapshot's Kinesis state has version 9; this build reads up to 3",
  )
})

/** As version 1 writes it: the units of `snapshotted`, by their ids. */
const SNAPSHOT: Readonly<Record<number, string>> = {
  3:
    'a5676e6578744d6170056773747265616d734810000000160000006776657273696f6e01686163636f756e747344' +
    '180000006a6e65787453747265616d03',
  16:
    'ab6269647818566b4a774a73514277426e5a36467030547153312d303031646d6f7665685550444154494e47666e' +
    '756d62657201667368617264734c1100000012000000140000006761646472657373a3646e616d65666f72646572' +
    '7366726567696f6e6965752d776573742d31696163636f756e7449646c3030303030303030303030306873657474' +
    '696e6773aa646d6f64656b50524f564953494f4e45446474616773a161616162656b6579496471616c6961732f61' +
    '77732f6b696e6573697366706f6c69637960676368616e676573a16f656e6372797074696f6e5374617274811b00' +
    '00019b77119680696d6f6e69746f726564806c6d61785265636f72644b69421904006d7472696d6d65644265666f' +
    '7265006e726574656e74696f6e486f75727318186e7761726d5468726f756768707574f669636f6e73756d657273' +
    '4415000000696372656174656441741b0000019b76daa800696e65787453686172640369736574746c656441741b' +
    '0000019b774885006a6d617056657273696f6e03',
  17:
    'a9666e756d6265720066706172656e74f6677265636f7264731368636c6f73656441741b0000019b76daa800686f' +
    '70656e656441741b0000019b76daa8006d637265617465645365636f6e641a6955b9006d656e64696e6748617368' +
    '4b6579782037666666666666666666666666666666666666666666666666666666666666666e61646a6163656e74' +
    '506172656e74f66f7374617274696e67486173684b65797820303030303030303030303030303030303030303030' +
    '3030303030303030303030',
  18:
    'a9666e756d6265720166706172656e74f6677265636f726473f668636c6f73656441741b0000019b76daa800686f' +
    '70656e656441741b0000019b76daa8006d637265617465645365636f6e641a6955b9006d656e64696e6748617368' +
    '4b6579782066666666666666666666666666666666666666666666666666666666666666666e61646a6163656e74' +
    '506172656e74f66f7374617274696e67486173684b65797820383030303030303030303030303030303030303030' +
    '3030303030303030303030',
  19: 'a4666368756e6b734066726563656e7440696e657874496e646578016a6e657765737454696d6500',
  20:
    'a9666e756d6265720266706172656e7400677265636f726473f668636c6f7365644174f6686f70656e656441741b' +
    '0000019b76daa8006d637265617465645365636f6e641a6955b9016d656e64696e67486173684b65797820666666' +
    '66666666666666666666666666666666666666666666666666666666666e61646a6163656e74506172656e74016f' +
    '7374617274696e67486173684b657978203030303030303030303030303030303030303030303030303030303030' +
    '303030',
  21:
    'a6646e616d6561786474616773a066706f6c6963796069736574746c656441741b0000019b774885006a69734465' +
    '6c6574696e67f46d637265617465645365636f6e641a6955c710',
  22:
    'ab6269647818566b4a774a73514277426e5a36467030547153312d303031646d6f76656844454c4554494e47666e' +
    '756d626572026673686172647344170000006761646472657373a3646e616d6565676f696e6766726567696f6e69' +
    '65752d776573742d31696163636f756e7449646c3030303030303030303030306873657474696e6773aa646d6f64' +
    '656b50524f564953494f4e45446474616773a0656b65794964f666706f6c69637960676368616e676573a0696d6f' +
    '6e69746f726564806c6d61785265636f72644b69421904006d7472696d6d65644265666f7265006e726574656e74' +
    '696f6e486f75727318186e7761726d5468726f756768707574f669636f6e73756d65727340696372656174656441' +
    '741b0000019b77119680696e65787453686172640169736574746c656441741b0000019b774885006a6d61705665' +
    '7273696f6e04',
  23:
    'a9666e756d6265720066706172656e74f6677265636f726473f668636c6f7365644174f6686f70656e656441741b' +
    '0000019b771196806d637265617465645365636f6e641a6955c7106d656e64696e67486173684b65797820666666' +
    '66666666666666666666666666666666666666666666666666666666666e61646a6163656e74506172656e74f66f' +
    '7374617274696e67486173684b657978203030303030303030303030303030303030303030303030303030303030' +
    '303030',
  24:
    'a366726567696f6e6965752d776573742d31696163636f756e7449646c3030303030303030303030306a636f6d6d' +
    '69746d656e74a26573696e63651b0000019b7711968066656e64734174f6',
}

function snapshotted(): StreamLife {
  const life = new StreamLife()
  life.ask('createStream', { shards: 2, tags: { a: 'b' } })
  life.ask('findPosition', { shard: 0, start: { type: 'oldest' } })
  life.ask('mergeShards', { shard: 0, adjacent: 1, settleMs: HOUR_MS })
  life.wait(HOUR_MS)
  life.ask('registerConsumer', { name: 'x', settleMs: HOUR_MS })
  life.ask('setEncryption', { keyId: 'alias/aws/kinesis', settleMs: HOUR_MS })
  life.ask('createStream', { stream: named('going') })
  life.ask('deleteStream', { stream: named('going'), settleMs: HOUR_MS })
  life.ask('setAccount', { commitment: true })
  return life
}

test('a snapshot is written and read as ever', () => {
  const life = snapshotted()
  const written = life.finish(life.cut())
  const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
  const key = (name: string) => hex(Buffer.from([0x60 + name.length, ...Buffer.from(name)]))
  // The version is another one since records may be sealed, and again since what arrives is the stream's.
  const root = SNAPSHOT[3]!.replace(`${key('version')}01`, `${key('version')}03`)
  const stream = (unit: 16 | 22) =>
    SNAPSHOT[unit]!.replace(/^ab/, 'ac').replace(key('settings'), `${key('arrivals')}f6${key('settings')}`)
  expect(Object.fromEntries([...written].map(([id, bytes]) => [id, hex(bytes)]))).toEqual({
    ...SNAPSHOT,
    3: root,
    16: stream(16),
    19: SNAPSHOT[19]!.replace(`${key('recent')}40`, `${key('packedTo')}01`),
    22: stream(22),
  })
  const units = new Map(Object.entries(SNAPSHOT).map(([id, text]) => [Number(id), Buffer.from(text, 'hex')]))
  const restored = life.restarted({ units, now: life.now }, [])
  expect(restored.content()).toEqual(life.content())
})

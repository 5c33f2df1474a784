import fc from 'fast-check'
import type { QueueSettings } from '../../src/services/sqs/queue-settings.ts'
import type { GROUPS } from './fair-model.ts'

/** How a receipt that was given out is bent before it is used. */
export type Bend =
  | 'none'
  | 'tag'
  | 'low tag'
  | 'next receive'
  | 'never received'
  | 'incarnation'
  | 'later slot'

export interface UsedReceipt {
  /** Which of the receipts given out so far, counted from the newest. */
  readonly back: number
  readonly bend: Bend
}

export type ModelOperation =
  | {
      readonly kind: 'create'
      readonly queue: number
      readonly settings: SettingsChange
      readonly tag: string
    }
  | { readonly kind: 'create again'; readonly queue: number; readonly differ: boolean }
  | { readonly kind: 'delete queue'; readonly queue: number }
  | { readonly kind: 'purge'; readonly queue: number }
  | { readonly kind: 'set settings'; readonly queue: number; readonly settings: SettingsChange }
  | { readonly kind: 'tag'; readonly queue: number; readonly key: string; readonly value: string }
  | { readonly kind: 'untag'; readonly queue: number; readonly key: string }
  | { readonly kind: 'send'; readonly queue: number; readonly messages: readonly SentMessage[] }
  | {
      readonly kind: 'receive'
      readonly queue: number
      readonly limit: number
      readonly hide: number | undefined
    }
  | { readonly kind: 'delete'; readonly queue: number; readonly receipts: readonly UsedReceipt[] }
  | {
      readonly kind: 'change'
      readonly queue: number
      readonly changes: readonly (UsedReceipt & { readonly seconds: number })[]
    }
  | {
      readonly kind: 'undo'
      readonly queue: number
      readonly receipts: readonly UsedReceipt[]
      /** In seconds; undefined for not at all. */
      readonly hide?: number | undefined
    }
  | {
      readonly kind: 'start moving'
      readonly queue: number
      readonly destination: number | null
      readonly messagesPerSecond: number | null
    }
  | { readonly kind: 'cancel moving'; readonly queue: number; readonly forged: boolean }
  | { readonly kind: 'do chores' }
  | { readonly kind: 'wait'; readonly milliseconds: number; readonly advance: boolean }
  | { readonly kind: 'tidy' }
  | { readonly kind: 'reset' }
  | { readonly kind: 'begin snapshot' }
  | LandOperation
  | { readonly kind: 'write snapshot'; readonly units: number }
  | { readonly kind: 'abandon snapshot' }
  | { readonly kind: 'restart'; readonly fromSnapshot: boolean }

/** Another service sends messages to several queues at once. */
export interface LandOperation {
  readonly kind: 'land'
  readonly queues: readonly number[]
  readonly origin: string
  readonly messages: readonly Omit<SentMessage, 'delaySeconds'>[]
}

export interface SentMessage {
  readonly delaySeconds: number | undefined
  readonly large: boolean
  readonly group?: (typeof GROUPS)[number] | undefined
}

/** Settings, with a queue's number where a policy names a queue. */
export interface SettingsChange extends Partial<Omit<QueueSettings, 'redrivePolicy'>> {
  readonly redrive?: { readonly target: number; readonly maxReceiveCount: number } | null
}

export const QUEUES = 3

export const queue = fc.oneof(
  { weight: 3, arbitrary: fc.constant(0) },
  { weight: 2, arbitrary: fc.nat(QUEUES - 1) },
)
export const used: fc.Arbitrary<UsedReceipt> = fc.record({
  back: fc.oneof({ weight: 3, arbitrary: fc.nat(4) }, { weight: 1, arbitrary: fc.nat(60) }),
  bend: fc.oneof(
    { weight: 12, arbitrary: fc.constant('none' as const) },
    {
      weight: 2,
      arbitrary: fc.constantFrom<Bend>(
        'tag',
        'low tag',
        'next receive',
        'never received',
        'incarnation',
        'later slot',
      ),
    },
  ),
})
/** How long a message whose receive is undone stays hidden all the same, in seconds. */
const stillHidden = fc.constantFrom(undefined, undefined, 1, 30)
export const receipts = fc.array(used, { minLength: 1, maxLength: 4 })
const settings: fc.Arbitrary<SettingsChange> = fc.record(
  {
    delaySeconds: fc.constantFrom(0, 0, 7),
    maximumMessageSizeBytes: fc.constantFrom(1024, 262_144),
    messageRetentionSeconds: fc.constantFrom(60, 90, 3600),
    visibilityTimeoutSeconds: fc.constantFrom(0, 10, 30),
    redrive: fc.option(
      fc.record({ target: fc.nat(QUEUES - 1), maxReceiveCount: fc.integer({ min: 1, max: 3 }) }),
    ),
    redriveAllowPolicy: fc.constantFrom(
      null,
      null,
      { redrivePermission: 'denyAll' as const, sourceQueueArns: [] },
      {
        redrivePermission: 'byQueue' as const,
        sourceQueueArns: ['arn:aws:sqs:us-east-1:000000000000:queue-0'],
      },
    ),
  },
  { requiredKeys: [] },
)
const messages = fc.array(
  fc.record({
    delaySeconds: fc.constantFrom(undefined, undefined, 0, 3, 20),
    large: fc.oneof(
      { weight: 9, arbitrary: fc.constant(false) },
      { weight: 1, arbitrary: fc.constant(true) },
    ),
    group: fc.constantFrom(undefined, undefined, undefined, 'a', 'b'),
  }),
  { minLength: 1, maxLength: 10 },
)
const hide = fc.constantFrom(undefined, undefined, 0, 5, 30)
const seconds = fc.constantFrom(0, 0, 4, 40, 43_200)
const word = fc.constantFrom('a', 'bb', 'ccc')

const kind = <const K extends ModelOperation['kind']>(name: K) => fc.constant(name)

/** What happens to the server as a whole. */
export const sharedOperations = fc.oneof(
  { weight: 2, arbitrary: fc.record({ kind: kind('tidy') }) },
  { weight: 1, arbitrary: fc.record({ kind: kind('reset') }) },
  { weight: 3, arbitrary: fc.record({ kind: kind('begin snapshot') }) },
  { weight: 5, arbitrary: fc.record({ kind: kind('write snapshot'), units: fc.constantFrom(1, 2, 100) }) },
  { weight: 1, arbitrary: fc.record({ kind: kind('abandon snapshot') }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: kind('restart'),
      fromSnapshot: fc.oneof(
        { weight: 3, arbitrary: fc.constant(true) },
        { weight: 1, arbitrary: fc.constant(false) },
      ),
    }),
  },
)
const startMoving = (source: fc.Arbitrary<number>) =>
  fc.record({
    kind: kind('start moving'),
    queue: source,
    destination: fc.oneof(fc.constant(null), fc.nat(QUEUES - 1)),
    messagesPerSecond: fc.constantFrom(null, null, 1, 3, 500),
  })

const land: fc.Arbitrary<LandOperation> = fc.record({
  kind: kind('land'),
  queues: fc.uniqueArray(queue, { minLength: 1, maxLength: QUEUES }),
  origin: word,
  messages: fc
    .array(messages, { minLength: 1, maxLength: 1 })
    .map(([some]) => some!.slice(0, 3).map(({ large, group }) => ({ large, group }))),
})

/** Any operation on one of a few queues; those that messages go through come more often. */
export const operation: fc.Arbitrary<ModelOperation> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: kind('create'), queue, settings, tag: word }) },
  { weight: 2, arbitrary: fc.record({ kind: kind('create again'), queue, differ: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: kind('delete queue'), queue }) },
  { weight: 1, arbitrary: fc.record({ kind: kind('purge'), queue }) },
  { weight: 3, arbitrary: fc.record({ kind: kind('set settings'), queue, settings }) },
  { weight: 1, arbitrary: fc.record({ kind: kind('tag'), queue, key: word, value: word }) },
  { weight: 1, arbitrary: fc.record({ kind: kind('untag'), queue, key: word }) },
  { weight: 14, arbitrary: fc.record({ kind: kind('send'), queue, messages }) },
  { weight: 6, arbitrary: land },
  {
    weight: 18,
    arbitrary: fc.record({ kind: kind('receive'), queue, limit: fc.integer({ min: 1, max: 10 }), hide }),
  },
  { weight: 7, arbitrary: fc.record({ kind: kind('delete'), queue, receipts }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: kind('change'),
      queue,
      changes: fc.array(
        fc.tuple(used, seconds).map(([each, time]) => ({ ...each, seconds: time })),
        {
          minLength: 1,
          maxLength: 3,
        },
      ),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: kind('undo'), queue, receipts, hide: stillHidden }) },
  {
    weight: 5,
    arbitrary: startMoving(queue),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: kind('cancel moving'), queue, forged: fc.constantFrom(false, false, true) }),
  },
  { weight: 6, arbitrary: fc.record({ kind: kind('do chores') }) },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: kind('wait'),
      milliseconds: fc.constantFrom(1, 999, 3000, 4000, 10_000, 31_000, 61_000),
      advance: fc.boolean(),
    }),
  },
  { weight: 15, arbitrary: sharedOperations },
)

/** What the operations below lead up to: queue 0 has its dead letters in queue 1, those of queue 2 go there too. */
export const DEAD_LETTER_QUEUES: readonly ModelOperation[] = [
  { kind: 'create', queue: 2, settings: { redrive: { target: 1, maxReceiveCount: 1 } }, tag: 'a' },
  { kind: 'set settings', queue: 0, settings: { redrive: { target: 1, maxReceiveCount: 1 } } },
]

const source = fc.constantFrom(0, 0, 2)

/** Operations that make many dead letters and move them, and get into the way of that. */
export const movingOperation: fc.Arbitrary<ModelOperation> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: kind('send'), queue: source, messages }) },
  { weight: 4, arbitrary: land },
  {
    weight: 10,
    arbitrary: fc.record({
      kind: kind('receive'),
      queue: source,
      limit: fc.constant(10),
      hide: fc.constant(0),
    }),
  },
  { weight: 9, arbitrary: startMoving(fc.constant(1)) },
  { weight: 12, arbitrary: fc.record({ kind: kind('do chores') }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: kind('wait'),
      milliseconds: fc.constantFrom(1, 20, 333, 334, 1000),
      advance: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: kind('cancel moving'), queue: fc.constant(1), forged: fc.constant(false) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: kind('restart'), fromSnapshot: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: kind('begin snapshot') }) },
  { weight: 2, arbitrary: fc.record({ kind: kind('write snapshot'), units: fc.constantFrom(2, 100) }) },
  { weight: 1, arbitrary: fc.record({ kind: kind('delete queue'), queue: fc.nat(QUEUES - 1) }) },
  { weight: 2, arbitrary: fc.record({ kind: kind('create'), queue, settings: fc.constant({}), tag: word }) },
  { weight: 8, arbitrary: operation },
)

const fairMessages = fc
  .tuple(
    fc.constantFrom<(typeof GROUPS)[number] | undefined>('a', 'a', 'a', 'b', 'b', 'c', 'd', 'e', undefined),
    fc.integer({ min: 1, max: 10 }),
    fc.constantFrom(0, 0, 0, 0, 0, 2),
  )
  .map(([group, count, delaySeconds]) =>
    Array.from({ length: count }, () => ({ group, delaySeconds, large: false })),
  )

/** Operations on one queue of several tenants, with consumers that are slow enough for there to be noisy ones. */
export const fairOperation: fc.Arbitrary<ModelOperation> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({ kind: kind('send'), queue: fc.constant(0), messages: fairMessages }),
  },
  { weight: 2, arbitrary: fc.record({ kind: kind('send'), queue: fc.constant(0), messages }) },
  { weight: 3, arbitrary: land },
  {
    weight: 18,
    arbitrary: fc.record({
      kind: kind('receive'),
      queue: fc.constant(0),
      limit: fc.constantFrom(1, 3, 10, 10),
      hide: fc.constantFrom(undefined, 5, 300, 3600, 0),
    }),
  },
  { weight: 6, arbitrary: fc.record({ kind: kind('delete'), queue: fc.constant(0), receipts }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: kind('change'),
      queue: fc.constant(0),
      changes: fc.array(
        fc.tuple(used, seconds).map(([each, time]) => ({ ...each, seconds: time })),
        { minLength: 1, maxLength: 3 },
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: kind('undo'), queue: fc.constant(0), receipts, hide: stillHidden }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: kind('wait'),
      milliseconds: fc.constantFrom(1, 999, 3000, 4000, 10_000, 61_000, 130_000, 299_999),
      advance: fc.boolean(),
    }),
  },
  { weight: 10, arbitrary: sharedOperations },
)

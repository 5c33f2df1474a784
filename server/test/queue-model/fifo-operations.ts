import fc from 'fast-check'
import type { QueueSettings } from '../../src/services/sqs/queue-settings.ts'
import { type ModelOperation, queue, receipts, sharedOperations, used } from './operations.ts'

/** A message as it is sent: one letter says its group, and the text its deduplication id. */
export interface SentFifoMessage {
  readonly group: string
  readonly deduplication: string
  readonly byContent: boolean
  readonly large: boolean
}

export type FifoSettings = Partial<
  Pick<
    QueueSettings,
    | 'delaySeconds'
    | 'maximumMessageSizeBytes'
    | 'messageRetentionSeconds'
    | 'visibilityTimeoutSeconds'
    | 'contentBasedDeduplication'
    | 'deduplicationScope'
    | 'fifoThroughputLimit'
  >
> & { readonly redrive?: { readonly target: number; readonly maxReceiveCount: number } | null }

/** Another service sends messages to the queue, and to one that is not there. */
export interface LandFifoOperation {
  readonly kind: 'land fifo'
  readonly queue: number
  readonly origin: string
  readonly messages: readonly SentFifoMessage[]
}

export type FifoOperation =
  | { readonly kind: 'create fifo' | 'set fifo'; readonly queue: number; readonly settings: FifoSettings }
  | { readonly kind: 'send fifo'; readonly queue: number; readonly messages: readonly SentFifoMessage[] }
  | LandFifoOperation
  | (ModelOperation & { readonly kind: 'receive' } & { readonly attempt: string | null })
  | Extract<
      ModelOperation,
      {
        kind:
          | 'delete queue'
          | 'purge'
          | 'delete'
          | 'change'
          | 'undo'
          | 'wait'
          | 'tidy'
          | 'reset'
          | 'begin snapshot'
          | 'write snapshot'
          | 'abandon snapshot'
          | 'restart'
      }
    >

const settings: fc.Arbitrary<FifoSettings> = fc.record(
  {
    delaySeconds: fc.constantFrom(0, 0, 5, 20),
    maximumMessageSizeBytes: fc.constantFrom(1024, 262_144),
    messageRetentionSeconds: fc.constantFrom(60, 90, 3600),
    visibilityTimeoutSeconds: fc.constantFrom(0, 10, 30),
    contentBasedDeduplication: fc.boolean(),
    deduplicationScope: fc.constantFrom('queue', 'messageGroup'),
    fifoThroughputLimit: fc.constantFrom('perQueue', 'perQueue', 'perMessageGroupId'),
    redrive: fc.option(fc.record({ target: fc.nat(2), maxReceiveCount: fc.integer({ min: 1, max: 3 }) })),
  },
  { requiredKeys: [] },
)
/** Few enough to be duplicates often, or one of so many that it never is. */
const deduplication = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom('x', 'y') },
  { weight: 3, arbitrary: fc.uuid() },
)
const message: fc.Arbitrary<SentFifoMessage> = fc.record({
  group: fc.constantFrom('a', 'a', 'b', 'c', 'd'),
  deduplication,
  byContent: fc.oneof(
    { weight: 5, arbitrary: fc.constant(false) },
    { weight: 1, arbitrary: fc.constant(true) },
  ),
  large: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
})
const hide = fc.constantFrom(undefined, undefined, 0, 5, 30)

const kind = <const K extends FifoOperation['kind']>(name: K) => fc.constant(name)

export const fifoOperation: fc.Arbitrary<FifoOperation> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ kind: kind('create fifo'), queue, settings }) },
  { weight: 4, arbitrary: fc.record({ kind: kind('set fifo'), queue, settings }) },
  { weight: 1, arbitrary: fc.record({ kind: kind('delete queue'), queue }) },
  { weight: 1, arbitrary: fc.record({ kind: kind('purge'), queue }) },
  {
    weight: 14,
    arbitrary: fc.record({
      kind: kind('send fifo'),
      queue,
      messages: fc.array(message, { minLength: 1, maxLength: 10 }),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: kind('land fifo'),
      queue,
      origin: fc.constantFrom('a', 'bb'),
      messages: fc.array(message, { minLength: 1, maxLength: 4 }),
    }),
  },
  {
    weight: 18,
    arbitrary: fc.record({
      kind: kind('receive'),
      queue,
      limit: fc.integer({ min: 1, max: 10 }),
      hide,
      attempt: fc.constantFrom(null, null, null, 'first', 'second'),
    }),
  },
  { weight: 9, arbitrary: fc.record({ kind: kind('delete'), queue, receipts }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: kind('change'),
      queue,
      changes: fc.array(
        fc.tuple(used, fc.constantFrom(0, 0, 4, 40, 43_200)).map(([each, seconds]) => ({ ...each, seconds })),
        { minLength: 1, maxLength: 3 },
      ),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: kind('undo'), queue, receipts }) },
  {
    weight: 10,
    arbitrary: fc.record({
      kind: kind('wait'),
      milliseconds: fc.constantFrom(1, 999, 3000, 5000, 10_000, 31_000, 61_000, 299_999, 300_000),
      advance: fc.boolean(),
    }),
  },
  { weight: 14, arbitrary: sharedOperations },
)

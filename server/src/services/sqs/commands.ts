import type { ErrorShape } from '../../api/service-error.ts'
import type { Command } from '../../core/command.ts'
import type { Bodies } from '../../core/service-state.ts'
import type { QueueSettings } from './queue-settings.ts'

/**
 * What the SQS operations ask of the cell, and what it answers. Everything here is plain data that was checked by the
 * operation: ranges, names and shapes hold. The cell checks what depends on state: whether the queue exists, what its
 * settings allow, whether a receipt is current.
 */
export interface SqsCommands {
  createQueue: {
    readonly queue: QueueAddress
    /** Only what the caller named: the rest takes its default, or is not compared when the queue exists. */
    readonly settings: Partial<QueueSettings>
    readonly tags: Readonly<Record<string, string>>
  }
  deleteQueue: { readonly queue: QueueAddress }
  purgeQueue: { readonly queue: QueueAddress }
  getQueue: { readonly queue: QueueAddress }
  listQueues: {
    readonly accountId: string
    readonly region: string
    readonly prefix: string
    /** The list begins after this name, in code-unit order; empty for the beginning. */
    readonly after: string
    readonly limit: number
  }
  listDeadLetterSourceQueues: { readonly queue: QueueAddress; readonly after: string; readonly limit: number }
  setQueueSettings: { readonly queue: QueueAddress; readonly settings: Partial<QueueSettings> }
  tagQueue: { readonly queue: QueueAddress; readonly tags: Readonly<Record<string, string>> }
  untagQueue: { readonly queue: QueueAddress; readonly keys: readonly string[] }
  sendMessages: { readonly queue: QueueAddress; readonly messages: readonly MessageToSend[] }
  /** For a FIFO queue; messages enter it in this order. */
  sendFifoMessages: { readonly queue: QueueAddress; readonly messages: readonly FifoMessageToSend[] }
  receiveMessages: {
    readonly queue: QueueAddress
    /** 1 to 10. */
    readonly limit: number
    /** Left out: the queue's own. */
    readonly visibilityTimeoutSeconds: number | undefined
    readonly waitSeconds: number | undefined
    /** Eight fresh random bytes for each message up to `limit`: the tags of the receipts. */
    readonly tags: Uint8Array
    /** FIFO queues: under which the same messages can be had again. */
    readonly attempt?: ReceiveAttempt | undefined
  }
  /** Takes a receive back whose answer never reached the client: not counted, visible at once. */
  undoReceive: { readonly queue: QueueAddress; readonly receipts: readonly Receipt[] }
  deleteMessages: { readonly queue: QueueAddress; readonly receipts: readonly Receipt[] }
  changeVisibility: {
    readonly queue: QueueAddress
    readonly changes: readonly { readonly receipt: Receipt; readonly visibilityTimeoutSeconds: number }[]
  }
}

export interface SqsReplies {
  createQueue: QueueAddress
  deleteQueue: null
  purgeQueue: null
  getQueue: QueueDescription
  listQueues: QueuePage
  listDeadLetterSourceQueues: QueuePage
  setQueueSettings: null
  tagQueue: null
  untagQueue: null
  /** One outcome for each message, in order; null where it was accepted. */
  sendMessages: readonly (Refusal | null)[]
  /** As for `sendMessages`; what stands in the queue for each where it was accepted. */
  sendFifoMessages: readonly (Refusal | Enqueued)[]
  receiveMessages: {
    readonly messages: readonly ReceivedMessage[]
    /** The stored body of each message, in the same order: at once where cached. Null if it is lost. Not to be changed. */
    readonly bodies: Bodies | Promise<Bodies>
  }
  undoReceive: null
  deleteMessages: readonly (Refusal | null)[]
  changeVisibility: readonly (Refusal | null)[]
}

export type SqsCommand<Kind extends keyof SqsCommands = keyof SqsCommands> = {
  [K in Kind]: Command & { readonly service: 'sqs'; readonly kind: K } & SqsCommands[K]
}[Kind]

/** Where a queue lives. The same name in another account or region is another queue. */
export interface QueueAddress {
  readonly accountId: string
  readonly region: string
  readonly name: string
}

export interface MessageToSend {
  /** Position in the command's `bodies`. */
  readonly body: number
  /** The message's size as AWS counts it: body and attributes, in bytes. */
  readonly sizeBytes: number
  /** Left out: the queue's own. */
  readonly delaySeconds: number | undefined
  /** Left out: the message is in no group. Four words; see `keys.ts`. */
  readonly groupKey?: Uint32Array | undefined
}

/** Keys and the id are four words each; see `keys.ts`. */
export interface FifoMessageToSend {
  /** Position in the command's `bodies`. */
  readonly body: number
  readonly sizeBytes: number
  readonly groupKey: Uint32Array
  readonly deduplicationKey: Uint32Array
  /** Whether the message's content stands for a deduplication id, which the queue may not allow. */
  readonly deduplicatesByContent: boolean
  readonly messageId: Uint32Array
}

/** A message's place in its queue, from which its sequence number follows. */
export interface Enqueued {
  readonly incarnation: number
  readonly slot: number
  /** The id (four words) of the message sent before that this one is a duplicate of: the place is that one's. */
  readonly duplicateOf: Uint32Array | null
}

export interface ReceiveAttempt {
  readonly id: string
  /** Four words. */
  readonly key: Uint32Array
}

/** What a receipt handle says. `tag` is 8 bytes as two unsigned 32-bit halves. */
export interface Receipt {
  /** The queue's incarnation: a queue that is deleted and created again has another. */
  readonly incarnation: number
  readonly slot: number
  readonly receiveNumber: number
  readonly tagHigh: number
  readonly tagLow: number
}

export interface ReceivedMessage {
  readonly receipt: Receipt
  /** Milliseconds since the epoch. */
  readonly sentAt: number
  readonly firstReceivedAt: number
  /** Over all queues, this receive included. */
  readonly receiveCount: number
  /** The queue whose dead letter this is, or null. */
  readonly deadLetterSource: QueueAddress | null
}

export interface Refusal {
  readonly error: ErrorShape
  /** `{ReceiptHandle}` in it stands for the handle as its client wrote it, which only the operation knows. */
  readonly message: string
  /** What is told instead where it fails one entry of a batch. */
  readonly inBatch?: { readonly error: ErrorShape; readonly message: string }
}

export interface QueueDescription {
  readonly settings: QueueSettings
  readonly tags: Readonly<Record<string, string>>
  /** Milliseconds since the epoch. */
  readonly createdAt: number
  readonly modifiedAt: number
  readonly waitingMessages: number
  readonly delayedMessages: number
  readonly inFlightMessages: number
}

export interface QueuePage {
  readonly names: readonly string[]
  /** Where the next page begins (`after`), or null when this is the last. */
  readonly next: string | null
}

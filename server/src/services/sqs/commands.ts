import type { Permission } from '../../api/policy-document.ts'
import type { ErrorShape } from '../../api/service-error.ts'
import type { Command } from '../../core/command.ts'
import type { LandingOutcome, LandingSender } from '../../core/landing.ts'
import type { NamePage } from '../../core/name-list.ts'
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
    /** How long ago a queue of that name must have been deleted; left out for not at all. */
    readonly cooldownSeconds?: number | undefined
  }
  deleteQueue: { readonly queue: QueueAddress }
  purgeQueue: {
    readonly queue: QueueAddress
    /** How long ago the purge before must have been; left out for not at all. */
    readonly cooldownSeconds?: number | undefined
  }
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
  addPermission: { readonly queue: QueueAddress; readonly permission: Permission }
  removePermission: { readonly queue: QueueAddress; readonly label: string }
  sendMessages: {
    readonly queue: QueueAddress
    readonly messages: readonly MessageToSend[]
    /** The key of the queue that the bodies were sealed under, as the queue names it; left out for none. */
    readonly keyId?: string | undefined
  }
  /** For a FIFO queue; messages enter it in this order. */
  sendFifoMessages: {
    readonly queue: QueueAddress
    readonly messages: readonly FifoMessageToSend[]
    /** Keys of all messages, one behind the other in the messages' order: of their groups, and of their deduplication ids. */
    readonly groupKeys: Uint32Array
    readonly deduplicationKeys: Uint32Array
    /** Their ids as words, in the same way. */
    readonly messageIds: Uint32Array
    /** As in `sendMessages`. */
    readonly keyId?: string | undefined
    /** Whether the call is refused where it is one too many of its second. */
    readonly isMetered?: boolean | undefined
  }
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
    /** As in `sendFifoMessages`; FIFO queues alone are metered. */
    readonly isMetered?: boolean | undefined
    /** Standard queues: stray from the order, and leave some visible. Two draws for each message up to `limit`. */
    readonly disorder?: Disorder | undefined
  }
  /** Takes a receive back whose answer never reached the client: not counted, visible at once. */
  undoReceive: {
    readonly queue: QueueAddress
    readonly receipts: readonly Receipt[]
    /** For so long the messages stay hidden all the same; not at all if left out. */
    readonly hiddenSeconds?: number | undefined
  }
  deleteMessages: {
    readonly queue: QueueAddress
    readonly receipts: readonly Receipt[]
    /** As in `receiveMessages`. */
    readonly isMetered?: boolean | undefined
    /** Standard queues: have some delivered once more instead. A draw for each receipt. */
    readonly disorder?: Disorder | undefined
  }
  changeVisibility: {
    readonly queue: QueueAddress
    readonly changes: readonly { readonly receipt: Receipt; readonly visibilityTimeoutSeconds: number }[]
  }
  /** Looks at messages in the order of their slots, and changes nothing. */
  peekMessages: {
    readonly queue: QueueAddress
    /** A place that is in another incarnation of the queue stands for the oldest message. */
    readonly from: PeekPlace | 'oldest' | 'end'
    readonly phases: readonly MessagePhase[]
    readonly limit: number
    /** Stored bytes of all bodies together; one message is returned whatever its size. */
    readonly bytesMax: number
  }
  /** Deletes all queues of all accounts and regions. */
  reset: object
  startMoveTask: {
    readonly source: QueueAddress
    /** Null for back to where each message came from. */
    readonly destination: QueueAddress | null
    /** Null for as fast as it goes. */
    readonly messagesPerSecond: number | null
    /** A fresh UUID. */
    readonly id: string
  }
  cancelMoveTask: { readonly source: QueueAddress; readonly id: string }
  listMoveTasks: { readonly source: QueueAddress; readonly limit: number }
  /** Names internal queues that have something, in which whoever asks looks then. */
  takeReadyQueues: { readonly limit: number; readonly waitSeconds: number }
  /** Moves a received message on, in the place of whoever sent it here. */
  forwardMessage: {
    readonly queue: QueueAddress
    readonly receipt: Receipt
    /** The ARN of a standard queue, whose policy is asked whether the sender may. */
    readonly target: string
    readonly sender: LandingSender
    /** The message's size there, as AWS counts it. */
    readonly sizeBytes: number
  }
  /** Carries on with the task of a queue, named by its incarnation. Only the state itself asks for that. */
  moveMessages: { readonly source: number }
}

export interface SqsReplies {
  createQueue: QueueAddress
  deleteQueue: null
  purgeQueue: null
  getQueue: QueueDescription
  listQueues: NamePage
  listDeadLetterSourceQueues: NamePage
  setQueueSettings: null
  tagQueue: null
  untagQueue: null
  addPermission: null
  removePermission: null
  /** One outcome for each message, in order; null where it was accepted. Null for all if the queue has another key by now. */
  sendMessages: readonly (Refusal | null)[] | null
  /** As for `sendMessages`; what stands in the queue for each where it was accepted. */
  sendFifoMessages: readonly (Refusal | Enqueued)[] | null
  receiveMessages: {
    readonly messages: readonly ReceivedMessage[]
    /** The stored body of each message, in the same order: at once where cached. Null if it is lost. Not to be changed. */
    readonly bodies: Bodies | Promise<Bodies>
  }
  undoReceive: null
  deleteMessages: readonly (Refusal | null)[]
  changeVisibility: readonly (Refusal | null)[]
  peekMessages: {
    readonly messages: readonly PeekedMessage[]
    /** As with `receiveMessages`. */
    readonly bodies: Bodies | Promise<Bodies>
    /** Where to go on. */
    readonly next: PeekPlace
    /** Whether there may be messages from there on. */
    readonly more: boolean
  }
  reset: { readonly queues: number }
  startMoveTask: null
  /** How many messages moved. */
  cancelMoveTask: number
  /** The newest first. */
  listMoveTasks: readonly MoveTaskDescription[]
  takeReadyQueues: readonly QueueAddress[]
  /** Null where it is there now, or is gone. */
  forwardMessage: LandingOutcome
  moveMessages: null
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

/** What chance says of one command, where a queue is to do what AWS's may. */
export interface Disorder {
  /** Each a whole number below 2^32, all of them equally likely. */
  readonly draws: Uint32Array
  /** How many deliveries and deletions of a hundred leave the message to be delivered again; 0 to 50. */
  readonly twicePercent: number
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
  /** Whether the message's content stands for a deduplication id, which the queue may not allow. */
  readonly deduplicatesByContent: boolean
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

/** What a queue knows of a message besides its body. */
export interface MessageHistory {
  /** Where it lies: the queue's incarnation and the slot there. Its sequence number is made of them. */
  readonly incarnation: number
  readonly slot: number
  /** Milliseconds since the epoch. */
  readonly sentAt: number
  /** 0 if it was never received. */
  readonly firstReceivedAt: number
  /** Over all queues, this receive included. */
  readonly receiveCount: number
  /** The queue whose dead letter this is, or null. */
  readonly deadLetterSource: QueueAddress | null
  /** How often it was moved out of a dead-letter queue, as a new message each time. */
  readonly redrives: number
  /** What the sender said of a message that landed here from another service, see core/landing.ts; null for one that was sent. */
  readonly origin: string | null
}

export interface ReceivedMessage extends MessageHistory {
  readonly receipt: Receipt
}

export type MessagePhase = 'visible' | 'inFlight' | 'delayed'

export interface PeekedMessage extends MessageHistory {
  readonly phase: MessagePhase
  /** When it becomes visible, in milliseconds since the epoch; 0 for one that is. */
  readonly visibleAt: number
}

export interface PeekPlace {
  /** The queue's incarnation. */
  readonly incarnation: number
  readonly slot: number
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

export interface MoveTaskDescription {
  /** A UUID. */
  readonly id: string
  /** Null for back to where each message came from. */
  readonly destination: QueueAddress | null
  /** Null for as fast as it goes. */
  readonly messagesPerSecond: number | null
  /** Milliseconds since the epoch. */
  readonly startedAt: number
  /** Messages that were available when it began. It moves no more than these, so that it ends though others come. */
  readonly messagesToMove: number
  readonly messagesMoved: number
  readonly status: 'RUNNING' | 'COMPLETED' | 'CANCELLING' | 'CANCELLED' | 'FAILED'
  /** Empty unless it failed. */
  readonly failureReason: string
}

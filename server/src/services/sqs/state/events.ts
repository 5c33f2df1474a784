import type { QueueAddress } from '../commands.ts'
import type { QueueSettings } from '../queue-settings.ts'
import type { MoveTask, MoveTaskEnd } from './move-task.ts'

/**
 * What can happen to queues, as it is journaled. Kinds are for ever: they are only ever added to. event-layouts.ts has the bytes.
 */
export const EVENT = {
  queueCreated: 0x0100,
  queueDeleted: 0x0101,
  queueChanged: 0x0102,
  queuePurged: 0x0103,
  messagesSent: 0x0110,
  messagesReceived: 0x0111,
  messagesDeleted: 0x0112,
  visibilityChanged: 0x0113,
  messagesDeadLettered: 0x0114,
  receiveUndone: 0x0115,
  receivePostponed: 0x0116,
  fifoMessagesSent: 0x0120,
  receiveAttempted: 0x0121,
  receiveRepeated: 0x0122,
  groupedMessagesSent: 0x0150,
  groupsBecameNoisy: 0x0151,
  allQueuesDeleted: 0x0140,
  moveTaskStarted: 0x0130,
  moveTaskCancelled: 0x0131,
  moveTaskEnded: 0x0132,
  messagesMoved: 0x0133,
  originNoted: 0x0160,
  messagesLanded: 0x0161,
  fifoMessageLanded: 0x0162,
  messagesForwarded: 0x0163,
} as const

export interface QueueCreated {
  readonly kind: typeof EVENT.queueCreated
  /** The queue's incarnation, never used before. */
  readonly queue: number
  readonly address: QueueAddress
  readonly settings: QueueSettings
  readonly tags: Readonly<Record<string, string>>
}

export interface QueueDeleted {
  readonly kind: typeof EVENT.queueDeleted
  readonly queue: number
}

/** Settings, tags, or both, as they are from now on. */
export interface QueueChanged {
  readonly kind: typeof EVENT.queueChanged
  readonly queue: number
  readonly settings: QueueSettings | null
  readonly tags: Readonly<Record<string, string>> | null
}

/** Everything the queue holds is gone. */
export interface QueuePurged {
  readonly kind: typeof EVENT.queuePurged
  readonly queue: number
}

/** Messages took the slots from `firstSlot` on; their bodies have the ids from `firstBodyId` on. */
export interface MessagesSent {
  readonly kind: typeof EVENT.messagesSent
  readonly queue: number
  readonly firstSlot: number
  readonly firstBodyId: number
  /** Stored bytes of each body. */
  readonly bytes: readonly number[]
  /** One for each message; 0 where it is available at once. */
  readonly delaySeconds: readonly number[]
}

export interface MessagesReceived {
  readonly kind: typeof EVENT.messagesReceived
  readonly queue: number
  readonly visibilityTimeoutSeconds: number
  readonly slots: readonly number[]
  /** Two 32-bit halves for each slot, high half first. */
  readonly tags: readonly number[]
}

export interface MessagesDeleted {
  readonly kind: typeof EVENT.messagesDeleted
  readonly queue: number
  readonly slots: readonly number[]
}

export interface VisibilityChanged {
  readonly kind: typeof EVENT.visibilityChanged
  readonly queue: number
  readonly slots: readonly number[]
  readonly visibilityTimeoutSeconds: readonly number[]
}

/** Messages left a queue for its dead-letter queue, where they took the slots from `firstSlot` on. */
export interface MessagesDeadLettered {
  readonly kind: typeof EVENT.messagesDeadLettered
  readonly queue: number
  readonly slots: readonly number[]
  readonly target: number
  readonly firstSlot: number
}

export interface ReceiveUndone {
  readonly kind: typeof EVENT.receiveUndone
  readonly queue: number
  readonly slots: readonly number[]
}

/** The newest receives of the messages don't count, and yet they stay hidden for so long. */
export interface ReceivePostponed {
  readonly kind: typeof EVENT.receivePostponed
  readonly queue: number
  readonly slots: readonly number[]
  readonly visibilityTimeoutSeconds: readonly number[]
}

/**
 * Messages of groups took the slots from `firstSlot` on; their bodies have the ids from `firstBodyId` on. Keys and ids are four
 * words for each message.
 */
export interface FifoMessagesSent {
  readonly kind: typeof EVENT.fifoMessagesSent
  readonly queue: number
  readonly firstSlot: number
  readonly firstBodyId: number
  /** Stored bytes of each body. */
  readonly bytes: readonly number[]
  readonly groupKeys: Uint32Array
  /** What duplicates of each are found by from now on. */
  readonly sendKeys: Uint32Array
  readonly messageIds: Uint32Array
}

/** The messages just received were asked for under an attempt id, which can be used again to get the same. */
export interface ReceiveAttempted {
  readonly kind: typeof EVENT.receiveAttempted
  readonly queue: number
  /** Four words. */
  readonly attemptKey: Uint32Array
  readonly slots: readonly number[]
}

/** What an attempt had received was given out once more, hidden anew. */
export interface ReceiveRepeated {
  readonly kind: typeof EVENT.receiveRepeated
  readonly queue: number
  readonly attemptKey: Uint32Array
  readonly visibilityTimeoutSeconds: number
}

/** As `MessagesSent`, where messages have groups. */
export interface GroupedMessagesSent {
  readonly kind: typeof EVENT.groupedMessagesSent
  readonly queue: number
  readonly firstSlot: number
  readonly firstBodyId: number
  readonly bytes: readonly number[]
  readonly delaySeconds: readonly number[]
  /** Four words for each message; zeros for one without a group. */
  readonly groupKeys: Uint32Array
}

/** The groups of these messages, which are available, took more than their share of a standard queue's consumers. */
export interface GroupsBecameNoisy {
  readonly kind: typeof EVENT.groupsBecameNoisy
  readonly queue: number
  readonly slots: readonly number[]
}

/** Every queue of every account and region is gone, with all that it held. Their numbers are not given again. */
export interface AllQueuesDeleted {
  readonly kind: typeof EVENT.allQueuesDeleted
}

/** A task began that moves messages out of the queue. */
export interface MoveTaskStarted {
  readonly kind: typeof EVENT.moveTaskStarted
  readonly queue: number
  readonly task: Pick<MoveTask, 'id' | 'destination' | 'messagesPerSecond' | 'messagesToMove'>
}

/** The queue's active task is to move no more. */
export interface MoveTaskCancelled {
  readonly kind: typeof EVENT.moveTaskCancelled
  readonly queue: number
}

export interface MoveTaskEnded {
  readonly kind: typeof EVENT.moveTaskEnded
  readonly queue: number
  readonly status: MoveTaskEnd
  /** Empty unless it failed. */
  readonly failureReason: string
}

/** The queue's active task moved messages to another queue, where they took the slots from `firstSlot` on, as new ones. */
export interface MessagesMoved {
  readonly kind: typeof EVENT.messagesMoved
  readonly queue: number
  readonly slots: readonly number[]
  readonly target: number
  readonly firstSlot: number
}

/** Messages may have a new origin: see origins.ts. */
export interface OriginNoted {
  readonly kind: typeof EVENT.originNoted
  readonly number: number
  readonly text: string
}

/** Messages that another service sent took the slots of a standard queue from `firstSlot` on. All have one origin. */
export interface MessagesLanded {
  readonly kind: typeof EVENT.messagesLanded
  readonly queue: number
  readonly origin: number
  readonly firstSlot: number
  /** 0 where they are available at once. */
  readonly delaySeconds: number
  readonly bodyIds: readonly number[]
  /** Stored bytes of each body. */
  readonly bytes: readonly number[]
  /** Four words for each message; zeros for one without a group. Null where none has one. */
  readonly groupKeys: Uint32Array | null
}

/** As `MessagesLanded`, for one message in a FIFO queue. Keys and the id are four words each. */
export interface FifoMessageLanded {
  readonly kind: typeof EVENT.fifoMessageLanded
  readonly queue: number
  readonly origin: number
  readonly slot: number
  readonly bodyId: number
  readonly bytes: number
  readonly groupKey: Uint32Array
  readonly sendKey: Uint32Array
  readonly messageId: Uint32Array
}

/**
 * Messages of an internal queue could not be pushed to where they were to go: they took the slots of the target from `firstSlot` on,
 * as if they had landed there.
 */
export interface MessagesForwarded {
  readonly kind: typeof EVENT.messagesForwarded
  readonly queue: number
  readonly slots: readonly number[]
  readonly target: number
  readonly firstSlot: number
}

export type SqsEvent =
  | QueueCreated
  | QueueDeleted
  | QueueChanged
  | QueuePurged
  | MessagesSent
  | MessagesReceived
  | MessagesDeleted
  | VisibilityChanged
  | MessagesDeadLettered
  | ReceiveUndone
  | ReceivePostponed
  | FifoMessagesSent
  | ReceiveAttempted
  | ReceiveRepeated
  | GroupedMessagesSent
  | GroupsBecameNoisy
  | AllQueuesDeleted
  | MoveTaskStarted
  | MoveTaskCancelled
  | MoveTaskEnded
  | MessagesMoved
  | OriginNoted
  | MessagesLanded
  | FifoMessageLanded
  | MessagesForwarded

import { Buffer } from 'node:buffer'
import { decode as decodeCbor, encode as encodeCbor } from 'cborg'
import type { ByteReader } from '../../../base/byte-reader.ts'
import type { ByteWriter } from '../../../base/byte-writer.ts'
import { KEY_WORDS } from '../../../core/key.ts'
import type { QueueAddress } from '../commands.ts'
import type { QueueSettings } from '../queue-settings.ts'
import type { MoveTask, MoveTaskEnd } from './move-task.ts'

/**
 * What can happen to queues, as it is journaled. Kinds and layouts are for ever: they are only ever added to. What every
 * message goes through has a fixed binary layout (little-endian, drawn at each codec below); the rest is CBOR.
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

export function encodeEvent(event: SqsEvent, writer: ByteWriter): void {
  switch (event.kind) {
    // u32 queue │ u32 count │ f64 first slot │ f64 first body id │ count × (u32 bytes │ u32 delay seconds)
    case EVENT.messagesSent: {
      const count = event.bytes.length
      writer.reserve(24 + count * 8)
      writeSent(writer, event)
      return
    }
    // as messages sent │ count × 16 group key
    case EVENT.groupedMessagesSent: {
      const count = event.bytes.length
      writer.reserve(24 + count * 24)
      writeSent(writer, event)
      writeWords(writer, event.groupKeys)
      return
    }
    // u32 queue │ u32 count │ u32 visibility timeout seconds │ count × (f64 slot │ u32 tag high │ u32 tag low)
    case EVENT.messagesReceived: {
      const count = event.slots.length
      writer.reserve(12 + count * 16)
      writer.uint32(event.queue)
      writer.uint32(count)
      writer.uint32(event.visibilityTimeoutSeconds)
      for (let i = 0; i < count; i++) {
        writer.float64(event.slots[i]!)
        writer.uint32(event.tags[2 * i]!)
        writer.uint32(event.tags[2 * i + 1]!)
      }
      return
    }
    // u32 queue │ u32 count │ count × f64 slot
    case EVENT.messagesDeleted:
    case EVENT.receiveUndone:
    case EVENT.groupsBecameNoisy:
      writer.uint32(event.queue)
      writeSlots(writer, event.slots)
      return
    // u32 queue │ u32 count │ count × f64 slot │ count × u32 seconds
    case EVENT.visibilityChanged:
      writer.uint32(event.queue)
      writeSlots(writer, event.slots)
      for (const seconds of event.visibilityTimeoutSeconds) writer.uint32(seconds)
      return
    // u32 queue │ u32 target queue │ f64 first slot there │ u32 count │ count × f64 slot
    case EVENT.messagesDeadLettered:
    case EVENT.messagesMoved:
    case EVENT.messagesForwarded:
      writer.uint32(event.queue)
      writer.uint32(event.target)
      writer.float64(event.firstSlot)
      writeSlots(writer, event.slots)
      return
    // u32 queue │ u32 count │ f64 first slot │ f64 first body id │ count × u32 bytes
    // count × 16 group key │ count × 16 send key │ count × 16 message id
    case EVENT.fifoMessagesSent: {
      const count = event.bytes.length
      writer.reserve(24 + count * 52)
      writer.uint32(event.queue)
      writer.uint32(count)
      writer.float64(event.firstSlot)
      writer.float64(event.firstBodyId)
      for (const bytes of event.bytes) writer.uint32(bytes)
      writeWords(writer, event.groupKeys)
      writeWords(writer, event.sendKeys)
      writeWords(writer, event.messageIds)
      return
    }
    // u32 queue │ 16 attempt key │ u32 count │ count × f64 slot
    case EVENT.receiveAttempted:
      writer.uint32(event.queue)
      writeWords(writer, event.attemptKey)
      writeSlots(writer, event.slots)
      return
    // u32 queue │ 16 attempt key │ u32 visibility timeout seconds
    case EVENT.receiveRepeated:
      writer.uint32(event.queue)
      writeWords(writer, event.attemptKey)
      writer.uint32(event.visibilityTimeoutSeconds)
      return
    // u32 queue
    case EVENT.queueDeleted:
    case EVENT.queuePurged:
    case EVENT.moveTaskCancelled:
      writer.uint32(event.queue)
      return
    // u32 queue │ CBOR
    case EVENT.queueCreated:
      writer.uint32(event.queue)
      writer.bytes(encodeCbor({ address: event.address, settings: event.settings, tags: event.tags }))
      return
    case EVENT.queueChanged:
      writer.uint32(event.queue)
      writer.bytes(encodeCbor({ settings: event.settings, tags: event.tags }))
      return
    // nothing
    case EVENT.allQueuesDeleted:
      return
    case EVENT.moveTaskStarted:
      writer.uint32(event.queue)
      writer.bytes(encodeCbor(event.task))
      return
    case EVENT.moveTaskEnded:
      writer.uint32(event.queue)
      writer.bytes(encodeCbor({ status: event.status, failureReason: event.failureReason }))
      return
    // u32 number │ text, UTF-8
    case EVENT.originNoted:
      writer.uint32(event.number)
      writer.bytes(Buffer.from(event.text))
      return
    // u32 queue │ u32 origin │ f64 first slot │ u32 delay seconds │ u32 has group keys │ u32 count
    // count × (f64 body id │ u32 bytes) │ count × 16 group key, if it has them
    case EVENT.messagesLanded: {
      const count = event.bytes.length
      writer.reserve(28 + count * 28)
      writer.uint32(event.queue)
      writer.uint32(event.origin)
      writer.float64(event.firstSlot)
      writer.uint32(event.delaySeconds)
      writer.uint32(event.groupKeys === null ? 0 : 1)
      writer.uint32(count)
      for (let i = 0; i < count; i++) {
        writer.float64(event.bodyIds[i]!)
        writer.uint32(event.bytes[i]!)
      }
      if (event.groupKeys !== null) writeWords(writer, event.groupKeys)
      return
    }
    // u32 queue │ u32 origin │ f64 slot │ f64 body id │ u32 bytes │ 16 group key │ 16 send key │ 16 message id
    case EVENT.fifoMessageLanded:
      writer.reserve(76)
      writer.uint32(event.queue)
      writer.uint32(event.origin)
      writer.float64(event.slot)
      writer.float64(event.bodyId)
      writer.uint32(event.bytes)
      writeWords(writer, event.groupKey)
      writeWords(writer, event.sendKey)
      writeWords(writer, event.messageId)
      return
    default:
      event satisfies never
  }
}

/** The reader stands at the payload and holds nothing else. */
export function decodeEvent(kind: number, version: number, reader: ByteReader): SqsEvent {
  if (version !== 1) throw unknownEvent(kind, version)
  switch (kind) {
    case EVENT.messagesSent:
      return { kind, ...readSent(reader) }
    case EVENT.groupedMessagesSent: {
      const sent = readSent(reader)
      return { kind, ...sent, groupKeys: readWords(reader, sent.bytes.length * KEY_WORDS) }
    }
    case EVENT.messagesReceived: {
      const queue = reader.uint32()
      const count = reader.uint32()
      const visibilityTimeoutSeconds = reader.uint32()
      const slots: number[] = []
      const tags: number[] = []
      for (let i = 0; i < count; i++) {
        slots.push(reader.float64())
        tags.push(reader.uint32(), reader.uint32())
      }
      return { kind, queue, visibilityTimeoutSeconds, slots, tags }
    }
    case EVENT.messagesDeleted:
    case EVENT.receiveUndone:
    case EVENT.groupsBecameNoisy:
      return { kind, queue: reader.uint32(), slots: readSlots(reader) }
    case EVENT.visibilityChanged: {
      const queue = reader.uint32()
      const slots = readSlots(reader)
      return { kind, queue, slots, visibilityTimeoutSeconds: slots.map(() => reader.uint32()) }
    }
    case EVENT.messagesDeadLettered:
    case EVENT.messagesMoved:
    case EVENT.messagesForwarded: {
      const queue = reader.uint32()
      const target = reader.uint32()
      const firstSlot = reader.float64()
      return { kind, queue, target, firstSlot, slots: readSlots(reader) }
    }
    case EVENT.fifoMessagesSent: {
      const queue = reader.uint32()
      const count = reader.uint32()
      const firstSlot = reader.float64()
      const firstBodyId = reader.float64()
      const bytes: number[] = []
      for (let i = 0; i < count; i++) bytes.push(reader.uint32())
      const groupKeys = readWords(reader, count * KEY_WORDS)
      const sendKeys = readWords(reader, count * KEY_WORDS)
      const messageIds = readWords(reader, count * KEY_WORDS)
      return { kind, queue, firstSlot, firstBodyId, bytes, groupKeys, sendKeys, messageIds }
    }
    case EVENT.receiveAttempted: {
      const queue = reader.uint32()
      const attemptKey = readWords(reader, KEY_WORDS)
      return { kind, queue, attemptKey, slots: readSlots(reader) }
    }
    case EVENT.receiveRepeated: {
      const queue = reader.uint32()
      const attemptKey = readWords(reader, KEY_WORDS)
      return { kind, queue, attemptKey, visibilityTimeoutSeconds: reader.uint32() }
    }
    case EVENT.queueDeleted:
    case EVENT.queuePurged:
    case EVENT.moveTaskCancelled:
      return { kind, queue: reader.uint32() }
    case EVENT.queueCreated: {
      const queue = reader.uint32()
      const { address, settings, tags } = decodeCbor(reader.bytes(reader.remaining)) as Omit<
        QueueCreated,
        'kind' | 'queue'
      >
      return { kind, queue, address, settings, tags }
    }
    case EVENT.queueChanged: {
      const queue = reader.uint32()
      const { settings, tags } = decodeCbor(reader.bytes(reader.remaining)) as Omit<
        QueueChanged,
        'kind' | 'queue'
      >
      return { kind, queue, settings, tags }
    }
    case EVENT.allQueuesDeleted:
      return { kind }
    case EVENT.moveTaskStarted: {
      const queue = reader.uint32()
      return { kind, queue, task: decodeCbor(reader.bytes(reader.remaining)) as MoveTaskStarted['task'] }
    }
    case EVENT.moveTaskEnded: {
      const queue = reader.uint32()
      const { status, failureReason } = decodeCbor(reader.bytes(reader.remaining)) as Omit<
        MoveTaskEnded,
        'kind' | 'queue'
      >
      return { kind, queue, status, failureReason }
    }
    case EVENT.originNoted: {
      const number = reader.uint32()
      return { kind, number, text: Buffer.from(reader.bytes(reader.remaining)).toString() }
    }
    case EVENT.messagesLanded: {
      const queue = reader.uint32()
      const origin = reader.uint32()
      const firstSlot = reader.float64()
      const delaySeconds = reader.uint32()
      const hasGroupKeys = reader.uint32() !== 0
      const count = reader.uint32()
      const bodyIds: number[] = []
      const bytes: number[] = []
      for (let i = 0; i < count; i++) {
        bodyIds.push(reader.float64())
        bytes.push(reader.uint32())
      }
      const groupKeys = hasGroupKeys ? readWords(reader, count * KEY_WORDS) : null
      return { kind, queue, origin, firstSlot, delaySeconds, bodyIds, bytes, groupKeys }
    }
    case EVENT.fifoMessageLanded: {
      const queue = reader.uint32()
      const origin = reader.uint32()
      const slot = reader.float64()
      const bodyId = reader.float64()
      const bytes = reader.uint32()
      const groupKey = readWords(reader, KEY_WORDS)
      const sendKey = readWords(reader, KEY_WORDS)
      return {
        ...{ kind, queue, origin, slot, bodyId, bytes, groupKey, sendKey },
        messageId: readWords(reader, KEY_WORDS),
      }
    }
    default:
      throw unknownEvent(kind, version)
  }
}

function writeSent(writer: ByteWriter, event: Omit<MessagesSent, 'kind'>): void {
  const count = event.bytes.length
  writer.uint32(event.queue)
  writer.uint32(count)
  writer.float64(event.firstSlot)
  writer.float64(event.firstBodyId)
  for (let i = 0; i < count; i++) {
    writer.uint32(event.bytes[i]!)
    writer.uint32(event.delaySeconds[i]!)
  }
}

function readSent(reader: ByteReader): Omit<MessagesSent, 'kind'> {
  const queue = reader.uint32()
  const count = reader.uint32()
  const firstSlot = reader.float64()
  const firstBodyId = reader.float64()
  const bytes: number[] = []
  const delaySeconds: number[] = []
  for (let i = 0; i < count; i++) {
    bytes.push(reader.uint32())
    delaySeconds.push(reader.uint32())
  }
  return { queue, firstSlot, firstBodyId, bytes, delaySeconds }
}

function writeSlots(writer: ByteWriter, slots: readonly number[]): void {
  writer.reserve(4 + slots.length * 8)
  writer.uint32(slots.length)
  for (const slot of slots) writer.float64(slot)
}

function readSlots(reader: ByteReader): number[] {
  const count = reader.uint32()
  const slots: number[] = []
  for (let i = 0; i < count; i++) slots.push(reader.float64())
  return slots
}

function writeWords(writer: ByteWriter, words: Uint32Array): void {
  for (let i = 0; i < words.length; i++) writer.uint32(words[i]!)
}

function readWords(reader: ByteReader, count: number): Uint32Array {
  const words = new Uint32Array(count)
  for (let i = 0; i < count; i++) words[i] = reader.uint32()
  return words
}

function unknownEvent(kind: number, version: number): Error {
  return new Error(
    `the journal has an SQS event of kind 0x${kind.toString(16)}, version ${version}, which a newer version of Millrace wrote`,
  )
}

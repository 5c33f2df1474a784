import { Buffer } from 'node:buffer'
import { decode as decodeCbor, encode as encodeCbor } from 'cborg'
import type { ByteReader } from '../../../base/byte-reader.ts'
import type { ByteWriter } from '../../../base/byte-writer.ts'
import { KEY_WORDS } from '../../../core/key.ts'
import {
  EVENT,
  type MessagesSent,
  type MoveTaskEnded,
  type MoveTaskStarted,
  type QueueChanged,
  type QueueCreated,
  type SqsEvent,
} from './events.ts'

// The bytes of events. Layouts are for ever: they are only ever added to. What every message goes through has a fixed binary layout
// (little-endian, drawn at each codec); the rest is CBOR.

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
      writer.uint32s(event.groupKeys)
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
    case EVENT.receivePostponed:
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
      writer.uint32s(event.groupKeys)
      writer.uint32s(event.sendKeys)
      writer.uint32s(event.messageIds)
      return
    }
    // u32 queue │ 16 attempt key │ u32 count │ count × f64 slot
    case EVENT.receiveAttempted:
      writer.uint32(event.queue)
      writer.uint32s(event.attemptKey)
      writeSlots(writer, event.slots)
      return
    // u32 queue │ 16 attempt key │ u32 visibility timeout seconds
    case EVENT.receiveRepeated:
      writer.uint32(event.queue)
      writer.uint32s(event.attemptKey)
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
      if (event.groupKeys !== null) writer.uint32s(event.groupKeys)
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
      writer.uint32s(event.groupKey)
      writer.uint32s(event.sendKey)
      writer.uint32s(event.messageId)
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
    case EVENT.visibilityChanged:
    case EVENT.receivePostponed: {
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

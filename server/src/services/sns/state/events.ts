import { decode as decodeCbor, encode as encodeCbor } from 'cborg'
import type { ByteReader } from '../../../base/byte-reader.ts'
import type { ByteWriter } from '../../../base/byte-writer.ts'
import { KEY_WORDS } from '../../../core/key.ts'
import type { TopicAddress } from '../commands.ts'
import type { Protocol, SubscriptionSettings } from '../subscription-settings.ts'
import type { TopicSettings } from '../topic-settings.ts'
import { PLATFORM_EVENT, type PlatformEvent } from './platform-events.ts'
import type { Replay } from './replay.ts'
import { SMS_EVENT, type SmsEvent } from './sms-events.ts'

/**
 * What can happen to topics, as it is journaled. Kinds and layouts are for ever: they are only ever added to. What lands
 * in queues are events of theirs, in the same frame.
 */
export const EVENT = {
  topicCreated: 0x0200,
  topicDeleted: 0x0201,
  topicChanged: 0x0202,
  allTopicsDeleted: 0x0203,
  subscribed: 0x0210,
  subscriptionConfirmed: 0x0211,
  subscriptionChanged: 0x0212,
  unsubscribed: 0x0213,
  tokenRenewed: 0x0214,
  subscriptionLeft: 0x0215,
  subscriptionReturned: 0x0216,
  deliveriesFailed: 0x0220,
  fifoMessagePublished: 0x0221,
  messageArchived: 0x0250,
  replayStarted: 0x0260,
  messagesReplayed: 0x0261,
  replayEnded: 0x0262,
  ...PLATFORM_EVENT,
  ...SMS_EVENT,
} as const

export interface TopicCreated {
  readonly kind: typeof EVENT.topicCreated
  /** Never used before. */
  readonly topic: number
  readonly address: TopicAddress
  readonly settings: TopicSettings
  readonly tags: Readonly<Record<string, string>>
}

/** With all its subscriptions. */
export interface TopicDeleted {
  readonly kind: typeof EVENT.topicDeleted
  readonly topic: number
}

/** Settings, tags, or both, as they are from now on. */
export interface TopicChanged {
  readonly kind: typeof EVENT.topicChanged
  readonly topic: number
  readonly settings: TopicSettings | null
  readonly tags: Readonly<Record<string, string>> | null
}

/** Every topic of every account and region is gone, with its subscriptions. Their numbers are not given again. */
export interface AllTopicsDeleted {
  readonly kind: typeof EVENT.allTopicsDeleted
}

export interface Subscribed {
  readonly kind: typeof EVENT.subscribed
  readonly topic: number
  /** Never used before. */
  readonly subscription: number
  readonly content: {
    /** A UUID. */
    readonly id: string
    readonly protocol: Protocol
    readonly endpoint: string
    readonly owner: string
    readonly principal: string
    readonly settings: SubscriptionSettings
    /** With which it's to be confirmed; null for one that needs no confirmation. */
    readonly token: string | null
  }
}

export interface SubscriptionConfirmed {
  readonly kind: typeof EVENT.subscriptionConfirmed
  readonly topic: number
  readonly subscription: number
  /** Whether only its owner and the topic's may end it. */
  readonly bySignature: boolean
}

export interface SubscriptionChanged {
  readonly kind: typeof EVENT.subscriptionChanged
  readonly topic: number
  readonly subscription: number
  readonly settings: SubscriptionSettings
}

export interface Unsubscribed {
  readonly kind: typeof EVENT.unsubscribed
  readonly topic: number
  readonly subscription: number
}

/** A pending subscription was asked for again: it has another token, and its time begins anew. */
export interface TokenRenewed {
  readonly kind: typeof EVENT.tokenRenewed
  readonly topic: number
  readonly subscription: number
  readonly token: string
}

/** A subscription ended by a link that whoever has the endpoint was sent; with the token it can be had back for a while. */
export interface SubscriptionLeft {
  readonly kind: typeof EVENT.subscriptionLeft
  readonly topic: number
  readonly subscription: number
  readonly token: string
}

/** One that left is there again, as it was. */
export interface SubscriptionReturned {
  readonly kind: typeof EVENT.subscriptionReturned
  readonly topic: number
  readonly subscription: number
  /** Whether only its owner and the topic's may end it. */
  readonly bySignature: boolean
}

/** Messages could not be delivered to a subscription's endpoint. */
export interface DeliveriesFailed {
  readonly kind: typeof EVENT.deliveriesFailed
  readonly topic: number
  readonly subscription: number
  readonly messages: number
  readonly reason: string
}

/** A FIFO topic took a message, whether or not anybody is subscribed. Duplicates are told by its key from now on. */
export interface FifoMessagePublished {
  readonly kind: typeof EVENT.fifoMessagePublished
  readonly topic: number
  readonly sequence: number
  /** Four words each. */
  readonly sendKey: Uint32Array
  readonly messageId: Uint32Array
}

/** The message that a FIFO topic took last is in its archive. */
export interface MessageArchived {
  readonly kind: typeof EVENT.messageArchived
  readonly topic: number
  readonly bodyId: number
  /** Stored bytes of the body. */
  readonly bytes: number
}

/** A subscription gets messages out of its topic's archive from now on; another replay of it is over. */
export interface ReplayStarted {
  readonly kind: typeof EVENT.replayStarted
  readonly topic: number
  readonly subscription: number
  readonly replay: Pick<Replay, 'number' | 'next' | 'firstNew' | 'until'>
}

/** Messages came out of the archive, or were passed over. */
export interface MessagesReplayed {
  readonly kind: typeof EVENT.messagesReplayed
  readonly topic: number
  readonly subscription: number
  /** The sequence number that is next. */
  readonly next: number
}

/** A replay is complete or was given up: how it stands from now on. */
export interface ReplayEnded {
  readonly kind: typeof EVENT.replayEnded
  readonly topic: number
  readonly subscription: number
  readonly replay: Pick<Replay, 'status' | 'phase' | 'next' | 'until'>
}

export type SnsEvent =
  | RareEvent
  | TopicCreated
  | TopicDeleted
  | TopicChanged
  | AllTopicsDeleted
  | Subscribed
  | SubscriptionConfirmed
  | SubscriptionChanged
  | Unsubscribed
  | TokenRenewed
  | SubscriptionLeft
  | SubscriptionReturned
  | DeliveriesFailed
  | FifoMessagePublished
  | MessageArchived
  | ReplayStarted
  | MessagesReplayed
  | ReplayEnded

export function encodeEvent(event: SnsEvent, writer: ByteWriter): void {
  switch (event.kind) {
    // u32 topic │ CBOR
    case EVENT.topicCreated:
      writer.uint32(event.topic)
      writer.bytes(encodeCbor({ address: event.address, settings: event.settings, tags: event.tags }))
      return
    case EVENT.topicChanged:
      writer.uint32(event.topic)
      writer.bytes(encodeCbor({ settings: event.settings, tags: event.tags }))
      return
    // u32 topic
    case EVENT.topicDeleted:
      writer.uint32(event.topic)
      return
    // nothing
    case EVENT.allTopicsDeleted:
      return
    // u32 topic │ u32 subscription │ CBOR
    case EVENT.subscribed:
      writeSubscription(writer, event)
      writer.bytes(encodeCbor(event.content))
      return
    case EVENT.subscriptionChanged:
      writeSubscription(writer, event)
      writer.bytes(encodeCbor(event.settings))
      return
    case EVENT.tokenRenewed:
    case EVENT.subscriptionLeft:
      writeSubscription(writer, event)
      writer.bytes(encodeCbor(event.token))
      return
    // u32 topic │ u32 subscription │ u32 whether by signature
    case EVENT.subscriptionConfirmed:
    case EVENT.subscriptionReturned:
      writeSubscription(writer, event)
      writer.uint32(event.bySignature ? 1 : 0)
      return
    // u32 topic │ u32 subscription
    case EVENT.unsubscribed:
      writeSubscription(writer, event)
      return
    // u32 topic │ u32 subscription │ u32 messages │ CBOR
    case EVENT.deliveriesFailed:
      writeSubscription(writer, event)
      writer.uint32(event.messages)
      writer.bytes(encodeCbor(event.reason))
      return
    // u32 topic │ f64 sequence │ 16 send key │ 16 message id
    case EVENT.fifoMessagePublished:
      writer.uint32(event.topic)
      writer.float64(event.sequence)
      for (const word of event.sendKey) writer.uint32(word)
      for (const word of event.messageId) writer.uint32(word)
      return
    // u32 topic │ u32 stored bytes │ f64 body id
    case EVENT.messageArchived:
      writer.uint32(event.topic)
      writer.uint32(event.bytes)
      writer.float64(event.bodyId)
      return
    // u32 topic │ u32 subscription │ f64 next sequence
    case EVENT.messagesReplayed:
      writeSubscription(writer, event)
      writer.float64(event.next)
      return
    // u32 topic │ u32 subscription │ CBOR
    case EVENT.replayStarted:
    case EVENT.replayEnded:
      writeSubscription(writer, event)
      writer.bytes(encodeCbor(event.replay))
      return
    default:
      event satisfies RareEvent
      writeRareEvent(writer, event)
  }
}

/** The reader stands at the payload and holds nothing else. */
export function decodeEvent(kind: number, version: number, reader: ByteReader): SnsEvent {
  if (version !== 1) throw unknownEvent(kind, version)
  switch (kind) {
    case EVENT.topicCreated: {
      const topic = reader.uint32()
      return { kind, topic, ...(rest(reader) as Omit<TopicCreated, 'kind' | 'topic'>) }
    }
    case EVENT.topicChanged: {
      const topic = reader.uint32()
      return { kind, topic, ...(rest(reader) as Omit<TopicChanged, 'kind' | 'topic'>) }
    }
    case EVENT.topicDeleted:
      return { kind, topic: reader.uint32() }
    case EVENT.allTopicsDeleted:
      return { kind }
    case EVENT.subscribed:
      return { kind, ...readSubscription(reader), content: rest(reader) as Subscribed['content'] }
    case EVENT.subscriptionChanged:
      return { kind, ...readSubscription(reader), settings: rest(reader) as SubscriptionSettings }
    case EVENT.tokenRenewed:
    case EVENT.subscriptionLeft:
      return { kind, ...readSubscription(reader), token: rest(reader) as string }
    case EVENT.subscriptionConfirmed:
    case EVENT.subscriptionReturned:
      return { kind, ...readSubscription(reader), bySignature: reader.uint32() === 1 }
    case EVENT.unsubscribed:
      return { kind, ...readSubscription(reader) }
    case EVENT.deliveriesFailed: {
      const subscription = readSubscription(reader)
      const messages = reader.uint32()
      return { kind, ...subscription, messages, reason: rest(reader) as string }
    }
    case EVENT.fifoMessagePublished: {
      const topic = reader.uint32()
      const sequence = reader.float64()
      const sendKey = readWords(reader)
      return { kind, topic, sequence, sendKey, messageId: readWords(reader) }
    }
    case EVENT.messageArchived: {
      const topic = reader.uint32()
      const bytes = reader.uint32()
      return { kind, topic, bytes, bodyId: reader.float64() }
    }
    case EVENT.messagesReplayed:
      return { kind, ...readSubscription(reader), next: reader.float64() }
    case EVENT.replayStarted:
      return { kind, ...readSubscription(reader), replay: rest(reader) as ReplayStarted['replay'] }
    case EVENT.replayEnded:
      return { kind, ...readSubscription(reader), replay: rest(reader) as ReplayEnded['replay'] }
    default:
      if (RARE_KINDS.has(kind)) return readRareEvent(kind, reader)
      throw unknownEvent(kind, version)
  }
}

/** What happens seldom: all but the kind is CBOR. */
type RareEvent = PlatformEvent | SmsEvent
const RARE_KINDS: ReadonlySet<number> = new Set([
  ...Object.values(PLATFORM_EVENT),
  ...Object.values(SMS_EVENT),
])

function writeRareEvent(writer: ByteWriter, { kind: _kind, ...content }: RareEvent): void {
  writer.bytes(encodeCbor(content))
}

function readRareEvent(kind: number, reader: ByteReader): RareEvent {
  return { ...(rest(reader) as object), kind } as RareEvent
}

interface SubscriptionNumbers {
  readonly topic: number
  readonly subscription: number
}

function writeSubscription(writer: ByteWriter, { topic, subscription }: SubscriptionNumbers): void {
  writer.uint32(topic)
  writer.uint32(subscription)
}

function readSubscription(reader: ByteReader): SubscriptionNumbers {
  const topic = reader.uint32()
  return { topic, subscription: reader.uint32() }
}

function readWords(reader: ByteReader): Uint32Array {
  const words = new Uint32Array(KEY_WORDS)
  for (let i = 0; i < KEY_WORDS; i++) words[i] = reader.uint32()
  return words
}

/** What encodeEvent wrote, as it wrote it: the journal's checksums hold. */
function rest(reader: ByteReader): unknown {
  return decodeCbor(reader.bytes(reader.remaining))
}

function unknownEvent(kind: number, version: number): Error {
  return new Error(
    `the journal has an SNS event of kind 0x${kind.toString(16)}, version ${version}, which a newer version of Millrace wrote`,
  )
}

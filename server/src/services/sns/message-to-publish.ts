import { Buffer } from 'node:buffer'
import { hash } from 'node:crypto'
import type { Request } from '../../api/operation.ts'
import { formatUuid, toUuid, UUID_BYTES } from '../../base/uuid.ts'
import { deduplicationKey, groupKey, wordsOf } from '../../core/keys.ts'
import type { LandedAttribute } from '../../core/landing.ts'
import type { MessageCopy, MessageInQueue, MessageToPublish, Refusal, TopicAddress } from './commands.ts'
import type { AuditLine, ProtectedMessage } from './data-protection/message-protection.ts'
import type { EnvelopeForm } from './envelope.ts'
import { AuthorizationError, invalidParameter } from './errors.ts'
import {
  DEDUPLICATION_ID_CHARACTERS_MAX,
  GROUP_ID_CHARACTERS_MAX,
  MESSAGE_BYTES_MAX,
  SUBJECT_CHARACTERS_MAX,
  TRACE_HEADER_BYTES_MAX,
} from './limits.ts'
import { type AttributeMap, attributesSize, parseMessageAttributes } from './message-attributes.ts'
import { messageInQueue } from './message-in-queue.ts'
import { parseMessageTexts } from './message-texts.ts'
import type { SnsPorts } from './ports.ts'
import { encodePublishedMessage, type NewPublishedMessage } from './published-message.ts'
import { topicArn } from './topic-arn.ts'
import { isFifoTopicName } from './topic-name.ts'

/** What Publish and each entry of PublishBatch say of a message. */
export interface MessageInput {
  readonly Message: string
  readonly Subject?: string | undefined
  readonly MessageStructure?: string | undefined
  readonly MessageAttributes?: AttributeMap | undefined
  readonly MessageGroupId?: string | undefined
  readonly MessageDeduplicationId?: string | undefined
}

/** A checked message, ready to be published. */
export interface PreparedMessage extends Omit<MessageToPublish, 'body' | 'protection'> {
  readonly bytes: Uint8Array
  readonly sizeBytes: number
  readonly protection: {
    readonly refusal: Refusal | null
    readonly copies: readonly PreparedCopy[]
    /** To be told when it is known what became of the message. */
    readonly audit: AuditLine | null
  } | null
}

/** Bytes in the place of their number: see `MessageCopy`. */
export interface PreparedCopy extends Omit<MessageCopy, 'changed'> {
  readonly changed: { readonly bytes: Uint8Array; readonly inQueue: MessageInQueue } | null
}

const IDENTIFIER = /^[A-Za-z0-9!"#$%&'()*+,\-./:;<=>?@[\\\]^_`{|}~]+$/
const LINE_BREAK_OR_CONTROL = /\p{Cc}/u

/** What a message says, whatever it is published to. */
export interface MessageContent {
  /** By protocol; that of the empty name is the default. */
  readonly texts: ReadonlyMap<string, string>
  readonly subject: string | undefined
  readonly attributes: readonly LandedAttribute[]
  readonly sizeBytes: number
}

/** Checks what holds of every message; `platform` is the one that it is for, where it is for one push platform alone. */
export function parseContent(input: MessageInput, platform?: string): MessageContent {
  const { Message: text, Subject: subject } = input
  if (text === '') throw invalidParameter('Empty message')
  const texts = parseMessageTexts(text, input.MessageStructure, platform)
  if (subject !== undefined) checkSubject(subject)
  const attributes = parseMessageAttributes(input.MessageAttributes)
  const sizeBytes = Buffer.byteLength(text) + attributesSize(attributes)
  if (sizeBytes > MESSAGE_BYTES_MAX) throw invalidParameter('Message too long')
  return { texts, subject, attributes, sizeBytes }
}

/** Refuses what only FIFO topics have. */
export function refuseDeduplicationId(id: string | undefined): void {
  if (id === undefined) return
  throw invalidParameter(
    'MessageDeduplicationId',
    'The request includes MessageDeduplicationId parameter that is not valid for this topic type',
  )
}

/** Checks a message for a topic, as far as that can be done without the topic, and encodes it. */
export function prepareMessage(
  input: MessageInput,
  topic: TopicAddress,
  ports: SnsPorts,
  request: Request,
): PreparedMessage {
  const { texts: written, subject, attributes, sizeBytes } = parseContent(input)
  const { MessageGroupId: groupId } = input
  const isFifo = isFifoTopicName(topic.name)
  const deduplicationId = deduplicationIdOf(input, isFifo)
  if (isFifo && groupId === undefined) {
    throw invalidParameter('The MessageGroupId parameter is required for FIFO topics')
  }
  if (groupId !== undefined) checkIdentifier('MessageGroupId', groupId, GROUP_ID_CHARACTERS_MAX)
  const id = toUuid(ports.random.bytes(UUID_BYTES))
  const landingSeed = toUuid(ports.random.bytes(UUID_BYTES))
  const guarded = ports.protection.protect(topic, request.caller.principalArn, written)
  const texts = guarded === null ? written : guarded.texts
  // Member by member, here as on the rest of the way: spreading one object into another is slow.
  const message: NewPublishedMessage = {
    id,
    landingSeed,
    baseUrl: request.endpoint,
    topicArn: topicArn(topic),
    subject,
    groupId,
    deduplicationId,
    traceHeader: traceHeaderOf(request),
    attributes,
    texts,
  }
  const form = { isFifo, certificatePath: ports.signer.certificatePath }
  return {
    bytes: encodePublishedMessage(message),
    sizeBytes,
    messageId: wordsOf(id),
    landingSeed: wordsOf(landingSeed),
    groupKey: groupId === undefined ? null : groupKey(groupId),
    deduplicationKey: deduplicationId === undefined ? null : deduplicationKey(deduplicationId),
    deduplicatesByContent: isFifo && input.MessageDeduplicationId === undefined,
    inQueue: messageInQueue(message, form),
    filterable: { attributes, texts },
    protection: guarded === null ? null : protectionOf(guarded, message, form, ports, request),
  }
}

/** Prepares what subscribers get in the place of the message. */
function protectionOf(
  { isDenied, report, copies }: ProtectedMessage,
  message: NewPublishedMessage,
  form: EnvelopeForm,
  { random }: SnsPorts,
  { caller }: Request,
): PreparedMessage['protection'] {
  const { topicArn } = message
  const about = { topicArn, messageId: formatUuid(message.id), callerPrincipal: caller.principalArn }
  return {
    audit: report === null ? null : { ...about, dataIdentifiers: report },
    refusal: isDenied ? { error: AuthorizationError, message: prohibited(topicArn) } : null,
    copies: copies.map(({ subscribers, deniedTo, texts }) => {
      if (texts === null) return { subscribers, deniedTo, changed: null }
      const copy = { ...message, texts, landingSeed: toUuid(random.bytes(UUID_BYTES)) }
      const changed = { bytes: encodePublishedMessage(copy), inQueue: messageInQueue(copy, form) }
      return { subscribers, deniedTo, changed }
    }),
  }
}

/** In the words that AWS has for deliveries. */
const prohibited = (topicArn: string) =>
  `The topic's data protection policy prohibits this message from being published to ${topicArn}`

/** The id of a message as clients are told it. */
export function formatMessageId(words: Uint32Array): string {
  return formatUuid(new Uint8Array(words.slice().buffer))
}

function checkSubject(subject: string): void {
  const isSound =
    subject !== '' && subject.length <= SUBJECT_CHARACTERS_MAX && !LINE_BREAK_OR_CONTROL.test(subject)
  if (!isSound) throw invalidParameter('Subject')
}

/** On a FIFO topic, the SHA-256 of the message where it has none of its own: whether that counts, only the topic knows. */
function deduplicationIdOf(
  { Message, MessageDeduplicationId: id }: MessageInput,
  isFifo: boolean,
): string | undefined {
  if (!isFifo) {
    refuseDeduplicationId(id)
    return undefined
  }
  if (id === undefined) return hash('sha256', Message, 'hex')
  checkIdentifier('MessageDeduplicationId', id, DEDUPLICATION_ID_CHARACTERS_MAX)
  return id
}

function checkIdentifier(parameter: string, value: string, charactersMax: number): void {
  if (value.length <= charactersMax && IDENTIFIER.test(value)) return
  throw invalidParameter(
    parameter,
    `${parameter} can only include alphanumeric and punctuation characters. 1 to ${charactersMax} in length`,
  )
}

/** Tracing must not get into the way of publishing: a header that can't be kept is passed over. */
function traceHeaderOf({ traceHeader }: Request): string | undefined {
  if (traceHeader === undefined || !/^[\x20-\x7e]+$/.test(traceHeader)) return undefined
  return traceHeader.length > TRACE_HEADER_BYTES_MAX ? undefined : traceHeader
}

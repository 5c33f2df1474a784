import { Buffer } from 'node:buffer'
import type { Request } from '../../api/operation.ts'
import { isWithin } from '../../base/range.ts'
import { toUuid } from '../../base/uuid.ts'
import { groupKey } from '../../core/keys.ts'
import { invalidParameter, missingParameter } from './errors.ts'
import { DELAY_SECONDS, TRACE_HEADER_BYTES_MAX } from './limits.ts'
import {
  type AttributeMap,
  attributesSize,
  parseMessageAttributes,
  parseSystemAttributes,
  type SystemAttributeMap,
  systemAttributesMd5,
} from './message-attributes.ts'
import { contentDeduplicationId, type DeduplicationId } from './message-body.ts'
import { type EncodedMessage, encodeMessages, type NewMessage } from './message-encoding.ts'
import {
  checkMessageBody,
  checkMessageDeduplicationId,
  checkMessageGroupId,
  isMessageText,
  notForThisQueueType,
} from './message-text.ts'

/** What SendMessage and each entry of SendMessageBatch say of a message. */
export interface MessageInput {
  readonly MessageBody: string
  readonly DelaySeconds?: number | undefined
  readonly MessageAttributes?: AttributeMap | undefined
  readonly MessageSystemAttributes?: SystemAttributeMap | undefined
  readonly MessageGroupId?: string | undefined
  readonly MessageDeduplicationId?: string | undefined
}

/** A message that may be sent as far as it says itself; only the queue knows its own limit. */
export interface CheckedMessage {
  readonly content: NewMessage
  readonly delaySeconds: number | undefined
  /** Undefined where it has no group. */
  readonly groupKey: Uint32Array | undefined
  /** Undefined where it has no system attributes. */
  readonly systemAttributesMd5: string | undefined
}

/** A checked message, ready to be stored, and what its sender is told of it. */
export interface PreparedMessage {
  readonly body: Uint8Array
  readonly sizeBytes: number
  readonly delaySeconds: number | undefined
  /** Undefined where it has no group. */
  readonly groupKey: Uint32Array | undefined
  readonly answer: MessageAnswer
}

export interface MessageAnswer {
  readonly MessageId: string
  readonly MD5OfMessageBody: string
  readonly MD5OfMessageAttributes: string | undefined
  readonly MD5OfMessageSystemAttributes: string | undefined
  /** Of a message in a FIFO queue. */
  readonly SequenceNumber: string | undefined
}

/** The random bytes that `checkMessage` makes an id of. */
export const MESSAGE_ID_BYTES = 16

/** Checks a message for a standard queue. Takes ownership of `random`. `operation` is named in error texts. */
export function checkMessage(
  input: MessageInput,
  random: Uint8Array,
  operation: string,
  request: Request,
): CheckedMessage {
  checkMessageBody(input.MessageBody)
  checkDelay(input.DelaySeconds)
  if (input.MessageDeduplicationId !== undefined) {
    throw notForThisQueueType('MessageDeduplicationId', input.MessageDeduplicationId)
  }
  const { MessageGroupId } = input
  const key = MessageGroupId === undefined ? undefined : groupKey(MessageGroupId)
  return check(input, toUuid(random), operation, request, undefined, key)
}

export function prepareMessages(messages: readonly CheckedMessage[]): readonly PreparedMessage[] {
  return encodeMessages(messages.map(({ content }) => content)).map((encoded, i) =>
    toPrepared(messages[i]!, encoded),
  )
}

/** As `CheckedMessage`, for a FIFO queue. */
export interface CheckedFifoMessage {
  readonly message: CheckedMessage
  readonly groupId: string
  /** As it was given, or made from the text. */
  readonly deduplicationId: string
  readonly deduplicatesByContent: boolean
}

/** As `PreparedMessage`, for a FIFO queue, which is told keys of all messages at once. */
export interface PreparedFifoMessage {
  readonly checked: CheckedFifoMessage
  readonly encoded: EncodedMessage
  readonly sizeBytes: number
}

/** As `checkMessage`, for a FIFO queue. Whether the queue deduplicates by content, only the cell knows. */
export function checkFifoMessage(
  input: MessageInput,
  random: Uint8Array,
  operation: string,
  request: Request,
): CheckedFifoMessage {
  checkMessageBody(input.MessageBody)
  checkDelay(input.DelaySeconds)
  // A delay of nothing is none.
  if ((input.DelaySeconds ?? 0) !== 0) throw notForThisQueueType('DelaySeconds', input.DelaySeconds!)
  const { MessageGroupId, MessageDeduplicationId } = input
  if (MessageGroupId === undefined) throw missingParameter('MessageGroupId')
  if (MessageDeduplicationId !== undefined) checkMessageDeduplicationId(MessageDeduplicationId)
  const deduplicatesByContent = MessageDeduplicationId === undefined
  const deduplicationId = deduplicatesByContent
    ? ('SHA-256 of the text' as const)
    : { given: MessageDeduplicationId }
  return {
    message: check(input, toUuid(random), operation, request, deduplicationId, undefined),
    groupId: MessageGroupId,
    deduplicationId: MessageDeduplicationId ?? contentDeduplicationId(input.MessageBody),
    deduplicatesByContent,
  }
}

export function prepareFifoMessages(messages: readonly CheckedFifoMessage[]): readonly PreparedFifoMessage[] {
  return encodeMessages(messages.map(({ message }) => message.content)).map((encoded, i) => {
    const checked = messages[i]!
    return { checked, encoded, sizeBytes: sizeOf(checked.message, encoded) }
  })
}

/** What the sender is told of a message in a FIFO queue; `messageId` is its own or that of the one it's a duplicate of. */
export function fifoAnswer(
  { checked, encoded }: PreparedFifoMessage,
  messageId: string,
  sequenceNumber: string,
): MessageAnswer {
  return answerOf(checked.message, encoded, messageId, sequenceNumber)
}

function check(
  input: MessageInput,
  id: Uint8Array,
  operation: string,
  request: Request,
  deduplicationId: DeduplicationId | undefined,
  key: Uint32Array | undefined,
): CheckedMessage {
  const attributes = parseMessageAttributes(input.MessageAttributes, operation)
  const givenTraceHeader = parseSystemAttributes(input.MessageSystemAttributes, operation)
  if (input.MessageGroupId !== undefined) checkMessageGroupId(input.MessageGroupId)
  return {
    content: {
      id,
      text: input.MessageBody,
      senderId: request.caller.userId,
      traceHeader: givenTraceHeader ?? requestTraceHeader(request),
      groupId: input.MessageGroupId,
      deduplicationId,
      attributes,
    },
    delaySeconds: input.DelaySeconds,
    groupKey: key,
    systemAttributesMd5: givenTraceHeader === undefined ? undefined : systemAttributesMd5(givenTraceHeader),
  }
}

function toPrepared(message: CheckedMessage, encoded: EncodedMessage): PreparedMessage {
  return {
    body: encoded.bytes,
    sizeBytes: sizeOf(message, encoded),
    delaySeconds: message.delaySeconds,
    groupKey: message.groupKey,
    answer: answerOf(message, encoded, encoded.id, undefined),
  }
}

function sizeOf({ content }: CheckedMessage, { textBytes }: EncodedMessage): number {
  return textBytes + attributesSize(content.attributes)
}

function answerOf(
  message: CheckedMessage,
  encoded: EncodedMessage,
  messageId: string,
  sequenceNumber: string | undefined,
): MessageAnswer {
  return {
    MessageId: messageId,
    MD5OfMessageBody: encoded.textMd5,
    MD5OfMessageAttributes: encoded.attributesMd5,
    MD5OfMessageSystemAttributes: message.systemAttributesMd5,
    SequenceNumber: sequenceNumber,
  }
}

function checkDelay(seconds: number | undefined): void {
  if (seconds === undefined || isWithin(seconds, DELAY_SECONDS)) return
  throw invalidParameter(
    'DelaySeconds',
    seconds,
    `DelaySeconds must be >= ${DELAY_SECONDS.min} and <= ${DELAY_SECONDS.max}.`,
  )
}

/** Tracing must not get into the way of sending: a header that can't be kept is passed over. */
export function requestTraceHeader({ traceHeader }: Request): string | undefined {
  if (traceHeader === undefined || traceHeader === '' || !isMessageText(traceHeader)) return undefined
  return Buffer.byteLength(traceHeader) > TRACE_HEADER_BYTES_MAX ? undefined : traceHeader
}

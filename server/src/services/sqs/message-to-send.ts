import { Buffer } from 'node:buffer'
import type { Request } from '../../api/operation.ts'
import type { MessageToSend } from './commands.ts'
import { invalidParameter } from './errors.ts'
import { DELAY_SECONDS, isWithin, TRACE_HEADER_BYTES_MAX } from './limits.ts'
import {
  type AttributeMap,
  attributesSize,
  parseMessageAttributes,
  parseSystemAttributes,
  type SystemAttributeMap,
  systemAttributesMd5,
} from './message-attributes.ts'
import { encodeMessageBody, formatMessageId, toMessageId } from './message-body.ts'
import { checkMessageBody, checkMessageGroupId, isMessageText } from './message-text.ts'

/** What SendMessage and each entry of SendMessageBatch say of a message. */
export interface MessageInput {
  readonly MessageBody: string
  readonly DelaySeconds?: number | undefined
  readonly MessageAttributes?: AttributeMap | undefined
  readonly MessageSystemAttributes?: SystemAttributeMap | undefined
  readonly MessageGroupId?: string | undefined
  readonly MessageDeduplicationId?: string | undefined
}

/** A checked message, ready to be stored, and what its sender is told of it. */
export interface PreparedMessage {
  readonly body: Uint8Array
  readonly sizeBytes: number
  readonly delaySeconds: number | undefined
  readonly answer: MessageAnswer
}

export interface MessageAnswer {
  readonly MessageId: string
  readonly MD5OfMessageBody: string
  readonly MD5OfMessageAttributes: string | undefined
  readonly MD5OfMessageSystemAttributes: string | undefined
}

/** The random bytes that `prepareMessage` makes an id of. */
export const MESSAGE_ID_BYTES = 16

/**
 * Checks a message and encodes it. Takes ownership of `random`. `operation` is named in error texts. Sizes are counted here, but
 * only the queue knows its limit.
 */
export function prepareMessage(
  input: MessageInput,
  random: Uint8Array,
  operation: string,
  request: Request,
): PreparedMessage {
  const text = input.MessageBody
  checkMessageBody(text)
  checkDelay(input.DelaySeconds)
  const attributes = parseMessageAttributes(input.MessageAttributes, operation)
  const givenTraceHeader = parseSystemAttributes(input.MessageSystemAttributes, operation)
  if (input.MessageGroupId !== undefined) checkMessageGroupId(input.MessageGroupId)
  if (input.MessageDeduplicationId !== undefined) {
    throw invalidParameter(
      'MessageDeduplicationId',
      input.MessageDeduplicationId,
      'The request include parameter that is not valid for this queue type.',
    )
  }

  const id = toMessageId(random)
  const { bytes, textMd5, attributesMd5 } = encodeMessageBody({
    id,
    text,
    senderId: request.caller.userId,
    traceHeader: givenTraceHeader ?? requestTraceHeader(request),
    groupId: input.MessageGroupId,
    attributes,
  })
  return {
    body: bytes,
    sizeBytes: Buffer.byteLength(text) + attributesSize(attributes),
    delaySeconds: input.DelaySeconds,
    answer: {
      MessageId: formatMessageId(id),
      MD5OfMessageBody: textMd5,
      MD5OfMessageAttributes: attributesMd5,
      MD5OfMessageSystemAttributes:
        givenTraceHeader === undefined ? undefined : systemAttributesMd5(givenTraceHeader),
    },
  }
}

/** As the cell is told of it; `body` is the position among the command's bodies. */
export function toMessageToSend({ sizeBytes, delaySeconds }: PreparedMessage, body: number): MessageToSend {
  return { body, sizeBytes, delaySeconds }
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
function requestTraceHeader({ traceHeader }: Request): string | undefined {
  if (traceHeader === undefined || traceHeader === '' || !isMessageText(traceHeader)) return undefined
  return Buffer.byteLength(traceHeader) > TRACE_HEADER_BYTES_MAX ? undefined : traceHeader
}

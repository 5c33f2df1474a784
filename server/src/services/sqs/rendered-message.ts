import type { Message, MessageAttributeValue } from '../../api/generated/sqs.ts'
import type { MessageHistory } from './commands.ts'
import type { MessageAttribute } from './message-attributes.ts'
import type { MessageContent } from './message-content.ts'
import {
  type AttributeSelection,
  renderSystemAttributes,
  type SystemSelection,
} from './received-attributes.ts'

/** A message as clients are given it, with the attributes that they asked for. */
export function renderMessage(
  history: MessageHistory,
  receiptHandle: string,
  content: MessageContent,
  systemSelection: SystemSelection,
  attributeSelection: AttributeSelection,
): Message {
  const chosen = attributeSelection === undefined ? null : content.attributes(attributeSelection)
  return {
    MessageId: content.idAfter(history.redrives),
    ReceiptHandle: receiptHandle,
    MD5OfBody: content.textMd5,
    Body: content.text,
    Attributes: renderSystemAttributes(systemSelection, history, content),
    MD5OfMessageAttributes: chosen?.md5,
    MessageAttributes: chosen === null ? undefined : toAttributeMap(chosen.attributes),
  }
}

function toAttributeMap(
  attributes: readonly MessageAttribute[],
): Readonly<Record<string, MessageAttributeValue>> {
  return Object.fromEntries(
    attributes.map(({ name, type, value }) => [
      name,
      typeof value === 'string'
        ? { StringValue: value, DataType: type }
        : { BinaryValue: value, DataType: type },
    ]),
  )
}

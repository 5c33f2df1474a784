import type { MessageHistory } from '../services/sqs/commands.ts'
import type { MessageContent } from '../services/sqs/message-content.ts'
import { selectMessageAttributes, selectSystemAttributes } from '../services/sqs/received-attributes.ts'
import { renderMessage } from '../services/sqs/rendered-message.ts'

/** A message as a test sees it. */
export interface QueueMessage {
  readonly messageId: string
  readonly body: string
  /** What the sender gave along, as SDKs take and give it. */
  readonly messageAttributes: Readonly<Record<string, MessageAttributeValue>>
  /** What SQS says of it by the names that ReceiveMessage has: `SentTimestamp`, `MessageGroupId`, `SequenceNumber` … */
  readonly systemAttributes: Readonly<Record<string, string>>
  /** How often it was received, in all queues. */
  readonly receiveCount: number
  /** Milliseconds since the epoch, by the server's clock. */
  readonly sentAt: number
}

export interface MessageAttributeValue {
  readonly DataType?: string | undefined
  readonly StringValue?: string | undefined
  readonly BinaryValue?: Uint8Array | undefined
}

const EVERY_SYSTEM_ATTRIBUTE = selectSystemAttributes(['All'], undefined)
const EVERY_ATTRIBUTE = selectMessageAttributes(['All'])

/** What a test is shown of a message. */
export function queueMessage(history: MessageHistory, content: MessageContent): QueueMessage {
  const rendered = renderMessage(history, '', content, EVERY_SYSTEM_ATTRIBUTE, EVERY_ATTRIBUTE)
  return {
    messageId: content.idAfter(history.redrives),
    body: content.text,
    messageAttributes: rendered.MessageAttributes ?? {},
    systemAttributes: rendered.Attributes ?? {},
    receiveCount: history.receiveCount,
    sentAt: history.sentAt,
  }
}

import { inRow } from '../../core/key.ts'
import type { FifoMessageToSend, SqsCommand } from './commands.ts'

/** A message with its keys. */
export interface KeyedMessage extends FifoMessageToSend {
  readonly groupKey: Uint32Array
  readonly deduplicationKey: Uint32Array
  readonly messageId: Uint32Array
}

/** What a command says of messages to a FIFO queue. */
export function fifoMessages(
  messages: readonly KeyedMessage[],
): Pick<SqsCommand<'sendFifoMessages'>, 'messages' | 'groupKeys' | 'deduplicationKeys' | 'messageIds'> {
  return {
    messages: messages.map(({ body, sizeBytes, deduplicatesByContent }) => ({
      body,
      sizeBytes,
      deduplicatesByContent,
    })),
    groupKeys: inRow(messages.map(({ groupKey }) => groupKey)),
    deduplicationKeys: inRow(messages.map(({ deduplicationKey }) => deduplicationKey)),
    messageIds: inRow(messages.map(({ messageId }) => messageId)),
  }
}

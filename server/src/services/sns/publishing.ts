import type { MessageToPublish, Refusal, TopicAddress } from './commands.ts'
import { formatMessageId, type PreparedMessage } from './message-to-publish.ts'
import { ask, type SnsPorts } from './ports.ts'
import { sequenceNumber } from './sequence-number.ts'

/** What a publisher is told of a message. */
export interface PublishAnswer {
  readonly MessageId: string
  /** Of a message on a FIFO topic. */
  readonly SequenceNumber?: string
}

/** Publishes messages in their order, all in one go, and says what became of each. */
export async function publishAll(
  ports: SnsPorts,
  topic: TopicAddress,
  messages: readonly PreparedMessage[],
): Promise<readonly (PublishAnswer | Refusal)[]> {
  const outcomes = await ask(ports, {
    service: 'sns',
    kind: 'publish',
    topic,
    messages: messages.map(toPublish),
    bodies: messages.map(({ bytes }) => bytes),
  })
  return outcomes.map((outcome) => {
    if ('error' in outcome) return outcome
    const MessageId = formatMessageId(outcome.messageId)
    return outcome.sequence === 0
      ? { MessageId }
      : { MessageId, SequenceNumber: sequenceNumber(outcome.sequence) }
  })
}

function toPublish(message: PreparedMessage, body: number): MessageToPublish {
  const { messageId, landingSeed, groupKey, deduplicationKey } = message
  const { deduplicatesByContent, inQueue, filterable } = message
  return {
    body,
    messageId,
    landingSeed,
    groupKey,
    deduplicationKey,
    deduplicatesByContent,
    inQueue,
    filterable,
  }
}

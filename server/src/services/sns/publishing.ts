import type { MessageProtectionOutcome, MessageToPublish, Refusal, TopicAddress } from './commands.ts'
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
  const bodies: Uint8Array[] = []
  const outcomes = await ask(ports, {
    ...{ service: 'sns', kind: 'publish', topic },
    messages: messages.map((message) => toPublish(message, bodies)),
    bodies,
  } as const)
  return outcomes.map((outcome) => {
    if ('error' in outcome) return outcome
    const MessageId = formatMessageId(outcome.messageId)
    return outcome.sequence === 0
      ? { MessageId }
      : { MessageId, SequenceNumber: sequenceNumber(outcome.sequence) }
  })
}

/** Puts the bodies of the message behind those that are there. */
function toPublish(message: PreparedMessage, bodies: Uint8Array[]): MessageToPublish {
  const { messageId, landingSeed, groupKey, deduplicationKey } = message
  const { deduplicatesByContent, inQueue, filterable, protection } = message
  return {
    body: bodies.push(message.bytes) - 1,
    messageId,
    landingSeed,
    groupKey,
    deduplicationKey,
    deduplicatesByContent,
    inQueue,
    filterable,
    protection: protection === null ? null : outcomeOf(protection, bodies),
  }
}

function outcomeOf(
  { refusal, copies }: NonNullable<PreparedMessage['protection']>,
  bodies: Uint8Array[],
): MessageProtectionOutcome {
  return {
    refusal,
    copies: copies.map(({ subscribers, deniedTo, changed }) => ({
      subscribers,
      deniedTo,
      changed: changed && { body: bodies.push(changed.bytes) - 1, inQueue: changed.inQueue },
    })),
  }
}

import type { Request } from '../../api/operation.ts'
import type {
  MessageProtectionOutcome,
  MessageToPublish,
  Published,
  Refusal,
  TopicAddress,
} from './commands.ts'
import { PROTECTION_CHANGES_MAX } from './limits.ts'
import { formatMessageId, type PreparedMessage } from './message-to-publish.ts'
import { ask, type SnsPorts } from './ports.ts'
import { publishSealed } from './sealed-publish.ts'
import { sequenceNumber } from './sequence-number.ts'

/** What a publisher is told of a message. */
export interface PublishAnswer {
  readonly MessageId: string
  /** Of a message on a FIFO topic. */
  readonly SequenceNumber?: string
}

/**
 * Publishes messages in their order, all in one go, and says what became of each; `prepare` may refuse some. They are prepared again where what they were held
 * against is not what it was when they are published.
 */
export async function publishAll(
  ports: SnsPorts,
  topic: TopicAddress,
  prepare: () => readonly (PreparedMessage | Refusal)[],
  request: Request,
): Promise<readonly (PublishAnswer | Refusal)[]> {
  for (let changes = 0; changes <= PROTECTION_CHANGES_MAX; changes++) {
    const heldAgainst = ports.protection.heldAgainst(topic)
    const prepared = prepare()
    const plain: Uint8Array[] = []
    const messages = prepared.flatMap((each) => ('error' in each ? [] : [toPublish(each, plain)]))
    // Also where no message is sound: the topic has to be there.
    const outcomes = await publishSealed(ports, topic, plain, request, ({ bodies, seals }) =>
      ask(ports, { service: 'sns', kind: 'publish', topic, messages, heldAgainst, bodies, seals }),
    )
    if ('kind' in outcomes) continue
    const published = outcomes.values()
    return prepared.map((each) => {
      if ('error' in each) return each
      const audit = each.protection?.audit ?? null
      if (audit !== null) ports.protection.tell(audit)
      return answerOf(published.next().value!)
    })
  }
  throw new Error('the data protection of a topic changes faster than messages can be held against it')
}

function answerOf(outcome: Published | Refusal): PublishAnswer | Refusal {
  if ('error' in outcome) return outcome
  const MessageId = formatMessageId(outcome.messageId)
  return outcome.sequence === 0
    ? { MessageId }
    : { MessageId, SequenceNumber: sequenceNumber(outcome.sequence) }
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

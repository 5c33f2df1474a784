import type { Request } from '../../api/operation.ts'
import { toUuid, UUID_BYTES } from '../../base/uuid.ts'
import type { TopicAddress } from './commands.ts'
import type { SnsPorts } from './ports.ts'
import { encodePublishedMessage, type Question } from './published-message.ts'
import { topicArn } from './topic-arn.ts'

/** A question to the owner of an endpoint, as it is stored: like a message, since it is pushed like one. */
export function question(
  asks: Question,
  topic: TopicAddress,
  { random }: Pick<SnsPorts, 'random'>,
  { endpoint }: Pick<Request, 'endpoint'>,
): Uint8Array {
  return encodePublishedMessage({
    ...{ id: toUuid(random.bytes(UUID_BYTES)), landingSeed: toUuid(random.bytes(UUID_BYTES)), asks },
    ...{ baseUrl: endpoint, topicArn: topicArn(topic), texts: new Map(), attributes: [] },
    ...{ subject: undefined, groupId: undefined, deduplicationId: undefined, traceHeader: undefined },
  })
}

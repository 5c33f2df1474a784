import type { PublishBatchInput, PublishBatchResponse } from '../../../api/generated/sns.ts'
import { operation } from '../../../api/operation.ts'
import { ServiceError } from '../../../api/service-error.ts'
import { checkBatch } from '../batch.ts'
import type { Refusal } from '../commands.ts'
import { BatchRequestTooLong } from '../errors.ts'
import { MESSAGE_BYTES_MAX } from '../limits.ts'
import { type PreparedMessage, prepareMessage } from '../message-to-publish.ts'
import type { SnsPorts } from '../ports.ts'
import { publishAll } from '../publishing.ts'
import { resolveTopic } from '../topic-arn.ts'

const NAME = 'PublishBatch'

type Entry = PublishBatchInput['PublishBatchRequestEntries'][number]

/** What is wrong with one entry fails that entry alone. */
export const publishBatch = (ports: SnsPorts) =>
  operation<PublishBatchInput, PublishBatchResponse>(NAME, async (input, request) => {
    const topic = resolveTopic('TopicArn', input.TopicArn, NAME, request)
    const entries = input.PublishBatchRequestEntries
    checkBatch(entries.map(({ Id }) => Id))
    const prepare = () => {
      const prepared = entries.map((entry) => attempt(() => prepareMessage(entry, topic, ports, request)))
      const sizes = prepared.map((each) => ('error' in each ? 0 : each.sizeBytes))
      checkTotal(sizes.reduce((sum, size) => sum + size, 0))
      return prepared
    }
    const outcomes = await publishAll(ports, topic, prepare, request)
    const Successful = entries.flatMap(({ Id }, i) => {
      const outcome = outcomes[i]!
      return 'error' in outcome ? [] : [{ Id, ...outcome }]
    })
    const Failed = entries.flatMap((entry, i) => {
      const outcome = outcomes[i]!
      return 'error' in outcome ? [failed(entry, outcome)] : []
    })
    return { Successful, Failed }
  })

function checkTotal(bytes: number): void {
  if (bytes <= MESSAGE_BYTES_MAX) return
  throw new ServiceError(
    BatchRequestTooLong,
    'The length of all the messages put together is more than the limit.',
  )
}

function attempt(prepare: () => PreparedMessage): PreparedMessage | Refusal {
  try {
    return prepare()
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error
    return { error: error.shape, message: error.message }
  }
}

function failed({ Id }: Entry, { error, message }: Refusal) {
  return { Id, Code: error.code, Message: message, SenderFault: error.fault === 'client' }
}

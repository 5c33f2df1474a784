import type { ListStreamConsumersInput, ListStreamConsumersOutput } from '../../../api/generated/kinesis.ts'
import { operation } from '../../../api/operation.ts'
import { CONSUMERS_LISTED_MAX } from '../limits.ts'
import { renderConsumer } from '../listed-consumer.ts'
import { decodeNextToken, encodeNextToken, refuseBesideNextToken } from '../next-token.ts'
import { ask, type KinesisPorts } from '../ports.ts'
import { resolveStream } from '../stream-arn.ts'

const NAME = 'ListStreamConsumers'

/** Where a page begins. */
interface ConsumerPlace {
  /** When the stream was created, in milliseconds since the epoch; null for whichever there is. */
  readonly created: number | null
  readonly after: string
}

export const listStreamConsumers = (ports: KinesisPorts) =>
  operation<ListStreamConsumersInput, ListStreamConsumersOutput>(NAME, async (input, request) => {
    const stream = resolveStream({ StreamARN: input.StreamARN }, NAME, request)
    const { NextToken, StreamCreationTimestamp } = input
    const list = [NAME, stream.accountId, stream.region, stream.name]
    if (NextToken !== undefined) refuseBesideNextToken({ StreamCreationTimestamp })
    const place: ConsumerPlace =
      NextToken === undefined
        ? { created: StreamCreationTimestamp ?? null, after: '' }
        : decodeNextToken(ports, list, NextToken)
    const limit = Math.min(input.MaxResults ?? CONSUMERS_LISTED_MAX, CONSUMERS_LISTED_MAX)
    const { consumers, next, created } = await ask(ports, {
      ...{ service: 'kinesis', kind: 'listConsumers', stream, limit, ...place },
    } as const)
    return {
      Consumers: consumers.map((consumer) => renderConsumer(stream, consumer)),
      ...(next !== null && { NextToken: encodeNextToken(ports, list, { created, after: next }) }),
    }
  })

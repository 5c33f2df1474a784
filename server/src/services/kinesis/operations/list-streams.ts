import type { ListStreamsInput, ListStreamsOutput } from '../../../api/generated/kinesis.ts'
import { operation } from '../../../api/operation.ts'
import { STREAMS_LISTED_MAX } from '../limits.ts'
import { decodeNextToken, encodeNextToken } from '../next-token.ts'
import { ask, type KinesisPorts } from '../ports.ts'
import { streamArn } from '../stream-arn.ts'

const NAME = 'ListStreams'

/** Where a page begins. */
interface StreamPlace {
  readonly after: string
}

export const listStreams = (ports: KinesisPorts) =>
  operation<ListStreamsInput, ListStreamsOutput>(NAME, async (input, request) => {
    const { accountId, region } = request.caller
    const list = [NAME, accountId, region]
    const { ExclusiveStartStreamName = '', NextToken, Limit = STREAMS_LISTED_MAX } = input
    const place: StreamPlace =
      NextToken === undefined ? { after: ExclusiveStartStreamName } : decodeNextToken(ports, list, NextToken)
    const { streams, next } = await ask(ports, {
      ...{ service: 'kinesis', kind: 'listStreams', accountId, region, ...place },
      limit: Math.min(Limit, STREAMS_LISTED_MAX),
    } as const)
    return {
      StreamNames: streams.map(({ name }) => name),
      HasMoreStreams: next !== null,
      ...(next !== null && { NextToken: encodeNextToken(ports, list, { after: next }) }),
      StreamSummaries: streams.map(({ name, status, mode, created }) => ({
        StreamName: name,
        StreamARN: streamArn({ accountId, region, name }),
        StreamStatus: status,
        StreamModeDetails: { StreamMode: mode },
        StreamCreationTimestamp: created,
      })),
    }
  })

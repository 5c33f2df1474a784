import type {
  DescribeStreamSummaryInput,
  DescribeStreamSummaryOutput,
} from '../../../api/generated/kinesis.ts'
import { operation } from '../../../api/operation.ts'
import { ask, type KinesisPorts } from '../ports.ts'
import { resolveStream } from '../stream-arn.ts'
import { renderStream } from '../stream-description.ts'

const NAME = 'DescribeStreamSummary'

export const describeStreamSummary = (ports: KinesisPorts) =>
  operation<DescribeStreamSummaryInput, DescribeStreamSummaryOutput>(NAME, async (input, request) => {
    const stream = resolveStream(input, NAME, request)
    const description = await ask(ports, { service: 'kinesis', kind: 'getStream', stream })
    const { id, openShards, consumers, maxRecordKiB, warmThroughput } = description
    return {
      StreamDescriptionSummary: {
        ...renderStream(stream, description),
        StreamId: id,
        OpenShardCount: openShards,
        ConsumerCount: consumers,
        MaxRecordSizeInKiB: maxRecordKiB,
        ...(warmThroughput !== null && {
          WarmThroughput: { TargetMiBps: warmThroughput, CurrentMiBps: warmThroughput },
        }),
      },
    }
  })

import type {
  DescribeStreamConsumerInput,
  DescribeStreamConsumerOutput,
} from '../../../api/generated/kinesis.ts'
import { operation } from '../../../api/operation.ts'
import { renderConsumer } from '../listed-consumer.ts'
import { ask, type KinesisPorts } from '../ports.ts'
import { resolveConsumer, streamArn } from '../stream-arn.ts'

const NAME = 'DescribeStreamConsumer'

export const describeStreamConsumer = (ports: KinesisPorts) =>
  operation<DescribeStreamConsumerInput, DescribeStreamConsumerOutput>(NAME, async (input, request) => {
    const { stream, consumer } = resolveConsumer(input, NAME, request)
    const description = await ask(ports, { service: 'kinesis', kind: 'getConsumer', stream, consumer })
    return {
      ConsumerDescription: { ...renderConsumer(stream, description), StreamARN: streamArn(stream) },
    }
  })

import type { Consumer } from '../../api/generated/kinesis.ts'
import type { ConsumerDescription, StreamAddress } from './commands.ts'
import { consumerArn } from './stream-arn.ts'

export function renderConsumer(
  stream: StreamAddress,
  { name, status, created }: ConsumerDescription,
): Consumer {
  return {
    ConsumerName: name,
    ConsumerARN: consumerArn(stream, { name, createdSecond: created / 1000 }),
    ConsumerStatus: status,
    ConsumerCreationTimestamp: created,
  }
}

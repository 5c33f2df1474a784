import type { SubscribeToShardInput } from '../../../api/generated/kinesis.ts'
import { waitingOperation } from '../../../api/operation.ts'
import { consumerNotActive } from '../errors.ts'
import { ask, type KinesisPorts } from '../ports.ts'
import { secondOf } from '../sequence-number.ts'
import { resolveShard } from '../shard-id.ts'
import { findStartingPosition } from '../starting-position.ts'
import { resolveConsumer } from '../stream-arn.ts'
import type { SubscriptionEvent } from '../subscription.ts'
import { Subscriptions } from '../subscriptions.ts'

const NAME = 'SubscribeToShard'

interface Output {
  readonly EventStream: AsyncIterable<SubscriptionEvent>
}

export const subscribeToShard = (ports: KinesisPorts) => {
  const subscriptions = new Subscriptions(ports)
  return waitingOperation<SubscribeToShardInput, Output>(NAME, async (input, request) => {
    const { stream, consumer } = resolveConsumer(input, NAME, request)
    const shard = resolveShard(input.ShardId, stream)
    const { status, created } = await ask(ports, {
      service: 'kinesis',
      kind: 'getConsumer',
      stream,
      consumer,
    })
    const createdSecond = secondOf(created)
    const found = await findStartingPosition(ports, input.StartingPosition, {
      operation: NAME,
      stream,
      shard,
    })
    if (status !== 'ACTIVE') throw consumerNotActive({ consumer: consumer.name, createdSecond, stream })
    const start = { ...found, stream, consumer, shard }
    return { EventStream: subscriptions.begin(start, createdSecond, request) }
  })
}

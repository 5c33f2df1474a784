import type { Request } from '../../api/operation.ts'
import { resourceInUse } from './errors.ts'
import { SUBSCRIPTION_HELD_MS } from './limits.ts'
import type { KinesisPorts } from './ports.ts'
import { shardId } from './shard-id.ts'
import { consumerArn } from './stream-arn.ts'
import { Subscription, type SubscriptionStart } from './subscription.ts'

/** The subscriptions there are: one for each consumer and shard. */
export class Subscriptions {
  readonly #ports: KinesisPorts
  readonly #active = new Map<string, Subscription>()

  constructor(ports: KinesisPorts) {
    this.#ports = ports
  }

  /** Takes over from whoever has the shard for the consumer, unless that one has only begun. */
  begin(start: SubscriptionStart, createdSecond: number, request: Request): Subscription {
    const { stream, consumer, shard } = start
    const key = `${consumerArn(stream, { name: consumer.name, createdSecond })} ${shard}`
    const other = this.#active.get(key)
    const inUse = () =>
      resourceInUse(
        'Another active subscription exists for this consumer: ' +
          `${stream.accountId}:${stream.name}:${shardId(shard)}:${consumer.name}`,
      )
    if (other !== undefined && this.#ports.now() - other.beganAt < SUBSCRIPTION_HELD_MS) throw inUse()
    const subscription = new Subscription(this.#ports, start, request, (ended) => {
      if (this.#active.get(key) === ended) this.#active.delete(key)
    })
    this.#active.set(key, subscription)
    other?.fail(inUse())
    // Nobody would end it for a client that has gone meanwhile.
    if (request.connection.closed) subscription.end()
    return subscription
  }
}

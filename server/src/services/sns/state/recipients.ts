import type { Subscription } from './subscription.ts'
import type { Topic } from './topic.ts'

/** The subscriptions that a message is for, in their order: those that are confirmed and have a queue for an endpoint. */
export function recipientsOf(topic: Topic): readonly Subscription[] {
  return topic.subscriptions.filter(
    (subscription) => !subscription.isPending && subscription.record.protocol === 'sqs',
  )
}

import type { Subscription } from '../../api/generated/sns.ts'
import type { ListedSubscription } from './commands.ts'
import { subscriptionArn, topicArn } from './topic-arn.ts'

/** A subscription as lists show it. One that is pending has no ARN there. */
export function renderSubscription(subscription: ListedSubscription): Subscription {
  const { topic, id, isPending, owner, protocol, endpoint } = subscription
  return {
    SubscriptionArn: isPending ? 'PendingConfirmation' : subscriptionArn(topic, id),
    Owner: owner,
    Protocol: protocol,
    Endpoint: endpoint,
    TopicArn: topicArn(topic),
  }
}

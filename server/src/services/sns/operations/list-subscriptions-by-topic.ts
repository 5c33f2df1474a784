import type {
  ListSubscriptionsByTopicInput,
  ListSubscriptionsByTopicResponse,
} from '../../../api/generated/sns.ts'
import { operation } from '../../../api/operation.ts'
import { PAGE_ITEMS } from '../limits.ts'
import { renderSubscription } from '../listed-subscription.ts'
import { decodeSubscriptionToken, subscriptionToken } from '../next-token.ts'
import { ask, type SnsPorts } from '../ports.ts'
import { resolveTopic } from '../topic-arn.ts'

const NAME = 'ListSubscriptionsByTopic'

export const listSubscriptionsByTopic = (ports: SnsPorts) =>
  operation<ListSubscriptionsByTopicInput, ListSubscriptionsByTopicResponse>(NAME, async (input, request) => {
    const topic = resolveTopic('TopicArn', input.TopicArn, NAME, request)
    const list = [NAME, topic.accountId, topic.region, topic.name]
    const after = decodeSubscriptionToken(ports, list, input.NextToken)?.number ?? 0
    const { subscriptions, next } = await ask(ports, {
      ...{ service: 'sns', kind: 'listSubscriptionsByTopic', topic, after, limit: PAGE_ITEMS },
    } as const)
    return { Subscriptions: subscriptions.map(renderSubscription), ...subscriptionToken(ports, list, next) }
  })

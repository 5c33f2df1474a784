import type { ListSubscriptionsInput, ListSubscriptionsResponse } from '../../../api/generated/sns.ts'
import { operation } from '../../../api/operation.ts'
import { PAGE_ITEMS } from '../limits.ts'
import { renderSubscription } from '../listed-subscription.ts'
import { decodeSubscriptionToken, subscriptionToken } from '../next-token.ts'
import { ask, type SnsPorts } from '../ports.ts'

const NAME = 'ListSubscriptions'

export const listSubscriptions = (ports: SnsPorts) =>
  operation<ListSubscriptionsInput, ListSubscriptionsResponse>(NAME, async (input, request) => {
    const { accountId, region } = request.caller
    const list = [NAME, accountId, region]
    const after = decodeSubscriptionToken(ports, list, input.NextToken)
    const { subscriptions, next } = await ask(ports, {
      ...{ service: 'sns', kind: 'listSubscriptions', accountId, region, after, limit: PAGE_ITEMS },
    } as const)
    return { Subscriptions: subscriptions.map(renderSubscription), ...subscriptionToken(ports, list, next) }
  })

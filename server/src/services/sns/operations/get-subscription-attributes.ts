import type {
  GetSubscriptionAttributesInput,
  GetSubscriptionAttributesResponse,
} from '../../../api/generated/sns.ts'
import { operation } from '../../../api/operation.ts'
import { ask, type SnsPorts } from '../ports.ts'
import { renderSubscriptionAttributes } from '../subscription-attributes.ts'
import { resolveSubscription } from '../topic-arn.ts'

const NAME = 'GetSubscriptionAttributes'

export const getSubscriptionAttributes = (ports: SnsPorts) =>
  operation<GetSubscriptionAttributesInput, GetSubscriptionAttributesResponse>(
    NAME,
    async (input, request) => {
      const { topic, id } = resolveSubscription('SubscriptionArn', input.SubscriptionArn, NAME, request)
      const description = await ask(ports, { service: 'sns', kind: 'getSubscription', topic, id })
      return { Attributes: renderSubscriptionAttributes(description) }
    },
  )

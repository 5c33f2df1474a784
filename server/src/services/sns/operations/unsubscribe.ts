import type { UnsubscribeInput } from '../../../api/generated/sns.ts'
import { operation } from '../../../api/operation.ts'
import { ask, type SnsPorts } from '../ports.ts'
import { resolveSubscription } from '../topic-arn.ts'

const NAME = 'Unsubscribe'

export const unsubscribe = (ports: SnsPorts) =>
  operation<UnsubscribeInput, object>(
    NAME,
    async (input, request) => {
      const { topic, id } = resolveSubscription('SubscriptionArn', input.SubscriptionArn, NAME, request)
      const isAnonymous = request.caller.isAnonymous === true
      await ask(ports, { service: 'sns', kind: 'unsubscribe', topic, id, isAnonymous })
      return {}
    },
    { isOpen: true },
  )

import type { UnsubscribeInput } from '../../../api/generated/sns.ts'
import { openOperation } from '../../../api/operation.ts'
import { ask, type SnsPorts } from '../ports.ts'
import { locateSubscription } from '../topic-arn.ts'

const NAME = 'Unsubscribe'

/** The link in a notification ends a subscription without a signature, unless whoever confirmed it wanted otherwise. */
export const unsubscribe = (ports: SnsPorts) =>
  openOperation<UnsubscribeInput, object>(NAME, async (input, request) => {
    const { topic, id } = locateSubscription('SubscriptionArn', input.SubscriptionArn, NAME, request)
    const isAnonymous = request.caller.isAnonymous === true
    await ask(ports, { service: 'sns', kind: 'unsubscribe', topic, id, isAnonymous })
    return {}
  })

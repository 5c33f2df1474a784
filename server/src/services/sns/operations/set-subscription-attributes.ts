import type { SetSubscriptionAttributesInput } from '../../../api/generated/sns.ts'
import { operation } from '../../../api/operation.ts'
import { ask, type SnsPorts } from '../ports.ts'
import { parseSubscriptionAttribute } from '../subscription-attributes.ts'
import { resolveSubscription } from '../topic-arn.ts'

const NAME = 'SetSubscriptionAttributes'

/** A value that is left out takes the attribute away, where it can be without one. */
export const setSubscriptionAttributes = (ports: SnsPorts) =>
  operation<SetSubscriptionAttributesInput, object>(NAME, async (input, request) => {
    const { topic, id } = resolveSubscription('SubscriptionArn', input.SubscriptionArn, NAME, request)
    const settings = parseSubscriptionAttribute(input.AttributeName, input.AttributeValue ?? '')
    await ask(ports, { service: 'sns', kind: 'setSubscriptionSettings', topic, id, settings })
    return {}
  })

import type { UnsubscribeInput } from '../../../api/generated/sns.ts'
import { operation } from '../../../api/operation.ts'
import { ask, type SnsPorts } from '../ports.ts'
import { newToken, question } from '../question.ts'
import { resolveSubscription } from '../topic-arn.ts'

const NAME = 'Unsubscribe'

export const unsubscribe = (ports: SnsPorts) =>
  operation<UnsubscribeInput, object>(
    NAME,
    async (input, request) => {
      const { topic, id } = resolveSubscription('SubscriptionArn', input.SubscriptionArn, NAME, request)
      // Who only had the link may not have been meant to: then the endpoint is told how to undo it.
      const token = request.caller.isAnonymous === true ? newToken(ports) : null
      await ask(ports, {
        ...{ service: 'sns', kind: 'unsubscribe', topic, id, token },
        ...(token !== null && {
          bodies: [question({ type: 'UnsubscribeConfirmation', token }, topic, ports, request)],
        }),
      })
      return {}
    },
    { isOpen: true },
  )

import type { ConfirmSubscriptionInput, ConfirmSubscriptionResponse } from '../../../api/generated/sns.ts'
import { operation } from '../../../api/operation.ts'
import { invalidParameter } from '../errors.ts'
import { CONFIRMATION_TOKEN_BYTES } from '../limits.ts'
import { ask, type SnsPorts } from '../ports.ts'
import { resolveTopic, subscriptionArn } from '../topic-arn.ts'

const NAME = 'ConfirmSubscription'

export const confirmSubscription = (ports: SnsPorts) =>
  operation<ConfirmSubscriptionInput, ConfirmSubscriptionResponse>(
    NAME,
    async (input, request) => {
      const topic = resolveTopic('TopicArn', input.TopicArn, NAME, request)
      const { Token: token, AuthenticateOnUnsubscribe } = input
      if (token.length !== CONFIRMATION_TOKEN_BYTES * 2 || !/^[0-9a-f]+$/.test(token)) {
        throw invalidParameter('Token')
      }
      const { id } = await ask(ports, {
        ...{ service: 'sns', kind: 'confirmSubscription', topic, token },
        // Who has only the link can't keep others from using theirs.
        authenticateOnUnsubscribe:
          AuthenticateOnUnsubscribe === 'true' && request.caller.isAnonymous !== true,
      } as const)
      return { SubscriptionArn: subscriptionArn(topic, id) }
    },
    { isOpen: true },
  )

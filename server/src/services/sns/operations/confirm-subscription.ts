import type { ConfirmSubscriptionInput, ConfirmSubscriptionResponse } from '../../../api/generated/sns.ts'
import { openOperation } from '../../../api/operation.ts'
import { invalidParameter } from '../errors.ts'
import { CONFIRMATION_TOKEN_BYTES } from '../limits.ts'
import { ask, type SnsPorts } from '../ports.ts'
import { locateTopic, subscriptionArn } from '../topic-arn.ts'

const NAME = 'ConfirmSubscription'

/** Whoever has the token may confirm: no signature is needed. */
export const confirmSubscription = (ports: SnsPorts) =>
  openOperation<ConfirmSubscriptionInput, ConfirmSubscriptionResponse>(NAME, async (input, request) => {
    const topic = locateTopic('TopicArn', input.TopicArn)
    const { Token: token, AuthenticateOnUnsubscribe } = input
    if (token.length !== CONFIRMATION_TOKEN_BYTES * 2 || !/^[0-9a-f]+$/.test(token)) {
      throw invalidParameter('Token')
    }
    const { id } = await ask(ports, {
      ...{ service: 'sns', kind: 'confirmSubscription', topic, token },
      // Without a signature it would say nothing.
      authenticateOnUnsubscribe: AuthenticateOnUnsubscribe === 'true' && !request.caller.isAnonymous,
    } as const)
    return { SubscriptionArn: subscriptionArn(topic, id) }
  })

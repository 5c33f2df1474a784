import { Buffer } from 'node:buffer'
import type { SubscribeInput, SubscribeResponse } from '../../../api/generated/sns.ts'
import { operation } from '../../../api/operation.ts'
import { formatUuid, toUuid, UUID_BYTES } from '../../../base/uuid.ts'
import { checkEndpoint, needsConfirmation, queueOwner } from '../endpoint.ts'
import { invalidParameter } from '../errors.ts'
import { CONFIRMATION_TOKEN_BYTES } from '../limits.ts'
import { ask, type SnsPorts } from '../ports.ts'
import { question } from '../question.ts'
import { parseSubscriptionAttributes } from '../subscription-attributes.ts'
import { isProtocol } from '../subscription-settings.ts'
import { resolveTopic, subscriptionArn } from '../topic-arn.ts'
import { isFifoTopicName } from '../topic-name.ts'

const NAME = 'Subscribe'

/** A subscription that is pending is named only where the caller asks for that. */
export const subscribe = (ports: SnsPorts) =>
  operation<SubscribeInput, SubscribeResponse>(NAME, async (input, request) => {
    const topic = resolveTopic('TopicArn', input.TopicArn, NAME, request)
    const { Protocol: protocol, Endpoint: endpoint = '' } = input
    if (!isProtocol(protocol)) {
      throw invalidParameter(`Amazon SNS does not support this protocol string: ${protocol}`)
    }
    checkEndpoint(protocol, endpoint, isFifoTopicName(topic.name))
    const problem = ports.endpointProblem(protocol, endpoint)
    if (problem !== undefined) throw invalidParameter('Endpoint', problem)
    const { accountId, principalArn } = request.caller
    // Who owns it would have to confirm it; so would SNS have to be let in by the queue's policy.
    if (protocol === 'sqs' && queueOwner(endpoint) !== accountId) throw invalidParameter('SQS endpoint ARN')
    const settings = parseSubscriptionAttributes(input.Attributes ?? {}, protocol)
    const token = needsConfirmation(protocol)
      ? Buffer.from(ports.random.bytes(CONFIRMATION_TOKEN_BYTES)).toString('hex')
      : null
    const { id, isPending } = await ask(ports, {
      ...{ service: 'sns', kind: 'subscribe', topic, protocol, endpoint, settings, token },
      owner: accountId,
      principal: principalArn,
      id: formatUuid(toUuid(ports.random.bytes(UUID_BYTES))),
      ...(token !== null && {
        bodies: [question({ type: 'SubscriptionConfirmation', token }, topic, ports, request)],
      }),
    } as const)
    const isNamed = !isPending || input.ReturnSubscriptionArn === true
    return { SubscriptionArn: isNamed ? subscriptionArn(topic, id) : 'pending confirmation' }
  })

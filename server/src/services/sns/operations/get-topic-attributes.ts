import type { GetTopicAttributesInput, GetTopicAttributesResponse } from '../../../api/generated/sns.ts'
import { operation } from '../../../api/operation.ts'
import { ask, type SnsPorts } from '../ports.ts'
import { resolveTopic } from '../topic-arn.ts'
import { renderTopicAttributes } from '../topic-attributes.ts'

const NAME = 'GetTopicAttributes'

export const getTopicAttributes = (ports: SnsPorts) =>
  operation<GetTopicAttributesInput, GetTopicAttributesResponse>(NAME, async (input, request) => {
    const topic = resolveTopic('TopicArn', input.TopicArn, NAME, request)
    const description = await ask(ports, { service: 'sns', kind: 'getTopic', topic })
    return { Attributes: renderTopicAttributes(topic, description) }
  })

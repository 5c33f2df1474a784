import type { SetTopicAttributesInput } from '../../../api/generated/sns.ts'
import { operation } from '../../../api/operation.ts'
import { ask, type SnsPorts } from '../ports.ts'
import { resolveTopic } from '../topic-arn.ts'
import { parseTopicAttribute } from '../topic-attributes.ts'
import { isFifoTopicName } from '../topic-name.ts'

const NAME = 'SetTopicAttributes'

/** A value that is left out, or empty, takes the attribute away. */
export const setTopicAttributes = (ports: SnsPorts) =>
  operation<SetTopicAttributesInput, object>(NAME, async (input, request) => {
    const topic = resolveTopic('TopicArn', input.TopicArn, NAME, request)
    const { AttributeName, AttributeValue = '' } = input
    const settings = parseTopicAttribute(AttributeName, AttributeValue, isFifoTopicName(topic.name))
    await ask(ports, { service: 'sns', kind: 'setTopicSettings', topic, settings })
    return {}
  })

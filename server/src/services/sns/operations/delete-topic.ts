import type { DeleteTopicInput } from '../../../api/generated/sns.ts'
import { operation } from '../../../api/operation.ts'
import { ask, type SnsPorts } from '../ports.ts'
import { resolveTopic } from '../topic-arn.ts'

const NAME = 'DeleteTopic'

export const deleteTopic = (ports: SnsPorts) =>
  operation<DeleteTopicInput, object>(NAME, async (input, request) => {
    const topic = resolveTopic('TopicArn', input.TopicArn, NAME, request)
    await ask(ports, { service: 'sns', kind: 'deleteTopic', topic })
    return {}
  })

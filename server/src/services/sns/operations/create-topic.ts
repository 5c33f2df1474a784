import type { CreateTopicInput, CreateTopicResponse } from '../../../api/generated/sns.ts'
import { operation } from '../../../api/operation.ts'
import { parseDataProtectionPolicy } from '../data-protection-policy.ts'
import { ask, type SnsPorts } from '../ports.ts'
import { parseTags } from '../tags.ts'
import { topicArn } from '../topic-arn.ts'
import { asksForFifo, parseTopicAttributes } from '../topic-attributes.ts'
import { checkNewTopicName } from '../topic-name.ts'

/** Answers with the topic that is there already, if it has the attributes and tags named. */
export const createTopic = (ports: SnsPorts) =>
  operation<CreateTopicInput, CreateTopicResponse>('CreateTopic', async (input, request) => {
    const { accountId, region } = request.caller
    const attributes = input.Attributes ?? {}
    const isFifo = asksForFifo(attributes)
    checkNewTopicName(input.Name, isFifo)
    const topic = { accountId, region, name: input.Name }
    const { DataProtectionPolicy } = input
    const settings = {
      ...parseTopicAttributes(attributes, isFifo),
      ...(DataProtectionPolicy !== undefined && {
        dataProtectionPolicy: parseDataProtectionPolicy(DataProtectionPolicy, isFifo),
      }),
    }
    const tags = input.Tags === undefined ? null : parseTags(input.Tags)
    await ask(ports, { service: 'sns', kind: 'createTopic', topic, settings, tags })
    return { TopicArn: topicArn(topic) }
  })

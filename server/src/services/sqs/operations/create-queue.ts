import type { CreateQueueRequest, CreateQueueResult } from '../../../api/generated/sqs.ts'
import { operation } from '../../../api/operation.ts'
import { asksForFifo, parseQueueAttributes } from '../attributes.ts'
import { COOLDOWN_SECONDS } from '../limits.ts'
import { ask, type SqsPorts } from '../ports.ts'
import { checkNewQueueName } from '../queue-name.ts'
import { queueUrl } from '../queue-url.ts'
import { checkTags } from '../tags.ts'

/** Answers with the queue that is there already, if it has the attributes named. */
export const createQueue = (ports: SqsPorts) =>
  operation<CreateQueueRequest, CreateQueueResult>('CreateQueue', async (input, request) => {
    const { accountId, region } = request.caller
    const name = input.QueueName
    const attributes = input.Attributes ?? {}
    const isFifo = asksForFifo(attributes)
    checkNewQueueName(name, isFifo)
    const settings = parseQueueAttributes(attributes, { isFifo })
    const tags = input.tags ?? {}
    checkTags(tags, name)
    const queue = await ask(ports, {
      service: 'sqs',
      kind: 'createQueue',
      queue: { accountId, region, name },
      settings,
      tags,
      cooldownSeconds: ports.cooldowns.deletion ? COOLDOWN_SECONDS : undefined,
    })
    return { QueueUrl: queueUrl(request, queue) }
  })

import type { PurgeQueueRequest } from '../../../api/generated/sqs.ts'
import { operation } from '../../../api/operation.ts'
import { COOLDOWN_SECONDS } from '../limits.ts'
import { ask, type SqsPorts } from '../ports.ts'
import { resolveQueue } from '../queue-url.ts'

export const purgeQueue = (ports: SqsPorts) =>
  operation<PurgeQueueRequest, object>('PurgeQueue', async (input, request) => {
    await ask(ports, {
      service: 'sqs',
      kind: 'purgeQueue',
      queue: resolveQueue(input.QueueUrl, request),
      cooldownSeconds: ports.cooldowns.purge ? COOLDOWN_SECONDS : undefined,
    })
    return {}
  })

import type { DeleteStreamInput } from '../../../api/generated/kinesis.ts'
import { operation } from '../../../api/operation.ts'
import { ask, type KinesisPorts } from '../ports.ts'
import { resolveStream } from '../stream-arn.ts'

const NAME = 'DeleteStream'

export const deleteStream = (ports: KinesisPorts) =>
  operation<DeleteStreamInput, object>(NAME, async (input, request) => {
    const stream = resolveStream(input, NAME, request)
    const withConsumers = input.EnforceConsumerDeletion ?? false
    await ask(ports, {
      service: 'kinesis',
      kind: 'deleteStream',
      stream,
      withConsumers,
      settleMs: ports.transitionMs,
    })
    return {}
  })

import type { DeregisterStreamConsumerInput } from '../../../api/generated/kinesis.ts'
import { operation } from '../../../api/operation.ts'
import { ask, type KinesisPorts } from '../ports.ts'
import { resolveConsumer } from '../stream-arn.ts'

const NAME = 'DeregisterStreamConsumer'

export const deregisterStreamConsumer = (ports: KinesisPorts) =>
  operation<DeregisterStreamConsumerInput, object>(NAME, async (input, request) => {
    const { stream, consumer } = resolveConsumer(input, NAME, request)
    await ask(ports, {
      service: 'kinesis',
      kind: 'deregisterConsumer',
      stream,
      consumer,
      settleMs: ports.transitionMs,
    })
    return {}
  })

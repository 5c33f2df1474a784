import type { UpdateMaxRecordSizeInput } from '../../../api/generated/kinesis.ts'
import { operation } from '../../../api/operation.ts'
import { ask, type KinesisPorts } from '../ports.ts'
import { resolveStream } from '../stream-arn.ts'

const NAME = 'UpdateMaxRecordSize'

export const updateMaxRecordSize = (ports: KinesisPorts) =>
  operation<UpdateMaxRecordSizeInput, object>(NAME, async (input, request) => {
    const stream = resolveStream(input, NAME, request)
    await ask(ports, {
      service: 'kinesis',
      kind: 'setMaxRecordSize',
      stream,
      maxRecordKiB: input.MaxRecordSizeInKiB,
      settleMs: ports.transitionMs,
    })
    return {}
  })

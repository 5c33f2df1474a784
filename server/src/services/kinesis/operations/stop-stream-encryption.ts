import type { StopStreamEncryptionInput } from '../../../api/generated/kinesis.ts'
import { operation } from '../../../api/operation.ts'
import { checkEncryption } from '../encryption-key.ts'
import { ask, type KinesisPorts } from '../ports.ts'
import { resolveStream } from '../stream-arn.ts'

const NAME = 'StopStreamEncryption'

export const stopStreamEncryption = (ports: KinesisPorts) =>
  operation<StopStreamEncryptionInput, object>(NAME, async (input, request) => {
    const stream = resolveStream(input, NAME, request)
    checkEncryption(input)
    await ask(ports, {
      service: 'kinesis',
      kind: 'setEncryption',
      stream,
      keyId: null,
      settleMs: ports.transitionMs,
    })
    return {}
  })

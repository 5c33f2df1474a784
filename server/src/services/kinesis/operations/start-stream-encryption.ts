import type { StartStreamEncryptionInput } from '../../../api/generated/kinesis.ts'
import { operation } from '../../../api/operation.ts'
import { checkEncryption } from '../encryption-key.ts'
import { ask, type KinesisPorts } from '../ports.ts'
import { resolveStream } from '../stream-arn.ts'

const NAME = 'StartStreamEncryption'

export const startStreamEncryption = (ports: KinesisPorts) =>
  operation<StartStreamEncryptionInput, object>(NAME, async (input, request) => {
    const stream = resolveStream(input, NAME, request)
    checkEncryption(input)
    await ask(ports, {
      service: 'kinesis',
      kind: 'setEncryption',
      stream,
      keyId: input.KeyId,
      settleMs: ports.transitionMs,
    })
    return {}
  })

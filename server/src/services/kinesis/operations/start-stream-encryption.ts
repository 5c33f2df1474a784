import type { StartStreamEncryptionInput } from '../../../api/generated/kinesis.ts'
import { operation } from '../../../api/operation.ts'
import type { KinesisPorts } from '../ports.ts'
import { resolveStream } from '../stream-arn.ts'
import { changeEncryption } from '../stream-encryption.ts'

const NAME = 'StartStreamEncryption'

export const startStreamEncryption = (ports: KinesisPorts) =>
  operation<StartStreamEncryptionInput, object>(NAME, async (input, request) =>
    changeEncryption(ports, resolveStream(input, NAME, request), input, input.KeyId, request),
  )

import type { StopStreamEncryptionInput } from '../../../api/generated/kinesis.ts'
import { operation } from '../../../api/operation.ts'
import type { KinesisPorts } from '../ports.ts'
import { resolveStream } from '../stream-arn.ts'
import { changeEncryption } from '../stream-encryption.ts'

const NAME = 'StopStreamEncryption'

export const stopStreamEncryption = (ports: KinesisPorts) =>
  operation<StopStreamEncryptionInput, object>(NAME, async (input, request) =>
    changeEncryption(ports, resolveStream(input, NAME, request), input, null, request),
  )

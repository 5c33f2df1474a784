import type { GenerateMacRequest, GenerateMacResponse } from '../../../api/generated/kms.ts'
import { operation } from '../../../api/operation.ts'
import type { KmsFront } from '../front.ts'
import { macOf } from '../mac.ts'
import { useKey } from '../use-key.ts'

export const generateMac = (front: KmsFront) =>
  operation<GenerateMacRequest, GenerateMacResponse>('GenerateMac', async (input, request) => {
    const { KeyId: keyId, MacAlgorithm: algorithm, Message: message } = input
    const asked = { keyId, action: 'GenerateMac', usage: 'GENERATE_VERIFY_MAC' } as const
    return useKey(front, asked, input, request, (key) => ({
      KeyId: key.arn,
      Mac: macOf(front, key, algorithm, message),
      MacAlgorithm: algorithm,
    }))
  })

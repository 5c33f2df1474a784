import type { SignRequest, SignResponse } from '../../../api/generated/kms.ts'
import { operation } from '../../../api/operation.ts'
import type { KmsFront } from '../front.ts'
import { checkMessage } from '../signed-message.ts'
import { useKey } from '../use-key.ts'

export const sign = (front: KmsFront) =>
  operation<SignRequest, SignResponse>('Sign', async (input, request) => {
    const { KeyId: keyId, SigningAlgorithm: algorithm, Message: message } = input
    const asked = { keyId, action: 'Sign', usage: 'SIGN_VERIFY' } as const
    return useKey(front, asked, input, request, async (key) => {
      const isDigest = checkMessage(key, input)
      const signature = await front.cryptography.sign(key.loaded, algorithm, message, isDigest)
      return { KeyId: key.arn, Signature: signature, SigningAlgorithm: algorithm }
    })
  })

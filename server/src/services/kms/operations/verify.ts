import type { VerifyRequest, VerifyResponse } from '../../../api/generated/kms.ts'
import { operation } from '../../../api/operation.ts'
import { invalidSignature } from '../errors.ts'
import type { KmsFront } from '../front.ts'
import { checkMessage } from '../signed-message.ts'
import { useKey } from '../use-key.ts'

export const verify = (front: KmsFront) =>
  operation<VerifyRequest, VerifyResponse>('Verify', async (input, request) => {
    const { KeyId: keyId, SigningAlgorithm: algorithm, Message: message, Signature: signature } = input
    const asked = { keyId, action: 'Verify', usage: 'SIGN_VERIFY' } as const
    return useKey(front, asked, input, request, async (key) => {
      const isDigest = checkMessage(key, input)
      const isValid = await front.cryptography.verify(key.loaded, algorithm, message, isDigest, signature)
      if (!isValid) throw invalidSignature()
      return { KeyId: key.arn, SignatureValid: true, SigningAlgorithm: algorithm }
    })
  })

import { timingSafeEqual } from 'node:crypto'
import type { VerifyMacRequest, VerifyMacResponse } from '../../../api/generated/kms.ts'
import { operation } from '../../../api/operation.ts'
import { invalidMac } from '../errors.ts'
import type { KmsFront } from '../front.ts'
import { macOf } from '../mac.ts'
import { useKey } from '../use-key.ts'

export const verifyMac = (front: KmsFront) =>
  operation<VerifyMacRequest, VerifyMacResponse>('VerifyMac', async (input, request) => {
    const { KeyId: keyId, MacAlgorithm: algorithm, Message: message } = input
    const asked = { keyId, action: 'VerifyMac', usage: 'GENERATE_VERIFY_MAC' } as const
    return useKey(front, asked, input, request, (key) => {
      const mac = macOf(front, key, algorithm, message)
      const isValid = input.Mac.length === mac.length && timingSafeEqual(input.Mac, mac)
      if (!isValid) throw invalidMac()
      return { KeyId: key.arn, MacAlgorithm: algorithm, MacValid: true }
    })
  })

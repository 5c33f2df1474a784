import type { GenerateDataKeyPairRequest, GenerateDataKeyPairResponse } from '../../../api/generated/kms.ts'
import { operation } from '../../../api/operation.ts'
import type { KmsFront } from '../front.ts'
import { newDataKeyPair } from '../new-data-key-pair.ts'

export const generateDataKeyPair = (front: KmsFront) =>
  operation<GenerateDataKeyPairRequest, GenerateDataKeyPairResponse>(
    'GenerateDataKeyPair',
    async (input, request) => {
      return newDataKeyPair(front, 'GenerateDataKeyPair', input, request)
    },
  )

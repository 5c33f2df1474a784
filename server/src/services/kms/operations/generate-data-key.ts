import type { GenerateDataKeyRequest, GenerateDataKeyResponse } from '../../../api/generated/kms.ts'
import { operation } from '../../../api/operation.ts'
import type { KmsFront } from '../front.ts'
import { newDataKey } from '../new-data-key.ts'

export const generateDataKey = (front: KmsFront) =>
  operation<GenerateDataKeyRequest, GenerateDataKeyResponse>('GenerateDataKey', async (input, request) => {
    return newDataKey(front, 'GenerateDataKey', input, request)
  })

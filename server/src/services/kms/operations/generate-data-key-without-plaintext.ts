import type {
  GenerateDataKeyWithoutPlaintextRequest,
  GenerateDataKeyWithoutPlaintextResponse,
} from '../../../api/generated/kms.ts'
import { operation } from '../../../api/operation.ts'
import type { KmsFront } from '../front.ts'
import { newDataKey } from '../new-data-key.ts'

export const generateDataKeyWithoutPlaintext = (front: KmsFront) =>
  operation<GenerateDataKeyWithoutPlaintextRequest, GenerateDataKeyWithoutPlaintextResponse>(
    'GenerateDataKeyWithoutPlaintext',
    async (input, request) => {
      const { Plaintext: _secret, ...rest } = await newDataKey(
        front,
        'GenerateDataKeyWithoutPlaintext',
        input,
        request,
      )
      return rest
    },
  )

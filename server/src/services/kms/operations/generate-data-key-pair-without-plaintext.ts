import type {
  GenerateDataKeyPairWithoutPlaintextRequest,
  GenerateDataKeyPairWithoutPlaintextResponse,
} from '../../../api/generated/kms.ts'
import { operation } from '../../../api/operation.ts'
import type { KmsFront } from '../front.ts'
import { newDataKeyPair } from '../new-data-key-pair.ts'

export const generateDataKeyPairWithoutPlaintext = (front: KmsFront) =>
  operation<GenerateDataKeyPairWithoutPlaintextRequest, GenerateDataKeyPairWithoutPlaintextResponse>(
    'GenerateDataKeyPairWithoutPlaintext',
    async (input, request) => {
      const action = 'GenerateDataKeyPairWithoutPlaintext'
      const { PrivateKeyPlaintext: _secret, ...rest } = await newDataKeyPair(front, action, input, request)
      return rest
    },
  )

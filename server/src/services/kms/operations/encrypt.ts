import type { EncryptRequest, EncryptResponse } from '../../../api/generated/kms.ts'
import { operation } from '../../../api/operation.ts'
import { encryptWith, SYMMETRIC_DEFAULT } from '../encryption.ts'
import type { KmsFront } from '../front.ts'
import { useKey } from '../use-key.ts'

export const encrypt = (front: KmsFront) =>
  operation<EncryptRequest, EncryptResponse>('Encrypt', async (input, request) => {
    const { EncryptionAlgorithm: algorithm = SYMMETRIC_DEFAULT, EncryptionContext: context } = input
    const asked = { keyId: input.KeyId, action: 'Encrypt', usage: 'ENCRYPT_DECRYPT' } as const
    return useKey(front, asked, input, request, (key) => ({
      CiphertextBlob: encryptWith(front, key, input.Plaintext, { algorithm, context }),
      KeyId: key.arn,
      EncryptionAlgorithm: algorithm,
    }))
  })

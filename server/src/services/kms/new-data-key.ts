import type { GenerateDataKeyRequest } from '../../api/generated/kms.ts'
import type { Request } from '../../api/operation.ts'
import { encryptWith } from './encryption.ts'
import { invalid } from './errors.ts'
import type { KmsFront } from './front.ts'
import { useKey } from './use-key.ts'

/** A new key for whoever asks, plain and encrypted. */
export function newDataKey(front: KmsFront, action: string, input: GenerateDataKeyRequest, request: Request) {
  const bytes = bytesOf(input)
  const asked = { keyId: input.KeyId, action, usage: 'ENCRYPT_DECRYPT', isSymmetric: true } as const
  return useKey(front, asked, input, request, (key) => {
    const secret = front.random.bytes(bytes)
    return {
      CiphertextBlob: encryptWith(front, key, secret, { context: input.EncryptionContext }),
      Plaintext: secret,
      KeyId: key.arn,
      KeyMaterialId: key.material.id,
    }
  })
}

function bytesOf({ KeySpec: spec, NumberOfBytes: bytes }: GenerateDataKeyRequest): number {
  if ((spec === undefined) === (bytes === undefined)) {
    throw invalid('Please specify either number of bytes or key spec.')
  }
  return bytes ?? (spec === 'AES_128' ? 16 : 32)
}

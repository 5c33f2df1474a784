import type { GenerateDataKeyPairRequest } from '../../api/generated/kms.ts'
import type { Request } from '../../api/operation.ts'
import { encryptWith } from './encryption.ts'
import { unsupported } from './errors.ts'
import type { KmsFront } from './front.ts'
import { isPairSpec } from './key-specs.ts'
import { useKey } from './use-key.ts'

/** A new pair of keys for whoever asks, the private one plain (PKCS #8, DER) and encrypted. */
export function newDataKeyPair(
  front: KmsFront,
  action: string,
  input: GenerateDataKeyPairRequest,
  request: Request,
) {
  const { KeyId: keyId, KeyPairSpec: spec, EncryptionContext: context } = input
  const asked = { keyId, action, usage: 'ENCRYPT_DECRYPT', isSymmetric: true } as const
  return useKey(front, asked, input, request, async (key) => {
    if (!isPairSpec(spec)) throw unsupported(`KeyPairSpec ${spec} is not supported.`)
    const { cryptography } = front
    const secret = await cryptography.makeMaterial(spec)
    return {
      PrivateKeyCiphertextBlob: encryptWith(front, key, secret, { context }),
      PrivateKeyPlaintext: secret,
      PublicKey: cryptography.publicKeyOf(cryptography.load(spec, secret)),
      KeyId: key.arn,
      KeyPairSpec: spec,
      KeyMaterialId: key.material.id,
    }
  })
}

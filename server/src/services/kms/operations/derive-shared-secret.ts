import type { DeriveSharedSecretRequest, DeriveSharedSecretResponse } from '../../../api/generated/kms.ts'
import { operation } from '../../../api/operation.ts'
import { invalid, wrongSpec } from '../errors.ts'
import type { KmsFront } from '../front.ts'
import { isPairSpec } from '../key-specs.ts'
import { useKey } from '../use-key.ts'

export const deriveSharedSecret = (front: KmsFront) =>
  operation<DeriveSharedSecretRequest, DeriveSharedSecretResponse>(
    'DeriveSharedSecret',
    async (input, request) => {
      const { KeyId: keyId, KeyAgreementAlgorithm: algorithm, PublicKey: publicKey } = input
      const asked = { keyId, action: 'DeriveSharedSecret', usage: 'KEY_AGREEMENT' } as const
      return useKey(front, asked, input, request, (key) => {
        const { spec } = key.view
        if (!isPairSpec(spec)) throw wrongSpec(key.view.key, spec, 'DeriveSharedSecret')
        const secret = front.cryptography.agree(key.loaded, spec, publicKey)
        if (secret === null) throw invalid(`PublicKey is not a valid public key of the key spec ${spec}.`)
        return {
          KeyId: key.arn,
          SharedSecret: secret,
          KeyAgreementAlgorithm: algorithm,
          KeyOrigin: 'AWS_KMS',
        }
      })
    },
  )

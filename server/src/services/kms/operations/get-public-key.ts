import type { GetPublicKeyRequest, GetPublicKeyResponse } from '../../../api/generated/kms.ts'
import { operation } from '../../../api/operation.ts'
import { unsupported } from '../errors.ts'
import type { KmsFront } from '../front.ts'
import { checkGrantTokens } from '../grant-token.ts'
import { keyArn } from '../key-arn.ts'
import { renderAlgorithms } from '../key-metadata.ts'
import { isPairSpec } from '../key-specs.ts'
import { resolveReference } from '../resolve-key.ts'
import { checkUsable } from '../use-key.ts'

export const getPublicKey = (front: KmsFront) =>
  operation<GetPublicKeyRequest, GetPublicKeyResponse>('GetPublicKey', async (input, request) => {
    const reference = resolveReference(input.KeyId, 'GetPublicKey', request)
    await checkGrantTokens(front, input.GrantTokens)
    const view = await front.keyRing.find(reference)
    const { key, spec, usage } = view
    if (!isPairSpec(spec)) throw unsupported(`${keyArn(key)} is not an asymmetric KMS key.`)
    checkUsable(view, { action: 'GetPublicKey', usage })
    return {
      KeyId: keyArn(key),
      PublicKey: front.cryptography.publicKeyOf(front.keyRing.load(view)),
      CustomerMasterKeySpec: spec,
      KeySpec: spec,
      KeyUsage: usage,
      ...renderAlgorithms(spec, usage),
    }
  })

import type { ReEncryptRequest, ReEncryptResponse } from '../../../api/generated/kms.ts'
import { operation } from '../../../api/operation.ts'
import { ignoresCiphertext, refuseDryRun } from '../dry-run.ts'
import { decryptCiphertext, encryptWith, SYMMETRIC_DEFAULT } from '../encryption.ts'
import { violates } from '../errors.ts'
import type { KmsFront } from '../front.ts'
import { resolveReference } from '../resolve-key.ts'
import { checkParameters, findUsable, finishUse } from '../use-key.ts'

export const reEncrypt = (front: KmsFront) =>
  operation<ReEncryptRequest, ReEncryptResponse>('ReEncrypt', async (input, request) => {
    const { SourceKeyId: keyId, DestinationKeyId, CiphertextBlob: ciphertext } = input
    const { SourceEncryptionAlgorithm: from = SYMMETRIC_DEFAULT } = input
    const { DestinationEncryptionAlgorithm: to = SYMMETRIC_DEFAULT } = input
    await checkParameters(front, input)
    const reference = resolveReference(DestinationKeyId, 'ReEncryptTo', request)
    const use = { action: 'ReEncryptTo', usage: 'ENCRYPT_DECRYPT' } as const
    const destination = await findUsable(front, reference, use, request)
    if (ignoresCiphertext(input)) return refuseDryRun(front, { keyId, action: 'ReEncryptFrom' }, request)
    if (ciphertext === undefined) throw violates('CiphertextBlob', { kind: 'missing' })
    const source = await decryptCiphertext(
      front,
      {
        ...{ action: 'ReEncryptFrom', keyId, ciphertext, algorithm: from },
        context: input.SourceEncryptionContext,
      },
      request,
    )
    const options = { algorithm: to, context: input.DestinationEncryptionContext }
    const encrypted = encryptWith(front, destination, source.plaintext, options)
    await finishUse(front, [source.key, destination], 'ReEncrypt', input, request)
    return {
      CiphertextBlob: encrypted,
      SourceKeyId: source.key.arn,
      KeyId: destination.arn,
      SourceEncryptionAlgorithm: from,
      DestinationEncryptionAlgorithm: to,
      ...(source.materialId !== null && { SourceKeyMaterialId: source.materialId }),
      ...(to === SYMMETRIC_DEFAULT && { DestinationKeyMaterialId: destination.material.id }),
    }
  })

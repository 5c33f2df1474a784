import type { DecryptRequest, DecryptResponse } from '../../../api/generated/kms.ts'
import { operation } from '../../../api/operation.ts'
import { ignoresCiphertext, refuseDryRun } from '../dry-run.ts'
import { decryptCiphertext, SYMMETRIC_DEFAULT } from '../encryption.ts'
import { violates } from '../errors.ts'
import type { KmsFront } from '../front.ts'
import { checkParameters, finishUse } from '../use-key.ts'

export const decrypt = (front: KmsFront) =>
  operation<DecryptRequest, DecryptResponse>('Decrypt', async (input, request) => {
    const { KeyId: keyId, CiphertextBlob: ciphertext, EncryptionContext: context } = input
    const { EncryptionAlgorithm: algorithm = SYMMETRIC_DEFAULT } = input
    await checkParameters(front, input)
    if (ignoresCiphertext(input)) return refuseDryRun(front, { keyId, action: 'Decrypt' }, request)
    if (ciphertext === undefined) throw violates('CiphertextBlob', { kind: 'missing' })
    const asked = { action: 'Decrypt', keyId, ciphertext, algorithm, context }
    const { key, plaintext, materialId } = await decryptCiphertext(front, asked, request)
    await finishUse(front, [key], 'Decrypt', input, request)
    return {
      KeyId: key.arn,
      Plaintext: plaintext,
      EncryptionAlgorithm: algorithm,
      ...(materialId !== null && { KeyMaterialId: materialId }),
    }
  })

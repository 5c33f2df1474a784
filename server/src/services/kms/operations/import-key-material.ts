import type { ImportKeyMaterialRequest } from '../../../api/generated/kms.ts'
import { operation } from '../../../api/operation.ts'
import { invalid } from '../errors.ts'
import type { KmsFront } from '../front.ts'
import { refuseImport } from '../imported-material.ts'

export const importKeyMaterial = (front: KmsFront) =>
  operation<ImportKeyMaterialRequest, object>('ImportKeyMaterial', async (input, request) => {
    const { ExpirationModel: model = 'KEY_MATERIAL_EXPIRES', ValidTo } = input
    if (model === 'KEY_MATERIAL_EXPIRES' && ValidTo === undefined) {
      throw invalid('A validTo date must be set if the ExpirationModel is KEY_MATERIAL_EXPIRES')
    }
    return refuseImport(front, 'ImportKeyMaterial', input.KeyId, request)
  })

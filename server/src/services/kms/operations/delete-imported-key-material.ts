import type { DeleteImportedKeyMaterialRequest } from '../../../api/generated/kms.ts'
import { operation } from '../../../api/operation.ts'
import type { KmsFront } from '../front.ts'
import { refuseImport } from '../imported-material.ts'

export const deleteImportedKeyMaterial = (front: KmsFront) =>
  operation<DeleteImportedKeyMaterialRequest, object>('DeleteImportedKeyMaterial', async (input, request) =>
    refuseImport(front, 'DeleteImportedKeyMaterial', input.KeyId, request),
  )

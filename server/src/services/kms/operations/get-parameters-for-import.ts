import type { GetParametersForImportRequest } from '../../../api/generated/kms.ts'
import { operation } from '../../../api/operation.ts'
import type { KmsFront } from '../front.ts'
import { refuseImport } from '../imported-material.ts'

export const getParametersForImport = (front: KmsFront) =>
  operation<GetParametersForImportRequest, object>('GetParametersForImport', async (input, request) =>
    refuseImport(front, 'GetParametersForImport', input.KeyId, request),
  )

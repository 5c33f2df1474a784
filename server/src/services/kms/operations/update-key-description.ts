import type { UpdateKeyDescriptionRequest } from '../../../api/generated/kms.ts'
import { operation } from '../../../api/operation.ts'
import type { KmsFront } from '../front.ts'
import { managing } from '../managing.ts'
import { ask } from '../ports.ts'

export const updateKeyDescription = (front: KmsFront) =>
  operation<UpdateKeyDescriptionRequest, object>('UpdateKeyDescription', async (input, request) => {
    const changes = { description: input.Description }
    const managed = managing(input.KeyId, 'UpdateKeyDescription', request)
    await ask(front, { service: 'kms', kind: 'changeKey', ...managed, changes })
    return {}
  })

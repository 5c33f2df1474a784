import type { EnableKeyRequest } from '../../../api/generated/kms.ts'
import { operation } from '../../../api/operation.ts'
import type { KmsFront } from '../front.ts'
import { managing } from '../managing.ts'
import { ask } from '../ports.ts'

export const enableKey = (front: KmsFront) =>
  operation<EnableKeyRequest, object>('EnableKey', async (input, request) => {
    await ask(front, { service: 'kms', kind: 'enableKey', ...managing(input.KeyId, 'EnableKey', request) })
    return {}
  })

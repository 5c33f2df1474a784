import type { DisableKeyRequest } from '../../../api/generated/kms.ts'
import { operation } from '../../../api/operation.ts'
import type { KmsFront } from '../front.ts'
import { managing } from '../managing.ts'
import { ask } from '../ports.ts'

export const disableKey = (front: KmsFront) =>
  operation<DisableKeyRequest, object>('DisableKey', async (input, request) => {
    await ask(front, { service: 'kms', kind: 'disableKey', ...managing(input.KeyId, 'DisableKey', request) })
    return {}
  })

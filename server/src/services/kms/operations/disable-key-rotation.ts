import type { DisableKeyRotationRequest } from '../../../api/generated/kms.ts'
import { operation } from '../../../api/operation.ts'
import type { KmsFront } from '../front.ts'
import { managing } from '../managing.ts'
import { ask } from '../ports.ts'

export const disableKeyRotation = (front: KmsFront) =>
  operation<DisableKeyRotationRequest, object>('DisableKeyRotation', async (input, request) => {
    await ask(front, {
      service: 'kms',
      kind: 'setRotation',
      ...managing(input.KeyId, 'DisableKeyRotation', request),
      days: null,
    })
    return {}
  })

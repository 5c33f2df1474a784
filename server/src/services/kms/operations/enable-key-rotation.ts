import type { EnableKeyRotationRequest } from '../../../api/generated/kms.ts'
import { operation } from '../../../api/operation.ts'
import type { KmsFront } from '../front.ts'
import { ROTATION_DAYS_DEFAULT } from '../limits.ts'
import { managing } from '../managing.ts'
import { ask } from '../ports.ts'

export const enableKeyRotation = (front: KmsFront) =>
  operation<EnableKeyRotationRequest, object>('EnableKeyRotation', async (input, request) => {
    await ask(front, {
      service: 'kms',
      kind: 'setRotation',
      ...managing(input.KeyId, 'EnableKeyRotation', request),
      days: input.RotationPeriodInDays ?? ROTATION_DAYS_DEFAULT,
    })
    return {}
  })

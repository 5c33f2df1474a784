import type { GetKeyRotationStatusRequest, GetKeyRotationStatusResponse } from '../../../api/generated/kms.ts'
import { operation } from '../../../api/operation.ts'
import type { KmsFront } from '../front.ts'
import { keyArn } from '../key-arn.ts'
import { resolveKey } from '../resolve-key.ts'

export const getKeyRotationStatus = (front: KmsFront) =>
  operation<GetKeyRotationStatusRequest, GetKeyRotationStatusResponse>(
    'GetKeyRotationStatus',
    async (input, request) => {
      const key = resolveKey(input.KeyId, 'GetKeyRotationStatus', request)
      const { settings, spec } = await front.keyRing.find({ kind: 'key', key })
      const isRotated = settings.rotation !== null && settings.deletion === null
      return {
        KeyId: keyArn(key),
        KeyRotationEnabled: isRotated && spec === 'SYMMETRIC_DEFAULT',
        ...(isRotated && {
          RotationPeriodInDays: settings.rotation.days,
          NextRotationDate: settings.rotation.nextAt,
        }),
      }
    },
  )

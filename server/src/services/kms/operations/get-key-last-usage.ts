import type { GetKeyLastUsageRequest, GetKeyLastUsageResponse } from '../../../api/generated/kms.ts'
import { operation } from '../../../api/operation.ts'
import type { KmsFront } from '../front.ts'
import { resolveKey } from '../resolve-key.ts'

export const getKeyLastUsage = (front: KmsFront) =>
  operation<GetKeyLastUsageRequest, GetKeyLastUsageResponse>('GetKeyLastUsage', async (input, request) => {
    const key = resolveKey(input.KeyId, 'GetKeyLastUsage', request)
    const view = await front.keyRing.find({ kind: 'key', key })
    const use = front.lastUses.lastOf(view)
    return {
      KeyId: key.name,
      KeyCreationDate: view.createdAt,
      // Every key is watched from its creation on.
      TrackingStartDate: view.createdAt,
      ...(use !== null && {
        KeyLastUsage: { Operation: use.operation, Timestamp: use.at, KmsRequestId: use.requestId },
      }),
    }
  })

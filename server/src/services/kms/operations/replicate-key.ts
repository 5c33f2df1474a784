import type { ReplicateKeyRequest } from '../../../api/generated/kms.ts'
import { operation } from '../../../api/operation.ts'
import { notPrimary, unsupported } from '../errors.ts'
import type { KmsFront } from '../front.ts'
import { resolveKey } from '../resolve-key.ts'

export const replicateKey = (front: KmsFront) =>
  operation<ReplicateKeyRequest, object>('ReplicateKey', async (input, request) => {
    const key = resolveKey(input.KeyId, 'ReplicateKey', request)
    const { isMultiRegion } = await front.keyRing.find({ kind: 'key', key })
    if (!isMultiRegion) throw notPrimary(key)
    throw unsupported('Multi-Region keys have no replicas here: each is in its own Region alone.')
  })

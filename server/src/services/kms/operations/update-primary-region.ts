import type { UpdatePrimaryRegionRequest } from '../../../api/generated/kms.ts'
import { operation } from '../../../api/operation.ts'
import { notPrimary, unsupported } from '../errors.ts'
import type { KmsFront } from '../front.ts'
import { resolveKey } from '../resolve-key.ts'

export const updatePrimaryRegion = (front: KmsFront) =>
  operation<UpdatePrimaryRegionRequest, object>('UpdatePrimaryRegion', async (input, request) => {
    const key = resolveKey(input.KeyId, 'UpdatePrimaryRegion', request)
    const { isMultiRegion } = await front.keyRing.find({ kind: 'key', key })
    if (!isMultiRegion) throw notPrimary(key)
    throw unsupported('Multi-Region keys have no replicas here: each is in its own Region alone.')
  })

import type { UntagResourceRequest } from '../../../api/generated/kms.ts'
import { operation } from '../../../api/operation.ts'
import type { KmsFront } from '../front.ts'
import { managing } from '../managing.ts'
import { ask } from '../ports.ts'
import { refuseReserved } from '../tags.ts'

export const untagResource = (front: KmsFront) =>
  operation<UntagResourceRequest, object>('UntagResource', async (input, request) => {
    const managed = managing(input.KeyId, 'UntagResource', request)
    const { TagKeys: keys } = input
    refuseReserved(keys)
    await ask(front, { service: 'kms', kind: 'untagKey', ...managed, keys })
    return {}
  })

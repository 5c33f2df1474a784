import type { TagResourceRequest } from '../../../api/generated/kms.ts'
import { operation } from '../../../api/operation.ts'
import type { KmsFront } from '../front.ts'
import { managing } from '../managing.ts'
import { ask } from '../ports.ts'
import { readTags } from '../tags.ts'

export const tagResource = (front: KmsFront) =>
  operation<TagResourceRequest, object>('TagResource', async (input, request) => {
    const managed = managing(input.KeyId, 'TagResource', request)
    await ask(front, { service: 'kms', kind: 'tagKey', ...managed, tags: readTags(input.Tags) })
    return {}
  })

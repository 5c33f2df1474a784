import type { ListKeysRequest, ListKeysResponse } from '../../../api/generated/kms.ts'
import { operation } from '../../../api/operation.ts'
import type { KmsFront } from '../front.ts'
import { keyArn } from '../key-arn.ts'
import { KEYS_LISTED } from '../limits.ts'
import { readPage } from '../marker.ts'
import { ask } from '../ports.ts'

export const listKeys = (front: KmsFront) =>
  operation<ListKeysRequest, ListKeysResponse>('ListKeys', async (input, request) => {
    const { accountId, region } = request.caller
    const page = readPage(front, ['ListKeys'], input, request, KEYS_LISTED)
    const { ids, next } = await ask(front, {
      ...{ service: 'kms', kind: 'listKeys', accountId, region, after: page.after, limit: page.limit },
    } as const)
    const Keys = ids.map((name) => ({ KeyId: name, KeyArn: keyArn({ accountId, region, name }) }))
    return { Keys, ...page.markers(next) }
  })

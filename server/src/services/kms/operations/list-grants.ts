import type { ListGrantsRequest, ListGrantsResponse } from '../../../api/generated/kms.ts'
import { operation } from '../../../api/operation.ts'
import type { KmsFront } from '../front.ts'
import { renderGrant } from '../grant.ts'
import { keyArn } from '../key-arn.ts'
import { GRANTS_LISTED } from '../limits.ts'
import { readPage } from '../marker.ts'
import { ask } from '../ports.ts'
import { resolveKey } from '../resolve-key.ts'

export const listGrants = (front: KmsFront) =>
  operation<ListGrantsRequest, ListGrantsResponse>('ListGrants', async (input, request) => {
    const key = resolveKey(input.KeyId, 'ListGrants', request)
    const { GrantId: id = null, GranteePrincipal: grantee = null } = input
    const list = ['ListGrants', keyArn(key), id ?? '', grantee ?? '']
    const page = readPage(front, list, input, request, GRANTS_LISTED)
    const { grants, next } = await ask(front, {
      ...{ service: 'kms', kind: 'listGrants', key, id, grantee, after: page.after, limit: page.limit },
    } as const)
    return { Grants: grants.map(renderGrant), ...page.markers(next) }
  })

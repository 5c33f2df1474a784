import type { ListGrantsResponse, ListRetirableGrantsRequest } from '../../../api/generated/kms.ts'
import { operation } from '../../../api/operation.ts'
import type { KmsFront } from '../front.ts'
import { renderGrant } from '../grant.ts'
import { GRANTS_LISTED } from '../limits.ts'
import { readPage } from '../marker.ts'
import { ask } from '../ports.ts'

export const listRetirableGrants = (front: KmsFront) =>
  operation<ListRetirableGrantsRequest, ListGrantsResponse>('ListRetirableGrants', async (input, request) => {
    const { accountId, region } = request.caller
    const { RetiringPrincipal: principal } = input
    const page = readPage(front, ['ListRetirableGrants', principal], input, request, GRANTS_LISTED)
    const { grants, next } = await ask(front, {
      ...{ service: 'kms', kind: 'listRetirableGrants', accountId, region, principal },
      ...{ after: page.after, limit: page.limit },
    } as const)
    return { Grants: grants.map(renderGrant), ...page.markers(next) }
  })

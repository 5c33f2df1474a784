import type { ListAliasesRequest, ListAliasesResponse } from '../../../api/generated/kms.ts'
import { operation } from '../../../api/operation.ts'
import type { KmsFront } from '../front.ts'
import { aliasArn, keyArn } from '../key-arn.ts'
import { ALIASES_LISTED } from '../limits.ts'
import { readPage } from '../marker.ts'
import { ask } from '../ports.ts'
import { resolveKey } from '../resolve-key.ts'

export const listAliases = (front: KmsFront) =>
  operation<ListAliasesRequest, ListAliasesResponse>('ListAliases', async (input, request) => {
    const { accountId, region } = request.caller
    const key = input.KeyId === undefined ? null : resolveKey(input.KeyId, 'ListAliases', request)
    const list = ['ListAliases', key === null ? '' : keyArn(key)]
    const page = readPage(front, list, input, request, ALIASES_LISTED)
    const { aliases, next } = await ask(front, {
      ...{ service: 'kms', kind: 'listAliases', accountId, region, key },
      ...{ after: page.after, limit: page.limit },
    } as const)
    return {
      Aliases: aliases.map(({ name, keyId, createdAt, updatedAt }) => ({
        AliasName: name,
        AliasArn: aliasArn({ accountId, region, name }),
        TargetKeyId: keyId,
        CreationDate: createdAt,
        LastUpdatedDate: updatedAt,
      })),
      ...page.markers(next),
    }
  })

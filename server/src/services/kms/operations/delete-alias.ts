import type { DeleteAliasRequest } from '../../../api/generated/kms.ts'
import { operation } from '../../../api/operation.ts'
import type { KmsFront } from '../front.ts'
import { ask } from '../ports.ts'
import { resolveAlias } from '../resolve-alias.ts'

export const deleteAlias = (front: KmsFront) =>
  operation<DeleteAliasRequest, object>('DeleteAlias', async (input, request) => {
    const alias = resolveAlias(input.AliasName, request)
    await ask(front, { service: 'kms', kind: 'deleteAlias', alias })
    return {}
  })

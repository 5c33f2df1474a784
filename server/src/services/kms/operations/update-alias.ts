import type { UpdateAliasRequest } from '../../../api/generated/kms.ts'
import { operation } from '../../../api/operation.ts'
import type { KmsFront } from '../front.ts'
import { managing } from '../managing.ts'
import { ask } from '../ports.ts'
import { resolveAlias } from '../resolve-alias.ts'

export const updateAlias = (front: KmsFront) =>
  operation<UpdateAliasRequest, object>('UpdateAlias', async (input, request) => {
    const alias = resolveAlias(input.AliasName, request)
    const managed = managing(input.TargetKeyId, 'UpdateAlias', request)
    await ask(front, { service: 'kms', kind: 'updateAlias', alias, ...managed })
    return {}
  })

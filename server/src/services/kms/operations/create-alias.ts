import type { CreateAliasRequest } from '../../../api/generated/kms.ts'
import { operation } from '../../../api/operation.ts'
import type { KmsFront } from '../front.ts'
import { managing } from '../managing.ts'
import { ask } from '../ports.ts'
import { resolveAlias } from '../resolve-alias.ts'

export const createAlias = (front: KmsFront) =>
  operation<CreateAliasRequest, object>('CreateAlias', async (input, request) => {
    const alias = resolveAlias(input.AliasName, request)
    const managed = managing(input.TargetKeyId, 'CreateAlias', request)
    await ask(front, { service: 'kms', kind: 'createAlias', alias, ...managed })
    return {}
  })

import type { RevokeGrantRequest } from '../../../api/generated/kms.ts'
import { operation } from '../../../api/operation.ts'
import { dryRunSucceeded } from '../errors.ts'
import type { KmsFront } from '../front.ts'
import { ask } from '../ports.ts'
import { resolveKey } from '../resolve-key.ts'

export const revokeGrant = (front: KmsFront) =>
  operation<RevokeGrantRequest, object>('RevokeGrant', async (input, request) => {
    const key = resolveKey(input.KeyId, 'RevokeGrant', request)
    const isDryRun = input.DryRun === true
    await ask(front, { service: 'kms', kind: 'deleteGrant', key, id: input.GrantId, isDryRun })
    if (isDryRun) throw dryRunSucceeded()
    return {}
  })

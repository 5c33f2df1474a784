import type { RetireGrantRequest } from '../../../api/generated/kms.ts'
import { operation } from '../../../api/operation.ts'
import { dryRunSucceeded, invalid } from '../errors.ts'
import type { KmsFront } from '../front.ts'
import { decodeGrantToken } from '../grant-token.ts'
import { ask } from '../ports.ts'
import { resolveKey } from '../resolve-key.ts'

export const retireGrant = (front: KmsFront) =>
  operation<RetireGrantRequest, object>('RetireGrant', async (input, request) => {
    const { GrantToken: token, KeyId: keyId, GrantId: grantId } = input
    const isNamed = keyId !== undefined && grantId !== undefined
    if (token === undefined && !isNamed)
      throw invalid('You must provide a GrantToken, or a KeyId and a GrantId.')
    const { key, id } =
      token === undefined
        ? { key: resolveKey(keyId!, 'RetireGrant', request), id: grantId! }
        : decodeGrantToken(front, token)
    const isDryRun = input.DryRun === true
    await ask(front, { service: 'kms', kind: 'deleteGrant', key, id, isDryRun })
    if (isDryRun) throw dryRunSucceeded()
    return {}
  })

import type { CreateGrantRequest, CreateGrantResponse } from '../../../api/generated/kms.ts'
import { operation } from '../../../api/operation.ts'
import { dryRunSucceeded } from '../errors.ts'
import type { KmsFront } from '../front.ts'
import { readGrant } from '../grant.ts'
import { checkGrantTokens, encodeGrantToken } from '../grant-token.ts'
import { ask } from '../ports.ts'
import { resolveKey } from '../resolve-key.ts'

export const createGrant = (front: KmsFront) =>
  operation<CreateGrantRequest, CreateGrantResponse>('CreateGrant', async (input, request) => {
    const key = resolveKey(input.KeyId, 'CreateGrant', request)
    await checkGrantTokens(front, input.GrantTokens)
    const view = await front.keyRing.find({ kind: 'key', key })
    const grant = readGrant(input, view, { random: front.random, request })
    const isDryRun = input.DryRun === true
    const { id } = await ask(front, { service: 'kms', kind: 'createGrant', key, grant, isDryRun })
    if (isDryRun) throw dryRunSucceeded()
    return { GrantId: id, GrantToken: encodeGrantToken(front, { key, id }) }
  })

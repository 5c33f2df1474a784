import type { ListKeyPoliciesRequest, ListKeyPoliciesResponse } from '../../../api/generated/kms.ts'
import { operation } from '../../../api/operation.ts'
import { invalidMarker } from '../errors.ts'
import type { KmsFront } from '../front.ts'
import { POLICY_NAME } from '../key-policy.ts'
import { resolveKey } from '../resolve-key.ts'

export const listKeyPolicies = (front: KmsFront) =>
  operation<ListKeyPoliciesRequest, ListKeyPoliciesResponse>('ListKeyPolicies', async (input, request) => {
    const key = resolveKey(input.KeyId, 'ListKeyPolicies', request)
    await front.keyRing.find({ kind: 'key', key })
    // There is but one name, so there is no second page.
    if (input.Marker !== undefined) throw invalidMarker()
    return { PolicyNames: [POLICY_NAME], Truncated: false }
  })

import type { GetKeyPolicyRequest, GetKeyPolicyResponse } from '../../../api/generated/kms.ts'
import { operation } from '../../../api/operation.ts'
import { policyNotFound } from '../errors.ts'
import type { KmsFront } from '../front.ts'
import { POLICY_NAME } from '../key-policy.ts'
import { resolveKey } from '../resolve-key.ts'

export const getKeyPolicy = (front: KmsFront) =>
  operation<GetKeyPolicyRequest, GetKeyPolicyResponse>('GetKeyPolicy', async (input, request) => {
    const key = resolveKey(input.KeyId, 'GetKeyPolicy', request)
    const { settings } = await front.keyRing.find({ kind: 'key', key })
    if (input.PolicyName !== undefined && input.PolicyName !== POLICY_NAME) throw policyNotFound()
    return { Policy: settings.policy, PolicyName: POLICY_NAME }
  })

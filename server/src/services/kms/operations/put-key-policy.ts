import type { PutKeyPolicyRequest } from '../../../api/generated/kms.ts'
import { operation } from '../../../api/operation.ts'
import { policyNotFound } from '../errors.ts'
import type { KmsFront } from '../front.ts'
import { checkPolicy, POLICY_NAME } from '../key-policy.ts'
import { managing } from '../managing.ts'
import { ask } from '../ports.ts'

export const putKeyPolicy = (front: KmsFront) =>
  operation<PutKeyPolicyRequest, object>('PutKeyPolicy', async (input, request) => {
    const managed = managing(input.KeyId, 'PutKeyPolicy', request)
    if (input.PolicyName !== undefined && input.PolicyName !== POLICY_NAME) throw policyNotFound()
    checkPolicy(input.Policy, request.caller, input.BypassPolicyLockoutSafetyCheck === true)
    await ask(front, { service: 'kms', kind: 'changeKey', ...managed, changes: { policy: input.Policy } })
    return {}
  })

import { ProtectionPolicyError, readProtectionPolicy } from './data-protection/read-policy.ts'
import { invalidParameter } from './errors.ts'
import { DATA_PROTECTION_POLICY_CHARACTERS_MAX } from './limits.ts'

/** The policy as it was written, if it is one that is served; empty for none. */
export function parseDataProtectionPolicy(value: string, isFifo: boolean): string {
  if (value === '') return ''
  const refuse = (reason: string) => invalidParameter('DataProtectionPolicy', reason)
  if (isFifo) throw refuse('data protection policies are for standard topics only')
  if (value.length > DATA_PROTECTION_POLICY_CHARACTERS_MAX) {
    throw refuse(`the policy has more than ${DATA_PROTECTION_POLICY_CHARACTERS_MAX} characters`)
  }
  try {
    readProtectionPolicy(value)
  } catch (error) {
    if (error instanceof ProtectionPolicyError) throw refuse(error.message)
    throw error
  }
  return value
}

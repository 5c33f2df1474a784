import { parseJsonObject } from '../../base/json-object.ts'
import { invalidParameter } from './errors.ts'
import { DATA_PROTECTION_POLICY_CHARACTERS_MAX } from './limits.ts'

/** The policy as it was written, if it's a JSON object; empty for none. What it says is not looked at. */
export function parseDataProtectionPolicy(value: string): string {
  if (value === '') return ''
  if (value.length > DATA_PROTECTION_POLICY_CHARACTERS_MAX || parseJsonObject(value) === null) {
    throw invalidParameter('DataProtectionPolicy')
  }
  return value
}

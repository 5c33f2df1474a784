import { type CompiledPolicy, compilePolicy } from '../../policy/compile-policy.ts'
import type { PolicyKind } from '../../policy/policy-kinds.ts'
import { readPolicy } from '../../policy/read-policy.ts'
import type { PolicyText } from './entities.ts'

const compiled = new WeakMap<PolicyText, CompiledPolicy>()

/** A policy that was checked when it was given, ready to be asked. Made once for as long as the policy is there. */
export function compiledPolicy(policy: PolicyText, kind: PolicyKind): CompiledPolicy {
  const known = compiled.get(policy)
  if (known !== undefined) return known
  const made = compileText(policy.text, kind)
  compiled.set(policy, made)
  return made
}

export function compileText(text: string, kind: PolicyKind): CompiledPolicy {
  const read = readPolicy(text, kind)
  return read.kind === 'read' ? compilePolicy(read.document) : DENIES_ALL
}

/**
 * What was a policy when it was given, by the rules of a version that was less strict, and is none by those of today. Nobody knows what it
 * would have denied.
 */
const DENIES_ALL: CompiledPolicy = { ask: () => 'denies' }

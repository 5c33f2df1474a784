import type { CompiledPolicy, Question } from './compile-policy.ts'
import type { Naming } from './compile-principals.ts'
import { accountOf, type Principal } from './principal.ts'
import type { RequestContext } from './request-context.ts'

/** Someone who asks, with all that is known of their permissions: the same for all requests of a session. */
export interface Caller {
  readonly principal: Principal
  /** Those of the user and its groups, or of the role. Services, identities and those who didn't sign have none. */
  readonly identityPolicies: readonly CompiledPolicy[]
  readonly boundary: CompiledPolicy | null
  /** Passed when the session was made; null where none were, and for those who are no session. */
  readonly sessionPolicies: readonly CompiledPolicy[] | null
}

/** What is asked for. */
export interface Target {
  /** An ARN; `*` for actions that are about no resource. */
  readonly arn: string
  /** The account that the resource belongs to; the caller's for actions that are about no resource. */
  readonly accountId: string
  /** Null where the resource has none, or is of a kind that can't have one. */
  readonly policy: CompiledPolicy | null
  /**
   * `ordinary`: of the resource's account, its policies and the resource's are added up. `key` and `role`: nothing counts that the resource's
   * policy doesn't let in, not even for the account itself: key policies, and trust policies of roles.
   */
  readonly kind: 'ordinary' | 'key' | 'role'
}

export interface AccessRequest {
  /** `sqs:SendMessage`, in any case. */
  readonly action: string
  readonly caller: Caller
  readonly target: Target
  readonly context: RequestContext
}

/** `by`: the kind of policy that denied, or that did not allow. Where several did, AWS names one. */
export type Decision =
  | { readonly kind: 'allowed' }
  | { readonly kind: 'denied'; readonly explicitly: boolean; readonly by: DenialSource }

export type DenialSource = 'identity' | 'resource' | 'trust' | 'boundary' | 'session'

const ALLOWED: Decision = { kind: 'allowed' }

/**
 * Whether a request is allowed, as reference_policies_evaluation-logic has it:
 *
 * ```
 * denied by any policy ──────────────────────────────────────────────▶ denied
 * of an AWS service, an outside identity or nobody: the resource's policy decides
 * in the account that owns the resource:
 *   the resource's policy names whoever asks ────────────────────────▶ allowed
 *   it names the role or user behind the session ┐
 *   or an identity policy allows                 ┴─ boundary and session policies allow ─▶ allowed
 * from another account: the resource's policy, identity, boundary and session policies all allow ─▶ allowed
 * ```
 */
export function evaluate({ action, caller, target, context }: AccessRequest): Decision {
  const { principal, boundary, sessionPolicies } = caller
  const question: Question = {
    action: action.toLowerCase(),
    resourceArn: target.arn,
    principal,
    bounded: boundary !== null,
    context,
  }
  const resource = target.policy === null ? null : target.policy.ask(question)
  const resourceKind = target.kind === 'role' ? 'trust' : 'resource'
  if (resource === 'denies') return denied(resourceKind, true)

  const identity = askAll(caller.identityPolicies, question)
  if (identity === 'denies') return denied('identity', true)
  const limit = boundary === null ? 'allows' : askAll([boundary], question)
  if (limit === 'denies') return denied('boundary', true)
  const session =
    sessionPolicies === null ? withoutSessionPolicy(principal) : askAll(sessionPolicies, question)
  if (session === 'denies') return denied('session', true)

  const accountId = accountOf(principal)
  if (accountId === null) return resource === null ? denied(resourceKind) : ALLOWED

  const granted = identity === 'allows' || actsAsAccount(principal)
  const afterLimits = limit === null ? denied('boundary') : session === null ? denied('session') : ALLOWED
  if (accountId !== target.accountId) {
    if (!granted) return denied('identity')
    if (afterLimits !== ALLOWED) return afterLimits
    return resource === null ? denied(resourceKind) : ALLOWED
  }
  if (resource === 'direct') return ALLOWED
  if (resource === 'entity') return afterLimits
  if (!letsIdentityPoliciesIn(target, resource)) return denied(resourceKind)
  return granted ? afterLimits : denied('identity')
}

/** Whether policies allow, any of them, and none denies. */
function askAll(policies: readonly CompiledPolicy[], question: Question): 'denies' | 'allows' | null {
  let result: 'allows' | null = null
  for (const policy of policies) {
    const answer = policy.ask(question)
    if (answer === 'denies') return 'denies'
    if (answer !== null) result = 'allows'
  }
  return result
}

/** A federated user has no more than what was passed for the session: nothing, if nothing was. */
function withoutSessionPolicy(principal: Principal): 'allows' | null {
  return principal.kind === 'federated user' ? null : 'allows'
}

/** An account needs no policy to use what is its own. */
function actsAsAccount(principal: Principal): boolean {
  return principal.kind === 'root' || (principal.kind === 'federated user' && principal.user === null)
}

function letsIdentityPoliciesIn({ kind }: Target, resource: Naming | null): boolean {
  return kind === 'ordinary' || resource !== null
}

function denied(by: DenialSource, explicitly = false): Decision {
  return explicitly ? EXPLICITLY_DENIED[by] : IMPLICITLY_DENIED[by]
}

const EXPLICITLY_DENIED = decisionsByKind(true)
const IMPLICITLY_DENIED = decisionsByKind(false)

function decisionsByKind(explicitly: boolean): Readonly<Record<DenialSource, Decision>> {
  const denied = (by: DenialSource): Decision => ({ kind: 'denied', explicitly, by })
  return {
    identity: denied('identity'),
    resource: denied('resource'),
    trust: denied('trust'),
    boundary: denied('boundary'),
    session: denied('session'),
  }
}

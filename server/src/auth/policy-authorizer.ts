import type { Access } from '../api/access.ts'
import type { Authorizer } from '../api/authorizer.ts'
import type { Request, Service } from '../api/operation.ts'
import { denialText } from '../policy/denial-text.ts'
import type { Target } from '../policy/evaluate.ts'
import { PolicyCache } from '../policy/policy-cache.ts'
import type { PolicyKind } from '../policy/policy-kinds.ts'
import { RememberedDecisions } from './remembered-decisions.ts'
import { RequestFacts } from './request-facts.ts'

/** The policy of a resource as it is now, as somebody wrote it. */
export interface ResourcePolicy {
  readonly text: string
  readonly kind: PolicyKind
}

/** Looks policies up by the ARNs of resources, without waiting; undefined where a resource has none, or isn't there. */
export type PolicyOf = (arn: string) => ResourcePolicy | undefined

const COMPILED_MAX = 4096

/**
 * Holds requests against the policies of whoever asks and of what is asked for. Both are read as they are at this moment: what was
 * acknowledged before is in force.
 */
export class PolicyAuthorizer implements Authorizer {
  readonly #policyOf: PolicyOf
  readonly #now: () => number
  readonly #decisions = new RememberedDecisions()
  readonly #compiled = new PolicyCache(COMPILED_MAX)

  /** `now` is what conditions on time go by, in milliseconds since the epoch. */
  constructor(policyOf: PolicyOf, now: () => number) {
    this.#policyOf = policyOf
    this.#now = now
  }

  authorize(access: Access, request: Request, service: Pick<Service, 'refuseAccess'>): void {
    const identity = request.caller.identity
    if (identity === undefined) throw new Error(`nobody was asked who it is for ${access.action}`)
    const caller = identity.permissions()
    const target = this.#targetOf(access)
    // Most servers are used by the account's own root, and most resources have no policy: then there is nothing to evaluate.
    const { principal } = identity
    if (principal.kind === 'root' && principal.accountId === access.accountId && target.policy === null)
      return
    const context = new RequestFacts(identity, request, access, this.#now)
    const decision = this.#decisions.decide({ action: access.action, caller, target, context })
    if (decision.kind === 'allowed' || (access.isGranted === true && !decision.explicitly)) return
    throw service.refuseAccess(denialText(principal, access.action, access.resource, decision))
  }

  #targetOf({ resource, accountId }: Access): Target {
    if (resource === null) return { arn: '*', accountId, policy: null, kind: 'ordinary' }
    const found = this.#policyOf(resource)
    const kind = found?.kind === 'key' ? 'key' : 'ordinary'
    return {
      arn: resource,
      accountId,
      policy: found === undefined ? null : this.#compiled.of(found.text, found.kind),
      kind,
    }
  }
}

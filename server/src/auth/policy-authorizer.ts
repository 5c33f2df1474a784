import type { Access } from '../api/access.ts'
import type { Authorizer } from '../api/authorizer.ts'
import type { Request, Service } from '../api/operation.ts'
import { denialText } from '../policy/denial-text.ts'
import type { Target } from '../policy/evaluate.ts'
import { PolicyCache } from '../policy/policy-cache.ts'
import type { PolicyKind } from '../policy/policy-kinds.ts'
import { RememberedDecisions } from './remembered-decisions.ts'
import { RequestFacts } from './request-facts.ts'

/** What of a resource decides who may use it, as it is now. */
export interface Resource {
  /** As somebody wrote it; null where it has none. */
  readonly policy: { readonly text: string; readonly kind: PolicyKind } | null
  readonly tags: Readonly<Record<string, string>>
}

/** Looks resources up by their ARNs, without waiting; undefined where there is no such. */
export type ResourceOf = (arn: string) => Resource | undefined

const COMPILED_MAX = 4096

/**
 * Holds requests against the policies of whoever asks and of what is asked for. Both are read as they are at this moment: what was
 * acknowledged before is in force.
 */
export class PolicyAuthorizer implements Authorizer {
  readonly #resourceOf: ResourceOf
  readonly #now: () => number
  readonly #decisions = new RememberedDecisions()
  readonly #compiled = new PolicyCache(COMPILED_MAX)

  /** `now` is what conditions on time go by, in milliseconds since the epoch. */
  constructor(resourceOf: ResourceOf, now: () => number) {
    this.#resourceOf = resourceOf
    this.#now = now
  }

  authorize(access: Access, request: Request, service: Pick<Service, 'refuseAccess'>): void {
    const identity = request.caller.identity
    if (identity === undefined) throw new Error(`nobody was asked who it is for ${access.action}`)
    const caller = identity.permissions()
    const resource = access.resource === null ? undefined : this.#resourceOf(access.resource)
    const target = this.#targetOf(access, resource)
    // Most servers are used by the account's own root, and most resources have no policy: then there is nothing to evaluate.
    const { principal } = identity
    if (principal.kind === 'root' && principal.accountId === access.accountId && target.policy === null)
      return
    const facts = new RequestFacts(identity, request, access, resource?.tags ?? NO_TAGS, this.#now)
    const decision = this.#decisions.decide({ action: access.action, caller, target, context: facts })
    if (decision.kind === 'allowed' || (access.isGranted === true && !decision.explicitly)) return
    throw service.refuseAccess(denialText(principal, access.action, access.resource, decision))
  }

  #targetOf({ resource, accountId }: Access, found: Resource | undefined): Target {
    if (resource === null) return { arn: '*', accountId, policy: null, kind: 'ordinary' }
    const policy = found?.policy ?? null
    const kind = policy?.kind === 'key' ? 'key' : 'ordinary'
    const compiled = policy === null ? null : this.#compiled.of(policy.text, policy.kind)
    return { arn: resource, accountId, policy: compiled, kind }
  }
}

const NO_TAGS = {}

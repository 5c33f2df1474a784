import type { CompiledPolicy } from '../policy/compile-policy.ts'
import { type AccessRequest, type Caller, type Decision, evaluate } from '../policy/evaluate.ts'
import type { RequestContext } from '../policy/request-context.ts'
import { DECISIONS_REMEMBERED_MAX, FACTS_REMEMBERED_MAX, REMEMBERED_CHARACTERS_MAX } from './limits.ts'

type Values = readonly string[] | undefined

/** A decision, and all that it was made of besides the caller, the action and the resource. */
interface Remembered {
  readonly decision: Decision
  /** The resource's. */
  readonly policy: CompiledPolicy | null
  readonly accountId: string
  /** What conditions and variables asked of the request, and what they were told. */
  readonly facts: ReadonlyMap<string, Values>
}

/**
 * Decides as `evaluate` does, and remembers: a decision is good for as long as everything that it was made of is as it was. Callers and compiled
 * policies are other objects when anything about them has changed, and what was asked of a request is asked of the next one again. So however
 * much policies have to say, the second request of a kind costs no more than its few facts.
 */
export class RememberedDecisions {
  #byCaller = new WeakMap<Caller, Map<string, Map<string, Remembered>>>()
  #count = 0

  decide(request: AccessRequest): Decision {
    const { caller, action, target, context } = request
    if (target.arn.length > REMEMBERED_CHARACTERS_MAX) return evaluate(request)
    const byResource = this.#decisionsOf(caller, action)
    const known = byResource.get(target.arn)
    if (known !== undefined && isAsItWas(known, request)) return known.decision
    const facts = new Map<string, Values>()
    const decision = evaluate({ ...request, context: new NotingContext(context, facts) })
    if (!areFewAndShort(facts)) return decision
    if (known === undefined) this.#count++
    byResource.set(target.arn, { decision, policy: target.policy, accountId: target.accountId, facts })
    if (this.#count >= DECISIONS_REMEMBERED_MAX) this.#forgetAll()
    return decision
  }

  #decisionsOf(caller: Caller, action: string): Map<string, Remembered> {
    const byAction = this.#byCaller.get(caller) ?? new Map<string, Map<string, Remembered>>()
    const byResource = byAction.get(action) ?? new Map<string, Remembered>()
    if (byResource.size === 0) {
      this.#byCaller.set(caller, byAction)
      byAction.set(action, byResource)
    }
    return byResource
  }

  /** All at once: making them anew costs little more than keeping account of which are used. */
  #forgetAll(): void {
    this.#byCaller = new WeakMap()
    this.#count = 0
  }
}

/** A resource's policy is of one kind, so that the target's kind goes with it. */
function isAsItWas({ policy, accountId, facts }: Remembered, { target, context }: AccessRequest): boolean {
  if (policy !== target.policy || accountId !== target.accountId) return false
  for (const [key, values] of facts) if (!haveSameValues(values, context.get(key))) return false
  return true
}

function areFewAndShort(facts: ReadonlyMap<string, Values>): boolean {
  if (facts.size > FACTS_REMEMBERED_MAX) return false
  for (const values of facts.values()) {
    if (values?.some((value) => value.length > REMEMBERED_CHARACTERS_MAX)) return false
  }
  return true
}

function haveSameValues(a: Values, b: Values): boolean {
  if (a === undefined || b === undefined) return a === b
  return a.length === b.length && a.every((value, i) => value === b[i])
}

class NotingContext implements RequestContext {
  readonly #context: RequestContext
  readonly #facts: Map<string, Values>

  constructor(context: RequestContext, facts: Map<string, Values>) {
    this.#context = context
    this.#facts = facts
  }

  get(key: string): Values {
    const values = this.#context.get(key)
    this.#facts.set(key, values)
    return values
  }
}

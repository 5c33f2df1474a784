import type { Access } from '../api/access.ts'
import type { Identity } from '../api/identity.ts'
import type { Request } from '../api/operation.ts'
import { RequestConditions } from '../api/request-conditions.ts'
import { contextOf, contextWithin, type RequestContext } from '../policy/request-context.ts'

/** What conditions of policies may ask about a request. Few policies have conditions, so nothing is put together before one asks. */
export class RequestFacts implements RequestContext {
  readonly #identity: Identity
  readonly #request: Request
  readonly #access: Access
  readonly #now: () => number
  #context: RequestContext | null = null

  constructor(identity: Identity, request: Request, access: Access, now: () => number) {
    this.#identity = identity
    this.#request = request
    this.#access = access
    this.#now = now
  }

  get(key: string): readonly string[] | undefined {
    this.#context ??= contextWithin(
      contextOfAccess(this.#access),
      new RequestConditions(this.#identity, this.#request, this.#now()),
    )
    return this.#context.get(key)
  }
}

function contextOfAccess({ resource, accountId, conditions = [] }: Access): RequestContext {
  if (resource === null) return contextOf(conditions)
  return contextOf([['aws:ResourceAccount', accountId], ...conditions])
}

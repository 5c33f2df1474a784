import type { Access } from '../api/access.ts'
import type { Identity } from '../api/identity.ts'
import type { Request } from '../api/operation.ts'
import { requestConditions } from '../api/request-conditions.ts'
import { contextOf, type RequestContext } from '../policy/request-context.ts'

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
    this.#context ??= this.#putTogether()
    return this.#context.get(key)
  }

  #putTogether(): RequestContext {
    const { resource, accountId, conditions = [] } = this.#access
    return contextOf([
      ...requestConditions(this.#identity, this.#request, this.#now()),
      ...(resource === null ? [] : [['aws:ResourceAccount', accountId] as const]),
      ...conditions,
    ])
  }
}

import { type Access, tagEntries } from '../api/access.ts'
import type { Identity } from '../api/identity.ts'
import type { Request } from '../api/operation.ts'
import { RequestConditions } from '../api/request-conditions.ts'
import { contextOf, contextWithin, type RequestContext } from '../policy/request-context.ts'

/** What conditions of policies may ask about a request. Few policies have conditions, so nothing is put together before one asks. */
export class RequestFacts implements RequestContext {
  readonly #identity: Identity
  readonly #request: Request
  readonly #access: Access
  readonly #tags: Readonly<Record<string, string>>
  readonly #now: () => number
  #context: RequestContext | null = null

  /** `tags` are those that the resource has. */
  constructor(
    identity: Identity,
    request: Request,
    access: Access,
    tags: Readonly<Record<string, string>>,
    now: () => number,
  ) {
    this.#identity = identity
    this.#request = request
    this.#access = access
    this.#tags = tags
    this.#now = now
  }

  get(key: string): readonly string[] | undefined {
    this.#context ??= contextWithin(
      contextOfAccess(this.#access, this.#tags),
      new RequestConditions(this.#identity, this.#request, this.#now()),
    )
    return this.#context.get(key)
  }
}

function contextOfAccess(
  { action, resource, accountId, conditions = [] }: Access,
  tags: Readonly<Record<string, string>>,
): RequestContext {
  return contextOf([
    ...(resource === null ? [] : [['aws:ResourceAccount', accountId] as const]),
    ...tagEntries('aws:ResourceTag', tags),
    // IAM has another name for it beside.
    ...(action.startsWith('iam:') ? tagEntries('iam:ResourceTag', tags) : []),
    ...conditions,
  ])
}

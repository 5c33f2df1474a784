import type { Access } from '../api/access.ts'
import type { Identity } from '../api/identity.ts'
import type { Request } from '../api/operation.ts'
import { principalKeys } from '../policy/principal-keys.ts'
import { contextOf, type RequestContext } from '../policy/request-context.ts'

/**
 * What conditions of policies may ask about a request. Few policies have conditions, so nothing is put together before one asks.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
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
    this.#context ??= contextOf(this.#entries())
    return this.#context.get(key)
  }

  *#entries(): Generator<readonly [key: string, values: string | readonly string[]]> {
    const { principal, session } = this.#identity
    const { caller, origin } = this.#request
    const now = this.#now()
    yield* principalKeys(principal, {
      tags: Object.entries(this.#identity.tags()),
      userName: principal.kind === 'user' ? lastPart(principal.arn, '/') : null,
      sessionName: lastPart(caller.userId, ':'),
    })
    yield ['aws:ViaAWSService', 'false']
    yield ['aws:RequestedRegion', caller.region]
    yield ['aws:CurrentTime', new Date(now).toISOString()]
    yield ['aws:EpochTime', String(Math.floor(now / 1000))]
    yield ['aws:SecureTransport', String(origin.isSecure)]
    if (origin.address !== undefined) yield ['aws:SourceIp', origin.address]
    const [userAgent, referer] = [origin.headers.get('user-agent'), origin.headers.get('referer')]
    if (userAgent !== undefined) yield ['aws:UserAgent', userAgent]
    if (referer !== undefined) yield ['aws:referer', referer]
    if (this.#access.resource !== null) yield ['aws:ResourceAccount', this.#access.accountId]
    if (session !== null) {
      yield ['aws:TokenIssueTime', new Date(session.issuedAt).toISOString()]
      yield ['aws:MultiFactorAuthPresent', 'false']
      if (session.sourceIdentity !== null) yield ['aws:SourceIdentity', session.sourceIdentity]
    }
    yield* this.#access.conditions ?? []
  }
}

function lastPart(text: string, separator: string): string {
  return text.slice(text.lastIndexOf(separator) + 1)
}

import { principalKeys } from '../policy/principal-keys.ts'
import { contextOf, type RequestContext } from '../policy/request-context.ts'
import type { Identity } from './identity.ts'
import type { Request } from './operation.ts'

type Asked = Pick<Request, 'caller' | 'origin'>

/**
 * What conditions of policies may ask about any request: who asks, from where, how, and when. Most policies ask for one thing or none, so each is made
 * when it's asked for.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
export class RequestConditions implements RequestContext {
  readonly identity: Identity
  readonly request: Asked
  /** In milliseconds since the epoch. */
  readonly now: number
  #ofPrincipal: RequestContext | null = null

  constructor(identity: Identity, request: Asked, now: number) {
    this.identity = identity
    this.request = request
    this.now = now
  }

  get(key: string): readonly string[] | undefined {
    const make = OF_ANY_PRINCIPAL.get(key)
    if (make === undefined) {
      this.#ofPrincipal ??= this.#principalContext()
      return this.#ofPrincipal.get(key)
    }
    const value = make(this)
    return value === undefined ? undefined : [value]
  }

  #principalContext(): RequestContext {
    const { identity, request } = this
    const { principal } = identity
    return contextOf(
      principalKeys(principal, {
        tags: Object.entries(identity.tags()),
        userName: principal.kind === 'user' ? lastPart(principal.arn, '/') : null,
        sessionName: lastPart(request.caller.userId, ':'),
      }),
    )
  }
}

type ValueOf = (conditions: RequestConditions) => string | undefined

const OF_ANY_PRINCIPAL: ReadonlyMap<string, ValueOf> = new Map<string, ValueOf>([
  ['aws:viaawsservice', () => 'false'],
  ['aws:requestedregion', ({ request }) => request.caller.region],
  ['aws:currenttime', ({ now }) => new Date(now).toISOString()],
  ['aws:epochtime', ({ now }) => String(Math.floor(now / 1000))],
  ['aws:securetransport', ({ request }) => String(request.origin.isSecure)],
  ['aws:sourceip', ({ request }) => request.origin.address],
  ['aws:useragent', ({ request }) => request.origin.headers.get('user-agent')],
  ['aws:referer', ({ request }) => request.origin.headers.get('referer')],
  ['aws:sourceidentity', ({ identity }) => identity.session?.sourceIdentity ?? undefined],
  ['aws:tokenissuetime', ({ identity }) => issueTimeOf(identity)],
  ['aws:multifactorauthpresent', ({ identity }) => (identity.session === null ? undefined : 'false')],
])

function issueTimeOf({ session }: Identity): string | undefined {
  return session === null ? undefined : new Date(session.issuedAt).toISOString()
}

function lastPart(text: string, separator: string): string {
  return text.slice(text.lastIndexOf(separator) + 1)
}

import { isIP } from 'node:net'
import { type ErrorShape, ServiceError } from '../api/service-error.ts'
import type { HeaderFields } from './header-fields.ts'
import { HEALTH } from './health.ts'
import { PREFLIGHT_MAX_AGE_SECONDS } from './limits.ts'

/** Of a request that a web page had a browser send, and that the server doesn't answer. */
const OriginNotAllowed = {
  code: 'OriginNotAllowed',
  status: 403,
  fault: 'client',
} as const satisfies ErrorShape

export interface WebPagesOptions {
  /**
   * Whether requests are answered that nobody signed. Then a browser on the machine, or in the network, is all that a page
   * anywhere needs.
   */
  readonly isOpen: boolean
  /** Origins whose pages may use the server, as browsers write them: scheme, host, and port unless it is the scheme's own. */
  readonly allowedOrigins: readonly string[]
  /** The name or address that the server was told to listen on: its operator's own. */
  readonly host: string
}

/** What decides about a request whether a page may send it. */
export interface PageRequest {
  readonly method: string
  readonly path: string
  readonly query: string
  readonly headers: HeaderFields
  /** Scheme and authority as the client called them. */
  readonly endpoint: string
}

/** Names that nobody can register, so that no stranger's DNS answers for them: RFC 6761, RFC 6762, RFC 8375, and ICANN's `internal`. */
const PRIVATE_NAME = /(?:^|\.)(?:localhost|local|internal|test|home\.arpa)$/

/**
 * Requests that web pages have browsers send. Where requests need no signature, any page that is open on the machine could
 * read and delete messages, and this is what keeps it from that:
 *
 * ```
 *   Origin: listed ─────────────────────────────▶ answered, with CORS fields
 *   Origin: the server's own, at a host of ours ─▶ answered
 *   Origin: any other, null included ────────────▶ refused
 *   none, and a method that browsers always name the origin for ─▶ no browser: answered, at whatever host
 *   none, GET or HEAD ─▶ answered at a host of ours, unless a browser says or shows that another site asks
 * ```
 *
 * A *host of ours* is an address, a name that can't be registered (`localhost`, `millrace`, `box.local`), or one that a setting names. At any
 * other a page could be a stranger's whose name was made to point here (DNS rebinding): its origin would look like our own.
 */
export class WebPages {
  readonly #isOpen: boolean
  readonly #allowedOrigins: ReadonlySet<string>
  readonly #ownNames: ReadonlySet<string>

  constructor({ isOpen, allowedOrigins, host }: WebPagesOptions) {
    this.#isOpen = isOpen
    this.#allowedOrigins = new Set(allowedOrigins)
    this.#ownNames = new Set([host.toLowerCase(), ...allowedOrigins.map(hostOf)])
  }

  /** Why the request isn't answered; undefined if it is. `isRoute`: it is for a path of ours, where a GET changes nothing. */
  refusalOf(request: PageRequest, isRoute: () => boolean): ServiceError | undefined {
    if (!this.#isOpen) return undefined
    const origin = request.headers.get('origin')
    if (origin !== undefined) {
      if (this.#allowedOrigins.has(origin)) return undefined
      if (origin === request.endpoint && this.#isOurs(request.endpoint)) return undefined
      return refusal(`the web page of ${origin}`, origin === 'null' ? undefined : origin)
    }
    // Browsers name the origin of a page with every request but these two.
    if (request.method !== 'GET' && request.method !== 'HEAD') return undefined
    // Only what is answered there, though: an AWS request may have any path.
    if (request.path.startsWith(HEALTH) && isRoute()) return undefined
    if (!this.#isOurs(request.endpoint)) return refusal(`a request to ${request.endpoint}`, request.endpoint)
    if (isByOtherSite(request, isRoute))
      return refusal('a request that a page of another site made', undefined)
    return undefined
  }

  /** The answer to a browser that asks whether a page may send a request; undefined if nobody asks, or if the page may not. */
  preflight(headers: HeaderFields): Readonly<Record<string, string>> | undefined {
    if (!this.#isAllowed(headers.get('origin'))) return undefined
    const method = headers.get('access-control-request-method')
    if (method === undefined) return undefined
    const wanted = headers.get('access-control-request-headers')
    const isIntoNetwork = headers.get('access-control-request-private-network') === 'true'
    return {
      'access-control-allow-methods': 'GET, HEAD, POST',
      ...(wanted !== undefined && { 'access-control-allow-headers': wanted }),
      ...(isIntoNetwork && { 'access-control-allow-private-network': 'true' }),
      'access-control-max-age': String(PREFLIGHT_MAX_AGE_SECONDS),
    }
  }

  /** Adds what lets the page at an allowed origin read the answer: names and values in turn. */
  addFields(headers: HeaderFields, fields: string[]): void {
    if (this.#allowedOrigins.size === 0) return
    fields.push('vary', 'origin')
    const origin = headers.get('origin')
    if (origin === undefined || !this.#allowedOrigins.has(origin)) return
    fields.push('access-control-allow-origin', origin)
    fields.push('access-control-expose-headers', 'x-amzn-requestid, x-amzn-query-error, date')
  }

  #isAllowed(origin: string | undefined): boolean {
    return origin !== undefined && this.#allowedOrigins.has(origin)
  }

  #isOurs(endpoint: string): boolean {
    const host = hostOf(endpoint)
    if (isIP(host.replace(/^\[(.*)\]$/, '$1')) !== 0) return true
    // A name without dots is of a machine or a container beside us: no public one has none.
    return !host.includes('.') || PRIVATE_NAME.test(host) || this.#ownNames.has(host)
  }
}

/** As if nothing was set: all requests must be signed, and no page is allowed anything. */
export const NO_WEB_PAGES = new WebPages({ isOpen: false, allowedOrigins: [], host: '' })

/** Of a GET or HEAD to a host of ours that names no origin. */
function isByOtherSite({ headers, query }: PageRequest, isRoute: () => boolean): boolean {
  const site = headers.get('sec-fetch-site')
  if (site === 'same-origin' || site === 'none') return false
  if (site === undefined) {
    // Over plain HTTP to other machines browsers say nothing of the kind: but they can be seen to be browsers.
    const isBrowser = headers.get('user-agent')?.startsWith('Mozilla/') === true
    return isBrowser && query !== '' && !isRoute()
  }
  // A link may lead to our pages, since following it changes nothing; to an AWS operation it may not.
  const isLink = headers.get('sec-fetch-mode') === 'navigate' && headers.get('sec-fetch-dest') === 'document'
  return !(isLink && (query === '' || isRoute()))
}

/** In lower case, without scheme, port and a dot at the end; an IPv6 address in brackets. */
function hostOf(origin: string): string {
  return origin
    .replace(/^[a-z\d+.-]*:\/\//i, '')
    .replace(/:\d*$/, '')
    .replace(/\.$/, '')
    .toLowerCase()
}

function refusal(who: string, origin: string | undefined): ServiceError {
  const remedy =
    origin === undefined
      ? 'Serve the page from an origin of its own, and start the server with --allow-origin and that origin'
      : `To allow it, start the server with --allow-origin ${origin}`
  return new ServiceError(
    OriginNotAllowed,
    `This server takes requests without a signature, and so none that a stranger's web page could have made; this looks like ${who}. ${remedy}, or turn authentication on.`,
  )
}

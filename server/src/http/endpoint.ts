/** A host name, an IPv4 address or a bracketed IPv6 address, and maybe a port. */
const AUTHORITY = /^(?:[A-Za-z0-9._-]{1,255}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?$/

/**
 * The base of the URLs that a client is given, from the `Host` it called, and from whether it came over TLS. Clients name the same
 * one again and again, so the last is kept. `X-Forwarded-*` isn't looked at: anyone may send it.
 */
export class Endpoints {
  #lastHost = ''
  #wasSecure = false
  #lastEndpoint = ''

  /** Undefined for what can't be a host. */
  of(host: string, isSecure: boolean): string | undefined {
    if (host === this.#lastHost && isSecure === this.#wasSecure && host !== '') {
      // The next request most likely has this very object, with which comparing is done.
      this.#lastHost = host
      return this.#lastEndpoint
    }
    if (!AUTHORITY.test(host)) return undefined
    this.#lastHost = host
    this.#wasSecure = isSecure
    this.#lastEndpoint = `${isSecure ? 'https' : 'http'}://${host}`
    return this.#lastEndpoint
  }
}

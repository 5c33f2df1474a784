import { isIP } from 'node:net'
import { ENDPOINT_CHARACTERS_MAX } from './limits.ts'
import { isPublicAddress } from './public-address.ts'

/**
 * What is wrong with the endpoint of an HTTP or HTTPS subscription, in a few words, or undefined if it can be tried. Names are not
 * looked up: where they lead is decided when a connection is made, since it may change.
 */
export function httpEndpointProblem(
  endpoint: string,
  protocol: 'http' | 'https',
  allowPrivate: boolean,
): string | undefined {
  if (endpoint.length > ENDPOINT_CHARACTERS_MAX) return `longer than ${ENDPOINT_CHARACTERS_MAX} characters`
  if (!endpoint.startsWith(`${protocol}://`)) return 'Endpoint must match the specified protocol'
  let url: URL
  try {
    url = new URL(endpoint)
    // Both are decoded when a request is made, and that must not fail then.
    decodeURIComponent(url.username)
    decodeURIComponent(url.password)
  } catch {
    return 'not a valid URL'
  }
  if (allowPrivate || !isSurelyPrivate(hostOf(url))) return undefined
  return 'not a public address (a server that is started with --delivery-allow-private allows others)'
}

/** The name or address in a URL, IPv6 without its brackets. */
export function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, '$1')
}

/** True for addresses that are not public, and for names that mean this machine everywhere. */
export function isSurelyPrivate(host: string): boolean {
  if (isIP(host) !== 0) return !isPublicAddress(host)
  return /(?:^|\.)localhost\.?$/i.test(host)
}

/** An endpoint as it may be shown and logged: `https://****@example.org/` where there are credentials. */
export function maskCredentials(endpoint: string): string {
  return endpoint.replace(/^(https?:\/\/)[^/?#]*@/i, '$1****@')
}

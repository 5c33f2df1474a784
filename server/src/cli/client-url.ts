import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { isIP, isIPv6 } from 'node:net'
import type { Settings } from '../config/config.ts'

/**
 * The URL by which clients on this machine reach a server with these settings. `host` may stand for all addresses. With a certificate it
 * names the server by a name that the certificate is good for, if there is one.
 */
export function clientUrl({ host, port, tlsCert }: Pick<Settings, 'host' | 'port' | 'tlsCert'>): string {
  const reached = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
  const name = tlsCert === '' ? reached : certifiedName(tlsCert, reached)
  return `${tlsCert === '' ? 'http' : 'https'}://${isIPv6(name) ? `[${name}]` : name}:${port}`
}

/** `host` itself, or else the first name in the certificate that isn't a pattern. */
function certifiedName(path: string, host: string): string {
  const certificate = read(path)
  if (certificate === undefined) return host
  const isGood = isIP(host) === 0 ? certificate.checkHost(host) : certificate.checkIP(host)
  if (isGood !== undefined) return host
  return /(?:^|, )DNS:([\w.-]+)(?:,|$)/.exec(certificate.subjectAltName ?? '')?.[1] ?? host
}

/** Undefined for one that can't be read: it is the server's, and may not be for everyone who asks how to reach it. */
function read(path: string): X509Certificate | undefined {
  try {
    return new X509Certificate(readFileSync(path))
  } catch {
    return undefined
  }
}

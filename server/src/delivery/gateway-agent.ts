import { type Agent, Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { IDLE_CONNECTION_MS_MAX } from './limits.ts'

/**
 * Keeps connections to something that the operator named, so that any address will do. By HTTPS it is trusted by the certificates of
 * `ca`, as PEM, or by those of Node.js.
 */
export function agentTo(url: string, ca?: readonly string[]): Agent {
  const options = { keepAlive: true, timeout: IDLE_CONNECTION_MS_MAX }
  if (!url.startsWith('https:')) return new HttpAgent(options)
  return new HttpsAgent({ ...options, ...(ca !== undefined && { ca: [...ca] }) })
}

import { isIP } from 'node:net'

/** True for a name or address that only this machine reaches. Names other than `localhost` may mean anything, so they do not count. */
export function isLoopbackHost(host: string): boolean {
  const bare = host.replace(/^\[(.*)\]$/, '$1')
  return bare === 'localhost' || bare === '::1' || (isIP(bare) === 4 && bare.startsWith('127.'))
}

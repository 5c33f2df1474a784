/** Whether a socket's address, as Node writes it, is one of this machine that no other reaches. */
export function isLoopbackAddress(address: string | undefined): boolean {
  // A socket that listens on `::` has clients of IPv4 too, under addresses like ::ffff:127.0.0.1.
  return address === '::1' || address?.replace('::ffff:', '').startsWith('127.') === true
}

/**
 * True for a name or address, with or without brackets, that only this machine reaches. Names other than `localhost` may mean anything, so they do
 * not count, `127.example.org` among them.
 */
export function isLoopbackHost(host: string): boolean {
  const bare = host.replace(/^\[(.*)\]$/, '$1')
  return bare === 'localhost' || bare === '::1' || /^127(?:\.\d{1,3}){3}$/.test(bare)
}

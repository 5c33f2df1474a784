/** Whether a socket's address, as Node writes it, is one of this machine that no other reaches. */
export function isLoopbackAddress(address: string | undefined): boolean {
  // A socket that listens on `::` has clients of IPv4 too, under addresses like ::ffff:127.0.0.1.
  return address === '::1' || address?.replace('::ffff:', '').startsWith('127.') === true
}

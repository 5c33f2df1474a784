/**
 * Whether a text is a secret that it's held against, in a time that doesn't tell how much of it was right. Lengths are no secret. To ask
 * OpenSSL, which wants bytes, takes several times as long for a text.
 */
export function isSameSecret(given: string, secret: string): boolean {
  if (given.length !== secret.length) return false
  let difference = 0
  for (let i = 0; i < secret.length; i++) difference |= given.charCodeAt(i) ^ secret.charCodeAt(i)
  return difference === 0
}

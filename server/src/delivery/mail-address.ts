/** RFC 5321, 4.5.3.1: a local part of 64, a domain of 255. */
const LOCAL_BYTES_MAX = 64
const DOMAIN_BYTES_MAX = 255

/**
 * Whether a text is one mail address, as `mill@example.org`. Stricter than the standard, which knows comments, quotes and lists: what
 * passes here can't be read as anything but one address, by anyone.
 */
export function isMailAddress(text: string): boolean {
  const [, local, domain] =
    /^([^\s\p{C}"(),:;<>@[\\\]]+)@([\p{L}\p{N}](?:[\p{L}\p{N}.-]*[\p{L}\p{N}])?)$/u.exec(text) ?? []
  if (local === undefined || domain === undefined) return false
  if (local.startsWith('.') || local.endsWith('.') || `${local}@${domain}`.includes('..')) return false
  return Buffer.byteLength(local) <= LOCAL_BYTES_MAX && Buffer.byteLength(domain) <= DOMAIN_BYTES_MAX
}

/** An address that mail is sent from, with a name before it or not: `mill@example.org` or `Mill <mill@example.org>`. */
export interface Sender {
  /** Empty where there is none. */
  readonly name: string
  readonly address: string
}

/** Undefined if the text is no sender. */
export function parseSender(text: string): Sender | undefined {
  const [, name = '', inBrackets, alone] = /^(?:([^<>\p{C}]*)<([^<>]*)>|([^<>]*))$/u.exec(text.trim()) ?? []
  const address = inBrackets ?? alone ?? ''
  return isMailAddress(address) ? { name: name.trim().replace(/^"(.*)"$/, '$1'), address } : undefined
}

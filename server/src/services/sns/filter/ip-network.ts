/** A network in CIDR notation, or a single address with all its bits. */
export interface IpNetwork {
  /** 32 bits for IPv4, 128 for IPv6. */
  readonly address: bigint
  readonly bits: 32 | 128
  /** How many leading bits an address shares with the network. */
  readonly maskBits: number
}

/** Why a text is no network, in AWS's words. */
export class IpNetworkError extends Error {
  override readonly name = 'IpNetworkError'
}

/** Throws `IpNetworkError`. */
export function parseNetwork(text: string): IpNetwork {
  const [ip, mask, ...more] = splitAsJava(text)
  if (ip === undefined || mask === undefined || more.length > 0) {
    throw new IpNetworkError("Malformed CIDR, one '/' required")
  }
  const maskBits = Number(mask)
  if (!/^[+-]?\d{1,10}$/.test(mask) || !isInt32(maskBits)) {
    throw new IpNetworkError('Malformed CIDR, mask bits must be an integer')
  }
  if (maskBits < 0) throw new IpNetworkError('Malformed CIDR, mask bits must not be negative')
  const address = parseAddress(ip)
  if (address === undefined) {
    throw new IpNetworkError(`${looksLikeIpv4(ip) ? 'Invalid' : 'Nonstandard'} IP address: ${ip}`)
  }
  if (maskBits > address.bits) {
    throw new IpNetworkError(
      `${address.bits === 32 ? 'IPv4' : 'IPv6'} mask bits must be < ${address.bits + 1}`,
    )
  }
  return { ...address, maskBits }
}

/** Whether a text is an address inside of a network; one of the other family is not. */
export function isInNetwork(network: IpNetwork, text: string): boolean {
  const address = parseAddress(text)
  if (address === undefined || address.bits !== network.bits) return false
  const rest = BigInt(network.bits - network.maskBits)
  return address.address >> rest === network.address >> rest
}

interface IpAddress {
  readonly address: bigint
  readonly bits: 32 | 128
}

/** Eight groups of four digits, with colons between them. */
const ADDRESS_CHARACTERS_MAX = 39

function parseAddress(text: string): IpAddress | undefined {
  if (text.length > ADDRESS_CHARACTERS_MAX) return undefined
  return text.includes(':') ? parseIpv6(text) : parseIpv4(text)
}

function looksLikeIpv4(text: string): boolean {
  return /^\d+\.\d+\.\d+\.\d+$/.test(text)
}

function parseIpv4(text: string): IpAddress | undefined {
  if (!looksLikeIpv4(text)) return undefined
  const octets = text.split('.').map(Number)
  if (octets.some((octet) => octet > 255)) return undefined
  return { address: octets.reduce((sum, octet) => sum * 256n + BigInt(octet), 0n), bits: 32 }
}

function parseIpv6(text: string): IpAddress | undefined {
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const [head, tail] = halves.map(parseGroups)
  if (head === undefined || (halves.length === 2 && tail === undefined)) return undefined
  const missing = 8 - head.length - (tail?.length ?? 0)
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined
  const groups = [...head, ...new Array<number>(missing).fill(0), ...(tail ?? [])]
  return { address: groups.reduce((sum, group) => sum * 65536n + BigInt(group), 0n), bits: 128 }
}

function parseGroups(text: string): readonly number[] | undefined {
  if (text === '') return []
  const groups = text.split(':')
  return groups.every((group) => /^[\da-fA-F]{1,4}$/.test(group))
    ? groups.map((group) => Number.parseInt(group, 16))
    : undefined
}

/** AWS's answers come from a split that drops empty parts at the end. */
function splitAsJava(text: string): readonly string[] {
  const parts = text.split('/')
  while (parts.length > 0 && parts[parts.length - 1] === '') parts.pop()
  return parts
}

const isInt32 = (value: number): boolean => value === (value | 0)

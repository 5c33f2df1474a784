import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/** RFC 6052: the prefix under which a NAT64 gateway reaches the IPv4 address in the last four bytes. */
const NAT64 = ipaddr.IPv6.parse('64:ff9b::')
/** RFC 4291, 2.4: all addresses that are routed publicly are in here. */
const GLOBAL_UNICAST = ipaddr.IPv6.parse('2000::')
/** In public space, but answered by the host that a virtual machine runs on: Azure's own services. */
const HOST_SERVICES = '168.63.129.16'

/**
 * Whether an IP address is one of the public internet. Everything else is refused, rather than a list of what is dangerous:
 * loopback, private, link-local (with the metadata services of clouds), shared, multicast, documentation, tunnels, IPv4 written as
 * IPv6. Behind NAT64, where IPv6 is all there is, an address is what the IPv4 one in it is.
 */
export function isPublicAddress(text: string): boolean {
  // A zone names an interface of this machine. The library reads older spellings too, such as 127.1; connections don't.
  if (text.includes('%') || isIP(text) === 0) return false
  const address = ipaddr.parse(text)
  if (!(address instanceof ipaddr.IPv6)) return isPublicIpv4(address)
  if (address.match(NAT64, 96)) return isPublicIpv4(new ipaddr.IPv4(address.toByteArray().slice(12)))
  return address.range() === 'unicast' && address.match(GLOBAL_UNICAST, 3)
}

function isPublicIpv4(address: ipaddr.IPv4): boolean {
  return address.range() === 'unicast' && address.toString() !== HOST_SERVICES
}

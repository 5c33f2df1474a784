import { type DataIdentifier, managedIdentifier } from './managed-identifier.ts'

const OCTET = '(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)'
const GROUP = '[\\dA-F]{1,4}'

/** As RFC 4291, 2.2 has it: eight groups, of which one run of zeros may be left out. */
const IPV6 = [
  `(?:${GROUP}:){7}${GROUP}`,
  ...Array.from({ length: 6 }, (_, i) => `(?:${GROUP}:){${i + 1}}(?::${GROUP}){1,${6 - i}}`),
  `(?:${GROUP}:){1,7}:`,
  `:(?::${GROUP}){1,7}`,
].join('|')

/** https://docs.aws.amazon.com/sns/latest/dg/sns-message-data-protection-sensitive-data-types-device.html */
export const DEVICES: readonly DataIdentifier[] = [
  managedIdentifier('IpAddress', [
    { pattern: `(?<![\\w.])(?:${OCTET}\\.){3}${OCTET}(?![\\w]|\\.\\d)` },
    { pattern: `(?<![\\w:.])(?:${IPV6})(?![\\w:])` },
  ]),
]

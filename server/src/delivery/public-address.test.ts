import { expect, test } from 'vitest'
import { isPublicAddress } from './public-address.ts'

test.each([
  ['loopback', '127.0.0.1'],
  ['all of loopback', '127.255.255.254'],
  ['loopback of IPv6', '::1'],
  ['unspecified', '0.0.0.0'],
  ['this network', '0.1.2.3'],
  ['unspecified of IPv6', '::'],
  ['private', '10.0.0.1'],
  ['private', '172.16.0.1'],
  ['private', '172.31.255.255'],
  ['private', '192.168.1.1'],
  ['the metadata service of clouds', '169.254.169.254'],
  ['the metadata service of containers', '169.254.170.2'],
  ['the metadata service of IPv6', 'fd00:ec2::254'],
  ['a metadata service in shared space', '100.100.100.200'],
  ['a metadata service in reserved space', '192.0.0.192'],
  ['a service of the host', '168.63.129.16'],
  ['shared by a carrier', '100.64.0.1'],
  ['multicast', '224.0.0.1'],
  ['multicast of IPv6', 'ff02::1'],
  ['broadcast', '255.255.255.255'],
  ['reserved', '240.0.0.1'],
  ['benchmarking', '198.18.0.1'],
  ['documentation', '203.0.113.5'],
  ['documentation of IPv6', '2001:db8::1'],
  ['newer documentation of IPv6', '3fff::1'],
  ['unique local', 'fc00::1'],
  ['unique local', 'fdff::1'],
  ['link-local of IPv6', 'fe80::1'],
  ['with a zone', 'fe80::1%lo'],
  ['public with a zone', '2606:4700::1%eth0'],
  ['site-local of old', 'fec0::1'],
  ['IPv4 within IPv6', '::ffff:127.0.0.1'],
  ['IPv4 within IPv6, in hexadecimal', '::ffff:7f00:1'],
  ['public IPv4 within IPv6', '::ffff:8.8.8.8'],
  ['IPv4 within IPv6 of old', '::127.0.0.1'],
  ['private behind NAT64', '64:ff9b::10.0.0.1'],
  ['metadata behind NAT64', '64:ff9b::a9fe:a9fe'],
  ['a local NAT64', '64:ff9b:1::808:808'],
  ['a 6to4 tunnel to loopback', '2002:7f00:1::'],
  ['a Teredo tunnel', '2001::1'],
  ['segment routing', '5f00::1'],
  ['nothing yet', '4000::1'],
  ['no address', 'example.org'],
  ['no address', ''],
  ['no address', '1.2.3'],
])('not public: %s, %s', (_what, address) => {
  expect(isPublicAddress(address)).toBe(false)
})

test.each([
  ...['8.8.8.8', '1.1.1.1', '172.15.255.255', '172.32.0.1', '100.63.255.255', '100.128.0.1', '168.63.129.17'],
  ...['2606:4700::1111', '2a00:1450::1', '64:ff9b::8.8.8.8'],
])('public: %s', (address) => {
  expect(isPublicAddress(address)).toBe(true)
})

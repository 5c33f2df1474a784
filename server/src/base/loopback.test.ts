import { expect, test } from 'vitest'
import { isLoopbackAddress } from './loopback.ts'

test.each([
  ['127.0.0.1', true],
  ['127.8.9.10', true],
  ['::1', true],
  ['::ffff:127.0.0.1', true],
  ['10.0.0.1', false],
  ['1.127.0.0', false],
  ['::ffff:10.0.0.1', false],
  ['::', false],
  ['fe80::1', false],
  [undefined, false],
])('%s is an address of this machine alone: %s', (address, isLoopback) => {
  expect(isLoopbackAddress(address)).toBe(isLoopback)
})

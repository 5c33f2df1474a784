import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { HmacKey } from './hmac-key.ts'

const byNode = (key: Uint8Array, start: string, rest: string) =>
  createHmac('sha256', key).update(start).update(rest, 'latin1').digest('hex')

test('a text is signed as RFC 4231 says', () => {
  expect(new HmacKey(Buffer.from('Jefe')).sign('what do ya want for nothing?')).toBe(
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  )
})

test.each([0, 1, 32, 63, 64, 65, 200])('a key of %i bytes signs as Node does', (length) => {
  const key = Buffer.alloc(length, 'k')
  expect(new HmacKey(key).sign('text')).toBe(byNode(key, '', 'text'))
})

test('texts of any length, behind starts of any length, may follow one another', () => {
  const bytes = Buffer.alloc(32, 7)
  const key = new HmacKey(bytes)
  for (const startLength of [0, 73, 72, 1, 5000, 0]) {
    const start = 'ü'.repeat(startLength)
    key.startWith(start)
    for (const length of [64, 64, 0, 192, 193, 5000, 1, 300]) {
      const rest = 'xÿ'.repeat(length / 2) + 'x'.repeat(length % 2)
      expect(key.sign(rest)).toBe(byNode(bytes, start, rest))
    }
  }
})

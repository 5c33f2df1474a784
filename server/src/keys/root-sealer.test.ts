import { Buffer } from 'node:buffer'
import { expect, test } from 'vitest'
import { SeededRandom } from '../base/random.ts'
import { SealError } from '../base/sealer.ts'
import { RootSealer } from './root-sealer.ts'

const SECRET = new Uint8Array(Buffer.from('the material'))
const sealer = (rootSecret = 'root secret', seed = 1) => new RootSealer(rootSecret, new SeededRandom(seed))

test('what was sealed is opened again, also by the next process', () => {
  const sealed = sealer().seal(SECRET, 'key a')
  expect(sealer('root secret', 2).open(sealed, 'key a')).toEqual(SECRET)
})

test('an empty secret is a secret', () => {
  expect(sealer().open(sealer().seal(new Uint8Array(0), 'x'), 'x')).toEqual(new Uint8Array(0))
})

test('the secret is not to be seen in what was sealed, and is sealed otherwise each time', () => {
  const one = sealer()
  const first = one.seal(SECRET, 'key a')
  expect(Buffer.from(first).includes(Buffer.from(SECRET))).toBe(false)
  expect(one.seal(SECRET, 'key a')).not.toEqual(first)
})

test('no bit of it can be changed, and nothing be cut off', () => {
  const sealed = sealer().seal(SECRET, 'key a')
  for (let bit = 0; bit < sealed.length * 8; bit++) {
    const changed = sealed.slice()
    changed[bit >>> 3]! ^= 1 << (bit & 7)
    expect(() => sealer().open(changed, 'key a'), `bit ${bit}`).toThrow(SealError)
  }
  for (let length = 0; length < sealed.length; length++) {
    expect(() => sealer().open(sealed.subarray(0, length), 'key a')).toThrow(SealError)
  }
})

test("it can't be taken for another secret", () => {
  expect(() => sealer().open(sealer().seal(SECRET, 'key a'), 'key b')).toThrow('is another one')
})

test('another root key is told as such', () => {
  expect(() => sealer('another').open(sealer().seal(SECRET, 'key a'), 'key a')).toThrow(
    'was sealed under another root key',
  )
})

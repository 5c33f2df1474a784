import { expect, test } from 'vitest'
import { SeededRandom } from '../base/random.ts'
import { AesSealer } from './aes-sealer.ts'
import { deriveKey } from './derive-key.ts'

const sealerOf = (secret: string, seed = 1) =>
  new AesSealer(deriveKey(secret, 'secrets of tests'), new SeededRandom(seed))
const secret = new Uint8Array(Buffer.from('a secret of forty characters, or so it is'))

test('what was sealed opens again, with the same key and context alone', () => {
  const sealed = sealerOf('root').seal(secret, 'access key AKIA1')
  expect(sealerOf('root', 2).open(sealed, 'access key AKIA1')).toEqual(secret)
  expect(sealerOf('root').open(sealed, 'access key AKIA2')).toBe(null)
  expect(sealerOf('another root').open(sealed, 'access key AKIA1')).toBe(null)
})

test('a purpose has a key of its own', () => {
  expect(deriveKey('root', 'a')).not.toEqual(deriveKey('root', 'b'))
  expect(deriveKey('root', 'a')).toEqual(deriveKey('root', 'a'))
  expect(deriveKey('root', 'a')).toHaveLength(32)
})

test('the secret can not be seen in what was sealed, which is never the same twice', () => {
  const sealer = sealerOf('root')
  const [first, second] = [sealer.seal(secret, 'c'), sealer.seal(secret, 'c')]
  expect(first).not.toEqual(second)
  expect(Buffer.from(first).includes(Buffer.from(secret).subarray(0, 8))).toBe(false)
  expect(first).toHaveLength(secret.length + 29)
})

test('what was changed, cut or made up does not open', () => {
  const sealer = sealerOf('root')
  const sealed = sealer.seal(secret, 'c')
  for (let at = 0; at < sealed.length; at++) {
    const changed = sealed.slice()
    changed[at]! ^= 1
    expect(sealer.open(changed, 'c')).toBe(null)
    expect(sealer.open(sealed.slice(0, at), 'c')).toBe(null)
  }
  expect(sealer.open(new Uint8Array(), 'c')).toBe(null)
})

test('an empty secret is a secret like any other', () => {
  const sealer = sealerOf('root')
  expect(sealer.open(sealer.seal(new Uint8Array(), 'c'), 'c')).toEqual(new Uint8Array())
})

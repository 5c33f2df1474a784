import { hash } from 'node:crypto'
import { expect, test } from 'vitest'
import { ShortDigests } from './short-digests.ts'

const digests = new ShortDigests()

const expectedOf = (text: string) => hash('sha256', text, 'hex').slice(0, 32)

/** What is written for a list of texts, in hexadecimal. */
function digestsOf(prefix: string, texts: readonly string[]): string[] {
  const words = new Uint32Array(texts.length * 4)
  for (const [i, text] of texts.entries()) expect(digests.add(prefix, text, i * 4)).toBe(true)
  digests.writeTo(words)
  return texts.map((_, i) => Buffer.from(words.buffer, i * 16, 16).toString('hex'))
}

const randomText = (length: number) =>
  String.fromCharCode(...Array.from({ length }, () => Math.floor(Math.random() * 128)))

// https://csrc.nist.gov/csrc/media/projects/cryptographic-standards-and-guidelines/documents/examples/sha256.pdf
test('the digest is that of the standard', () => {
  expect(digestsOf('', ['abc'])).toEqual(['ba7816bf8f01cfea414140de5dae2223'])
})

test('a text of every length has the digest that OpenSSL gives it, wherever its prefix ends', () => {
  for (let length = 0; length <= 55; length++) {
    for (let round = 0; round < 20; round++) {
      const text = randomText(length)
      const end = Math.floor(Math.random() * (length + 1))
      expect(digestsOf(text.slice(0, end), [text.slice(end)])).toEqual([expectedOf(text)])
    }
  }
})

test.each(Array.from({ length: 12 }, (_, i) => i + 1))('%i texts have digests of their own', (count) => {
  for (let round = 0; round < 100; round++) {
    const texts = Array.from({ length: count }, () => randomText(Math.floor(Math.random() * 46)))
    expect(digestsOf('a prefix\0', texts)).toEqual(texts.map((text) => expectedOf(`a prefix\0${text}`)))
  }
})

test('texts that are too long, or not ASCII, are refused and leave those before and behind as they are', () => {
  const words = new Uint32Array(8)
  expect(digests.add('p', 'first', 0)).toBe(true)
  for (const refused of ['x'.repeat(55), 'ü', '🛒', 'x\u0080', `${'x'.repeat(40)}Ā`, 'x'.repeat(1000)]) {
    expect(digests.add('p', refused, 4)).toBe(false)
  }
  expect(digests.add('p', 'x'.repeat(54), 4)).toBe(true)
  digests.writeTo(words)
  const written = Buffer.from(words.buffer).toString('hex')
  expect(written).toBe(expectedOf('pfirst') + expectedOf(`p${'x'.repeat(54)}`))
})

test('there is room for twelve, and then again', () => {
  for (let round = 0; round < 2; round++) {
    for (let i = 0; i < 12; i++) {
      expect(digests.isFull).toBe(false)
      digests.add('', `${i}`, 0)
    }
    expect(digests.isFull).toBe(true)
    digests.writeTo(new Uint32Array(4))
  }
})

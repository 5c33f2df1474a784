import { hash } from 'node:crypto'
import { expect, test } from 'vitest'
import { ShortDigests } from './short-digests.ts'

const digests = new ShortDigests()

const expectedOf = (text: string) => hash('sha256', text, 'hex').slice(0, 32)

/** What is written for a list of texts, in hexadecimal. */
function digestsOf(prefix: string, texts: readonly string[]): string[] {
  const words = new Uint32Array(texts.length * 4)
  for (const [i, text] of texts.entries()) expect(digests.add(prefix, text, words, i * 4)).toBe(true)
  digests.write()
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

test.each(Array.from({ length: 20 }, (_, i) => i + 1))('%i texts have digests of their own', (count) => {
  for (let round = 0; round < 100; round++) {
    const texts = Array.from({ length: count }, () => randomText(Math.floor(Math.random() * 46)))
    expect(digestsOf('a prefix\0', texts)).toEqual(texts.map((text) => expectedOf(`a prefix\0${text}`)))
  }
})

test('texts that are too long, or not ASCII, are refused and leave those before and behind as they are', () => {
  const words = new Uint32Array(8)
  expect(digests.add('p', 'first', words, 0)).toBe(true)
  for (const refused of ['x'.repeat(55), 'ü', '🛒', 'x\u0080', `${'x'.repeat(40)}Ā`, 'x'.repeat(1000)]) {
    expect(digests.add('p', refused, words, 4)).toBe(false)
  }
  expect(digests.add('p', 'x'.repeat(54), words, 4)).toBe(true)
  digests.write()
  const written = Buffer.from(words.buffer).toString('hex')
  expect(written).toBe(expectedOf('pfirst') + expectedOf(`p${'x'.repeat(54)}`))
})

test('a block is digested whatever was in it before', () => {
  const prefixes = ['', 'p', 'prefix\0', 'a longer prefix\0', 'prefix\0 and more']
  const pick = <T>(from: readonly T[]) => from[Math.floor(Math.random() * from.length)]!
  for (let round = 0; round < 3000; round++) {
    const words = new Uint32Array(3 * 4)
    const texts = Array.from({ length: 3 }, () => {
      const prefix = pick(prefixes)
      return { prefix, text: randomText(Math.floor(Math.random() * (56 - prefix.length))) }
    })
    // What is refused half-way has been in the block too.
    if (round % 3 === 0) digests.add(pick(prefixes), `${randomText(20)}ü`, words, 0)
    for (const [i, { prefix, text }] of texts.entries()) digests.add(prefix, text, words, i * 4)
    digests.write()
    const expected = texts.map(({ prefix, text }) => expectedOf(prefix + text)).join('')
    expect(Buffer.from(words.buffer).toString('hex')).toBe(expected)
  }
})

test('each digest goes where it is wanted', () => {
  const [first, second] = [new Uint32Array(4), new Uint32Array(8)]
  digests.add('p', 'a', second, 4)
  digests.add('p', 'b', first, 0)
  digests.write()
  expect(Buffer.from(first.buffer).toString('hex')).toBe(expectedOf('pb'))
  expect(Buffer.from(second.buffer).toString('hex')).toBe('0'.repeat(32) + expectedOf('pa'))
})

test('there is room for twenty, and then again', () => {
  const words = new Uint32Array(4)
  for (let round = 0; round < 2; round++) {
    for (let i = 0; i < 20; i++) {
      expect(digests.isFull).toBe(false)
      digests.add('', `${i}`, words, 0)
    }
    expect(digests.isFull).toBe(true)
    digests.write()
  }
})

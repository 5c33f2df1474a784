import { hash, randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { formatUuid } from '../base/uuid.ts'
import { DIGEST_PADDING_BYTES, DigestMemory } from './digest-memory.ts'

const memory = new DigestMemory()

/** Puts texts into the memory as close to each other as they may lie, and returns where each digest is to be. */
function lay(texts: readonly Uint8Array[]): number[] {
  let at = memory.from
  return texts.map((text, i) => {
    const digestAt = at
    memory.bytes.set(text, at + 16)
    memory.setText(i, at + 16, text.length, digestAt)
    at += 16 + text.length + DIGEST_PADDING_BYTES
    return digestAt
  })
}

function digestsOf(texts: readonly Uint8Array[]): string[] {
  const places = lay(texts)
  memory.writeDigests(texts.length)
  return places.map((at) => memory.bytes.toString('hex', at, at + 16))
}

const expectedOf = (texts: readonly Uint8Array[]) => texts.map((text) => hash('md5', text, 'hex'))

// https://www.rfc-editor.org/rfc/rfc1321 A.5
test('the digests are those of the standard', () => {
  const vectors = {
    '': 'd41d8cd98f00b204e9800998ecf8427e',
    a: '0cc175b9c0f1b6a831c399e269772661',
    abc: '900150983cd24fb0d6963f7d28e17f72',
    'message digest': 'f96b697d7cb7938d525a2f31aaf161d0',
    abcdefghijklmnopqrstuvwxyz: 'c3fcd3d76192e4007dfb496cca67e13b',
    '12345678901234567890123456789012345678901234567890123456789012345678901234567890':
      '57edf4a22be3c955ac49da2e2107b67a',
  }
  const texts = Object.keys(vectors).map((text) => Buffer.from(text))
  expect(digestsOf(texts)).toEqual(Object.values(vectors))
})

test('a text of every length has the digest that OpenSSL gives it', () => {
  for (let length = 0; length < 300; length++) {
    const text = randomBytes(length)
    expect(digestsOf([text])).toEqual(expectedOf([text]))
  }
})

test.each(Array.from({ length: 16 }, (_, i) => i + 1))(
  '%i texts of any lengths have digests of their own',
  (count) => {
    for (let round = 0; round < 100; round++) {
      const texts = Array.from({ length: count }, () => randomBytes(Math.floor(Math.random() ** 3 * 1500)))
      expect(digestsOf(texts)).toEqual(expectedOf(texts))
    }
  },
)

test('texts end and begin at the edges of blocks', () => {
  for (const length of [54, 55, 56, 57, 63, 64, 65, 119, 120, 127, 128, 129]) {
    const texts = Array.from({ length: 8 }, (_, i) => randomBytes(length + i))
    expect(digestsOf(texts)).toEqual(expectedOf(texts))
  }
})

test('a text that fills the memory has its digest', () => {
  const text = randomBytes(memory.to - memory.from - 16 - DIGEST_PADDING_BYTES)
  expect(digestsOf([text])).toEqual(expectedOf([text]))
})

test('nothing beyond the padding is written to', () => {
  const text = randomBytes(100)
  memory.bytes.fill(0xee, memory.from, memory.from + 1000)
  lay([text, text, text])
  memory.writeDigests(3)
  const end = memory.from + 3 * (16 + 100 + DIGEST_PADDING_BYTES)
  expect(memory.bytes.subarray(end, memory.from + 1000).every((byte) => byte === 0xee)).toBe(true)
})

test('digits are those of the bytes', () => {
  const { bytes, from } = memory
  for (let round = 0; round < 100; round++) {
    const id = randomBytes(16)
    bytes.fill(0, from, from + 200)
    bytes.set(id, from)
    memory.writeHex(from, from + 50)
    memory.writeUuid(from, from + 100)
    expect(bytes.toString('latin1', from + 50, from + 84)).toBe(`${id.toString('hex')}\0\0`)
    expect(bytes.toString('latin1', from + 100, from + 138)).toBe(`${formatUuid(id)}\0\0`)
  }
})

test('every single byte is plain, or is not, wherever in a text of whatever length it stands', () => {
  const { bytes, from } = memory
  const at = from + 16
  const isPlainByte = (byte: number) => (byte >= 0x20 && byte < 0x80) || [9, 10, 13].includes(byte)
  for (const length of [1, 2, 15, 16, 17, 31, 32, 33, 100]) {
    for (let position = 0; position < length; position++) {
      for (let byte = 0; byte < 256; byte++) {
        // What is around it says nothing of the text.
        bytes.fill(0, from, at + 200)
        bytes.fill(0x41, at, at + length)
        bytes[at + position] = byte
        if (memory.isPlain(at, length) !== isPlainByte(byte)) expect({ length, position, byte }).toBe('right')
      }
    }
  }
  expect(memory.isPlain(at, 0)).toBe(true)
})

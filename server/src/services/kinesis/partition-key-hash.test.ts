import { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hashPartitionKey, hashWords, readHashKey } from './partition-key-hash.ts'

const digitsOf = (words: Uint32Array) => [...words].map((word) => word.toString(16).padStart(8, '0')).join('')

function expectMd5(key: string): void {
  const words = hashWords()
  const bytes = Buffer.from(key)
  hashPartitionKey(
    Buffer.concat([Buffer.from('before'), bytes, Buffer.from('behind')]),
    6,
    6 + bytes.length,
    words,
  )
  expect(digitsOf(words)).toBe(createHash('md5').update(key, 'utf8').digest('hex'))
}

test('a partition key of any length and any characters has its MD5 as its hash key', () => {
  fc.assert(fc.property(fc.string({ maxLength: 256 }), expectMd5), { numRuns: 300 })
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 64 }), expectMd5), { numRuns: 300 })
})

test('where one block is full, and where ASCII ends, the hash key is the same MD5', () => {
  for (let length = 0; length <= 130; length++) {
    expectMd5('a'.repeat(length))
    expectMd5('\x7f'.repeat(length))
    expectMd5(`${'\0'.repeat(length)}\x80`)
    expectMd5(`${'z'.repeat(length)}\ud800`)
  }
})

test('a long key leaves nothing behind for a short one', () => {
  expectMd5('x'.repeat(55))
  expectMd5('y')
  expectMd5(`${'x'.repeat(54)}ä`)
  expectMd5('')
})

test('the words of a hash key are its digits', () => {
  const words = hashWords()
  for (const key of ['0'.repeat(32), 'f'.repeat(32), '0123456789abcdef80000000fedcba98']) {
    readHashKey(key, words)
    expect(digitsOf(words)).toBe(key)
  }
})

import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { Latin1Digest } from './latin1-digest.ts'

test('texts of any length may follow one another', () => {
  const digest = new Latin1Digest()
  for (const length of [0, 600, 600, 1, 4096, 4097, 64, 20_000, 0, 600]) {
    for (const character of ['a', 'ÿ', '\0']) {
      const text = character.repeat(length)
      expect(digest.of(text)).toBe(createHash('sha256').update(text, 'latin1').digest('hex'))
    }
  }
})

import fc from 'fast-check'
import { expect } from 'vitest'
import { fuzz } from './fuzz.ts'
import { mutated } from './mutated-text.ts'
import { PARSERS, timeOf } from './parsers.ts'

/** Each parser by itself: whatever it's given it reads or refuses, soon, and never fails otherwise. */

const SOON_MS = 500

for (const { name, read, samples } of PARSERS) {
  const texts = fc.oneof(
    { weight: 6, arbitrary: mutated(samples) },
    { weight: 1, arbitrary: mutated(samples, 30) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
  )
  fuzz(`${name} is read or refused, whatever it is`, 300, texts, (text) => {
    // A busy machine may take long once.
    if (timeOf(read, text) >= SOON_MS) expect(timeOf(read, text)).toBeLessThan(SOON_MS)
  })
}

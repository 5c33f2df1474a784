import { expect, test } from 'vitest'
import { interned } from './interned.ts'

test('an interned text is that text, whatever it is', () => {
  const texts = [
    '',
    'host',
    '0',
    '17',
    '01',
    '-1',
    '__proto__',
    'constructor',
    ' x ',
    'é\u{1f600}',
    'a'.repeat(5000),
  ]
  for (const text of texts) {
    expect(interned(text)).toBe(text)
    expect(interned(`-${text}-`.slice(1, -1))).toBe(text)
  }
})

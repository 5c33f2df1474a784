import { expect, test } from 'vitest'
import { CUSTOM_IDENTIFIERS_COST_MAX } from '../limits.ts'
import { ExpressionSearch } from './expression-search.ts'
import { MANAGED_IDENTIFIERS } from './managed-identifiers.ts'

const BYTES = 262_144
const fill = (piece: string) => piece.repeat(Math.ceil(BYTES / piece.length)).slice(0, BYTES)

const TEXTS: Readonly<Record<string, string>> = {
  digits: fill('1'),
  'digits apart': fill('4 '),
  'short numbers': fill('1234567890 '),
  'long numbers': fill('4539894458086458 '),
  letters: fill('a'),
  capitals: fill('AB123456'),
  'words with keywords': fill('card 4539894458086459 iban phone ssn '),
  'mail without a place': fill('a.b@'),
  'mail with long places': fill(`a@${'b'.repeat(62)}.`),
  dots: fill('1.'),
  colons: fill(':a'),
  'key blocks': fill('-----BEGIN RSA PRIVATE KEY-----'),
  'a key without end': `-----BEGIN RSA PRIVATE KEY-----${fill('-a')}`,
  'PuTTY keys': fill('PuTTY-User-Key-File-2:'),
  'a PuTTY key without end': `PuTTY-User-Key-File-2:${fill('a')}`,
  spaces: fill(' '),
  'phone numbers': fill('+49 (0) '),
  stripes: fill('%B4539894458086459^A'),
}

/** How long a text of the greatest size may take for one identifier, in milliseconds: what grows with its square takes minutes. */
const MILLISECONDS_MAX = 10_000

test.each(Object.entries(TEXTS))(
  '%s take no identifier longer than texts of their size do',
  (_name, text) => {
    for (const [name, identifier] of MANAGED_IDENTIFIERS) {
      const begun = performance.now()
      identifier.find(text)
      expect(performance.now() - begun, name).toBeLessThan(MILLISECONDS_MAX)
    }
  },
)

test.each([
  ['\\w{1,64}x', fill('a')],
  ['.*.*.*.*x', fill('a')],
  ['ab|a.*c', fill('ab')],
  ['a+a+a+a+a+a+b', fill('a')],
  [`x${'a?'.repeat(20)}`, fill('xa')],
  ['[^x]+[^y]+[^z]+$', fill('a')],
])('%s takes no longer than a text of that size does', (expression, text) => {
  const search = new ExpressionSearch(expression, CUSTOM_IDENTIFIERS_COST_MAX)
  const begun = performance.now()
  search.find(text)
  expect(performance.now() - begun).toBeLessThan(MILLISECONDS_MAX)
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalHeaders } from './canonical-request.ts'
import { SignedHeaderList } from './signed-headers.ts'

/** As AWS says it: without spaces around it, and runs of them within made one. A tab is a space. */
const plainly = (value: string) =>
  value
    .split(/[ \t]+/)
    .filter((word) => word !== '')
    .join(' ')

test('the values of signed headers are trimmed and their spaces made single, wherever they stand and however often they come', () => {
  const piece = fc.constantFrom('a', 'b:', '\u00ff', ' ', '  ', '\t', ' \t')
  const value = fc.array(piece, { maxLength: 5 }).map((pieces) => pieces.join(''))
  const field = fc.tuple(fc.constantFrom('host', 'date', 'accept', 'other'), value)
  const signed = new SignedHeaderList('accept;date;host')
  fc.assert(
    fc.property(fc.array(field, { maxLength: 6 }), (fields) => {
      const headers = { names: fields.map(([name]) => name), values: fields.map(([, text]) => text) }
      const lines = signed.names.map((name) => {
        const values = fields.filter((each) => each[0] === name).map(([, text]) => plainly(text))
        return `${name}:${values.join(',')}\n`
      })
      expect(canonicalHeaders(headers, signed)).toBe(lines.join(''))
    }),
    { numRuns: 2_000 },
  )
})

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

test('requests that have most values in common have the lines that each would have alone', () => {
  const names = ['host', 'date', 'content-length', 'agent']
  const list = 'content-length;date;host'
  const host = fc.oneof(
    { weight: 6, arbitrary: fc.constant('a b') },
    fc.constantFrom('a  b', 'a\tb', ' a', 'b', 'b'.repeat(5_000)),
  )
  const date = fc.constantFrom('1', '2', '2 ', '', '3  4')
  const length = fc.oneof({ weight: 4, arbitrary: fc.constant('10') }, fc.constantFrom('11', '7'))
  const request = fc.tuple(host, date, length, fc.constant('x  y'))
  fc.assert(
    fc.property(fc.array(request, { maxLength: 9 }), (requests) => {
      const signed = new SignedHeaderList(list)
      for (const values of requests) {
        const [itsHost, itsDate, itsLength] = values
        const lines = `content-length:${plainly(itsLength)}\ndate:${plainly(itsDate)}\nhost:${plainly(itsHost)}\n`
        const areCanonical = values.slice(0, 3).every((value) => value === plainly(value))
        expect(canonicalHeaders({ names, values }, signed)).toBe(lines)
        expect(canonicalHeaders({ names, values, areCanonical }, signed)).toBe(lines)
      }
    }),
    { numRuns: 2_000 },
  )
})

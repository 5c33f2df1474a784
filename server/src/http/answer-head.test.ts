import fc from 'fast-check'
import { expect, test } from 'vitest'
import { AnswerHeads } from './answer-head.ts'

test('each head is what it would be if it were the first', () => {
  const field = fc.tuple(
    fc.constantFrom('a', 'b', 'x-amzn-RequestId'),
    fc.constantFrom('', '1', 'text/plain'),
  )
  const answer = fc.tuple(
    fc.constantFrom(200, 404),
    fc.array(field, { maxLength: 3 }).map((fields) => fields.flat()),
    fc.constantFrom('today', 'now'),
    fc.constantFrom(null, 5_000, 72_999),
  )
  const reasons: Record<number, string> = { 200: 'OK', 404: 'Not Found' }
  fc.assert(
    fc.property(fc.array(answer, { maxLength: 9 }), (answers) => {
      const heads = new AnswerHeads()
      for (const [status, fields, date, keepAliveMs] of answers) {
        const lines = [`HTTP/1.1 ${status} ${reasons[status]}`]
        for (let i = 0; i < fields.length; i += 2) lines.push(`${fields[i]}: ${fields[i + 1]}`)
        lines.push(`Date: ${date}`)
        if (keepAliveMs === null) lines.push('connection: close')
        else lines.push('Connection: keep-alive', `Keep-Alive: timeout=${keepAliveMs === 5_000 ? 5 : 72}`)
        const expected = `${lines.join('\r\n')}\r\n\r\n`
        expect(heads.head(status, fields, date, keepAliveMs)).toBe(expected)
      }
    }),
    { numRuns: 1_000 },
  )
})

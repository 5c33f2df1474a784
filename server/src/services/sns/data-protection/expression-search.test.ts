import { expect, test } from 'vitest'
import { SeededRandom } from '../../../base/random.ts'
import { ExpressionError } from './expression.ts'
import { ExpressionSearch } from './expression-search.ts'
import { mergeSpans, type Span } from './span.ts'

const COST_MAX = 256

/** Every match there is, by trying each piece of the text, in its place. */
function allMatches(expression: string, text: string): readonly Span[] {
  const spans: Span[] = []
  for (let start = 0; start < text.length; start++) {
    for (let end = start + 1; end <= text.length; end++) {
      const before = `(?<=^[\\s\\S]{${start}})`
      const after = `(?=[\\s\\S]{${text.length - end}}$(?![\\s\\S]))`
      if (new RegExp(`${before}(?:${expression})${after}`).test(text)) spans.push({ start, end })
    }
  }
  return mergeSpans(spans)
}

const covered = (spans: readonly Span[], length: number) =>
  Array.from({ length }, (_, i) => (spans.some(({ start, end }) => start <= i && i < end) ? '#' : '.')).join(
    '',
  )

const find = (expression: string, text: string) =>
  new ExpressionSearch(expression, COST_MAX).find(text).map(({ start, end }) => text.slice(start, end))

test.each([
  ['EID-\\d{9}-US', 'EID-123456789-US, EID-12345678-US', ['EID-123456789-US']],
  ['[A-C]{2}_?x*', 'AB BC_xx C_', ['AB', 'BC_xx']],
  ['a.c|d+', 'abc a\nc ddd', ['abc', 'ddd']],
  ['\\bid\\b', 'id, idle, grid, id', ['id', 'id']],
  ['^a|b$', 'a ab b', ['a', 'b']],
  ['[^a-z ]+', 'ab1 2-', ['1', '2-']],
  ['\\.\\*\\\\', 'a.*\\', ['.*\\']],
  ['\\w+@\\w+\\.com', 'to ann@mill.com now', ['ann@mill.com']],
  ['a{2,3}?', 'a aa aaa', ['aa', 'aaa']],
  ['[\\d-]+', '1-2 a', ['1-2']],
  ['ab?c?', 'a ab abc ac', ['a', 'ab', 'abc', 'ac']],
])('%s finds in %j what it matches', (expression, text, expected) => {
  expect(find(expression, text)).toEqual(expected)
})

test.each([
  ...['(a)', 'a)', '[a', '[]', '[z-a]', '*a', 'a**', 'a{2,1}', 'a{1001}', 'a{', 'a]', '\\', '\\1', '\\k'],
  ...['^*', '', 'a|', 'a*', 'a?b?', '^$', '[^\\D]', '[\\D]', '[a-\\d]'],
])('%j is refused', (expression) => {
  expect(() => new ExpressionSearch(expression, COST_MAX)).toThrow(ExpressionError)
})

test('what would be too much work is refused', () => {
  expect(() => new ExpressionSearch('\\w{1,64}', COST_MAX)).not.toThrow()
  expect(() => new ExpressionSearch('\\w{1,600}', COST_MAX)).toThrow('too complicated')
  expect(() => new ExpressionSearch(`x${'a?'.repeat(99)}`, COST_MAX)).toThrow('too complicated')
})

test('it finds what trying every piece of a text finds', () => {
  const random = new SeededRandom(7)
  const draw = (below: number) => random.bytes(1)[0]! % below
  const pick = <T>(...choices: readonly T[]): T => choices[draw(choices.length)]!
  const item = () =>
    pick('a', 'b', '-', '.', '\\d', '\\w', '\\W', '\\s', '[ab]', '[^a]', '[b-c1]', '\\b', '\\B', '^', '$')
  const repeat = () => pick('', '', '', '?', '*', '+', '{2}', '{1,}', '{0,2}', '+?')
  let tried = 0
  for (let round = 0; round < 1_500; round++) {
    const alternative = () =>
      Array.from({ length: 1 + draw(4) }, () => {
        const each = item()
        return /^(?:\\[bB]|[$^])$/.test(each) ? each : each + repeat()
      }).join('')
    const expression = Array.from({ length: 1 + draw(2) }, alternative).join('|')
    let search: ExpressionSearch
    try {
      search = new ExpressionSearch(expression, COST_MAX)
    } catch (error) {
      expect(String(error)).toContain('matches the empty text')
      continue
    }
    tried++
    const text = Array.from({ length: draw(9) }, () => pick('a', 'b', 'c', '1', '-', ' ', '\n')).join('')
    const expected = covered(allMatches(expression, text), text.length)
    expect(covered(search.find(text), text.length), `${expression} in ${JSON.stringify(text)}`).toBe(expected)
  }
  expect(tried).toBeGreaterThan(700)
})

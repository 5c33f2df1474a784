import { describe, expect, test } from 'vitest'
import { MEANINGFUL } from './mutated-text.ts'
import { PARSERS, type Parser, timeOf } from './parsers.ts'

/**
 * Long texts of few characters, such as make a parser that goes back over what it has seen take minutes: one that is sixteen times as long may
 * not take much more than sixteen times as long. Each parser has its own beginnings, so that what follows them is read by its every part.
 */

const SHORT_CHARACTERS = 2_000
const LONG_CHARACTERS = 32_000
/** What is done in this time is no concern, whatever it was before. */
const NO_CONCERN_MS = 400
const SHORT_LIMIT_MS = 500
/** Sixteen for what goes over the text once, 256 for what does so from each of its characters. */
const GROWTH_MAX = 80

const PIECES = [
  ...MEANINGFUL.filter((piece) => piece !== ''),
  ...[
    ' a',
    ':a',
    '/a',
    'a@',
    '1.',
    '"a":',
    '{"a":',
    '["',
    '${a',
    '\\"',
    '0 ',
    'a,',
    '=a',
    '&a=',
    '\xff',
    '\x81',
    '\xa0',
    '\x41a',
    'Credential=',
  ],
]
/** What makes a text wrong at its end, after all of it could still have been right; or the end of what is repeated, no end of the whole. */
const ENDS = ['!', '1']
const INNER_ENDS = ['', '*']

/** What stands before the text that grows, and behind it. */
function framesOf({ samples, frames = [] }: Parser): readonly (readonly [before: string, after: string])[] {
  const [sample = ''] = samples
  const places = [...sample.matchAll(/[^A-Za-z0-9]/g)].map(({ index }) => index + 1)
  const chosen = [0, 1, 2].map((i) => places[Math.floor((i * places.length) / 3)] ?? 0)
  const starts = new Set(['', '1', ...chosen.map((at) => sample.slice(0, at))])
  const inside = ['', '${', 'text/plain'].flatMap((start) =>
    INNER_ENDS.flatMap((end) => frames.map(([before, after]) => [before + start, end + after] as const)),
  )
  return [...[...starts].flatMap((start) => ENDS.map((end) => [start, end] as const)), ...inside]
}

describe('the time that it takes grows with the length of', () => {
  test.each(PARSERS.map((parser) => [parser.name, parser] as const))('%s, and no faster', (_name, parser) => {
    for (const [before, after] of framesOf(parser)) {
      for (const piece of PIECES) {
        const text = (characters: number) =>
          before + piece.repeat(Math.ceil(characters / piece.length)) + after
        const what = JSON.stringify([before, piece, after])
        const short = () => timeOf(parser.read, text(SHORT_CHARACTERS))
        const long = () => timeOf(parser.read, text(LONG_CHARACTERS))
        // A busy machine may take long once or twice.
        const least = (run: () => number) => Math.min(run(), run(), run())
        let first = short()
        if (first >= SHORT_LIMIT_MS) first = least(short)
        expect(first, what).toBeLessThan(SHORT_LIMIT_MS)
        if (first * (LONG_CHARACTERS / SHORT_CHARACTERS) ** 2 < NO_CONCERN_MS) continue
        if (long() < NO_CONCERN_MS) continue
        const again = least(long)
        if (again < NO_CONCERN_MS) continue
        // What took no time at all can't be told apart: so the shortest is half a millisecond.
        const shortest = Math.max(least(short), 0.5)
        expect(again / shortest, `${what}: ${again} ms`).toBeLessThan(GROWTH_MAX)
      }
    }
  })
})

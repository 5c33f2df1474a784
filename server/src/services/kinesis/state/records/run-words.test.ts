import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  countIn,
  FIRST_OF_BODY,
  NOBODY,
  offsetIn,
  type RunWords,
  RunWordsWriter,
  shardIn,
  WORDS_BYTES_MAX,
  WORDS_PER_RUN,
  WORDS_RECORDS_MAX,
} from './run-words.ts'

interface Run {
  readonly shard: number
  readonly offset: number
  readonly bytes: number
  readonly count: number
}

function written(runs: readonly Run[], bodyBytes: number): RunWords {
  const writer = new RunWordsWriter()
  for (const { shard, offset, bytes, count } of runs) writer.add(shard, offset, bytes, count)
  writer.end(bodyBytes)
  return writer.words
}

/** What the words of a body say, as a page reads them: a run ends where the next one begins. */
function runsIn(words: RunWords, bodyBytes: number): readonly Run[] {
  const runs: Run[] = []
  for (let i = 0; i < words.length; i += WORDS_PER_RUN) {
    const [first, second] = [words[i]!, words[i + 1]!]
    const next = i + WORDS_PER_RUN
    const end = next < words.length ? offsetIn(words[next]!) : bodyBytes
    const offset = offsetIn(first)
    runs.push({ shard: shardIn(second), offset, bytes: end - offset, count: countIn(first, second) })
  }
  return runs
}

const someRuns = fc.array(
  fc.record({
    gap: fc.oneof(fc.constant(0), fc.nat(1000)),
    shard: fc.nat(NOBODY - 1),
    bytes: fc.integer({ min: 1, max: 20_000 }),
    count: fc.integer({ min: 1, max: WORDS_RECORDS_MAX }),
  }),
  { minLength: 1, maxLength: 500 },
)

test('runs come back as they were, and all that lies behind the first is of one', () => {
  fc.assert(
    fc.property(someRuns, fc.nat(1000), (gapped, rest) => {
      let end = 0
      const runs = gapped.map(({ gap, ...run }) => {
        const offset = end + gap
        end = offset + run.bytes
        return { ...run, offset }
      })
      const all = runsIn(written(runs, end + rest), end + rest)
      expect(all.filter(({ shard }) => shard !== NOBODY)).toEqual(runs)
      for (const [i, { offset, bytes }] of all.entries()) {
        expect(offset + bytes).toBe(all[i + 1]?.offset ?? end + rest)
        expect(bytes).toBeGreaterThan(0)
      }
    }),
  )
})

test('what lies between two runs, and behind the last, is a run of nobody without records', () => {
  const runs = [
    { shard: 1, offset: 10, bytes: 5, count: 2 },
    { shard: 0, offset: 15, bytes: 5, count: 1 },
    { shard: 1, offset: 30, bytes: 5, count: 3 },
  ]
  const between = { shard: NOBODY, offset: 20, bytes: 10, count: 0 }
  const behind = { shard: NOBODY, offset: 35, bytes: 65, count: 0 }
  expect(runsIn(written(runs, 35), 35)).toEqual([runs[0], runs[1], between, runs[2]])
  expect(runsIn(written(runs, 100), 100)).toEqual([runs[0], runs[1], between, runs[2], behind])
})

test('words have 24 bits for the offset, 10 for the records and 29 for the shard, and leave one to the page', () => {
  const run = { shard: NOBODY - 1, offset: WORDS_BYTES_MAX, bytes: 1, count: WORDS_RECORDS_MAX }
  const [first, second] = written([run], WORDS_BYTES_MAX + 1) as readonly number[]
  expect([first! >>> 0, second! >>> 0]).toEqual([0xffffffff, 0xdffffffe])
  expect(second! & FIRST_OF_BODY).toBe(0)
  // The page's bit says nothing of the run.
  const marked = second! | FIRST_OF_BODY
  expect([shardIn(marked), countIn(first!, marked)]).toEqual([run.shard, run.count])
  // Nor does it matter whether a word is signed.
  expect([offsetIn(first! >>> 0), shardIn(second! >>> 0), countIn(first! >>> 0, second! >>> 0)]).toEqual([
    ...[run.offset, run.shard, run.count],
  ])
})

test('a run that words have no room for is refused', () => {
  const writer = new RunWordsWriter()
  expect(() => writer.add(1, 0, 5, WORDS_RECORDS_MAX + 1)).toThrow('no run of shard 1 has 1024 records')
  expect(() => writer.add(1, WORDS_BYTES_MAX + 1, 5, 1)).toThrow('from byte 16777216 on')
  expect(() => writer.add(NOBODY + 1, 0, 5, 1)).toThrow('no run of shard 536870912')
  expect(writer.words).toEqual([])
})

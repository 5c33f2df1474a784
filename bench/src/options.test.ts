import { expect, test } from 'vitest'
import { parseOptions, UsageError, WORKS } from './options.ts'

test('without flags, everything is measured five times for five seconds', () => {
  const options = parseOptions([])
  expect(options).toMatchObject({ runs: 5, seconds: 5, messages: 1_000_000, profile: false, json: false })
  expect([...options.only]).toEqual([...WORKS])
})

test('every flag is taken', () => {
  const flags = [
    '--runs',
    '3',
    '--seconds=2',
    '--only',
    'drain,cell',
    '--messages',
    '20000',
    '--profile',
    '--json',
  ]
  expect(parseOptions(flags)).toEqual({
    runs: 3,
    seconds: 2,
    only: new Set(['drain', 'cell']),
    messages: 20_000,
    profile: true,
    json: true,
  })
})

test.each([
  ['an unknown flag', ['--fast']],
  ['a word that is not a flag', ['send-1']],
  ['an unknown kind of work', ['--only', 'send-1,send-2']],
  ['a number that is none', ['--runs', 'many']],
  ['a number with a unit', ['--seconds', '5s']],
  ['a number below its range', ['--runs', '0']],
  ['a number above its range', ['--seconds', '301']],
  ['a number of messages that is not whole batches', ['--messages', '100001']],
])('%s is refused', (_, flags) => {
  expect(() => parseOptions(flags)).toThrow(UsageError)
})

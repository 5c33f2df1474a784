import { expect, test } from 'vitest'
import { closestWord } from './closest-word.ts'

const names = ['host', 'port', 'data-dir', 'durability']

test.each([
  ['durabilty', 'durability'],
  ['data_dir', 'data-dir'],
  ['prot', 'port'],
  ['pots', 'port'],
  ['hosts', 'host'],
  ['abc', null],
  ['zebra', null],
  ['', null],
])('for %j it suggests %j', (word, expected) => {
  expect(closestWord(word, names)).toBe(expected)
})

test('of two candidates the nearer one is taken', () => {
  expect(closestWord('log-levle', ['log-levels-of', 'log-level'])).toBe('log-level')
})

import { expect, test } from 'vitest'
import { parseCoreList } from './pinning.ts'

test('a list of cores holds single cores and ranges', () => {
  expect(parseCoreList('0-2,5,8-9')).toEqual([0, 1, 2, 5, 8, 9])
  expect(parseCoreList('3')).toEqual([3])
})

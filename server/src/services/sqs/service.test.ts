import { expect, test } from 'vitest'
import { SeededRandom } from '../../base/random.ts'
import { sqs } from './service.ts'
import { NO_COOLDOWNS, NOTHING_LANDED, TEST_TOKEN_KEY, TestCell } from './test-cell.ts'

const service = sqs({
  cell: new TestCell(),
  random: new SeededRandom(1),
  tokenKey: TEST_TOKEN_KEY,
  cooldowns: NO_COOLDOWNS,
  readLanded: NOTHING_LANDED,
})

test('every operation of the model is served', () => {
  expect([...service.operations.keys()].sort()).toEqual([...service.model.operations.keys()].sort())
})

test('it answers to the signing name of SQS', () => {
  expect(service.name).toBe('sqs')
})

import { expect, test } from 'vitest'
import { SeededRandom } from '../../base/random.ts'
import { sqs } from './service.ts'
import { TEST_TOKEN_KEY, TestCell } from './test-cell.ts'

const service = sqs({ cell: new TestCell(), random: new SeededRandom(1), tokenKey: TEST_TOKEN_KEY })

/** What the model has and standard queues can do without; the protocol layer refuses it as unknown. */
const NOT_YET = ['AddPermission', 'RemovePermission']

test('every operation of the model is served, or named as one that is not yet', () => {
  const named = [...service.operations.keys(), ...NOT_YET]
  expect(named.sort()).toEqual([...service.model.operations.keys()].sort())
})

test('it answers to the signing name of SQS', () => {
  expect(service.name).toBe('sqs')
})

import { expect, test } from 'vitest'
import type { ErrorShape } from '../src/api/service-error.ts'
import { SeededRandom } from '../src/base/random.ts'
import * as errors from '../src/services/kinesis/errors.ts'
import { kinesis } from '../src/services/kinesis/service.ts'
import { TEST_TOKEN_KEY, TestCell } from '../src/services/sqs/test-cell.ts'
import { readDocument, rowsOf, section } from './document-tables.ts'
import { TestKeys } from './kinesis/test-encryption.ts'

/** docs/compatibility.md says of everything that Kinesis has how it stands; here that is held against the code. */
const document = section(readDocument('docs/compatibility.md'), 'Kinesis')
const service = kinesis({
  ...{ cell: new TestCell(), random: new SeededRandom(1), tokenKey: TEST_TOKEN_KEY },
  ...{
    now: () => 0,
    transitionMs: 0,
    throughputLimits: false,
    timers: { soon: queueMicrotask },
    encryption: new TestKeys().encryption,
  },
})

function listOf(heading: string): readonly (readonly string[])[] {
  return rowsOf(section(document, heading, '###')).slice(2)
}

const names = (rows: readonly (readonly string[])[]) => rows.map(([name]) => name!)
const sorted = (words: Iterable<string>) => [...new Set(words)].sort()

test('every operation of the model is in the list, and served if the list says so', () => {
  const rows = listOf('Stream operations')
  expect(names(rows)).toEqual(sorted(service.model.operations.keys()))
  const served = rows.filter(([, state]) => state === 'served')
  expect(names(served)).toEqual(sorted(service.operations.keys()))
})

test('every parameter of the model is in the list', () => {
  const inputs = [...service.model.operations.values()].map(({ input }) => input.members)
  const rows = listOf('Stream parameters')
  expect(names(rows)).toEqual(sorted(inputs.flat().map(({ name }) => name)))
  for (const [name, state] of rows) expect(['served', 'kept', 'never'], name).toContain(state)
})

test('every error of the model and of the service is in the list, with its status and its state', () => {
  const rows = listOf('Stream errors')
  const declared: ErrorShape[] = Object.values(errors).filter((each) => typeof each === 'object')
  const known = [...service.model.errors.keys(), ...declared.map(({ code }) => code)]
  expect(names(rows)).toEqual(sorted(known))
  for (const [code, status, state] of rows) {
    const error = declared.find((each) => each.code === code)
    expect([state, status], code).toEqual(
      error === undefined ? ['never', '-'] : ['served', String(error.status)],
    )
  }
})

import { expect, test } from 'vitest'
import sqsModel from '../../models/sqs.json' with { type: 'json' }
import { type ErrorShape, ServiceError } from '../src/api/service-error.ts'
import { SeededRandom } from '../src/base/random.ts'
import { checkAttributeType } from '../src/services/sqs/attribute-names.ts'
import {
  checkAskedAttributes,
  parseQueueAttributes,
  renderQueueAttributes,
} from '../src/services/sqs/attributes.ts'
import * as errors from '../src/services/sqs/errors.ts'
import { DEFAULT_QUEUE_SETTINGS } from '../src/services/sqs/queue-settings.ts'
import { selectSystemAttributes } from '../src/services/sqs/received-attributes.ts'
import { sqs } from '../src/services/sqs/service.ts'
import {
  NO_COOLDOWNS,
  NOTHING_LANDED,
  TEST_QUEUE,
  TEST_TOKEN_KEY,
  TestCell,
} from '../src/services/sqs/test-cell.ts'
import { readDocument, rowsOf, section } from './document-tables.ts'

/** docs/compatibility.md says of everything that SQS has how it stands; here that is held against the code. */
const document = section(readDocument('docs/compatibility.md'), 'SQS')
const { shapes } = sqsModel

/** The rows of one list, without its head. */
function listOf(heading: string): readonly (readonly string[])[] {
  // The part under a heading of this level ends where the next of them begins.
  return rowsOf(section(document, heading, '###')).slice(2)
}

function isRefused(task: () => unknown): boolean {
  try {
    task()
    return false
  } catch (error) {
    if (error instanceof ServiceError) return true
    throw error
  }
}

const names = (rows: readonly (readonly string[])[]) => rows.map(([name]) => name!)
/** As a reader sorts, who doesn't care for capitals. */
const sorted = (words: readonly string[]) =>
  [...words].sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1))

test('every operation of the model is in the list, and served if the list says so', () => {
  const rows = listOf('Operations')
  expect(names(rows)).toEqual(sorted(Object.keys(sqsModel.operations)))
  const ports = { cell: new TestCell(), random: new SeededRandom(1), tokenKey: TEST_TOKEN_KEY }
  const { operations } = sqs({ ...ports, cooldowns: NO_COOLDOWNS, readLanded: NOTHING_LANDED })
  const served = rows.filter(([, state]) => state === 'served')
  expect(names(served)).toEqual(sorted([...operations.keys()]))
})

test('every attribute of a queue is in the list, with its state, its default and its values', () => {
  const rows = listOf('Queue attributes')
  expect(names(rows)).toEqual(sorted(shapes.QueueAttributeName.enum))
  const description = {
    settings: DEFAULT_QUEUE_SETTINGS,
    tags: {},
    createdAt: 0,
    modifiedAt: 0,
    waitingMessages: 0,
    delayedMessages: 0,
    inFlightMessages: 0,
  }
  const fifoQueue = { ...TEST_QUEUE, name: `${TEST_QUEUE.name}.fifo` }
  const fresh = renderQueueAttributes(['All'], TEST_QUEUE, description)
  const freshFifo = renderQueueAttributes(['All'], fifoQueue, description)
  for (const [name, state, initial, values] of rows) {
    const ofFifo = / in a FIFO queue$/.test(initial!)
    expect(freshFifo[name!] !== undefined, `a fresh FIFO queue has ${name}`).toBe(initial !== '-')
    expect(isRefused(() => checkAskedAttributes([name!], TEST_QUEUE))).toBe(ofFifo)
    if (ofFifo) {
      expect(freshFifo[name!]).toBe(initial!.split(' ')[0])
      expect(fresh[name!]).toBeUndefined()
      continue
    }
    const asked = !isRefused(() => checkAskedAttributes([name!], fifoQueue))
    expect(asked, `${name} can be asked for`).toBe(state === 'served' || state === 'kept')
    expect(fresh[name!] !== undefined, `a fresh queue has ${name}`).toBe(initial !== '-')
    if (/^(?:\d+|true|false)$/.test(initial!)) expect(fresh[name!]).toBe(initial)
    const range = /^(\d+) to (\d+)/.exec(values!)
    const set = (value: number) => () => parseQueueAttributes({ [name!]: String(value) }, { isFifo: false })
    if (values === '-') expect(isRefused(set(1)), `${name} cannot be set`).toBe(true)
    if (range === null) continue
    const [min, max] = [Number(range[1]), Number(range[2])]
    expect([min - 1, min, max, max + 1].map((value) => isRefused(set(value)))).toEqual([
      true,
      false,
      false,
      true,
    ])
  }
})

test('every field and system attribute of a message is in the list, with its state', () => {
  const rows = listOf('Message attributes')
  const fields = Object.keys(shapes.MessageAttributeValue.members)
  const system = shapes.MessageSystemAttributeName.enum
  expect(sorted(names(rows.slice(0, fields.length)))).toEqual(sorted(fields))
  expect(names(rows.slice(fields.length))).toEqual(sorted(system))
  for (const [name, state] of rows.slice(fields.length)) {
    const selected = selectSystemAttributes([name!], undefined).length > 0
    expect(selected, `${name} can be returned`).toBe(state === 'served' || state === 'kept')
  }
  const [, , types] = rows.find(([name]) => name === 'DataType')!
  for (const type of ['String', 'Number', 'Binary']) {
    expect(types).toContain(type)
    expect(checkAttributeType('a', `${type}.own`)).toBe(type)
  }
  const [, , trace] = rows.find(([name]) => name === 'AWSTraceHeader')!
  expect(trace).toContain('when sending')
  expect(shapes.MessageSystemAttributeNameForSends.enum).toEqual(['AWSTraceHeader'])
})

test('every error of the model and of the service is in the list, with its codes, its status and its state', () => {
  const rows = listOf('Errors')
  const declared: ErrorShape[] = Object.values(errors).filter((each) => typeof each === 'object')
  const modelled = Object.entries(shapes).flatMap(([name, shape]) => ('exception' in shape ? [name] : []))
  expect(names(rows)).toEqual(sorted([...new Set([...modelled, ...declared.map(({ code }) => code)])]))
  for (const [code, queryCode, status, state] of rows) {
    const error = declared.find((each) => each.code === code)
    expect(state, code).toBe(error === undefined ? 'never' : 'served')
    expect([queryCode, status], code).toEqual(
      error === undefined ? ['-', '-'] : [error.queryCode, String(error.status)],
    )
  }
})

test('no list has a state that is not explained', () => {
  const states = names(rowsOf(document.split('### ')[0]!).slice(2))
  expect(states).toEqual(['served', 'kept', 'never'])
  for (const heading of ['Operations', 'Queue attributes', 'Message attributes']) {
    for (const [name, state] of listOf(heading)) expect(states, name).toContain(state)
  }
  for (const [name, , , state] of listOf('Errors')) expect(states, name).toContain(state)
})

test('whatever people look for has a test of that name in that file', () => {
  const rows = rowsOf(section(readDocument('docs/compatibility.md'), 'What people look for')).slice(2)
  expect(rows.length).toBeGreaterThan(30)
  for (const [feature, file, name] of rows) {
    expect(testNamesIn(file!).join('\n'), `${feature}: ${file}`).toContain(name)
  }
})

/** The texts that a test file gives its tests as names. */
function testNamesIn(file: string): readonly string[] {
  const call = /\btest(?:\.\w+(?:\((?:[^()]|\([^()]*\))*\))?)*\(\s*(['"`])((?:\\.|(?!\1).)*)\1/gs
  return [...readDocument(file).matchAll(call)].map(([, , name]) => name!)
}

import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { BulkList } from '../api/operation.ts'
import { parseRest, readBulkInput } from './bulk-input.ts'
import { CountedYoung, createHarness, jsonRequest } from './test-services.ts'

const LIST = '[{"A":1},{"A":2}]'

/** Reads this one list. */
const bulk: BulkList = {
  member: 'Things',
  standIn: '[{"A":0}]',
  read(body, at) {
    const end = at - 1 + LIST.length
    return Buffer.from(body.subarray(at - 1, end)).toString() === LIST
      ? { list: { name: 'list' }, end }
      : null
  },
}

function parse(body: string | Uint8Array) {
  const found = readBulkInput(bulk, Buffer.from(body as string))
  const value = found && parseRest(bulk, found.rest)
  return value && { value, list: found?.list }
}

test('the list is read by the operation, and the rest stands beside it', () => {
  expect(parse(`{"Name":"n","Things":${LIST},"More":null}`)).toEqual({
    value: { Name: 'n', Things: [{ A: 0 }], More: null },
    list: { name: 'list' },
  })
  expect(parse(` { "Things" : ${LIST} } `)).toMatchObject({ value: { Things: [{ A: 0 }] } })
  expect(parse(`{"Before":{"a":1},"Things":${LIST},"Behind":{}}`)).toMatchObject({
    value: { Before: { a: 1 }, Things: [{ A: 0 }], Behind: {} },
  })
})

test.each([
  ['no list', '{"Things":1}'],
  ['a list that the operation does not read', '{"Things":[1]}'],
  ['the list of another member', `{"Others":${LIST}}`],
  ['the list further down', `{"Things":{"Things":${LIST}}}`],
  ['the list further down, and another thing under its name', `{"Others":{"Things":${LIST}},"Things":1}`],
  ['another list', `{"Things":${LIST},"Things":[]}`],
  ['another list before', `{"Others":[],"Things":${LIST}}`],
  ['something else under its name', `{"Things":${LIST},"Things":1}`],
  ['a name that ends like it', `{"The\\"Things":${LIST}}`],
  ['the list within a text', `{"Things":"${LIST}"}`],
  ['a list and no object', LIST],
  ['nothing behind the list', `{"Things":${LIST}`],
  ['too much behind the list', `{"Things":${LIST}}}`],
  ['two lists', `{"Things":${LIST}${LIST}}`],
  ['something beyond ASCII before', `{"é":1,"Things":${LIST}}`],
  ['something beyond ASCII behind', `{"Things":${LIST},"é":1}`],
  ['a long rest before', `{"Name":"${'n'.repeat(5000)}","Things":${LIST}}`],
  ['a long rest behind', `{"Things":${LIST},"Name":"${'n'.repeat(5000)}"}`],
])('a body with %s is parsed as a whole', (_, body) => {
  expect(parse(body)).toBeNull()
})

test('bytes that are no UTF-8 are left to the parser of the whole', () => {
  const body = Buffer.from(`{"x":"y","Things":${LIST},"z":"y"}`)
  for (const at of [body.indexOf('y'), body.lastIndexOf('y')]) {
    const broken = Buffer.from(body)
    broken[at] = 0xff
    expect(parse(broken)).toBeNull()
  }
})

test('whatever stands around the list, it is read only where the whole is an object that has it', () => {
  const piece = fc.constantFrom(
    '{',
    '}',
    '"',
    ',',
    ':',
    '"Things":',
    '"Things"',
    '"a":1',
    'a',
    '\\',
    ' ',
    'null',
    '"Things":"',
  )
  const text = fc.array(piece, { maxLength: 5 }).map((pieces) => pieces.join(''))
  fc.assert(
    fc.property(text, text, fc.boolean(), (before, behind, isNear) => {
      const body = isNear ? `{${before}"Things":${LIST}${behind}}` : before + LIST + behind
      const found = parse(body)
      if (found === null) return
      const { Things, ...others } = JSON.parse(body)
      expect(Things).toEqual(JSON.parse(LIST))
      expect(found.value).toEqual({ ...others, Things: [{ A: 0 }] })
    }),
    { numRuns: 3000 },
  )
})

test('what stands around the lists is read once, and each request has its own list', async () => {
  const harness = createHarness()
  const feed = async (body: string) => (await harness.send(jsonRequest('Zoo_20240101.Feed', body))).status
  const bodyOf = (name: string, legs: readonly number[]) =>
    `{"Name":"${name}","Young":[${legs.map((count) => `{"Legs":${count}}`).join()}],"Legs":2}`
  const asked = [
    ['Rex', [4, 3]],
    ['Rex', [1]],
    ['Max', [1]],
    ['Rex', [4, 3, 4]],
  ] as const
  for (const [name, legs] of asked) expect(await feed(bodyOf(name, legs))).toBe(200)
  expect(harness.inputs).toEqual(
    asked.map(([Name, legs]) => ({ Name, Young: new CountedYoung(legs), Legs: 2 })),
  )
})

test('a rest with which something is wrong is refused each time, whatever came before', async () => {
  const harness = createHarness()
  const feed = async (rest: string) =>
    (await harness.send(jsonRequest('Zoo_20240101.Feed', `{"Young":[{"Legs":4}]${rest}}`))).status
  expect([await feed(',"Name":1'), await feed(''), await feed(',"Name":1'), await feed(',')]).toEqual([
    400, 200, 400, 400,
  ])
  expect(harness.inputs).toEqual([{ Young: new CountedYoung([4]) }])
})

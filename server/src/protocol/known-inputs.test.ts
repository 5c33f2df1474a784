import { expect, test } from 'vitest'
import { KnownInputs } from './known-inputs.ts'
import { KNOWN_INPUT_BYTES_MAX, KNOWN_INPUTS_MAX } from './limits.ts'

const body = (text: string) => Buffer.from(text)

test('an input is known by its very body, and by no other that shares its place', () => {
  const known = new KnownInputs()
  const kept = new Map<string, object>()
  for (let i = 0; i < 4 * KNOWN_INPUTS_MAX; i++) {
    const text = `{"QueueUrl":"q${i}"}`
    expect(known.of(body(text))).toBeUndefined()
    kept.set(text, { QueueUrl: `q${i}` })
    known.keep(body(text), kept.get(text)!)
    expect(known.of(body(text))).toBe(kept.get(text))
    expect(known.of(body(`${text} `))).toBeUndefined()
  }
  let found = 0
  for (const [text, input] of kept) {
    const before = known.of(body(text))
    if (before === undefined) continue
    found++
    expect(before).toBe(input)
  }
  expect(found).toBeGreaterThan(1)
  expect(found).toBeLessThanOrEqual(KNOWN_INPUTS_MAX)
})

test('what is kept is a copy of the body, whose memory is another request next', () => {
  const known = new KnownInputs()
  const lent = body('{"a":1}')
  known.keep(lent, { a: 1 })
  lent.write('{"a":2}')
  expect(known.of(lent)).toBeUndefined()
  expect(known.of(body('{"a":1}'))).toEqual({ a: 1 })
})

test('a long body is not kept', () => {
  const known = new KnownInputs()
  const long = Buffer.alloc(KNOWN_INPUT_BYTES_MAX + 1)
  known.keep(long, {})
  expect(known.of(long)).toBeUndefined()
})

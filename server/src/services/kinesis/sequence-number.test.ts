import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  endingSequenceNumber,
  parseSequenceNumber,
  SEQUENCE_NUMBER_DIGITS,
  SequenceNumberCursor,
  SequenceNumberWriter,
  sequenceNumber,
  startingSequenceNumber,
} from './sequence-number.ts'

const decimal = (digits: string) => BigInt(`0x${digits}`).toString()
const hex = (value: number | bigint, digits: number) => value.toString(16).padStart(digits, '0')

const anyShard = fc.record({
  number: fc.nat({ max: 0x7fff_ffff }),
  createdSecond: fc.nat({ max: 16 ** 9 - 1 }),
})
const anyIndex = fc.nat({ max: 2 ** 52 })
const anySecond = fc.nat({ max: 16 ** 9 - 1 })

/** The layout, digit by digit. */
const spelled = (shard: { number: number; createdSecond: number }, index: number | bigint, second: number) =>
  decimal(
    [
      ...['2', hex(shard.createdSecond, 9), hex(shard.number, 8).slice(-1), hex(index, 16), '00'],
      ...[hex(second, 9), hex(shard.number, 8), '2'],
    ].join(''),
  )

test("a sequence number has AWS's layout, and is read back", () => {
  fc.assert(
    fc.property(anyShard, anyIndex, anySecond, (shard, index, second) => {
      const text = sequenceNumber(shard, index, second)
      expect(text).toBe(spelled(shard, index, second))
      expect(text.length).toBe(SEQUENCE_NUMBER_DIGITS)
      expect(parseSequenceNumber(text)).toEqual({
        ...{ text, version: 2, shard: shard.number, createdSecond: shard.createdSecond, second, index },
      })
    }),
  )
})

test("a shard's records have numbers between its first and its last", () => {
  const shard = { number: 17, createdSecond: 1_700_000_000 }
  const starting = BigInt(startingSequenceNumber(shard))
  const ending = BigInt(endingSequenceNumber(shard, 1_700_000_000_999))
  const record = BigInt(sequenceNumber(shard, 1, 1_800_000_000))
  expect(starting).toBe(BigInt(spelled(shard, 0, 1_700_000_000)))
  expect(ending).toBe(BigInt(spelled(shard, 0x7fff_ffff_ffff_ffffn, 1_700_000_000)))
  expect(starting < record && record < ending).toBe(true)
  expect(parseSequenceNumber(ending.toString()).index).toBe(Number.MAX_SAFE_INTEGER)
})

test('numbers that are written in a row are those that are written one by one', () => {
  const steps = fc.array(
    fc.record({
      // Mostly the next record in the same second, but also gaps, long and short pauses, and a step back.
      skipped: fc.oneof(
        { weight: 9, arbitrary: fc.constant(0) },
        fc.nat({ max: 1000 }),
        fc.integer({ min: -3, max: 2 ** 16 + 1 }),
      ),
      seconds: fc.oneof(
        { weight: 6, arbitrary: fc.constant(0) },
        { weight: 3, arbitrary: fc.nat({ max: 2 ** 16 + 1 }) },
        fc.integer({ min: -5, max: 10 ** 9 }),
      ),
    }),
    { maxLength: 60 },
  )
  fc.assert(
    fc.property(anyShard, anyIndex, fc.nat({ max: 2 ** 33 }), steps, (shard, first, start, followers) => {
      const cursor = new SequenceNumberCursor(shard)
      const writer = new SequenceNumberWriter(followers.length + 1)
      let index = first
      let second = start + 5
      const expected = [sequenceNumber(shard, index, second)]
      cursor.moveTo(index, second)
      writer.write(cursor)
      for (const { skipped, seconds } of followers) {
        index = Math.max(0, index + 1 + skipped)
        second = Math.min(Math.max(0, second + seconds), 16 ** 9 - 1)
        expected.push(sequenceNumber(shard, index, second))
        cursor.moveTo(index, second)
        writer.write(cursor)
      }
      expect(writer.read()).toBe(expected.join(''))
    }),
    { numRuns: 300 },
  )
})

test('ten thousand numbers in a row carry from piece to piece', () => {
  const shard = { number: 3, createdSecond: 1_700_000_000 }
  const cursor = new SequenceNumberCursor(shard)
  const writer = new SequenceNumberWriter(10_000)
  for (let i = 0; i < 10_000; i++) {
    cursor.moveTo(999_999_000 + i, 1_800_000_000)
    writer.write(cursor)
  }
  const texts = writer.read()
  for (let i = 0; i < 10_000; i++) {
    const at = i * SEQUENCE_NUMBER_DIGITS
    const text = texts.slice(at, at + SEQUENCE_NUMBER_DIGITS)
    if (text !== sequenceNumber(shard, 999_999_000 + i, 1_800_000_000)) expect.fail(`number ${i}`)
  }
})

test.each([
  ['another first digit', `3${'0'.repeat(45)}2`],
  ['no first digit', `1ffffffffff7fffffffffffffff000000000007fffffff2`],
  ['an unknown version', `2${'0'.repeat(45)}4`],
  ['version 0 in the newer length', `2${'0'.repeat(46)}`],
  ['version 3', `2${'0'.repeat(45)}3`],
  ['the highest bit of the index', '20000000000800000000000000000000000000000000002'],
  ['the highest bit of the shard', '20000000000000000000000000000000000000800000002'],
  ['too many digits', `2${'0'.repeat(46)}2`],
  ['more than 128 bits and fewer digits', `1${'0'.repeat(33)}`],
])('a number with %s is in no layout', (_, digits) => {
  const text = decimal(digits)
  expect(parseSequenceNumber(text)).toMatchObject({ text, version: null })
})

test('numbers in older layouts are known for what they are, and the oldest are completed', () => {
  expect(parseSequenceNumber(decimal(`2${'0'.repeat(37)}000000051`))).toMatchObject({ version: 1, shard: 5 })
  expect(parseSequenceNumber('5')).toMatchObject({
    ...{ version: 0, shard: 5, text: '21267647932558653966460912964485513221' },
  })
  const later = decimal('f3bb2cc3d7ff7fffffffffffffff0000')
  expect(parseSequenceNumber(later)).toMatchObject({
    ...{ version: 0, shard: 0, text: '26227199374821822965252748908982894592' },
  })
  expect(parseSequenceNumber(decimal('13bb2cc3d80000000000000000000000'))).toMatchObject({
    ...{ version: null, text: '26227199374822427428162556223570313216' },
  })
})

test('whatever fits the pattern is read without a defect', () => {
  const anyDigits = fc.stringMatching(/^(?:0|[1-9]\d{0,128})$/)
  fc.assert(fc.property(anyDigits, (text) => parseSequenceNumber(text) !== null))
})

test('ten thousand numbers backwards are borrowed from piece to piece', () => {
  const shard = { number: 3, createdSecond: 1_700_000_000 }
  const cursor = new SequenceNumberCursor(shard)
  for (let index = 20_000; index > 10_000; index--) {
    const writer = new SequenceNumberWriter(1)
    cursor.moveTo(index, 1_800_000_000)
    writer.write(cursor)
    if (writer.read() !== sequenceNumber(shard, index, 1_800_000_000)) expect.fail(`number ${index}`)
  }
})

import { expect, test } from 'vitest'
import { encodeSms } from './sms-encoding.ts'

const encode = (text: string) => encodeSms(text, 0x7f)!
const lengths = (text: string) => encode(text).parts.map(({ octets }) => octets.length)
const HEADER = 6

test('every character of the alphabet of seven bits has its place', () => {
  const { dataCoding, parts } = encode('@£$¥èéùìòÇ\nØø\rÅå Ææ ¤¿üà 09AZaz')
  expect(dataCoding).toBe(0)
  expect([...parts[0]!.octets]).toEqual([
    ...[0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f],
    ...[0x20, 0x1c, 0x1d, 0x20, 0x24, 0x60, 0x7e, 0x7f, 0x20, 0x30, 0x39, 0x41, 0x5a, 0x61, 0x7a],
  ])
})

test('characters of the extension take two places', () => {
  expect([...encode('^{}\\[~]|€\f').parts[0]!.octets]).toEqual([
    ...[
      0x1b, 0x14, 0x1b, 0x28, 0x1b, 0x29, 0x1b, 0x2f, 0x1b, 0x3c, 0x1b, 0x3d, 0x1b, 0x3e, 0x1b, 0x40, 0x1b,
      0x65,
    ],
    ...[0x1b, 0x0a],
  ])
})

test('one other character makes the whole text UCS-2', () => {
  const { dataCoding, parts } = encode('aç\u{1f33e}')
  expect(dataCoding).toBe(8)
  expect([...parts[0]!.octets]).toEqual([0x00, 0x61, 0x00, 0xe7, 0xd8, 0x3c, 0xdf, 0x3e])
  // An escape would change what the next character means.
  expect(encode('\u001be').dataCoding).toBe(8)
  expect(encode('`').dataCoding).toBe(8)
})

test('160 septets or 70 characters are one message, one more makes two parts', () => {
  expect(lengths('x'.repeat(160))).toEqual([160])
  expect(lengths('x'.repeat(161))).toEqual([HEADER + 153, HEADER + 8])
  expect(lengths('€'.repeat(80))).toEqual([160])
  expect(lengths('ж'.repeat(70))).toEqual([140])
  expect(lengths('ж'.repeat(71))).toEqual([HEADER + 134, HEADER + 8])
  expect(lengths('x'.repeat(306))).toEqual([HEADER + 153, HEADER + 153])
  expect(lengths('')).toEqual([0])
})

test('parts say which message they are of, how many there are, and which they are', () => {
  const { parts } = encode('x'.repeat(400))
  expect(parts.map(({ octets }) => [...octets.subarray(0, HEADER)])).toEqual([
    [5, 0, 3, 0x7f, 3, 1],
    [5, 0, 3, 0x7f, 3, 2],
    [5, 0, 3, 0x7f, 3, 3],
  ])
})

test('neither an escape nor half a surrogate pair ends a part', () => {
  const escaped = encode(`${'x'.repeat(152)}€${'x'.repeat(20)}`)
  expect(escaped.parts.map(({ octets }) => octets.length)).toEqual([HEADER + 152, HEADER + 22])
  const paired = encode(`${'ж'.repeat(66)}\u{1f33e}${'ж'.repeat(10)}`)
  expect(paired.parts.map(({ octets }) => octets.length)).toEqual([HEADER + 132, HEADER + 24])
})

test('more parts than a header can count are refused', () => {
  expect(encode('x'.repeat(153 * 255)).parts).toHaveLength(255)
  expect(encodeSms('x'.repeat(153 * 255 + 1), 0)).toBeUndefined()
})

import { decode } from 'cborg'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeCbor, encodeCbor } from './cbor.ts'
import { CBOR_ITEMS_MAX, CBOR_NESTING_MAX } from './limits.ts'
import { writeAsJackson } from './test-jackson.ts'

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex')

describe('what is read', () => {
  test.each<[string, string, unknown]>([
    ['a map that ends with a break', 'bf 6161 01 ff', { a: 1 }],
    ['an array that ends with a break, in one that doesn’t', '82 9f 01 ff 02', [[1], 2]],
    ['a text in pieces', '7f 6161 60 626263 ff', 'abc'],
    ['a letter whose bytes stand in two pieces', '7f 61c3 61a9 ff', 'é'],
    ['a text in no pieces', '7f ff', ''],
    ['bytes in pieces', '5f 4101 420203 ff', Buffer.of(1, 2, 3)],
    ['a length longer than it need be', '79 0001 61', 'a'],
    ['a length in eight bytes', '5b 0000000000000001 07', Buffer.of(7)],
    ['a text that begins with a byte order mark', '64 efbbbf61', '\ufeffa'],
    ['a time', 'c1 1b 000001a013accc38', 1_787_036_486_712],
    ['a time before the epoch', 'c1 20', -1],
    ['a whole number of 64 bits, rounded', '1b ffffffffffffffff', 2 ** 64],
    ['a half, a float, a double', '83 f93c00 fa3fc00000 fb3ff8000000000000', [1, 1.5, 1.5]],
    ['undefined, as null', 'f7', null],
    ['a key that is every object’s', 'a1 69 5f5f70726f746f5f5f 01', JSON.parse('{"__proto__":1}')],
  ])('%s', (_, bytes, value) => {
    expect(decodeCbor(hex(bytes))).toEqual(value)
  })
})

describe('what is refused', () => {
  test.each([
    ['nothing', ''],
    ['a second value', '01 02'],
    ['a map cut off', 'a1 6161'],
    ['a map without its break', 'bf 6161 01'],
    ['a break alone', 'ff'],
    ['a break in a counted array', '82 01 ff'],
    ['a break for a value', 'bf 6161 ff ff'],
    ['a break for a value, within', '9f bf 6161 ff ff ff'],
    ['a break for what is tagged', '9f c1 ff'],
    ['a key twice', 'a2 6161 01 6161 02'],
    ['a key that is a number', 'a1 01 01'],
    ['a key that is bytes', 'a1 4161 01'],
    ['bytes among the pieces of a text', '7f 4161 ff'],
    ['pieces within a piece', '7f 7f 6161 ff ff'],
    ['pieces without a break', '7f 6161'],
    ['malformed UTF-8', '62 c328'],
    ['half of a surrogate pair', '63 eda080'],
    ['a text longer than all there is', '7a ffffffff 61'],
    ['an array longer than all there is', '9b ffffffffffffffff 01'],
    ['a map longer than all there is', 'bb 7fffffffffffffff 6161 01'],
    ['bytes longer than all there is', '5b ffffffffffffffff'],
    ['a tag that nobody has', 'c2 41ff'],
    ['the tag that says that it is CBOR', 'd9d9f7 01'],
    ['a time that is a text', 'c1 6131'],
    ['a tag of nothing', 'c1'],
    ['a reserved length', '7c'],
    ['a simple value that nobody has', 'e0'],
  ])('%s', (_, bytes) => {
    expect(() => decodeCbor(hex(bytes))).toThrow(expect.objectContaining({ shape: refusal }))
  })

  const refusal = expect.objectContaining({ code: 'SerializationException' })

  test.each([
    ['81', '01'],
    ['9f', '01'],
    ['a16161', '01'],
    ['c1', '01'],
  ])('%s, deeper than the limit', (opening, innermost) => {
    expect(() => decodeCbor(hex(opening.repeat(CBOR_NESTING_MAX + 1) + innermost))).toThrow()
    expect(() => decodeCbor(hex(opening.repeat(1_000_000)))).toThrow()
  })

  test('nesting up to the limit is not, nor is any number of neighbours', () => {
    expect(() => decodeCbor(hex(`${'81'.repeat(CBOR_NESTING_MAX)}01`))).not.toThrow()
    expect(() => decodeCbor(hex(`9f${'8101a0'.repeat(10_000)}ff`))).not.toThrow()
  })
})

test('texts in very many pieces are one, and in more than that, or with more neighbours, are refused', () => {
  const inPieces = (count: number) =>
    Buffer.concat([hex('7f'), Buffer.alloc(2 * count, Buffer.from('6161', 'hex')), hex('ff')])
  expect(decodeCbor(inPieces(CBOR_ITEMS_MAX - 1))).toBe('a'.repeat(CBOR_ITEMS_MAX - 1))
  expect(() => decodeCbor(inPieces(CBOR_ITEMS_MAX))).toThrow()
  const array = (count: number) => Buffer.concat([hex('9f'), Buffer.alloc(count, 0xa0), hex('ff')])
  expect(decodeCbor(array(CBOR_ITEMS_MAX - 2))).toHaveLength(CBOR_ITEMS_MAX - 2)
  expect(() => decodeCbor(array(16_000_000))).toThrow()
})

const values = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, false),
    fc.maxSafeInteger(),
    fc.double({ noNaN: true }).map((value) => value + 0),
    fc.string({ unit: 'grapheme' }),
    fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
    fc.string({ minLength: 3990, maxLength: 8100, unit: 'grapheme' }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.string(), tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value

test('what is written is read again, in our form and in that of the SDKs for Java', () => {
  fc.assert(
    fc.property(values, (value) => {
      expect(decodeCbor(encodeCbor(value))).toEqual(value)
      expect(decodeCbor(writeAsJackson(value))).toEqual(value)
    }),
    { numRuns: 300 },
  )
})

/** What the library alone makes of it; undefined where it has no word for it. */
function decodedByLibrary(bytes: Uint8Array): unknown {
  try {
    return decode(bytes, { coerceUndefinedToNull: true, tags: { 1: (content) => content() } })
  } catch (error) {
    if (error instanceof Error && error.message.includes('indefinite length')) return undefined
    throw error
  }
}

/** Numbers rounded, bytes as bytes, and without the marks that the library drops. */
function comparable(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value)
  if (typeof value === 'string') return value.replace(/^\ufeff/, '')
  if (value instanceof Uint8Array) return Buffer.from(value)
  if (Array.isArray(value)) return value.map(comparable)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [comparable(key), comparable(entry)]))
}

test('whatever is accepted means what the library takes it for', () => {
  const changed = fc
    .tuple(
      values.map((value) => encodeCbor(value)),
      fc.boolean(),
      fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 3 }),
    )
    .map(([bytes, , changes]) => {
      const copy = Uint8Array.from(bytes)
      for (const [at, byte] of changes) copy[at % copy.length] = byte
      return copy
    })
  // Few heads and many breaks, so that containers open and end in every way.
  const heads = fc.array(
    fc.constantFrom(0x00, 0x20, 0x40, 0x60, 0x61, 0x80, 0x81, 0x82, 0x9f, 0xa0, 0xa1, 0xbf, 0xc1, 0xf6, 0xff),
    { maxLength: 14 },
  )
  let accepted = 0
  fc.assert(
    fc.property(
      fc.oneof(
        changed,
        fc.uint8Array({ maxLength: 30 }),
        heads.map((each) => Uint8Array.from(each)),
      ),
      (bytes) => {
        let value: unknown
        try {
          value = decodeCbor(bytes)
        } catch {
          return
        }
        accepted++
        const expected = decodedByLibrary(bytes)
        if (expected !== undefined) expect(comparable(value)).toEqual(comparable(expected))
      },
    ),
    { numRuns: 20_000 },
  )
  expect(accepted).toBeGreaterThan(1000)
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ByteReader } from './byte-reader.ts'
import { ByteWriter } from './byte-writer.ts'

const written = fc.oneof(
  fc.record({ kind: fc.constant('uint16' as const), value: fc.nat(0xffff) }),
  fc.record({ kind: fc.constant('uint32' as const), value: fc.nat(0xffff_ffff) }),
  fc.record({
    kind: fc.constant('fourUint32s' as const),
    value: fc.uint32Array({ minLength: 4, maxLength: 4 }),
  }),
  fc.record({ kind: fc.constant('float64' as const), value: fc.double({ noNaN: true }) }),
  fc.record({ kind: fc.constant('bytes' as const), value: fc.uint8Array({ maxLength: 40 }) }),
)

test('what was written is read back in the same order', () => {
  fc.assert(
    fc.property(fc.array(written), (items) => {
      const writer = new ByteWriter()
      for (const item of items) {
        if (item.kind === 'bytes') writer.bytes(item.value)
        else if (item.kind === 'fourUint32s') {
          writer.fourUint32s(item.value[0]!, item.value[1]!, item.value[2]!, item.value[3]!)
        } else writer[item.kind](item.value)
      }
      const reader = new ByteReader(writer.take())
      for (const item of items) {
        if (item.kind === 'bytes') expect(reader.bytes(item.value.length)).toEqual(item.value)
        else if (item.kind === 'fourUint32s') {
          for (const value of item.value) expect(reader.uint32()).toBe(value)
        } else expect(reader[item.kind]()).toBe(item.value)
      }
      expect(reader.remaining).toBe(0)
    }),
  )
})

test('numbers are little-endian', () => {
  const writer = new ByteWriter()
  writer.uint16(0x0102)
  writer.uint32(0x03040506)
  expect([...writer.take()]).toEqual([2, 1, 6, 5, 4, 3])
})

test('a piece that was taken stays as it is, however much is written after it', () => {
  const writer = new ByteWriter()
  const pieces: Uint8Array[] = []
  for (let i = 0; i < 3000; i++) {
    writer.uint32(i)
    writer.bytes(new Uint8Array(200).fill(i))
    pieces.push(writer.take())
  }
  for (const [i, piece] of pieces.entries()) {
    const reader = new ByteReader(piece)
    expect(reader.uint32()).toBe(i)
    expect(reader.bytes(200).every((byte) => byte === (i & 0xff))).toBe(true)
    expect(reader.remaining).toBe(0)
  }
})

test('a piece larger than a slab is whole', () => {
  const writer = new ByteWriter()
  writer.uint16(7)
  writer.take()
  const parts = Array.from({ length: 9 }, (_, i) => new Uint8Array(100_000).fill(i))
  for (const part of parts) writer.bytes(part)
  expect(writer.length).toBe(900_000)
  expect(Buffer.compare(writer.take(), Buffer.concat(parts))).toBe(0)
})

test('a patch counts from the beginning of the piece, also when the piece moved to another slab', () => {
  const writer = new ByteWriter()
  writer.bytes(new Uint8Array(200_000))
  writer.take()
  writer.uint32(1)
  writer.uint32(2)
  writer.bytes(new Uint8Array(100_000))
  writer.patchUint32(4, 99)
  const reader = new ByteReader(writer.take())
  expect([reader.uint32(), reader.uint32()]).toEqual([1, 99])
})

test('what was reset is forgotten, what was taken before is not', () => {
  const writer = new ByteWriter()
  writer.uint32(1)
  const taken = writer.take()
  writer.uint32(2)
  writer.reset()
  expect(writer.length).toBe(0)
  writer.uint32(3)
  expect([...writer.take()]).toEqual([3, 0, 0, 0])
  expect([...taken]).toEqual([1, 0, 0, 0])
})

test('a reader refuses to read past the end, also of a view into more bytes', () => {
  const reader = new ByteReader(new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]).subarray(0, 3))
  expect(reader.uint16()).toBe(0x0201)
  expect(() => reader.uint16()).toThrow(RangeError)
  expect(() => reader.uint32()).toThrow(RangeError)
  expect(() => reader.float64()).toThrow(RangeError)
  expect(() => reader.bytes(2)).toThrow(RangeError)
  expect(reader.position).toBe(2)
  expect([...reader.bytes(1)]).toEqual([3])
})

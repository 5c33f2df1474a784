import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MessageNotInflight, ReceiptHandleIsInvalid } from './errors.ts'
import {
  decodeReceiptHandle,
  encodeReceiptHandle,
  parseReceiptHandle,
  refusedReceipt,
} from './receipt-handle.ts'

const receipts = fc.record({
  incarnation: fc.nat({ max: 2 ** 48 - 1 }),
  slot: fc.nat({ max: 2 ** 48 - 1 }),
  receiveNumber: fc.nat({ max: 2 ** 40 - 1 }),
  tagHigh: fc.nat({ max: 2 ** 32 - 1 }),
  tagLow: fc.nat({ max: 2 ** 32 - 1 }),
})

test('a receipt comes back from its handle as it was', () => {
  fc.assert(
    fc.property(receipts, (receipt) => {
      const handle = encodeReceiptHandle(receipt)
      expect(handle).toMatch(/^[A-Za-z0-9_-]{40}$/)
      expect(decodeReceiptHandle(handle)).toEqual(receipt)
    }),
  )
})

test('a handle is the base64 of the bytes in the drawing', () => {
  fc.assert(
    fc.property(receipts, (receipt) => {
      const bytes = Buffer.alloc(30)
      bytes[0] = 1
      bytes.writeUIntBE(receipt.incarnation, 1, 6)
      bytes.writeUIntBE(receipt.slot, 7, 6)
      bytes.writeUIntBE(receipt.receiveNumber, 13, 5)
      bytes.writeUInt32BE(receipt.tagHigh, 18)
      bytes.writeUInt32BE(receipt.tagLow, 22)
      let check = 0x811c9dc5
      for (const byte of bytes.subarray(0, 26)) check = Math.imul(check ^ byte, 0x01000193)
      bytes.writeUInt32BE(check >>> 0, 26)
      expect(encodeReceiptHandle(receipt)).toBe(bytes.toString('base64url'))
    }),
  )
})

test('a handle with any one character changed is not a handle', () => {
  fc.assert(
    fc.property(receipts, fc.nat({ max: 39 }), fc.constantFrom(...'Aa0-_z'), (receipt, at, character) => {
      const handle = encodeReceiptHandle(receipt)
      fc.pre(handle[at] !== character)
      expect(decodeReceiptHandle(handle.slice(0, at) + character + handle.slice(at + 1))).toBeNull()
    }),
  )
})

test('no text that a client makes up is taken for a handle', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (handle) => {
      expect(decodeReceiptHandle(handle)).toBeNull()
    }),
  )
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 30, maxLength: 30 }), (bytes) => {
      expect(decodeReceiptHandle(Buffer.from(bytes).toString('base64url'))).toBeNull()
    }),
  )
})

test('a handle followed by anything is not a handle', () => {
  const handle = encodeReceiptHandle({ incarnation: 1, slot: 2, receiveNumber: 3, tagHigh: 4, tagLow: 5 })
  for (const more of ['\n', '=', 'A', ' ', handle]) expect(decodeReceiptHandle(handle + more)).toBeNull()
})

test('a malformed handle is quoted in the error', () => {
  expect(() => parseReceiptHandle('abc')).toThrow(
    'The input receipt handle "abc" is not a valid receipt handle.',
  )
  expect(() => parseReceiptHandle('')).toThrow('The request must contain the parameter ReceiptHandle.')
})

test('what the cell says of a receipt names the handle as the client wrote it', () => {
  const invalid = refusedReceipt({ error: ReceiptHandleIsInvalid, message: 'forged' }, 'h1')
  expect(invalid.message).toBe('The input receipt handle "h1" is not a valid receipt handle.')
  const other = refusedReceipt({ error: MessageNotInflight, message: 'Value {ReceiptHandle} is off.' }, '$&')
  expect(other.message).toBe('Value $& is off.')
  expect(other.shape).toBe(MessageNotInflight)
})

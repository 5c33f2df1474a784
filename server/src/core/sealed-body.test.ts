import { Buffer } from 'node:buffer'
import { expect, test } from 'vitest'
import { clearPartOf, isSealed, placeOfSeal, readSealedBody, sealHeader } from './sealed-body.ts'

const KEY = Uint8Array.of(1, 2, 3)
const REST = new Uint8Array(3 + 12 + 4 + 16).map((_, i) => i)

const bodyOf = (header: Uint8Array, rest: Uint8Array = REST) => new Uint8Array(Buffer.concat([header, rest]))

test('the header is the data key and the context, whose pairs are sorted', () => {
  const header = sealHeader(KEY, { b: '2', a: '1' }, 0)
  expect(Buffer.from(header).toString('latin1')).toBe(
    '\u0003\u0000\u0003\u0000\u0015\u0000\u0001\u0002\u0003[["a","1"],["b","2"]]',
  )
})

test('a sealed body is read as it was put together', () => {
  const context = { 'aws:sqs:arn': 'arn:aws:sqs:eu-west-1:000000000000:orders' }
  const header = sealHeader(KEY, context, 3)
  const parts = readSealedBody(bodyOf(header))!
  expect(parts.context).toEqual(context)
  expect([...parts.header]).toEqual([...header])
  expect([...parts.encryptedKey]).toEqual([1, 2, 3])
  expect([...parts.clear]).toEqual([0, 1, 2])
  expect([...parts.nonce]).toEqual([...REST.subarray(3, 15)])
  expect([...parts.text]).toEqual([15, 16, 17, 18])
  expect([...parts.tag]).toEqual([...REST.subarray(19)])
})

test('the clear part shares the memory of the body, and is all of a body that is not sealed', () => {
  const sealed = bodyOf(sealHeader(KEY, { a: '1' }, 3))
  clearPartOf(sealed).fill(9)
  expect([...readSealedBody(sealed)!.clear]).toEqual([9, 9, 9])
  const plain = Uint8Array.of(2, 7)
  expect(clearPartOf(plain)).toBe(plain)
})

test('an empty body has no text', () => {
  expect(readSealedBody(bodyOf(sealHeader(KEY, {}, 0), new Uint8Array(28)))!.text).toHaveLength(0)
})

test('what is cut, has another form or no context is no sealed body', () => {
  const whole = bodyOf(sealHeader(KEY, { a: '1' }, 0), new Uint8Array(28))
  expect(readSealedBody(whole)).not.toBe(null)
  for (let length = 0; length < whole.length; length++)
    expect(readSealedBody(whole.subarray(0, length))).toBe(null)
  const other = whole.slice()
  other[0] = 1
  expect(isSealed(whole)).toBe(true)
  expect(isSealed(other)).toBe(false)
  expect(readSealedBody(other)).toBe(null)
  for (const context of ['', '{}', '[["a"]]', '[["a",1]]', '[["a","b","c"]]', 'null', '[']) {
    const header = Buffer.concat([Uint8Array.of(3, 0, 0, 0, context.length, 0), Buffer.from(context)])
    expect(readSealedBody(bodyOf(header))).toBe(null)
  }
})

test('what stands inside of a larger buffer is read where it stands', () => {
  const body = bodyOf(sealHeader(KEY, { a: '1' }, 0))
  const around = Buffer.concat([Buffer.from('before'), body, Buffer.from('after')])
  const parts = readSealedBody(new Uint8Array(around.buffer, around.byteOffset + 6, body.length))!
  expect(parts.context).toEqual({ a: '1' })
  expect([...parts.tag]).toEqual([...REST.subarray(19)])
})

test('where a body was sealed for is in its context', () => {
  const placeIn = (context: Record<string, string>) => placeOfSeal(bodyOf(sealHeader(KEY, context, 0)))
  expect(placeIn({ 'aws:sqs:arn': 'arn:aws:sqs:eu-west-1:000000000000:orders' })).toEqual({
    ...{ accountId: '000000000000', region: 'eu-west-1' },
  })
  expect(placeIn({ 'aws:sqs:arn': 'orders', other: 'arn:aws:sns' })).toBe(null)
  expect(placeOfSeal(Uint8Array.of(1))).toBe(null)
})

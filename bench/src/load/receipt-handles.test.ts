import { expect, test } from 'vitest'
import { readReceiptHandles } from './receipt-handles.ts'

test('the handles of all messages are read, in order', () => {
  const messages = ['AQEB+/first==', 'second', 'third'].map((ReceiptHandle, i) => ({
    MessageId: `${i}`,
    ReceiptHandle,
  }))
  const answer = Buffer.from(JSON.stringify({ Messages: messages }))
  expect(readReceiptHandles(answer)).toEqual(['AQEB+/first==', 'second', 'third'])
})

test('an answer without messages has no handles', () => {
  expect(readReceiptHandles(Buffer.from('{}'))).toEqual([])
})

test('a body that looks like a handle is not taken for one', () => {
  const messages = [{ Body: '"ReceiptHandle":"false"', ReceiptHandle: 'true' }]
  expect(readReceiptHandles(Buffer.from(JSON.stringify({ Messages: messages })))).toEqual(['true'])
})

test('an answer that ends inside a handle is refused', () => {
  expect(() => readReceiptHandles(Buffer.from('{"Messages":[{"ReceiptHandle":"AQ'))).toThrow('ends inside')
})

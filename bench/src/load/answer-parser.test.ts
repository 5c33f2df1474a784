import { expect, test } from 'vitest'
import { AnswerParser } from './answer-parser.ts'

const answer = (
  body: string,
  head = `HTTP/1.1 200 OK\r\nX-Id: 7\r\nContent-Length: ${Buffer.byteLength(body)}`,
) => Buffer.from(`${head}\r\n\r\n${body}`)

test('an answer that comes in one piece is complete at once', () => {
  const parsed = new AnswerParser().push(answer('{"MessageId":"1"}'))
  expect(parsed?.status).toBe(200)
  expect(parsed?.body.toString()).toBe('{"MessageId":"1"}')
})

test('an answer is the same wherever the network cuts it', () => {
  const bytes = answer('{"Text":"grüße\r\n\r\n"}')
  for (let cut = 1; cut < bytes.length; cut++) {
    const parser = new AnswerParser()
    expect(parser.push(bytes.subarray(0, cut))).toBeUndefined()
    expect(parser.push(bytes.subarray(cut))?.body.toString()).toBe('{"Text":"grüße\r\n\r\n"}')
  }
})

test('answers follow one another on the same connection', () => {
  const parser = new AnswerParser()
  expect(parser.push(answer('first'))?.body.toString()).toBe('first')
  expect(parser.push(answer('second'))?.body.toString()).toBe('second')
})

test('an empty body is a body', () => {
  const parsed = new AnswerParser().push(answer('', 'HTTP/1.1 404 Not Found\r\ncontent-length:0'))
  expect(parsed?.status).toBe(404)
  expect(parsed?.body.length).toBe(0)
})

test('the length is found however the header is spelt, and not inside another', () => {
  const head = 'HTTP/1.1 200 OK\r\nX-Content-Length: 900\r\ncOnTeNt-LeNgTh:   2'
  expect(new AnswerParser().push(answer('ok', head))?.body.toString()).toBe('ok')
})

test('an answer without a length is refused', () => {
  const chunked = Buffer.from('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n')
  expect(() => new AnswerParser().push(chunked)).toThrow('Content-Length')
})

test('bytes after the answer to the only request are refused', () => {
  expect(() => new AnswerParser().push(Buffer.concat([answer('ok'), answer('ok')]))).toThrow(
    'follow the answer',
  )
})

test('a head without an end is refused before it fills the memory', () => {
  const parser = new AnswerParser()
  expect(parser.push(Buffer.alloc(16_000, 'a'))).toBeUndefined()
  expect(() => parser.push(Buffer.alloc(1000, 'a'))).toThrow('does not end')
})

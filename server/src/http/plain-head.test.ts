import { createServer, type IncomingMessage } from 'node:http'
import { duplexPair } from 'node:stream'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { PlainHeads, PlainShapes } from './plain-head.ts'

const readOn = (connection: PlainHeads, head: string) =>
  connection.read(head, Buffer.from(`${head}\r\n\r\n`, 'latin1'))
const read = (head: string) => readOn(new PlainHeads(new PlainShapes()), head)
const AWS = [
  'POST /000000000000/q?a=b HTTP/1.1',
  'Host: localhost:4566',
  'content-type: application/x-amz-json-1.0',
  'X-Amz-Target:AmazonSQS.SendMessage',
  'Content-Length:  12 ',
].join('\r\n')

test('the head of an AWS request is plain, its names in lower case and its values without the spaces around', () => {
  const head = read(AWS)
  expect(head).toMatchObject({ method: 'POST', target: '/000000000000/q?a=b', bodyBytes: 12 })
  expect(head?.headers.names).toEqual(['host', 'content-type', 'x-amz-target', 'content-length'])
  expect(head?.headers.values).toEqual([
    'localhost:4566',
    'application/x-amz-json-1.0',
    'AmazonSQS.SendMessage',
    '12',
  ])
})

test('a head without a length has no body', () => {
  expect(read('GET / HTTP/1.1\r\nHost: a')?.bodyBytes).toBe(0)
})

test.each([
  ['another method', 'PUT / HTTP/1.1\r\nHost: a'],
  ['an absolute target', 'GET http://a/ HTTP/1.1\r\nHost: a'],
  ['HTTP/1.0', 'GET / HTTP/1.0\r\nHost: a'],
  ['no host', 'GET / HTTP/1.1\r\nX: a'],
  ['no field at all', 'GET / HTTP/1.1'],
  ['two hosts', 'GET / HTTP/1.1\r\nHost: a\r\nhost: b'],
  ['any field twice', 'GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\nx: 2'],
  ['a transfer encoding', 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked'],
  ['a wait for leave', 'POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1'],
  ['an upgrade', 'GET / HTTP/1.1\r\nHost: a\r\nUpgrade: h2c'],
  ['a connection to be closed', 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close'],
  ['a length that is none', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +1'],
  ['a length in hexadecimal', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x1'],
  ['two lengths in one', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 1'],
  ['an empty length', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length:'],
  ['a space before the colon', 'GET / HTTP/1.1\r\nHost: a\r\nX : 1'],
  ['a folded line', 'GET / HTTP/1.1\r\nHost: a\r\n X: 1'],
  ['a bare line feed', 'GET / HTTP/1.1\r\nHost: a\nX: 1'],
  ['a bare carriage return', 'GET / HTTP/1.1\r\nHost: a\rX: 1'],
  ['a tab', 'GET / HTTP/1.1\r\nHost: a\r\nX: 1\t2'],
  ['a byte that is no ASCII', 'GET / HTTP/1.1\r\nHost: a\r\nX: \xe9'],
  ['a zero byte', 'GET / HTTP/1.1\r\nHost: a\r\nX: \0'],
  ['an empty name', 'GET / HTTP/1.1\r\nHost: a\r\n: 1'],
  ['a space in the target', 'GET /a b HTTP/1.1\r\nHost: a'],
])('%s is not plain', (_what, head) => {
  expect(read(head)).toBeNull()
})

test('a connection that keeps to its names reads every head as if it were the first', () => {
  const name = fc.constantFrom('Host', 'X-A', 'x-a', 'X-AB', 'Content-Length', 'Connection', 'TE')
  const value = fc.constantFrom('', '0', '5', 'a', 'a:b', 'Host: a', 'keep-alive', ' x ')
  const head = fc
    .array(fc.tuple(name, value), { minLength: 1, maxLength: 4 })
    .map((fields) => ['GET / HTTP/1.1', ...fields.map(([n, v]) => `${n}: ${v}`)].join('\r\n'))
  fc.assert(
    fc.property(fc.array(head, { minLength: 2, maxLength: 5 }), (heads) => {
      const connection = new PlainHeads(new PlainShapes())
      for (const each of heads) expect(readOn(connection, each)).toEqual(read(each))
    }),
    { numRuns: 2_000 },
  )
})

/** As an SDK sends it again and again. */
const headOf = (fields: Readonly<Record<string, string>>, line = 'POST / HTTP/1.1') =>
  [line, ...Object.entries(fields).map(([name, value]) => `${name}: ${value}`)].join('\r\n')

test('heads that differ in some values are read as if each were the first, however they differ and whatever is wrong with one', () => {
  const line = fc.constantFrom(
    'POST / HTTP/1.1',
    'POST / HTTP/1.1',
    'POST /a HTTP/1.1',
    'GET / HTTP/1.1',
    'PUT / HTTP/1.1',
  )
  const text = fc.array(
    fc.constantFrom('a', 'b', '1', ' ', ':', '\r', '\n', '\r\nX: y', '\0', '\x7f', '\xe9', '~', '\t'),
    {
      maxLength: 5,
    },
  )
  const good = fc.stringMatching(/^20[0-9]{0,4}(?: [a-c]{1,3}){0,2}$/)
  const value = fc.oneof(
    { weight: 8, arbitrary: good },
    text.map((pieces) => pieces.join('')),
  )
  const fields = fc.record({
    Host: fc.constantFrom('a', 'a', 'ab', 'b'),
    Date: value,
    'Content-Length': fc.constantFrom('1', '12', '13', '200', '', 'x'),
    Authorization: value.map((end) => `AWS4 Credential=a/b, Signature=${end}`),
    Agent: fc.constantFrom('sdk 1', 'sdk 1', 'sdk 2'),
  })
  const gap = fc.constantFrom(': ', ': ', ': ', ':', ':  ')
  const head = fc
    .tuple(fields, line, gap)
    .map(([each, first, between]) => headOf(each, first).replaceAll(': ', between))
  let plain = 0
  fc.assert(
    fc.property(fc.array(head, { minLength: 2, maxLength: 12 }), (heads) => {
      const connection = new PlainHeads(new PlainShapes())
      for (const each of heads) {
        const expected = read(each)
        if (expected !== null) plain++
        expect(readOn(connection, each)).toEqual(expected)
      }
    }),
    { numRuns: 3_000 },
  )
  expect(plain).toBeGreaterThan(1_000)
})

test('a head cut off or drawn out anywhere is no longer taken for one like those before', () => {
  const connection = new PlainHeads(new PlainShapes())
  const like = (i: number) =>
    headOf({ Host: 'a', Date: `2026112${i}`, Length: 'x', Authorization: `Signature=${i}f${i}` })
  for (let i = 0; i < 10; i++) readOn(connection, like(i))
  const head = like(3)
  const bytes = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte))
  for (let at = 0; at <= head.length; at++) {
    expect(readOn(connection, head.slice(0, at))).toEqual(read(head.slice(0, at)))
    for (const more of [...bytes, '\r\n', '\r\nHost: b']) {
      const drawnOut = head.slice(0, at) + more + head.slice(at)
      expect(readOn(connection, drawnOut)).toEqual(read(drawnOut))
    }
    readOn(connection, like(at % 10))
  }
})

test('a head as long as the last one is found without looking for its end, and no other one in its place', () => {
  const connection = new PlainHeads(new PlainShapes())
  const like = (i: number) =>
    headOf({ Host: 'a', Date: `2026112${i}`, Length: 'x', Authorization: `Signature=${i}f${i}` })
  for (let i = 0; i < 10; i++) readOn(connection, like(i))
  const bytes = Buffer.from(`${like(3)}\r\n\r\nGET / HTTP/1.1\r\n\r\n`, 'latin1')
  expect(connection.readAlike(bytes)).toEqual(read(like(3)))
  expect(connection.readAlike(bytes.subarray(0, -20))).toBeNull()
  let alike = 0
  for (let at = 0; at < bytes.length; at++) {
    for (const [byte, length] of Array.from({ length: 256 }, (_, i) => [i, 1 + (i % 4)] as const)) {
      const other = Buffer.from(bytes).fill(byte, at, Math.min(at + length, bytes.length))
      if (byte === 13) other.write('\r\n\r\n', at, 'latin1')
      const found = connection.readAlike(other)
      if (found === null) continue
      alike++
      expect(found).toEqual(read(other.toString('latin1', 0, other.indexOf('\r\n\r\n'))))
    }
  }
  expect(alike).toBeGreaterThan(1_000)
})

test('values are those of each head, whichever changed', () => {
  const connection = new PlainHeads(new PlainShapes())
  for (const each of ['1', '22', '31']) {
    const head = readOn(
      connection,
      headOf({ Host: 'a', 'Content-Length': each, Target: 'AmazonSQS.SendMessage' }),
    )
    expect(head).toMatchObject({
      bodyBytes: Number(each),
      headers: { values: ['a', each, 'AmazonSQS.SendMessage'] },
    })
  }
})

/** What `node:http` makes of a head, or null if it refuses it. */
function nodeReads(head: string): Promise<Pick<IncomingMessage, 'method' | 'url' | 'rawHeaders'> | null> {
  const [client, served] = duplexPair()
  const server = createServer()
  return new Promise((resolve) => {
    server.on('request', ({ method, url, rawHeaders }) => resolve({ method, url, rawHeaders }))
    server.on('clientError', () => resolve(null))
    server.emit('connection', served)
    client.write(`${head}\r\n\r\n`, 'latin1')
  })
}

test('what is plain means to node:http just what it means here', async () => {
  const piece = fc.constantFrom(
    ...[
      'GET ',
      'POST ',
      '/',
      'a',
      '%',
      ' HTTP/1.1',
      '\r\n',
      'Host: a',
      'X-Y: 1',
      ': ',
      ' ',
      'Content-Length: 3',
    ],
    ...['\n', '\r', '\t', '\0', '\xff', 'Connection: keep-alive', '"', 'Content-Length', '_', '?b=c'],
  )
  const scattered = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''))
  const nearly = fc.tuple(scattered, fc.nat(), fc.nat(3)).map(([text, at, removed]) => {
    const cut = at % AWS.length
    return `${AWS.slice(0, cut)}${text.slice(0, 8)}${AWS.slice(cut + removed)}`
  })
  let plain = 0
  await fc.assert(
    fc.asyncProperty(fc.oneof({ weight: 4, arbitrary: nearly }, scattered), async (text) => {
      const head = read(text)
      if (head === null) return
      plain++
      const seen = await nodeReads(text)
      expect(seen).toMatchObject({ method: head.method, url: head.target })
      const fields = head.headers.names.flatMap((name, i) => [name, head.headers.values[i]])
      expect(seen?.rawHeaders.map((field, i) => (i % 2 === 0 ? field.toLowerCase() : field))).toEqual(fields)
    }),
    { numRuns: 3_000 },
  )
  expect(plain).toBeGreaterThan(100)
})

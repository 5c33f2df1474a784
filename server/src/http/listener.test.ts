import { constants } from 'node:http2'
import { expect, test } from 'vitest'
import {
  openHttp2,
  requestId,
  start,
  statusesOf,
  tick,
  UNUSUAL,
  Wire,
} from '../../test/http/test-listener.ts'
import { SeededRandom } from '../base/random.ts'

test('a request is answered with its id, its length and the connection kept', async () => {
  const { address, log } = await start()
  const wire = new Wire(address).write(
    'POST /a/b?c=d HTTP/1.1\r\nHost: queue.test:1\r\nContent-Length: 3\r\n\r\nxyz',
  )

  const answer = await wire.until('xyz')

  expect(answer).toContain('HTTP/1.1 200 OK\r\n')
  expect(answer).toContain(`x-amzn-RequestId: ${requestId(0)}\r\n`)
  expect(answer).toContain('content-length: 17\r\n')
  expect(answer).toContain('\r\n\r\nPOST /a/b?c=d xyz')
  expect(log.lines).toMatchObject([
    { requestId: requestId(0), status: 200, requestBytes: 3, responseBytes: 17 },
  ])
  wire.write('GET /second HTTP/1.1\r\nHost: queue.test\r\n\r\n')
  expect(await wire.until('GET /second?')).toContain(requestId(1))
})

test.each(['plain', 'naïve', 'ünïcödé €uro 😀', `${'long '.repeat(4_000)}ends`, 'é'.repeat(9_000), ''])(
  'an answer is UTF-8, and as long as it says: %.20s',
  async (body) => {
    const { address } = await start()
    const bytes = Buffer.from(body)
    const wire = new Wire(address).write(
      `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${bytes.length}\r\n\r\n${bytes.toString('latin1')}` +
        'GET /next HTTP/1.1\r\nHost: a\r\n\r\n',
    )
    const received = await wire.until('GET /next? ')
    expect(received).toContain(`content-length: ${'POST /? '.length + bytes.length}\r\n`)
    expect(received).toContain(`\r\n\r\nPOST /? ${bytes.toString('latin1')}HTTP/1.1 200 OK`)
  },
)

test('the endpoint is the host as the client called it, whatever a proxy header claims', async () => {
  const { address, handler } = await start()
  const wire = new Wire(address).write(
    'GET / HTTP/1.1\r\nHost: sqs.local.test:4566\r\nX-Forwarded-Host: evil.test\r\nX-Forwarded-Proto: https\r\n\r\n',
  )
  await wire.until('GET /?')
  expect(handler.seen[0]?.endpoint).toBe('http://sqs.local.test:4566')
})

test('an HTTP/1.0 client without a host is given the address it reached', async () => {
  const { address, handler } = await start()
  await new Wire(address).write('GET / HTTP/1.0\r\n\r\n').until('GET /?')
  expect(handler.seen[0]?.endpoint).toBe(`http://127.0.0.1:${address.port}`)
})

test.each([
  ['a host that is none', 'GET / HTTP/1.1\r\nHost: a b\r\n\r\n'],
  ['a host with a path', 'GET / HTTP/1.1\r\nHost: a/b\r\n\r\n'],
  ['no host', 'GET / HTTP/1.1\r\n\r\n'],
  ['a target that is none', 'GET nowhere HTTP/1.1\r\nHost: a\r\n\r\n'],
  ['garbage', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n'],
  ['a bad header line', 'GET / HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n'],
  ['two lengths', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx'],
  ['a bad chunk', 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n'],
])('%s is answered 400 and closed', async (_what, text) => {
  const { address, handler } = await start()
  const received = await new Wire(address).write(text).end()
  expect(statusesOf(received)).toEqual(['400'])
  expect(received).toContain(`x-amzn-RequestId: ${requestId(0)}`)
  expect(handler.seen).toEqual([])
})

test('garbage behind a plain request that is not answered yet is answered after it', async () => {
  const { address, handler } = await start()
  const wire = new Wire(address).write('GET /wait HTTP/1.1\r\nHost: a\r\n\r\ngarbage\r\n\r\n')
  while (handler.waiting.length === 0) await tick()
  handler.waiting[0]?.()
  expect(statusesOf(await wire.end())).toEqual(['200', '400'])
})

test('garbage behind another request that is not answered yet closes without a word', async () => {
  const { address } = await start()
  const wire = new Wire(address).write(`GET /wait HTTP/1.1\r\nHost: a\r\n${UNUSUAL}\r\ngarbage\r\n\r\n`)
  expect(await wire.end()).toBe('')
})

test('headers over the limit are answered 431', async () => {
  const { address } = await start({ headerBytesMax: 1_024 })
  const wire = new Wire(address).write(`GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(2_000)}\r\n\r\n`)
  expect(statusesOf(await wire.end())).toEqual(['431'])
})

test.each([
  ['plain', ''],
  ['other', UNUSUAL],
])(
  'pipelined %s requests are answered in their order, also where the first takes longest',
  async (_kind, field) => {
    const { address, handler } = await start()
    const wire = new Wire(address).write(
      ['/wait?1', '/two', '/three']
        .map((target) => `GET ${target} HTTP/1.1\r\nHost: a\r\n${field}\r\n`)
        .join(''),
    )
    while (handler.waiting.length === 0) await tick()
    handler.waiting[0]?.()
    const received = await wire.until('GET /three')
    expect([...received.matchAll(/GET \/\w+/g)].map(String)).toEqual(['GET /wait', 'GET /two', 'GET /three'])
  },
)

test('a chunked body arrives whole, however it was cut', async () => {
  const { address } = await start()
  const wire = new Wire(address).write(
    'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n',
  )
  await tick()
  wire.write('4\r\ndefg\r\n')
  await tick()
  wire.write('0\r\n\r\n')
  await wire.until('POST /? abcdefg')
})

test('a plain request is taken however it was cut', async () => {
  const { address } = await start()
  const text = 'POST /cut HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody'
  for (let at = 1; at < text.length; at += 7) {
    const wire = new Wire(address).write(text.slice(0, at))
    await tick()
    wire.write(text.slice(at))
    await wire.until('POST /cut? body')
  }
})

test('a body of many pieces arrives whole, and what follows it too', async () => {
  const { address, handler } = await start()
  const body = 'x'.repeat(300_000)
  const wire = new Wire(address)
  wire.write(`POST /long HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n`)
  for (let at = 0; at < body.length; at += 70_000) {
    await tick()
    wire.write(body.slice(at, at + 70_000))
  }
  wire.write('GET /after HTTP/1.1\r\nHost: a\r\n\r\n')
  await wire.until('GET /after')
  expect(Buffer.from(handler.seen[0]!.body).toString()).toBe(body)
})

test('what connections bring is kept apart, however it is cut and whoever sends in between', async () => {
  const { address } = await start()
  const random = new SeededRandom(7)
  const below = (limit: number) => random.uint32() % limit
  const wires = Array.from({ length: 8 }, () => new Wire(address))
  const bodies = wires.map((_, at) => Array.from({ length: 30 }, () => `${at}`.repeat(1 + below(300))))
  const pieces = bodies.map((own, at) =>
    own.flatMap((body, round) => {
      const head = `POST /${at}-${round} HTTP/1.1\r\nHost: a\r\n${round === 28 ? UNUSUAL : ''}`
      const text = `${head}Content-Length: ${body.length}\r\n\r\n${body}`
      const cut = below(text.length)
      const next = cut + below(text.length - cut)
      return [text.slice(0, cut), text.slice(cut, next), text.slice(next)]
    }),
  )
  // Some reads begin with a request and some in its midst, some bring a part of one and some the rest of it and a part of the next.
  while (pieces.some((own) => own.length > 0)) {
    for (const [at, wire] of wires.entries()) wire.write(pieces[at]!.splice(0, 1 + below(3)).join(''))
    await tick()
  }
  for (const [at, wire] of wires.entries()) {
    const answers = bodies[at]!.map((body, round) => `POST /${at}-${round}? ${body}`)
    const received = await wire.until(answers.at(-1)!)
    expect([...received.matchAll(/POST \/\d-\d+\? \d+/g)].map(String)).toEqual(answers)
  }
})

test('a connection may change from plain requests to others', async () => {
  const { address } = await start()
  const wire = new Wire(address)
  wire.write('POST /one HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n1')
  wire.write('POST /two HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n2\r\n0\r\n\r\n')
  wire.write('POST /three HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n3')
  const received = await wire.until('POST /three? 3')
  expect([...received.matchAll(/POST \/\w+\? \d/g)].map(String)).toEqual([
    'POST /one? 1',
    'POST /two? 2',
    'POST /three? 3',
  ])
})

test('thousands of requests in one piece are all answered, in their order', async () => {
  const { address, handler } = await start()
  const targets = Array.from({ length: 5_000 }, (_, i) => `/${i}`)
  const wire = new Wire(address)
  wire.write(targets.map((target) => `GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`).join(''))
  await wire.until('GET /4999?')
  expect(handler.seen.map(({ path }) => path)).toEqual(targets)
})

test('a client that does not read its answers gets no more of them done', async () => {
  const { address, handler } = await start()
  const wire = new Wire(address)
  wire.socket.pause()
  const body = 'x'.repeat(100_000)
  const request = `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n${body}`
  for (let i = 0; i < 300; i++) wire.write(request)
  let seen = -1
  while (seen < handler.seen.length) {
    seen = handler.seen.length
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  expect(seen).toBeLessThan(300)
  wire.socket.resume()
  while (handler.seen.length < 300) await tick()
})

test('an idle connection is closed after its time', async () => {
  const { address } = await start({ keepAliveTimeoutMs: 50, timeoutCheckIntervalMs: 10 })
  const wire = new Wire(address).write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  expect(statusesOf(await wire.end())).toEqual(['200'])
})

test('an answer says how long the connection will be kept, and when it was given', async () => {
  const { address } = await start({ keepAliveTimeoutMs: 7_000 })
  const answer = await new Wire(address).write('GET / HTTP/1.1\r\nHost: a\r\n\r\n').until('GET /?')
  expect(answer).toContain('\r\nConnection: keep-alive\r\nKeep-Alive: timeout=7\r\n')
  const date = /\r\nDate: ([^\r]+)\r\n/.exec(answer)?.[1] ?? ''
  expect(Math.abs(Date.parse(date) - Date.now())).toBeLessThan(10_000)
})

test('a client that waits for leave gets it, then its answer', async () => {
  const { address } = await start()
  const wire = new Wire(address).write(
    'POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n',
  )
  expect(statusesOf(await wire.until('\r\n\r\n'))).toEqual(['100'])
  wire.write('hi')
  expect(statusesOf(await wire.until('POST /? hi'))).toEqual(['100', '200'])
})

test('a client that waits for leave to send too much is refused without it', async () => {
  const { address } = await start({ bodyBytesMax: 10 })
  const wire = new Wire(address).write(
    'POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 11\r\n\r\n',
  )
  expect(statusesOf(await wire.end())).toEqual(['413'])
})

test('a body over the limit is read to its end and refused, and the connection goes on', async () => {
  const { address, handler } = await start({ bodyBytesMax: 10, discardedBytesMax: 100 })
  const wire = new Wire(address)
  wire.write(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 50\r\n\r\n${'x'.repeat(50)}`)
  wire.write(
    `POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n${'x'.repeat(11)}\r\n0\r\n\r\n`,
  )
  wire.write('GET /after HTTP/1.1\r\nHost: a\r\n\r\n')
  expect(statusesOf(await wire.until('GET /after'))).toEqual(['413', '413', '200'])
  expect(handler.seen.length).toBe(1)
})

test('a body at the limit is taken', async () => {
  const { address } = await start({ bodyBytesMax: 10 })
  const wire = new Wire(address).write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n0123456789')
  expect(statusesOf(await wire.until('0123456789'))).toEqual(['200'])
})

test.each([
  ['declared', 'Content-Length: 1000\r\n\r\n'],
  ['chunked', `Transfer-Encoding: chunked\r\n\r\n65\r\n${'x'.repeat(0x65)}\r\n`],
])('a %s body far over the limit is refused unread', async (_kind, rest) => {
  const { address } = await start({ bodyBytesMax: 10, discardedBytesMax: 100 })
  const received = await new Wire(address).write(`POST / HTTP/1.1\r\nHost: a\r\n${rest}`).end()
  expect(statusesOf(received)).toEqual(['413'])
  expect(received).toContain('connection: close')
})

test('a client that sends nothing is cut off', async () => {
  const { address, log } = await start({ headersTimeoutMs: 30 })
  expect(await new Wire(address).end()).toBe('')
  expect(log.losses).toEqual(['sent nothing in time'])
})

test('a client that is slow with its headers is answered 408', async () => {
  const { address } = await start({
    headersTimeoutMs: 200,
    requestTimeoutMs: 400,
    timeoutCheckIntervalMs: 10,
  })
  const wire = new Wire(address).write('GET / HTTP/1.1\r\nHo')
  expect(statusesOf(await wire.end())).toEqual(['408'])
})

test('a client that is slow with its body is answered 408, and its request forgotten', async () => {
  const { address, listener } = await start({
    headersTimeoutMs: 200,
    requestTimeoutMs: 200,
    timeoutCheckIntervalMs: 10,
  })
  const wire = new Wire(address).write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab')
  expect(statusesOf(await wire.end())).toEqual(['408'])
  expect(listener.underWay).toBe(0)
})

test('a client that goes in the middle of its body is forgotten', async () => {
  const { address, listener, log } = await start()
  const wire = new Wire(address).write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab')
  while (listener.underWay === 0) await tick()
  wire.socket.resetAndDestroy()
  while (listener.underWay > 0) await tick()
  expect(log.lines).toEqual([])
})

test('an HTTP/2 client that is slow with its body is cut off', async () => {
  const { address, listener } = await start({ headersTimeoutMs: 100, requestTimeoutMs: 100 })
  const client = openHttp2(address)
  const stream = client.request({ ':path': '/', ':method': 'POST' })
  stream.on('error', () => {})
  stream.write('ab')
  while (!stream.closed) await tick()
  expect(listener.underWay).toBe(0)
})

test('an answer may take longer than a request may', async () => {
  const { address, handler } = await start({
    headersTimeoutMs: 100,
    requestTimeoutMs: 100,
    keepAliveTimeoutMs: 100,
    timeoutCheckIntervalMs: 10,
  })
  const wire = new Wire(address).write('GET /wait HTTP/1.1\r\nHost: a\r\n\r\n')
  while (handler.waiting.length === 0) await tick()
  setTimeout(() => handler.waiting[0]?.(), 300)
  expect(statusesOf(await wire.until('GET /wait?'))).toEqual(['200'])
})

test('a client that goes while its request waits is noticed, and the late answer dropped', async () => {
  const { address, handler, log, listener } = await start()
  const wire = new Wire(address).write('GET /wait?me HTTP/1.1\r\nHost: a\r\n\r\n')
  while (handler.waiting.length === 0) await tick()
  expect(handler.seen[0]?.connection.closed).toBe(false)
  wire.socket.resetAndDestroy()
  while (handler.gone.length === 0) await tick()
  expect(handler.gone).toEqual(['me'])
  expect(handler.seen[0]?.connection.closed).toBe(true)
  handler.waiting[0]?.()
  while (listener.underWay > 0) await tick()
  expect(log.lines).toEqual([])
  expect(log.losses).toContain('left before the answer')
})

test('a client that ends its sending side counts as gone for a wait, and still gets what is answered', async () => {
  const { address, handler } = await start()
  const wire = new Wire(address).write('GET /wait?me HTTP/1.1\r\nHost: a\r\n\r\n')
  while (handler.waiting.length === 0) await tick()
  wire.socket.end()
  while (handler.gone.length === 0) await tick()
  handler.waiting[0]?.()
  expect(statusesOf(await wire.end())).toEqual(['200'])
})

test('a listener for the end of the connection that was taken back is not called', async () => {
  const { address, handler } = await start()
  const wire = new Wire(address).write('GET /wait?me HTTP/1.1\r\nHost: a\r\n\r\n')
  while (handler.waiting.length === 0) await tick()
  const calls: string[] = []
  handler.seen[0]?.connection.onClose(() => calls.push('kept'))
  handler.seen[0]?.connection.onClose(() => calls.push('taken back'))()
  wire.socket.destroy()
  while (calls.length === 0) await tick()
  expect(calls).toEqual(['kept'])
})

test('a client that goes after its answer is not reported gone', async () => {
  const { address, handler } = await start()
  const wire = new Wire(address).write('GET /wait?answered HTTP/1.1\r\nHost: a\r\n\r\n')
  while (handler.waiting.length < 1) await tick()
  handler.waiting[0]?.()
  await wire.until('GET /wait?answered')
  wire.write('GET /wait?waiting HTTP/1.1\r\nHost: a\r\n\r\n')
  while (handler.waiting.length < 2) await tick()
  wire.socket.resetAndDestroy()
  while (handler.gone.length === 0) await tick()
  expect(handler.gone).toEqual(['waiting'])
})

test('more requests than may be under way are refused', async () => {
  const { address, handler } = await start({ requestsUnderWayMax: 1 })
  new Wire(address).write('GET /wait HTTP/1.1\r\nHost: a\r\n\r\n')
  while (handler.waiting.length === 0) await tick()
  const wire = new Wire(address).write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  expect(statusesOf(await wire.until('\r\n\r\n'))).toEqual(['503'])
})

test('an exception of the handler is reported, and tells the client nothing', async () => {
  const { address, log } = await start()
  const wire = new Wire(address).write('GET /throw HTTP/1.1\r\nHost: a\r\n\r\n')
  const received = await wire.until('Internal failure')
  expect(statusesOf(received)).toEqual(['500'])
  expect(received).not.toContain('defect')
  expect(log.failures).toEqual([new Error('a defect')])
})

test.each([
  ['OPTIONS / HTTP/1.1', '200'],
  ['OPTIONS * HTTP/1.1', '200'],
  ['PROPFIND / HTTP/1.1', '405'],
  ['HEAD / HTTP/1.1', '200'],
  ['GET http://other.test/path HTTP/1.1', '200'],
])('%s is answered %s', async (line, status) => {
  const { address } = await start()
  const wire = new Wire(address).write(`${line}\r\nHost: a\r\n\r\n`)
  expect(statusesOf(await wire.until('\r\n\r\n'))).toEqual([status])
})

test('health is answered as things stand', async () => {
  const { address, readiness, handler } = await start()
  const wire = new Wire(address).write('GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n')
  await wire.until('{"status":"live"}')
  wire.write('GET /health/ready HTTP/1.1\r\nHost: a\r\n\r\n')
  await wire.until('{"status":"ready"}')
  readiness.problem = 'recovering the journal'
  wire.write('GET /health/ready HTTP/1.1\r\nHost: a\r\n\r\n')
  const received = await wire.until('{"status":"not ready","reason":"recovering the journal"}')
  expect(statusesOf(received)).toEqual(['200', '200', '503'])
  expect(handler.seen).toEqual([])
})

test('HTTP/2 is served on the same port, by the same handler', async () => {
  const { address, handler } = await start({ bodyBytesMax: 10, discardedBytesMax: 100 })
  const client = openHttp2(address)
  const ask = (path: string, body: string) =>
    new Promise<{ status: number; id: string; text: string }>((resolve, reject) => {
      const stream = client.request({ ':path': path, ':method': 'POST' })
      let text = ''
      let status = 0
      let id = ''
      stream.on('response', (headers) => {
        status = headers[':status'] ?? 0
        id = String(headers['x-amzn-requestid'])
      })
      stream.on('data', (piece: Buffer) => {
        text += piece.toString()
      })
      stream.on('end', () => resolve({ status, id, text }))
      stream.on('error', reject)
      stream.end(body)
    })

  const answers = await Promise.all([ask('/a?b=c', 'first'), ask('/d', 'second'), ask('/e', 'far too long')])

  expect(answers).toEqual([
    { status: 200, id: requestId(0), text: 'POST /a?b=c first' },
    { status: 200, id: requestId(1), text: 'POST /d? second' },
    { status: 413, id: requestId(2), text: 'Request size exceeded 10 bytes' },
  ])
  expect(handler.seen[0]?.endpoint).toBe(`http://127.0.0.1:${address.port}`)
})

test('a preface that comes in pieces is an HTTP/2 preface all the same', async () => {
  const { address } = await start()
  const wire = new Wire(address)
  const preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'
  for (const piece of [
    preface.slice(0, 3),
    preface.slice(3, 20),
    `${preface.slice(20)}\0\0\0\x04\0\0\0\0\0`,
  ]) {
    wire.write(piece)
    await tick()
  }
  // The server's own settings frame: type 4 on stream 0.
  const received = await wire.until('\x04')
  expect(received).not.toContain('HTTP/1.1')
})

test('what begins like the preface but is not goes to HTTP/1.1', async () => {
  const { address } = await start()
  const wire = new Wire(address).write('P')
  await tick()
  wire.write('OST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nz')
  await wire.until('POST /? z')
})

test('an HTTP/2 client that resets its request is noticed', async () => {
  const { address, handler } = await start()
  const client = openHttp2(address)
  const stream = client.request({ ':path': '/wait?h2' })
  stream.on('error', () => {})
  while (handler.waiting.length === 0) await tick()
  stream.close(constants.NGHTTP2_CANCEL)
  while (handler.gone.length === 0) await tick()
  handler.waiting[0]?.()
  expect(handler.seen[0]?.connection.closed).toBe(true)
})

test('draining answers what is under way, closes what is idle and takes nothing new', async () => {
  const { address, handler, listener } = await start()
  const idle = new Wire(address).write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  await idle.until('GET /?')
  const silent = new Wire(address)
  const waiting = new Wire(address).write('GET /wait HTTP/1.1\r\nHost: a\r\n\r\n')
  while (handler.waiting.length === 0) await tick()

  const drained = listener.drain(5_000)
  await idle.end()
  await silent.end()
  const late = new Wire(address)
  await late.end()
  handler.waiting[0]?.()

  const received = await waiting.end()
  expect(statusesOf(received)).toEqual(['200'])
  expect(received).toContain('connection: close')
  await drained
  expect(listener.underWay).toBe(0)
})

test('draining cuts off what is not answered in time', async () => {
  const { address, handler, listener } = await start()
  const wire = new Wire(address).write('GET /wait HTTP/1.1\r\nHost: a\r\n\r\n')
  while (handler.waiting.length === 0) await tick()
  await listener.drain(20)
  expect(await wire.end()).toBe('')
})

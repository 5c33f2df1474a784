import { type ClientHttp2Stream, constants } from 'node:http2'
import { expect, test } from 'vitest'
import { TestAuthority } from '../../test/http/test-authority.ts'
import { openHttp2, startWith, statusesOf, tick, UNUSUAL, Wire } from '../../test/http/test-listener.ts'
import type { ResponseSink, WireResponse } from '../protocol/wire.ts'
import type { HttpLimits } from './limits.ts'
import { NodeExchange } from './node-exchange.ts'
import type { HttpRequest, RequestHandler } from './request-handler.ts'

/** Streams pieces to each client: as many as it takes, or as the test gives. */
class Streams implements RequestHandler {
  readonly started: Stream[] = []

  handle(request: HttpRequest, sink: ResponseSink): void {
    if (request.path === '/plain') {
      sink.take({ status: 200, headers: {}, body: 'plain' })
      return
    }
    const stream = new Stream(request)
    this.started.push(stream)
    sink.take({ status: 200, headers: { 'content-type': 'text/plain' }, body: stream })
  }

  refuse(_request: HttpRequest, error: Error): WireResponse {
    return { status: 503, headers: {}, body: error.message }
  }
}

const PIECE = Buffer.alloc(256 * 1024, 'x')

class Stream implements AsyncIterableIterator<Uint8Array> {
  readonly request: HttpRequest
  returned = 0
  given = 0
  isClientGone = false
  #isListening = false
  #ready: (Uint8Array | Error | null)[] = []
  #wake = () => {}

  constructor(request: HttpRequest) {
    this.request = request
  }

  [Symbol.asyncIterator]() {
    return this
  }

  async next(): Promise<IteratorResult<Uint8Array>> {
    // As late as an operation may ask for it: the answer has begun.
    if (!this.#isListening) {
      this.#isListening = true
      this.request.connection.onClose(() => {
        this.isClientGone = true
      })
    }
    if (this.request.path === '/endless') {
      this.given++
      return { done: false, value: PIECE }
    }
    while (this.#ready.length === 0) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    const next = this.#ready.shift()
    if (next instanceof Error) throw next
    return next ? { done: false, value: next } : { done: true, value: undefined }
  }

  async return(): Promise<IteratorResult<Uint8Array>> {
    this.returned++
    return { done: true, value: undefined }
  }

  /** A piece, the end (null), or a failure. */
  give(next: string | Error | null): void {
    this.#ready.push(typeof next === 'string' ? Buffer.from(next) : next)
    this.#wake()
  }
}

const start = (limits: Partial<HttpLimits> = {}) => startWith(new Streams(), limits)

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await tick()
}

/** Resolves when a number hasn't changed for a while. */
async function settled(number: () => number): Promise<number> {
  for (let before = -1; before !== number(); ) {
    before = number()
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  return number()
}

const POST = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n'

function collect(stream: ClientHttp2Stream): { text: string; error: Error | undefined } {
  const got: { text: string; error: Error | undefined } = { text: '', error: undefined }
  stream.on('data', (piece: Buffer) => {
    got.text += piece.toString()
  })
  stream.on('error', (error) => {
    got.error = error
  })
  return got
}

test.each([
  ['plain', ''],
  ['other', UNUSUAL],
])(
  'a stream on a %s connection goes out in chunks as it comes, and the connection on',
  async (_kind, field) => {
    const { address, handler, log, listener } = await start()
    const wire = new Wire(address).write(`${POST}${field}\r\n`)
    await until(() => handler.started.length === 1)
    handler.started[0]!.give('first')
    const head = await wire.until('5\r\nfirst\r\n')
    expect(head.toLowerCase()).toContain('\r\ntransfer-encoding: chunked\r\n')
    expect(head.toLowerCase()).not.toContain('content-length')
    expect(listener.underWay).toBe(1)
    expect(log.lines).toEqual([])
    handler.started[0]!.give('the second')
    await wire.until('a\r\nthe second\r\n')
    handler.started[0]!.give(null)
    await wire.until('0\r\n\r\n')
    expect(listener.underWay).toBe(0)
    expect(log.lines).toMatchObject([{ status: 200, responseBytes: 15, errorCode: undefined }])
    expect(handler.started[0]!.returned).toBe(0)

    wire.write(`GET /plain HTTP/1.1\r\nHost: a\r\n${field}\r\n`)
    expect(statusesOf(await wire.until('\r\n\r\nplain'))).toEqual(['200', '200'])
  },
)

test('streams leave nothing behind on their connection but what they asked for themselves', async () => {
  const { address, handler } = await start()
  const wire = new Wire(address)
  const counts: number[][] = []
  for (let i = 0; i < 3; i++) {
    wire.write(`${POST}${UNUSUAL}\r\n`)
    await until(() => handler.started.length === i + 1)
    const stream = handler.started[i]!
    stream.give(`stream ${i}`)
    stream.give(null)
    await wire.until(`stream ${i}\r\n0\r\n\r\n`)
    const exchange = stream.request
    if (!(exchange instanceof NodeExchange)) throw new Error('not one of node:http')
    counts.push(['close', 'end', 'drain'].map((event) => exchange.socket?.listenerCount(event) ?? 0))
  }
  const [, before, after] = counts
  expect(after!.map((count, i) => count - before![i]!)).toEqual([1, 1, 0])
})

test('a request behind a stream is answered after it', async () => {
  const { address, handler } = await start()
  const wire = new Wire(address).write(`${POST}\r\nGET /plain HTTP/1.1\r\nHost: a\r\n\r\n`)
  await until(() => handler.started.length === 1)
  handler.started[0]!.give('streamed')
  handler.started[0]!.give(null)
  const received = await wire.until('\r\n\r\nplain')
  expect(received.indexOf('streamed')).toBeLessThan(received.indexOf('\r\n\r\nplain'))
})

test('streams share an HTTP/2 connection, hundreds at once', async () => {
  const { address, handler, listener } = await start()
  const client = openHttp2(address)
  const streams = Array.from({ length: 600 }, () =>
    collect(client.request({ ':path': '/', ':method': 'GET' })),
  )
  await until(() => handler.started.length === 600)
  for (const [i, stream] of handler.started.entries()) stream.give(`events of ${i};`)
  await until(() => streams.every(({ text }) => text.endsWith(';')))
  expect(new Set(streams.map(({ text }) => text)).size).toBe(600)
  expect(listener.underWay).toBe(600)
  for (const stream of handler.started) stream.give(null)
  await until(() => listener.underWay === 0)
})

test.each([
  ['plain', ''],
  ['other', UNUSUAL],
])(
  'a client of a %s connection that leaves ends its stream at once, also while nothing comes',
  async (_kind, field) => {
    const { address, handler, log, listener } = await start()
    for (const leave of ['destroy', 'end', 'resetAndDestroy'] as const) {
      const wire = new Wire(address).write(`${POST}${field}\r\n`)
      await until(() => handler.started.length === 1)
      const [stream] = handler.started.splice(0)
      stream!.give('first')
      await wire.until('first')
      wire.socket[leave]()
      await until(() => stream!.returned === 1)
      expect(stream!.isClientGone).toBe(true)
      await until(() => listener.underWay === 0)
      await wire.end()
    }
    expect(log.lines.map(({ status, responseBytes }) => [status, responseBytes])).toEqual([
      [200, 5],
      [200, 5],
      [200, 5],
    ])
    expect(log.failures).toEqual([])
  },
)

test('over TLS a client that doesn’t read is given no more than fits its socket, and its leaving is noticed', async () => {
  const authority = await TestAuthority.create()
  const tls = { ...(await authority.issue({ dns: ['mill.test'] })), minVersion: 'TLSv1.2' as const }
  const trust = { ca: authority.certificate, servername: 'mill.test' }
  const { address, handler, listener } = await startWith(new Streams(), {}, { tls })
  const wire = new Wire(address, trust)
  wire.write(`POST /endless HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n`)
  await until(() => handler.started.length === 1)
  wire.socket.pause()
  const client = openHttp2(address, trust)
  collect(client.request({ ':path': '/' }))
  client
    .request({ ':path': '/endless' })
    .on('error', () => {})
    .pause()
  await until(() => handler.started.length === 3)
  const given = await settled(() => handler.started.reduce((sum, stream) => sum + stream.given, 0))
  expect(given * PIECE.length).toBeLessThan(48 * 1024 * 1024)
  wire.socket.destroy()
  client.destroy()
  await until(() => handler.started.every(({ returned }) => returned === 1))
  await until(() => listener.underWay === 0)
})

test('an HTTP/2 client that resets its stream, or goes, ends it at once', async () => {
  const { address, handler, listener } = await start()
  const client = openHttp2(address)
  const reset = client.request({ ':path': '/' })
  collect(reset)
  collect(client.request({ ':path': '/' }))
  await until(() => handler.started.length === 2)
  reset.close(constants.NGHTTP2_CANCEL)
  await until(() => handler.started[0]!.returned === 1)
  expect(handler.started[1]!.returned).toBe(0)
  client.destroy()
  await until(() => handler.started[1]!.returned === 1)
  await until(() => listener.underWay === 0)
})

test.each([
  ['plain', ''],
  ['other', UNUSUAL],
])(
  'a client of a %s connection that doesn’t read is given no more than fits its socket',
  async (_kind, field) => {
    const { address, handler, listener } = await start()
    const wire = new Wire(address)
    wire.socket.pause()
    wire.write(`POST /endless HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n${field}\r\n`)
    await until(() => handler.started.length === 1)
    const stream = handler.started[0]!
    const given = await settled(() => stream.given)
    // What the system's socket buffers take; without back-pressure it would never settle.
    expect(given * PIECE.length).toBeLessThan(32 * 1024 * 1024)
    wire.socket.resume()
    await until(() => stream.given > given + 10)
    wire.socket.destroy()
    await until(() => stream.returned === 1)
    await until(() => listener.underWay === 0)
  },
)

test('HTTP/2 clients that don’t read are given no more than a piece each', async () => {
  const { address, handler } = await start()
  const client = openHttp2(address)
  for (let i = 0; i < 300; i++)
    client
      .request({ ':path': '/endless' })
      .on('error', () => {})
      .pause()
  await until(() => handler.started.length === 300)
  const given = await settled(() => handler.started.reduce((sum, stream) => sum + stream.given, 0))
  expect(given).toBe(300)
  // A client that reads on the same connection is served all the same.
  const reading = collect(client.request({ ':path': '/' }))
  await until(() => handler.started.length === 301)
  handler.started[300]!.give('served')
  await until(() => reading.text === 'served')
})

test('a client that leaves its answer unread for too long is cut off', async () => {
  const { address, handler, log, listener } = await start({ unreadTimeoutMs: 50 })
  const wire = new Wire(address)
  wire.socket.pause()
  wire.write('POST /endless HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n')
  await until(() => handler.started[0]?.returned === 1)
  expect(log.losses).toEqual(['left its answer unread'])
  expect(listener.underWay).toBe(0)
})

test('a quiet stream outlasts every time limit for requests and unused connections', async () => {
  const limits = {
    headersTimeoutMs: 40,
    requestTimeoutMs: 40,
    keepAliveTimeoutMs: 40,
    timeoutCheckIntervalMs: 10,
  }
  const { address, handler } = await start(limits)
  const client = openHttp2(address)
  const h2 = collect(client.request({ ':path': '/' }))
  const plain = new Wire(address).write(`${POST}\r\n`)
  const other = new Wire(address).write(`${POST}${UNUSUAL}\r\n`)
  await until(() => handler.started.length === 3)
  await new Promise((resolve) => setTimeout(resolve, 300))
  for (const stream of handler.started) stream.give('still here')
  await Promise.all([plain.until('still here'), other.until('still here')])
  await until(() => h2.text === 'still here')
  // And the connection is as good as new.
  const second = collect(client.request({ ':path': '/plain' }))
  await until(() => second.text === 'plain')
})

test.each([
  ['plain', ''],
  ['other', UNUSUAL],
])('a stream that fails on a %s connection is cut off, and reported', async (_kind, field) => {
  const { address, handler, log } = await start()
  const wire = new Wire(address).write(`${POST}${field}\r\n`)
  await until(() => handler.started.length === 1)
  handler.started[0]!.give('first')
  await wire.until('first')
  handler.started[0]!.give(new Error('a defect'))
  expect(await wire.end()).not.toContain('0\r\n\r\n')
  expect(log.failures).toEqual([new Error('a defect')])
  expect(log.lines).toMatchObject([{ status: 200, errorCode: 'InternalFailure', responseBytes: 5 }])
})

test('a stream that fails over HTTP/2 is reset, and the connection goes on', async () => {
  const { address, handler, log } = await start()
  const client = openHttp2(address)
  const request = client.request({ ':path': '/' })
  const got = collect(request)
  await until(() => handler.started.length === 1)
  handler.started[0]!.give('first')
  await until(() => got.text === 'first')
  handler.started[0]!.give(new Error('a defect'))
  await until(() => request.closed)
  expect(request.rstCode).toBe(constants.NGHTTP2_INTERNAL_ERROR)
  expect(log.failures).toEqual([new Error('a defect')])
  const second = collect(client.request({ ':path': '/plain' }))
  await until(() => second.text === 'plain')
})

test('draining ends streams as if they were whole, and does not wait for them', async () => {
  const { address, handler, listener } = await start()
  const client = openHttp2(address)
  const request = client.request({ ':path': '/' })
  const h2 = collect(request)
  const plain = new Wire(address).write(`${POST}\r\n`)
  const other = new Wire(address).write(`${POST}${UNUSUAL}\r\n`)
  await until(() => handler.started.length === 3)
  for (const stream of handler.started) stream.give('event')
  await Promise.all([plain.until('event'), other.until('event')])
  await until(() => h2.text === 'event')

  const begun = performance.now()
  await listener.drain(60_000)
  expect(performance.now() - begun).toBeLessThan(30_000)
  expect(handler.started.map(({ returned }) => returned)).toEqual([1, 1, 1])
  expect(await plain.end()).toContain('0\r\n\r\n')
  expect(await other.end()).toContain('0\r\n\r\n')
  await until(() => request.closed)
  expect([request.rstCode, h2.error]).toEqual([constants.NGHTTP2_NO_ERROR, undefined])
})

/** Begins a stream when the test says so. */
class LateStreams extends Streams {
  readonly waiting: (() => void)[] = []

  override handle(request: HttpRequest, sink: ResponseSink): void {
    this.waiting.push(() => super.handle(request, sink))
  }
}

test.each([
  ['plain', ''],
  ['other', UNUSUAL],
])(
  'a stream that is being written on a %s connection ends after it, and the connection with it',
  async (_kind, field) => {
    const { address, handler, listener } = await start()
    const wire = new Wire(address)
    wire.socket.pause()
    wire.write(`${POST}${field}\r\n`)
    await until(() => handler.started.length === 1)
    const event = `${'x'.repeat(20 * 1024 * 1024)}end`
    handler.started[0]!.give(event)
    await tick()
    let isDrained = false
    const drained = listener.drain(60_000).then(() => {
      isDrained = true
    })
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect([isDrained, handler.started[0]!.returned]).toEqual([false, 1])
    wire.socket.resume()
    const received = await wire.end()
    expect(received.endsWith('end\r\n0\r\n\r\n')).toBe(true)
    const begun = performance.now()
    await drained
    expect(performance.now() - begun).toBeLessThan(30_000)
  },
)

test('a stream that would begin while the server stops is refused, and its body ended', async () => {
  const { address, listener, handler } = await startWith(new LateStreams())
  const wire = new Wire(address).write(`${POST}\r\n`)
  await until(() => handler.waiting.length === 1)
  const drained = listener.drain(60_000)
  handler.waiting[0]!()
  expect(statusesOf(await wire.end())).toEqual(['503'])
  expect(handler.started[0]!.returned).toBe(1)
  await drained
})

test('a stream whose client left before the answer is ended, unasked', async () => {
  const { address, listener, log, handler } = await startWith(new LateStreams())
  const wire = new Wire(address).write(`${POST}\r\n`)
  await until(() => handler.waiting.length === 1)
  wire.socket.resetAndDestroy()
  await tick()
  await tick()
  handler.waiting[0]!()
  await until(() => listener.underWay === 0)
  expect([handler.started[0]!.returned, handler.started[0]!.given]).toEqual([1, 0])
  expect(log.losses).toContain('left before the answer')
})

test('streams count among the requests under way', async () => {
  const { address, handler } = await start({ requestsUnderWayMax: 1 })
  new Wire(address).write(`${POST}\r\n`)
  await until(() => handler.started.length === 1)
  const wire = new Wire(address).write('GET /plain HTTP/1.1\r\nHost: a\r\n\r\n')
  expect(statusesOf(await wire.until('\r\n\r\n'))).toEqual(['503'])
})

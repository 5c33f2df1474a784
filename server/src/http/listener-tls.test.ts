import { EventEmitter, once } from 'node:events'
import { connect as connectHttp2 } from 'node:http2'
import { Agent, request } from 'node:https'
import { type AddressInfo, connect, createServer } from 'node:net'
import { networkInterfaces } from 'node:os'
import { type ConnectionOptions, connect as connectTls, Server, type TLSSocket } from 'node:tls'
import { beforeAll, expect, test, vi } from 'vitest'
import { TestAuthority, type TestCertificate } from '../../test/http/test-authority.ts'
import { closings, requestId, start, statusesOf, tick, UNUSUAL, Wire } from '../../test/http/test-listener.ts'
import { type HttpLimits, TLS_WARNING_INTERVAL_MS } from './limits.ts'
import type { ListenerOptions } from './listener.ts'

const NAMES = { dns: ['mill.test'], ip: ['127.0.0.1'] }
const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
/** As a client begins that says nothing after it. */
const HALF_A_HELLO = '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'

let authority: TestAuthority
let own: TestCertificate
let trust: ConnectionOptions
beforeAll(async () => {
  authority = await TestAuthority.create()
  own = await authority.issue(NAMES)
  trust = { ca: authority.certificate, servername: 'mill.test' }
})

const startTls = (
  limits: Partial<HttpLimits> = {},
  options: Partial<ListenerOptions> & { readonly host?: string } = {},
) => start(limits, { tls: { ...own, minVersion: 'TLSv1.2' }, ...options })

/** A TLS connection whose handshake is done. */
async function secure({ port }: AddressInfo, options: ConnectionOptions = {}): Promise<TLSSocket> {
  const socket = connectTls({ port, host: '127.0.0.1', ...trust, ...options })
  closings.push(async () => void socket.destroy())
  await once(socket, 'secureConnect')
  socket.on('error', () => {})
  return socket
}

/** How the server ends a connection attempt. */
const failure = (address: AddressInfo, options: ConnectionOptions = {}) =>
  secure(address, options).then(
    () => undefined,
    (error: Error) => error,
  )

test('HTTP/1.1 is served over TLS, and the connection kept, however requests are spelled', async () => {
  const { address, handler } = await startTls()
  const wire = new Wire(address, trust)
  wire.write('POST /one HTTP/1.1\r\nHost: mill.test:1\r\nContent-Length: 3\r\n\r\nabc')
  const answer = await wire.until('POST /one? abc')
  expect(answer).toContain(`x-amzn-RequestId: ${requestId(0)}\r\n`)
  expect(answer).toContain('Connection: keep-alive')
  wire.write(`GET /two HTTP/1.1\r\nHost: mill.test:1\r\n${UNUSUAL}\r\n`)
  await wire.until('GET /two?')
  wire.write('POST /three HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nde\r\n0\r\n\r\n')
  expect(statusesOf(await wire.until('POST /three? de'))).toEqual(['200', '200', '200'])
  expect(handler.seen.map(({ isSecure }) => isSecure)).toEqual([true, true, true])
  expect(handler.seen[0]?.endpoint).toBe('https://mill.test:1')
})

test('an agent of node:https uses one connection for request after request', async () => {
  const { address } = await startTls()
  const agent = new Agent({ ...trust, keepAlive: true, maxSockets: 1 })
  closings.push(async () => agent.destroy())
  const ports = new Set<number | undefined>()
  for (let i = 0; i < 20; i++) {
    const outgoing = request({ host: '127.0.0.1', port: address.port, path: `/${i}`, method: 'POST', agent })
    outgoing.end('x'.repeat(i * 10_000))
    const [incoming] = await once(outgoing, 'response')
    ports.add(incoming.socket.localPort)
    let text = ''
    for await (const piece of incoming) text += piece
    expect(text.length).toBe(`POST /${i}? `.length + i * 10_000)
  }
  expect(ports.size).toBe(1)
})

test('ALPN decides between HTTP/2 and HTTP/1.1, and who names no protocol speaks HTTP/1.1', async () => {
  const { address } = await startTls()
  const chosen = async (ALPNProtocols?: string[]) =>
    (await secure(address, ALPNProtocols === undefined ? {} : { ALPNProtocols })).alpnProtocol
  expect(await chosen(['http/1.1', 'h2'])).toBe('h2')
  expect(await chosen(['http/1.1'])).toBe('http/1.1')
  expect(await chosen()).toBe(false)
  expect(await failure(address, { ALPNProtocols: ['spdy/3'] })).toMatchObject({
    message: expect.stringContaining('no application protocol'),
  })
  await new Wire(address, { ...trust, ALPNProtocols: ['http/1.1'] }).write(GET).until('GET /?')
  await new Wire(address, trust).write(GET).until('GET /?')
})

test('HTTP/2 is served over TLS: many requests at once, bodies, and resets', async () => {
  const { address, handler } = await startTls()
  const client = connectHttp2(`https://mill.test:${address.port}`, {
    createConnection: () => connectTls({ port: address.port, ...trust, ALPNProtocols: ['h2'] }),
  })
  closings.push(async () => client.destroy())
  const ask = async (path: string, body: string) => {
    const stream = client.request({ ':path': path, ':method': 'POST' })
    stream.end(body)
    let text = ''
    for await (const piece of stream) text += piece
    return text
  }
  const paths = Array.from({ length: 50 }, (_, i) => `/${i}`)
  const answers = await Promise.all(paths.map((path) => ask(path, 'x'.repeat(50_000))))
  expect(answers).toEqual(paths.map((path) => `POST ${path}? ${'x'.repeat(50_000)}`))
  expect(handler.seen.every(({ isSecure }) => isSecure)).toBe(true)
  expect(handler.seen[0]?.endpoint).toBe(`https://mill.test:${address.port}`)

  const waiting = client.request({ ':path': '/wait?h2' })
  waiting.on('error', () => {})
  while (handler.waiting.length === 0) await tick()
  waiting.close(8)
  while (handler.gone.length === 0) await tick()
})

test('plain and TLS clients, of both versions of HTTP, are served side by side on one port', async () => {
  const { address, handler } = await startTls()
  const plain = new Wire(address)
  const secured = new Wire(address, trust)
  const http2 = connectHttp2(`http://127.0.0.1:${address.port}`)
  closings.push(async () => http2.destroy())
  for (const round of ['/1', '/2']) {
    plain.write(`GET ${round}plain HTTP/1.1\r\nHost: a\r\n\r\n`)
    secured.write(`GET ${round}secure HTTP/1.1\r\nHost: a\r\n\r\n`)
    const stream = http2.request({ ':path': `${round}http2`, ':authority': 'a' })
    stream.resume()
    await Promise.all([plain.until(`${round}plain`), secured.until(`${round}secure`), once(stream, 'end')])
  }
  for (const { path, isSecure, endpoint } of handler.seen) {
    expect(isSecure, path).toBe(path.endsWith('secure'))
    expect(endpoint, path).toBe(isSecure ? 'https://a' : 'http://a')
  }
  expect(handler.seen).toHaveLength(6)
})

test('a hello that comes in pieces is one all the same', async () => {
  const { address } = await startTls()
  const { port } = await behindSlowWire(address)
  await new Wire({ ...address, port }, trust).write(GET).until('GET /?')
})

/** A port that hands on, a few bytes at a time, what clients send. */
async function behindSlowWire(address: AddressInfo): Promise<AddressInfo> {
  const server = createServer((client) => {
    const onward = connect(address.port, address.address)
    for (const socket of [client, onward]) socket.on('error', () => {})
    onward.setNoDelay(true).pipe(client)
    void (async () => {
      for await (const chunk of client) {
        const step = Math.max(1, Math.ceil(chunk.length / 8))
        onward.write(chunk.subarray(0, 1))
        for (let at = 1; at < chunk.length; at += step) {
          await tick()
          onward.write(chunk.subarray(at, at + step))
        }
      }
      onward.end()
    })().catch(() => onward.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closings.unshift(async () => void server.close())
  return server.address() as AddressInfo
}

test('without a certificate a client that begins with TLS is closed, and the operator told how to mend it, not for each', async () => {
  let now = performance.now()
  vi.spyOn(performance, 'now').mockImplementation(() => now)
  closings.push(async () => void vi.restoreAllMocks())
  const { address, log, handler } = await start()
  for (let i = 0; i < 3; i++) {
    expect(await failure(address)).toMatchObject({ message: expect.stringContaining('wrong version number') })
  }
  expect(log.warnings).toHaveLength(1)
  expect(log.warnings[0]).toMatch(/TLS.*--tls-cert and --tls-key.*http:\/\//)
  now += TLS_WARNING_INTERVAL_MS + 1
  await failure(address)
  expect(log.warnings).toHaveLength(2)
  expect(handler.seen).toEqual([])
  await new Wire(address).write(GET).until('GET /?')
})

test.each(['TLSv1', 'TLSv1.1'] as const)('%s is refused', async (version) => {
  const { address } = await startTls()
  const old = { minVersion: version, maxVersion: version, ciphers: 'DEFAULT@SECLEVEL=0' } as const
  expect(await failure(address, old)).toBeInstanceOf(Error)
})

test('the least version of TLS can be 1.3', async () => {
  const { address, listener } = await startTls({}, { tls: { ...own, minVersion: 'TLSv1.3' } })
  expect(await failure(address, { maxVersion: 'TLSv1.2' })).toBeInstanceOf(Error)
  expect((await secure(address)).getProtocol()).toBe('TLSv1.3')
  const other = await startTls()
  listener.renewCertificate(own)
  expect(await failure(address, { maxVersion: 'TLSv1.2' })).toBeInstanceOf(Error)
  expect((await secure(other.address, { maxVersion: 'TLSv1.2' })).getProtocol()).toBe('TLSv1.2')
})

test('a client of TLS 1.2 can not have the server shake hands again', async () => {
  const { address } = await startTls()
  const socket = await secure(address, { maxVersion: 'TLSv1.2' })
  const failed = once(socket, 'error')
  socket.renegotiate({}, () => {})
  socket.write(GET)
  expect(await failed).toMatchObject([{ message: expect.stringContaining('no renegotiation') }])
})

test('a client that stops in its handshake is cut off, also one that goes on byte by byte', async () => {
  const { address, log } = await startTls({ handshakeTimeoutMs: 150 })
  const silent = new Wire(address).write(HALF_A_HELLO)
  const dripping = new Wire(address).write(HALF_A_HELLO)
  const drip = setInterval(() => dripping.write('\x00'), 20)
  closings.push(async () => clearInterval(drip))
  expect(await silent.end()).toBe('')
  expect(await dripping.end()).toBe('')
  expect(log.losses).toEqual(Array(2).fill('was too slow with its TLS handshake'))
})

test('a handshake that was in time is not cut off later', async () => {
  const { address, handler } = await startTls({ handshakeTimeoutMs: 60 })
  const wire = new Wire(address, trust).write('GET /wait HTTP/1.1\r\nHost: a\r\n\r\n')
  while (handler.waiting.length === 0) await tick()
  await new Promise((resolve) => setTimeout(resolve, 200))
  handler.waiting[0]?.()
  await wire.until('GET /wait')
})

test.each([
  ['garbage in place of a hello', '\x16\x03\x01\x00\x05nonsense and more of it'],
  ["a server's hello in place of a client's", '\x16\x03\x01\x00\x04\x02\x00\x00\x00'],
  ['a record that is too long', `\x16\x03\x01\xff\xff${'x'.repeat(70_000)}`],
])('%s closes that connection and no other', async (_what, bytes) => {
  const { address, log, handler } = await startTls()
  const wire = new Wire(address).write(bytes)
  expect(statusesOf(await wire.end())).toEqual([])
  while (log.losses.length === 0) await tick()
  expect(log.losses).toEqual([expect.stringMatching(/handshake/)])
  expect(handler.seen).toEqual([])
  await new Wire(address, trust).write(GET).until('GET /?')
})

test('garbage after the handshake closes that connection, and its request is forgotten', async () => {
  const { address, handler, log, listener } = await startTls()
  const raw = connect(address.port, '127.0.0.1')
  const socket = connectTls({ socket: raw, ...trust })
  socket.on('error', () => {})
  await once(socket, 'secureConnect')
  socket.write('GET /wait?me HTTP/1.1\r\nHost: a\r\n\r\n')
  while (handler.waiting.length === 0) await tick()
  raw.write('no TLS record at all')
  while (handler.gone.length === 0) await tick()
  expect(handler.gone).toEqual(['me'])
  handler.waiting[0]?.()
  while (listener.underWay > 0) await tick()
  expect(log.losses.length).toBeGreaterThan(0)
  await new Wire(address, trust).write(GET).until('GET /?')
})

test('what is no HTTP within TLS is answered 400 within TLS', async () => {
  const { address } = await startTls()
  expect(statusesOf(await new Wire(address, trust).write('garbage\r\n\r\n').end())).toEqual(['400'])
  const preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'
  expect(statusesOf(await new Wire(address, trust).write(preface).end())).toEqual(['400'])
})

test('a client that goes, or ends its side, while its request waits is noticed over TLS too', async () => {
  const { address, handler } = await startTls()
  const gone = await secure(address)
  gone.write('GET /wait?gone HTTP/1.1\r\nHost: a\r\n\r\n')
  while (handler.waiting.length < 1) await tick()
  gone.destroy()
  while (handler.gone.length < 1) await tick()
  const ending = new Wire(address, trust).write('GET /wait?ends HTTP/1.1\r\nHost: a\r\n\r\n')
  while (handler.waiting.length < 2) await tick()
  ending.socket.end()
  while (handler.gone.length < 2) await tick()
  expect(handler.gone).toEqual(['gone', 'ends'])
  handler.waiting[1]?.()
  expect(statusesOf(await ending.end())).toEqual(['200'])
})

test('idle connections are closed after their time, over TLS too', async () => {
  const { address } = await startTls({ keepAliveTimeoutMs: 50, timeoutCheckIntervalMs: 10 })
  const used = new Wire(address, trust).write(GET)
  expect(statusesOf(await used.end())).toEqual(['200'])
  expect(await new Wire(address, trust).end()).toBe('')
})

test('beyond the limit of handshakes under way the oldest gives way to the newest', async () => {
  const { address, log } = await startTls({ handshakesMax: 3 })
  const stalled = [0, 1, 2].map(() => new Wire(address).write(HALF_A_HELLO))
  await Promise.all(stalled.map(({ socket }) => once(socket, 'connect')))
  for (let i = 0; i < 2; i++) await new Wire(address, trust).write(GET).until('GET /?')
  await stalled[0]?.end()
  // The second client found a place that the first one had left.
  expect(log.losses).toEqual(['gave way to newer TLS handshakes'])
})

test('handshakes are begun a few in a turn of the event loop, all of them in the end', async () => {
  const { address } = await startTls({ handshakesInTurn: 1 })
  let turn = 0
  let isOver = false
  const count = () => {
    turn++
    if (!isOver) setImmediate(count)
  }
  count()
  const begun = new Map<number, number>()
  const emit = vi.spyOn(Server.prototype, 'emit').mockImplementation(function (this: Server, event, ...args) {
    if (String(event) === 'connection') begun.set(turn, (begun.get(turn) ?? 0) + 1)
    return EventEmitter.prototype.emit.call(this, event, ...args)
  })
  closings.push(async () => emit.mockRestore())
  const wires = Array.from({ length: 40 }, () => new Wire(address))
  await Promise.all(wires.map(({ socket }) => once(socket, 'connect')))
  const hello = await helloOf(trust)
  for (const wire of wires) wire.socket.write(hello)
  // The record of the server's hello.
  for (const wire of wires) await wire.until('\x16\x03\x03')
  isOver = true
  expect([...begun.values()].reduce((sum, each) => sum + each)).toBe(40)
  // One when hellos are read, and one that waited.
  expect(Math.max(...begun.values())).toBeLessThanOrEqual(2)
})

/** What a client begins with. */
async function helloOf(options: ConnectionOptions): Promise<Buffer> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const client = connectTls({ ...options, port: (server.address() as AddressInfo).port, host: '127.0.0.1' })
  client.on('error', () => {})
  const [socket] = await once(server, 'connection')
  const [hello] = await once(socket, 'data')
  socket.destroy()
  server.close()
  return hello
}

test('a renewed certificate is for new connections; those that there are go on', async () => {
  const { address, listener } = await startTls()
  const before = await secure(address)
  const old = new Wire(address, trust).write(GET)
  await old.until('GET /?')
  const http2 = connectHttp2(`https://mill.test:${address.port}`, {
    createConnection: () => connectTls({ port: address.port, ...trust, ALPNProtocols: ['h2'] }),
  })
  closings.push(async () => http2.destroy())
  const renewed = await authority.issue({ dns: ['mill.test'] })
  listener.renewCertificate(renewed)

  const after = await secure(address)
  const serialOf = (socket: TLSSocket) => socket.getPeerCertificate().serialNumber
  expect(serialOf(after)).not.toBe(serialOf(before))
  await old.write('GET /again HTTP/1.1\r\nHost: a\r\n\r\n').until('GET /again')
  const stream = http2.request({ ':path': '/h2' })
  stream.resume()
  await once(stream, 'end')
  expect((await secure(address, { ALPNProtocols: ['h2'] })).alpnProtocol).toBe('h2')
})

test('a certificate that does not fit its key is not taken, and the one before stays', async () => {
  const { address, listener } = await startTls()
  const { certificate } = await authority.issue(NAMES)
  expect(() => listener.renewCertificate({ certificate, privateKey: own.privateKey })).toThrow()
  expect(() => listener.renewCertificate({ ...own, certificate: 'none' })).toThrow()
  await new Wire(address, trust).write(GET).until('GET /?')
})

test('a session is resumed without another signature', async () => {
  const { address } = await startTls()
  const first = await secure(address)
  first.write(GET)
  const [session] = await once(first, 'session')
  const second = await secure(address, { session })
  expect(second.isSessionReused()).toBe(true)
  second.write(GET)
  await once(second, 'data')
})

test('a thousand connections over TLS are served at once', async () => {
  const { address, handler } = await startTls()
  const wires = Array.from({ length: 1_000 }, (_, i) =>
    new Wire(address, trust).write(`GET /wait?${i} HTTP/1.1\r\nHost: a\r\n\r\n`),
  )
  while (handler.waiting.length < wires.length) await tick()
  for (const answer of handler.waiting) answer()
  const answers = await Promise.all(wires.map((wire, i) => wire.until(`GET /wait?${i} `)))
  expect(answers.every((answer) => statusesOf(answer).join() === '200')).toBe(true)
})

test('draining answers what is under way over TLS, and cuts off handshakes', async () => {
  const { address, handler, listener } = await startTls()
  const idle = new Wire(address, trust).write(GET)
  await idle.until('GET /?')
  const stalled = new Wire(address).write(HALF_A_HELLO)
  const waiting = new Wire(address, trust).write('GET /wait HTTP/1.1\r\nHost: a\r\n\r\n')
  while (handler.waiting.length === 0) await tick()
  const drained = listener.drain(5_000)
  await idle.end()
  await stalled.end()
  handler.waiting[0]?.()
  const received = await waiting.end()
  expect(statusesOf(received)).toEqual(['200'])
  expect(received).toContain('connection: close')
  await drained
})

test('draining cuts off what is not answered in time over TLS', async () => {
  const { address, handler, listener } = await startTls()
  const wire = new Wire(address, trust).write('GET /wait HTTP/1.1\r\nHost: a\r\n\r\n')
  while (handler.waiting.length === 0) await tick()
  await listener.drain(20)
  expect(await wire.end()).toBe('')
})

/** An address of this machine that is no loopback address, if it has one. */
const outside = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .find(({ internal, family }) => !internal && family === 'IPv4')?.address

test.skipIf(outside === undefined)(
  'with a certificate plain requests from elsewhere are refused, but for health checks, and those over TLS served',
  async () => {
    const { address, handler } = await startTls({}, { host: '0.0.0.0' })
    const from = { ...address, address: outside ?? '' }
    const post = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n'
    for (const head of [`${post}\r\nx`, `${post}${UNUSUAL}\r\nx`]) {
      const received = await new Wire(from).write(head).end()
      expect(statusesOf(received)).toEqual(['400'])
      expect(received).toContain('connection: close')
      expect(received).toContain('The request was not made over HTTPS')
    }
    const http2 = connectHttp2(`http://${outside}:${address.port}`)
    closings.push(async () => http2.destroy())
    const [headers] = await once(http2.request({ ':path': '/' }), 'response')
    expect(headers[':status']).toBe(400)
    expect(handler.seen).toEqual([])
    const health = 'GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n'
    expect(statusesOf(await new Wire(from).write(health).until('live"}'))).toEqual(['200'])
    await new Wire(from, trust).write(GET).until('GET /?')
    await new Wire({ ...address, address: '127.0.0.1' }).write(GET).until('GET /?')
  },
)

test.skipIf(outside === undefined)(
  'plain requests from elsewhere are served when that is allowed',
  async () => {
    const { address } = await startTls({}, { host: '0.0.0.0', allowPlainHttp: true })
    await new Wire({ ...address, address: outside ?? '' }).write(GET).until('GET /?')
    const open = await start({}, { host: '0.0.0.0' })
    await new Wire({ ...open.address, address: outside ?? '' }).write(GET).until('GET /?')
  },
)

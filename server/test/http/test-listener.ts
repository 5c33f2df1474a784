import { type ClientHttp2Session, connect as connectHttp2 } from 'node:http2'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { type ConnectionOptions, connect as connectTls } from 'node:tls'
import { afterEach } from 'vitest'
import { ServiceError } from '../../src/api/service-error.ts'
import { healthRoutes } from '../../src/http/health.ts'
import type { HttpLimits } from '../../src/http/limits.ts'
import { Listener, type ListenerOptions } from '../../src/http/listener.ts'
import type { HttpRequest, RequestHandler } from '../../src/http/request-handler.ts'
import { RequestIds } from '../../src/http/request-ids.ts'
import type { RequestLine, RequestLog } from '../../src/http/request-log.ts'
import type { ResponseSink, WireResponse } from '../../src/protocol/wire.ts'

/** Answers each request with what it was; `/wait` when the test says so. */
export class Echo implements RequestHandler {
  readonly seen: HttpRequest[] = []
  readonly waiting: (() => void)[] = []
  readonly gone: string[] = []

  handle(request: HttpRequest, sink: ResponseSink): void {
    this.seen.push(request)
    if (request.path === '/throw') throw new Error('a defect')
    const response = {
      status: 200,
      headers: { 'content-type': 'text/plain' },
      body: `${request.method} ${request.path}?${request.query} ${Buffer.from(request.body).toString()}`,
    }
    if (request.path !== '/wait') {
      sink.take(response)
      return
    }
    request.connection.onClose(() => this.gone.push(request.query))
    this.waiting.push(() => sink.take(response))
  }

  refuse(_request: HttpRequest, error: Error): WireResponse {
    const status = error instanceof ServiceError ? error.shape.status : 503
    return { status, headers: {}, body: error.message }
  }
}

export class Lines implements RequestLog {
  readonly lines: RequestLine[] = []
  readonly losses: string[] = []
  readonly failures: unknown[] = []
  readonly warnings: string[] = []
  wants(): boolean {
    return true
  }
  answered(line: RequestLine): void {
    this.lines.push(line)
  }
  lost(reason: string): void {
    this.losses.push(reason)
  }
  misconfigured(what: string): void {
    this.warnings.push(what)
  }
  failed(error: unknown): void {
    this.failures.push(error)
  }
}

/** The ids that a listener without randomness gives, in order. */
export const requestId = (index: number) => `00000000-0000-4000-8000-00000000000${index}`

/** What is to be closed when the test ends. */
export const closings: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closings.splice(0)) await close()
})

type Options = Partial<Omit<ListenerOptions, 'handler'>> & { readonly host?: string }

/** A listener on a free port of `host`. */
export function start(limits: Partial<HttpLimits> = {}, options: Options = {}) {
  return startWith(new Echo(), limits, options)
}

export async function startWith<Handler extends RequestHandler>(
  handler: Handler,
  limits: Partial<HttpLimits> = {},
  { host = '127.0.0.1', ...options }: Options = {},
) {
  const log = new Lines()
  const readiness: { problem: string | undefined } = { problem: undefined }
  const requestIds = new RequestIds({ bytes: (length) => new Uint8Array(length) })
  const routes = healthRoutes(readiness)
  const listener = new Listener({ handler, routes, log, requestIds, limits, ...options })
  const address = await listener.listen({ host, port: 0 })
  closings.push(() => listener.drain(0))
  return { listener, handler, log, readiness, address }
}

/** A connection, over TLS or not, on which the test writes and reads bytes itself. */
export class Wire {
  readonly socket: Socket
  #received = ''
  #isEnded = false
  #changed = () => {}

  constructor(address: AddressInfo, tls: ConnectionOptions | null = null) {
    const to = { port: address.port, host: address.address, allowHalfOpen: true }
    this.socket = tls === null ? connect(to) : connectTls({ ...to, ...tls })
    this.socket.on('data', (piece: Buffer) => {
      this.#received += piece.toString('latin1')
      this.#changed()
    })
    this.socket.on('error', () => this.#changed())
    this.socket.on('end', () => {
      this.#isEnded = true
      this.#changed()
    })
    this.socket.on('close', () => {
      this.#isEnded = true
      this.#changed()
    })
    closings.push(async () => void this.socket.destroy())
  }

  write(text: string): this {
    this.socket.write(text, 'latin1')
    return this
  }

  /** Resolves with all that has come once `text` is in it. */
  async until(text: string): Promise<string> {
    while (!this.#received.includes(text)) {
      if (this.#isEnded) throw new Error(`the server ended after: ${this.#received}`)
      await this.#change()
    }
    return this.#received
  }

  /** Resolves with all that came when the server has ended the connection. */
  async end(): Promise<string> {
    while (!this.#isEnded) await this.#change()
    return this.#received
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#changed = resolve
    })
  }
}

/** An HTTP/2 connection, over TLS or with prior knowledge, as the SDKs make it on plain text. */
export function openHttp2({ port }: AddressInfo, tls: ConnectionOptions | null = null): ClientHttp2Session {
  const client =
    tls === null
      ? connectHttp2(`http://127.0.0.1:${port}`)
      : connectHttp2(`https://127.0.0.1:${port}`, { ...tls })
  // The listener is closed first, and what it cuts off is no failure of the test.
  client.on('error', () => {})
  closings.push(async () => client.destroy())
  return client
}

/** A field that makes a request one for `node:http`. */
export const UNUSUAL = 'TE: trailers\r\n'

export const statusesOf = (received: string) =>
  [...received.matchAll(/HTTP\/1\.1 (\d{3})/g)].map((match) => match[1])

export function tick(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 2))
}

import type { IncomingHttpHeaders, ServerResponse } from 'node:http'
import type { Http2ServerResponse } from 'node:http2'
import type { Duplex } from 'node:stream'
import type { ClientConnection } from '../api/operation.ts'
import type { WireResponse } from '../protocol/wire.ts'
import { type Incoming, readBody } from './body.ts'
import type { Endpoints } from './endpoint.ts'
import { requestEntityTooLarge, tooManyRequestsUnderWay } from './errors.ts'
import type { HttpLimits } from './limits.ts'
import type { HttpRequest, RequestHandler, RequestSubject } from './request-handler.ts'
import type { RequestLog } from './request-log.ts'
import type { RouteTable } from './route-table.ts'

export type Outgoing = ServerResponse | Http2ServerResponse

/** What all exchanges of a listener share. */
export interface ExchangeContext {
  readonly limits: HttpLimits
  readonly handler: RequestHandler
  readonly routes: RouteTable
  readonly endpoints: Endpoints
  readonly log: RequestLog
  /** The exchanges that were not answered yet. */
  readonly underWay: Set<Exchange>
  /** No connection is to be used again after its answer. */
  isDraining: boolean
}

const NO_BODY = new Uint8Array(0)
const METHODS = new Set(['GET', 'POST', 'HEAD', 'PUT', 'DELETE', 'PATCH'])
const ALLOW = { allow: [...METHODS, 'OPTIONS'].join(', ') }
const ABSOLUTE_TARGET = /^https?:\/\/[^/?#]*/i

/**
 * One request and its answer:
 *
 * ```
 *   headers ─▶ body read ─▶ route or handler ─▶ answer written
 *      │           └ client gone: dropped          ▲
 *      └ refused: bad host, too long, too many ────┘
 * ```
 *
 * It is request, subject and connection at once, since an object for each would be made for every request.
 */
export class Exchange implements HttpRequest, RequestSubject, ClientConnection {
  readonly requestId: string
  readonly method: string
  readonly headers: IncomingHttpHeaders
  readonly rawHeaders: readonly string[]
  path = ''
  query = ''
  endpoint = ''
  body: Uint8Array = NO_BODY
  operation: string | undefined
  accountId: string | undefined
  errorCode: string | undefined
  readonly #context: ExchangeContext
  readonly #incoming: Incoming
  readonly #outgoing: Outgoing
  readonly #startedAt = performance.now()
  #requestBytes = 0
  #isReading = false
  #isClosing = false
  #isOver = false

  constructor(context: ExchangeContext, incoming: Incoming, outgoing: Outgoing, requestId: string) {
    this.#context = context
    this.#incoming = incoming
    this.#outgoing = outgoing
    this.requestId = requestId
    this.method = incoming.method ?? ''
    this.headers = incoming.headers
    this.rawHeaders = incoming.rawHeaders
  }

  get subject(): RequestSubject {
    return this
  }

  get connection(): ClientConnection {
    return this
  }

  /** The HTTP/1.1 connection this came on: whoever ends its sending side has gone, since no HTTP client only half closes. */
  get socket(): Duplex | undefined {
    return 'stream' in this.#outgoing ? undefined : this.#incoming.socket
  }

  /** Whether nobody but the listener knows of the request yet. */
  get isReading(): boolean {
    return this.#isReading
  }

  get closed(): boolean {
    if ('stream' in this.#outgoing) return this.#outgoing.stream.closed || this.#outgoing.stream.destroyed
    return this.#incoming.socket.destroyed || this.#incoming.socket.readableEnded
  }

  onClose(listener: () => void): () => void {
    const carrier: Duplex = 'stream' in this.#outgoing ? this.#outgoing.stream : this.#incoming.socket
    const endsWithClient = !('stream' in this.#outgoing)
    const takeBack = () => {
      carrier.off('close', gone)
      if (endsWithClient) carrier.off('end', gone)
    }
    const gone = () => {
      takeBack()
      if (!this.#isOver) listener()
    }
    carrier.on('close', gone)
    if (endsWithClient) carrier.on('end', gone)
    return takeBack
  }

  /** Begins. `sendContinue` is given where the client waits for leave to send its body. */
  start(sendContinue?: () => void): void {
    const { underWay, limits } = this.#context
    underWay.add(this)
    if (!this.#readTarget()) this.#refuseForm('The request target is not valid.')
    else if (!this.#readHost()) this.#refuseForm('The Host header is not valid.')
    else if (underWay.size > limits.requestsUnderWayMax) this.#refuse(tooManyRequestsUnderWay())
    else if (!METHODS.has(this.method)) this.#answerMethod()
    else if (this.#hasBody()) this.#readBody(sendContinue)
    else this.#handle()
  }

  /** Forgets a request that is still being read and won't become whole. */
  abandon(): void {
    this.#end()
  }

  #readBody(sendContinue: (() => void) | undefined): void {
    const { limits } = this.#context
    const declaredBytes = Number(this.headers['content-length'] ?? 0)
    const isNeverSent = sendContinue !== undefined && declaredBytes > limits.bodyBytesMax
    if (isNeverSent || declaredBytes > limits.discardedBytesMax) {
      this.#refuseUnread()
      return
    }
    sendContinue?.()
    this.#isReading = true
    readBody(this.#incoming, limits, {
      whole: (body) => {
        this.#isReading = false
        this.body = body
        this.#requestBytes = body.byteLength
        this.#handle()
      },
      tooLong: () => this.#refuse(requestEntityTooLarge(limits.bodyBytesMax)),
      endless: () => this.#refuseUnread(),
      lost: (reason) => this.#drop(reason),
    })
  }

  #readTarget(): boolean {
    let target = this.#incoming.url ?? ''
    if (target.charCodeAt(0) !== 0x2f) {
      if (target === '*' && this.method === 'OPTIONS') return true
      const origin = ABSOLUTE_TARGET.exec(target)
      if (origin === null) return false
      target = target.slice(origin[0].length)
      if (!target.startsWith('/')) target = `/${target}`
    }
    const mark = target.indexOf('?')
    this.path = mark < 0 ? target : target.slice(0, mark)
    this.query = mark < 0 ? '' : target.slice(mark + 1)
    return true
  }

  #readHost(): boolean {
    const authority = this.headers[':authority']
    const host = this.headers.host ?? (typeof authority === 'string' ? authority : undefined)
    const isNeedless = this.#incoming.httpVersion === '1.0'
    const endpoint = this.#context.endpoints.of(host ?? (isNeedless ? this.#localAuthority() : ''))
    this.endpoint = endpoint ?? ''
    return endpoint !== undefined
  }

  #localAuthority(): string {
    const { localAddress, localPort } = this.#incoming.socket
    return `${localAddress?.includes(':') ? `[${localAddress}]` : localAddress}:${localPort}`
  }

  #hasBody(): boolean {
    if ('stream' in this.#outgoing) return !this.#outgoing.stream.endAfterHeaders
    const { 'content-length': length, 'transfer-encoding': encoding } = this.headers
    return (length !== undefined && length !== '0') || encoding !== undefined
  }

  #handle(): void {
    const { routes, handler } = this.#context
    try {
      const route = routes.find(this.path)
      const answer = route === undefined ? handler.handle(this) : route(this)
      if (answer instanceof Promise) {
        answer.then(
          (response) => this.#answer(response),
          (error: unknown) => this.#fail(error),
        )
      } else {
        this.#answer(answer)
      }
    } catch (error) {
      this.#fail(error)
    }
  }

  #refuseForm(reason: string): void {
    this.#isClosing = true
    this.#answer({ status: 400, headers: { 'content-type': 'text/plain' }, body: `${reason}\n` })
  }

  #refuse(error: Error): void {
    this.#answer(this.#context.handler.refuse(this, error))
  }

  #answerMethod(): void {
    this.#answer({ status: this.method === 'OPTIONS' ? 200 : 405, headers: ALLOW, body: '' })
  }

  /** The rest of the body is not waited for, so that nothing else can come on this connection. */
  #refuseUnread(): void {
    this.#isClosing = true
    this.#refuse(requestEntityTooLarge(this.#context.limits.bodyBytesMax))
  }

  #fail(error: unknown): void {
    this.#context.log.failed(error, this.requestId)
    this.errorCode = 'InternalFailure'
    this.#answer({ status: 500, headers: { 'content-type': 'text/plain' }, body: 'Internal failure\n' })
  }

  #drop(reason: string): void {
    if (this.#isOver) return
    this.#end()
    this.#context.log.lost(reason, this.requestId)
  }

  #answer(response: WireResponse): void {
    if (this.#isOver) return
    const outgoing = this.#outgoing
    if (outgoing.destroyed || this.#incoming.socket.destroyed) {
      this.#drop('left before the answer')
      return
    }
    this.#end()
    const { body } = response
    const bodyBytes = typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength
    const headers = this.#headersOf(response, bodyBytes)
    if ('stream' in outgoing) {
      outgoing.statusCode = response.status
      for (let i = 0; i < headers.length; i += 2) outgoing.setHeader(headers[i]!, headers[i + 1]!)
      if (this.method === 'HEAD' || bodyBytes === 0) outgoing.end()
      else outgoing.end(typeof body === 'string' ? Buffer.from(body) : body)
    } else {
      outgoing.writeHead(response.status, headers)
      outgoing.end(body)
    }
    if (this.#context.log.wants(response.status)) this.#writeLine(response.status, bodyBytes)
  }

  #headersOf(response: WireResponse, bodyBytes: number): string[] {
    const headers: string[] = []
    let hasRequestId = false
    for (const name in response.headers) {
      if (name.length === 16 && name.toLowerCase() === 'x-amzn-requestid') hasRequestId = true
      headers.push(name, response.headers[name]!)
    }
    if (!hasRequestId) headers.push('x-amzn-RequestId', this.requestId)
    headers.push('content-length', String(bodyBytes))
    const isLast = this.#isClosing || this.#context.isDraining
    if (isLast && !('stream' in this.#outgoing)) headers.push('connection', 'close')
    return headers
  }

  #end(): void {
    this.#isOver = true
    this.#context.underWay.delete(this)
  }

  #writeLine(status: number, responseBytes: number): void {
    this.#context.log.answered({
      requestId: this.requestId,
      method: this.method,
      path: this.path,
      operation: this.operation,
      accountId: this.accountId,
      status,
      errorCode: this.errorCode,
      durationMs: performance.now() - this.#startedAt,
      requestBytes: this.#requestBytes,
      responseBytes,
    })
  }
}

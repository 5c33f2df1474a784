import { performance } from 'node:perf_hooks'
import type { ClientConnection } from '../api/operation.ts'
import type { ServiceError } from '../api/service-error.ts'
import { isLoopbackAddress } from '../base/loopback.ts'
import { requestEntityTooLarge } from '../protocol/errors.ts'
import type { ResponseSink, StreamedBody, WireResponse } from '../protocol/wire.ts'
import type { Endpoints } from './endpoint.ts'
import { notOverHttps, serverIsStopping, tooManyRequestsUnderWay } from './errors.ts'
import type { HeaderFields } from './header-fields.ts'
import { HEALTH } from './health.ts'
import type { HttpLimits } from './limits.ts'
import type { HttpRequest, RequestHandler, RequestSubject } from './request-handler.ts'
import type { RequestLog } from './request-log.ts'
import type { RouteTable } from './route-table.ts'
import { type BodySink, endBody, StreamedAnswer } from './streamed-answer.ts'
import type { Placed, UnderWay } from './under-way.ts'
import type { WebPages } from './web-pages.ts'

/** What all exchanges of a listener share. */
export interface ExchangeContext {
  readonly limits: HttpLimits
  readonly handler: RequestHandler
  readonly routes: RouteTable
  readonly endpoints: Endpoints
  readonly webPages: WebPages
  readonly log: RequestLog
  /** Whether what comes from other machines must come over TLS. */
  readonly mustBeSecure: boolean
  /** The exchanges that were not answered yet. */
  readonly underWay: UnderWay<Exchange>
  /** No connection is to be used again after its answer. */
  isDraining: boolean
}

/** The head of a request, as the connection it came on understood it. */
export interface RequestHead {
  readonly method: string
  /** As it stands in the request line. */
  readonly target: string
  readonly headers: HeaderFields
}

const NO_BODY = new Uint8Array(0)
const METHODS = new Set(['GET', 'POST', 'HEAD', 'PUT', 'DELETE', 'PATCH'])
const ALLOW = { allow: [...METHODS, 'OPTIONS'].join(', ') }
const PLAIN_TEXT = { 'content-type': 'text/plain' }
const ABSOLUTE_TARGET = /^https?:\/\/[^/?#]*/i

/**
 * One request and its answer, whatever connection carries them:
 *
 * ```
 *   head ─▶ body read ─▶ route or handler ─┬▶ answer sent, whole
 *     │          └ client gone: dropped      │    ▲
 *     │                                      └────┼──▶ answer's head sent ─▶ streamed ─▶ its end
 *     └ refused: bad host, no TLS, strange page, too long, too many
 * ```
 *
 * It is request, subject and connection at once, since an object for each would be made for every request.
 */
export abstract class Exchange
  implements HttpRequest, RequestSubject, ClientConnection, ResponseSink, Placed
{
  readonly requestId: string
  readonly method: string
  readonly headers: HeaderFields
  path = ''
  query = ''
  endpoint = ''
  body: Uint8Array = NO_BODY
  operation: string | undefined
  accountId: string | undefined
  /** Of the monotonic clock, in milliseconds. */
  readonly startedAt = performance.now()
  place = -1
  protected readonly context: ExchangeContext
  readonly #target: string
  #isClosing = false
  #isOver = false
  #streamed: StreamedAnswer | null = null

  constructor(context: ExchangeContext, head: RequestHead, requestId: string) {
    this.context = context
    this.requestId = requestId
    this.method = head.method
    this.#target = head.target
    this.headers = head.headers
    context.underWay.add(this)
  }

  get subject(): RequestSubject {
    return this
  }

  get connection(): ClientConnection {
    return this
  }

  /** Answered, or given up: nothing will be sent any more. */
  get isOver(): boolean {
    return this.#isOver
  }

  abstract readonly isSecure: boolean
  abstract get closed(): boolean
  abstract onClose(listener: () => void): () => void

  /** True when nothing that is sent can reach the client. */
  protected abstract get isUnreachable(): boolean
  /**
   * Sends status, fields and body, which is so many bytes long. `isLast`: the connection is not to be used for another
   * request. `isLent`: the body's bytes are good until this returns.
   */
  protected abstract send(
    status: number,
    fields: string[],
    body: Uint8Array | string,
    bodyBytes: number,
    isLent: boolean,
    isLast: boolean,
  ): void
  /** Sends status and fields of an answer whose body follows piece by piece. */
  protected abstract sendHead(status: number, fields: string[], isLast: boolean): BodySink
  /** The address and port the client reached, for one that named no host and need not have. */
  protected abstract get localAuthority(): string | undefined
  /** Undefined for a client that has gone. */
  abstract get address(): string | undefined

  /** Whether the request may go on. If not, it was answered. */
  protected admit(): boolean {
    if (!this.#readTarget()) this.#refuseForm('The request target is not valid.')
    else if (!this.#readHost()) this.#refuseForm('The Host header is not valid.')
    else if (this.context.mustBeSecure && this.#isExposed()) this.#refuseExposed()
    else if (this.context.underWay.size > this.context.limits.requestsUnderWayMax) {
      this.refuse(tooManyRequestsUnderWay())
    } else if (!METHODS.has(this.method)) this.#answerMethod()
    else return this.#admitPage()
    return false
  }

  /** Answers a request that is whole. */
  protected handle(): void {
    const { routes, handler } = this.context
    try {
      const route = routes.find(this.path)
      if (route === undefined) {
        handler.handle(this, this)
        return
      }
      const answer = route(this)
      if (answer instanceof Promise) {
        answer.then(
          (response) => this.take(response),
          (error: unknown) => this.#fail(error),
        )
      } else {
        this.take(answer)
      }
    } catch (error) {
      this.#fail(error)
    }
  }

  protected refuse(error: Error): void {
    this.take(this.context.handler.refuse(this, error))
  }

  /** The rest of the body is not waited for, so that nothing else can come on this connection. */
  protected refuseUnread(): void {
    this.#isClosing = true
    this.refuse(requestEntityTooLarge(this.context.limits.bodyBytesMax))
  }

  /** Forgets a request that is still being read and won't become whole. */
  abandon(): void {
    this.#end()
  }

  /** Ends an answer that is being streamed, as if it were whole. */
  finishStream(): void {
    this.#streamed?.finish()
  }

  /** Gives a request up whose client has gone. */
  drop(reason: string): void {
    if (this.#isOver) return
    this.#end()
    this.context.log.lost(reason, this.requestId)
  }

  #readTarget(): boolean {
    let target = this.#target
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
    const host = this.headers.get('host') ?? this.headers.get(':authority') ?? this.localAuthority ?? ''
    const endpoint = this.context.endpoints.of(host, this.isSecure)
    this.endpoint = endpoint ?? ''
    return endpoint !== undefined
  }

  /** Whether others on the network may have read it, and may read the answer. That is no harm to a health check. */
  #isExposed(): boolean {
    if (this.isSecure || isLoopbackAddress(this.address)) return false
    return !(this.path.startsWith(HEALTH) && this.#isRoute())
  }

  #refuseExposed(): void {
    this.#isClosing = true
    this.#refuseAtPath(notOverHttps())
  }

  /** As `admit`, where it may have been a web page that had the request sent. */
  #admitPage(): boolean {
    const refusal = this.context.webPages.refusalOf(this, () => this.#isRoute())
    if (refusal === undefined) return true
    this.#refuseAtPath(refusal)
    return false
  }

  /** Refuses in the protocol of the request, or in words for a person where the path is none of AWS's. */
  #refuseAtPath(refusal: ServiceError): void {
    if (this.#isRoute()) {
      const { code, status } = refusal.shape
      this.take({ status, headers: PLAIN_TEXT, body: `${refusal.message}\n`, errorCode: code })
    } else {
      this.refuse(refusal)
    }
  }

  #isRoute(): boolean {
    return this.context.routes.find(this.path) !== undefined
  }

  #refuseForm(reason: string): void {
    this.#isClosing = true
    this.take({ status: 400, headers: PLAIN_TEXT, body: `${reason}\n` })
  }

  #answerMethod(): void {
    const preflight = this.method === 'OPTIONS' ? this.context.webPages.preflight(this.headers) : undefined
    if (preflight !== undefined) this.take({ status: 200, headers: { ...ALLOW, ...preflight }, body: '' })
    else this.take({ status: this.method === 'OPTIONS' ? 200 : 405, headers: ALLOW, body: '' })
  }

  #fail(error: unknown): void {
    this.context.log.failed(error, this.requestId)
    this.take({
      status: 500,
      headers: PLAIN_TEXT,
      body: 'Internal failure\n',
      errorCode: 'InternalFailure',
    })
  }

  /** Answers the request, unless that is too late. */
  take(response: WireResponse): void {
    const { status, body, isLent = false } = response
    if (typeof body !== 'string' && !(body instanceof Uint8Array)) {
      this.#stream(response, body)
      return
    }
    if (this.#isOver) return
    if (this.isUnreachable) {
      this.drop('left before the answer')
      return
    }
    this.#end()
    const bodyBytes = typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength
    const fields = this.#fieldsOf(response)
    fields.push('content-length', String(bodyBytes))
    this.send(status, fields, body, bodyBytes, isLent, this.#isClosing || this.context.isDraining)
    this.#writeLine(response, bodyBytes)
  }

  /** The request stays under way until the end of the stream. */
  #stream(response: WireResponse, body: StreamedBody): void {
    const { isDraining, limits, log } = this.context
    if (this.#isOver || this.closed || isDraining) {
      endBody(body[Symbol.asyncIterator]())
      if (this.closed) this.drop('left before the answer')
      else if (!this.#isOver) this.refuse(serverIsStopping())
      return
    }
    const streamed = new StreamedAnswer({
      body,
      sink: this.sendHead(response.status, this.#fieldsOf(response), this.#isClosing),
      unreadTimeoutMs: limits.unreadTimeoutMs,
      over: (ending, bodyBytes) => {
        forgetClient()
        this.#end()
        if (ending.kind === 'unread') log.lost('left its answer unread', this.requestId)
        else if (ending.kind !== 'failed') this.#writeLine(response, bodyBytes)
        else {
          log.failed(ending.error, this.requestId)
          this.#writeLine({ ...response, errorCode: 'InternalFailure' }, bodyBytes)
        }
      },
    })
    // Once the exchange is over nobody is told any more that the client has gone, and others may have asked to be, later than this.
    const forgetClient = this.onClose(() => queueMicrotask(() => streamed.leave()))
    this.#streamed = streamed
    streamed.start()
  }

  #fieldsOf(response: WireResponse): string[] {
    const fields: string[] = []
    let hasRequestId = false
    for (const name in response.headers) {
      if (name === 'x-amzn-RequestId' || (name.length === 16 && name.toLowerCase() === 'x-amzn-requestid'))
        hasRequestId = true
      fields.push(name, response.headers[name]!)
    }
    if (!hasRequestId) fields.push('x-amzn-RequestId', this.requestId)
    this.context.webPages.addFields(this.headers, fields)
    return fields
  }

  #end(): void {
    this.#isOver = true
    this.context.underWay.delete(this)
  }

  #writeLine({ status, errorCode }: WireResponse, responseBytes: number): void {
    if (!this.context.log.wants(status)) return
    this.context.log.answered({
      requestId: this.requestId,
      method: this.method,
      path: this.path,
      operation: this.operation,
      accountId: this.accountId,
      status,
      errorCode,
      durationMs: performance.now() - this.startedAt,
      requestBytes: this.body.byteLength,
      responseBytes,
    })
  }
}

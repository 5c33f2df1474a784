import type { ServerResponse } from 'node:http'
import { constants, type Http2ServerResponse, type Http2Session } from 'node:http2'
import type { Duplex } from 'node:stream'
import { TLSSocket } from 'node:tls'
import { requestEntityTooLarge } from '../protocol/errors.ts'
import { type Incoming, readBody } from './body.ts'

import { Exchange, type ExchangeContext } from './exchange.ts'
import { HeaderFields } from './header-fields.ts'
import type { BodySink } from './streamed-answer.ts'

export type Outgoing = ServerResponse | Http2ServerResponse

/** An exchange that `node:http` or `node:http2` carries. */
export class NodeExchange extends Exchange {
  readonly isSecure: boolean
  readonly #incoming: Incoming
  readonly #outgoing: Outgoing
  #isReading = false

  constructor(context: ExchangeContext, incoming: Incoming, outgoing: Outgoing, requestId: string) {
    const { method = '', url = '', rawHeaders } = incoming
    super(context, { method, target: url, headers: HeaderFields.fromRaw(rawHeaders) }, requestId)
    this.#incoming = incoming
    this.#outgoing = outgoing
    // Found out now: a stream of HTTP/2 that was closed knows its session no more.
    this.isSecure =
      'stream' in outgoing
        ? outgoing.stream.session?.encrypted === true
        : incoming.socket instanceof TLSSocket
  }

  /** The HTTP/1.1 connection this came on: whoever ends its sending side has gone, since no HTTP client only half closes. */
  get socket(): Duplex | undefined {
    return 'stream' in this.#outgoing ? undefined : this.#incoming.socket
  }

  /** The HTTP/2 connection this came on. */
  get session(): Http2Session | undefined {
    return 'stream' in this.#outgoing ? this.#outgoing.stream.session : undefined
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
      if (!this.isOver) listener()
    }
    carrier.on('close', gone)
    if (endsWithClient) carrier.on('end', gone)
    return takeBack
  }

  /** Begins. `sendContinue` is given where the client waits for leave to send its body. */
  start(sendContinue?: () => void): void {
    if (!this.admit()) return
    if (this.#hasBody()) this.#readBody(sendContinue)
    else this.handle()
  }

  protected get isUnreachable(): boolean {
    return this.#outgoing.destroyed || this.#incoming.socket.destroyed
  }

  protected get localAuthority(): string | undefined {
    if (this.#incoming.httpVersion !== '1.0') return undefined
    const { localAddress, localPort } = this.#incoming.socket
    return `${localAddress?.includes(':') ? `[${localAddress}]` : localAddress}:${localPort}`
  }

  get address(): string | undefined {
    return this.#incoming.socket.remoteAddress
  }

  protected send(
    status: number,
    fields: string[],
    body: Uint8Array | string,
    _bodyBytes: number,
    isLent: boolean,
    isLast: boolean,
  ): void {
    const outgoing = this.#outgoing
    const own = isLent && typeof body !== 'string' ? Buffer.from(body) : body
    if ('stream' in outgoing) {
      outgoing.statusCode = status
      for (let i = 0; i < fields.length; i += 2) outgoing.setHeader(fields[i]!, fields[i + 1]!)
      if (this.method === 'HEAD' || own.length === 0) outgoing.end()
      else outgoing.end(typeof own === 'string' ? Buffer.from(own) : own)
    } else {
      if (isLast) fields.push('connection', 'close')
      outgoing.writeHead(status, fields)
      outgoing.end(own)
    }
  }

  protected sendHead(status: number, fields: string[], isLast: boolean): BodySink {
    const outgoing = this.#outgoing
    if ('stream' in outgoing) outgoing.writeHead(status, objectOf(fields))
    else outgoing.writeHead(status, isLast ? [...fields, 'connection', 'close'] : fields)
    return {
      write: (bytes) => ('stream' in outgoing ? outgoing.write(bytes) : outgoing.write(bytes)),
      onDrain: (listener) => {
        outgoing.on('drain', listener)
        return () => outgoing.off('drain', listener)
      },
      end: () => {
        // The head had said that the connection stays open, when it still was to.
        if (this.context.isDraining && !('stream' in outgoing))
          outgoing.once('finish', () => this.#incoming.socket.destroySoon())
        outgoing.end()
      },
      reset: () => {
        if ('stream' in outgoing) outgoing.stream.close(constants.NGHTTP2_INTERNAL_ERROR)
        else this.#incoming.socket.destroy()
      },
    }
  }

  #readBody(sendContinue: (() => void) | undefined): void {
    const { limits } = this.context
    const declaredBytes = Number(this.headers.get('content-length') ?? 0)
    const isNeverSent = sendContinue !== undefined && declaredBytes > limits.bodyBytesMax
    if (isNeverSent || declaredBytes > limits.discardedBytesMax) {
      this.refuseUnread()
      return
    }
    sendContinue?.()
    this.#isReading = true
    readBody(this.#incoming, limits, {
      whole: (body) => {
        this.#isReading = false
        this.body = body
        this.handle()
      },
      tooLong: () => this.refuse(requestEntityTooLarge(limits.bodyBytesMax)),
      endless: () => this.refuseUnread(),
      lost: (reason) => this.drop(reason),
    })
  }

  #hasBody(): boolean {
    if ('stream' in this.#outgoing) return !this.#outgoing.stream.endAfterHeaders
    const length = this.headers.get('content-length')
    return (length !== undefined && length !== '0') || this.headers.get('transfer-encoding') !== undefined
  }
}

function objectOf(fields: readonly string[]): Record<string, string> {
  const object: Record<string, string> = {}
  for (let i = 0; i < fields.length; i += 2) object[fields[i]!] = fields[i + 1]!
  return object
}

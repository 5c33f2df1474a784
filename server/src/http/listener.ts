import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import {
  createServer as createHttp2Server,
  type Http2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerHttp2Session,
} from 'node:http2'
import type { AddressInfo, Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { Endpoints } from './endpoint.ts'
import type { ExchangeContext } from './exchange.ts'
import { LentReads } from './lent-reads.ts'
import { DEFAULT_HTTP_LIMITS, DRAIN_TIMEOUT_MS, type HttpLimits, TLS_WARNING_INTERVAL_MS } from './limits.ts'
import { answerMalformed } from './malformed.ts'
import { NodeExchange } from './node-exchange.ts'
import { PlainConnection } from './plain-connection.ts'
import { PlainShapes } from './plain-head.ts'
import { sniffProtocol, type WireProtocol } from './protocol-sniffer.ts'
import type { RequestHandler, Routes } from './request-handler.ts'
import type { RequestIds } from './request-ids.ts'
import type { RequestLog } from './request-log.ts'
import { RouteTable } from './route-table.ts'
import { TlsAcceptor, type TlsCertificate, type TlsOptions } from './tls-acceptor.ts'
import { UnderWay } from './under-way.ts'
import { NO_WEB_PAGES, type WebPages } from './web-pages.ts'

export interface ListenerOptions {
  readonly handler: RequestHandler
  /** What is answered without the handler: health, metrics. */
  readonly routes: Routes
  readonly log: RequestLog
  readonly requestIds: RequestIds
  /** Which web pages may use the server; left out, where requests are signed anyway. */
  readonly webPages?: WebPages
  /** Left out, where all is plain. */
  readonly tls?: TlsOptions | undefined
  /** With TLS: whether other machines may do without it. They may not if left out. */
  readonly allowPlainHttp?: boolean
  /** What is left out has its default. */
  readonly limits?: Partial<HttpLimits>
}

/**
 * One port for HTTP/1.1 and HTTP/2, in the open and over TLS, told apart by what the client sends first:
 *
 * ```
 *   socket ─▶ sniffProtocol ─┬─ TLS ─▶ TlsAcceptor, then by ALPN one of these two:
 *                            ├─ preface of HTTP/2 ─────────────────▶ node:http2 ──┬─▶ Exchange
 *                            └─ anything else ─▶ PlainConnection ──────────────────┤
 *                                                      └─ not plain ─▶ node:http ──┘
 * ```
 */
export class Listener {
  readonly #context: ExchangeContext
  readonly #requestIds: RequestIds
  readonly #http1: Server
  readonly #http2: Http2Server
  readonly #undecided = new Set<Socket>()
  readonly #plain = new Set<PlainConnection>()
  readonly #plainShapes = new PlainShapes()
  readonly #reads = new LentReads()
  readonly #plainTimeChecks: NodeJS.Timeout
  readonly #sockets = new Set<Socket>()
  readonly #sessions = new Set<ServerHttp2Session>()
  readonly #tls: TlsAcceptor | null
  /** Takes a connection that `PlainConnection` doesn't understand; `node:http`'s own. */
  #accept: (socket: Socket) => void = () => {}
  /** Of the monotonic clock. */
  #tlsWarnedAt = Number.NEGATIVE_INFINITY

  constructor(options: ListenerOptions) {
    const limits = { ...DEFAULT_HTTP_LIMITS, ...options.limits }
    this.#requestIds = options.requestIds
    this.#context = {
      limits,
      handler: options.handler,
      routes: new RouteTable(options.routes),
      endpoints: new Endpoints(),
      webPages: options.webPages ?? NO_WEB_PAGES,
      log: options.log,
      mustBeSecure: options.tls !== undefined && options.allowPlainHttp !== true,
      underWay: new UnderWay(),
      isDraining: false,
    }
    this.#tls = options.tls === undefined ? null : this.#createTls(options.tls, limits)
    this.#http2 = this.#createHttp2(limits)
    this.#http1 = this.#createHttp1(limits)
    this.#plainTimeChecks = setInterval(() => {
      const now = performance.now()
      for (const connection of this.#plain) connection.checkTime(now)
    }, limits.timeoutCheckIntervalMs).unref()
  }

  /** How many requests were not answered yet. */
  get underWay(): number {
    return this.#context.underWay.size
  }

  /** Connections from now on are shown this certificate; those that there are go on. Throws if it can't be used. */
  renewCertificate(certificate: TlsCertificate): void {
    this.#tls?.renew(certificate)
  }

  /** Resolves with the address when connections are accepted; rejects with the system's error if the port can't be had. */
  listen(options: { readonly host: string; readonly port: number }): Promise<AddressInfo> {
    return new Promise((resolve, reject) => {
      this.#http1.once('error', reject)
      this.#http1.listen({ ...options, backlog: 1024 }, () => {
        this.#http1.off('error', reject)
        this.#http1.on('error', (error) => this.#context.log.lost(error.message, undefined))
        const address = this.#http1.address()
        if (address === null || typeof address === 'string') reject(new Error('listening on no TCP port'))
        else resolve(address)
      })
    })
  }

  /**
   * Stops accepting, answers what is under way, ends what is streamed and closes what is idle. Resolves when all connections are closed, or cut
   * off after the time limit. Requests that wait for messages are the cell's to release.
   */
  drain(timeoutMs: number = DRAIN_TIMEOUT_MS): Promise<void> {
    this.#context.isDraining = true
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        for (const socket of this.#sockets) socket.destroy()
      }, timeoutMs)
      this.#http1.close(() => {
        clearTimeout(timer)
        clearInterval(this.#plainTimeChecks)
        resolve()
      })
      for (const socket of this.#undecided) socket.destroy()
      for (const exchange of this.#context.underWay.all()) exchange.finishStream()
      this.#tls?.close()
      for (const connection of this.#plain) connection.closeIfIdle()
      for (const session of this.#sessions) session.close()
      this.#http1.closeIdleConnections()
    })
  }

  #createHttp1(limits: HttpLimits): Server {
    const server = createServer({
      maxHeaderSize: limits.headerBytesMax,
      headersTimeout: limits.headersTimeoutMs,
      requestTimeout: limits.requestTimeoutMs,
      keepAliveTimeout: limits.keepAliveTimeoutMs,
      connectionsCheckingInterval: limits.timeoutCheckIntervalMs,
      // Its refusal bears no request id; ours does.
      requireHostHeader: false,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: 30_000,
    })
    server.maxConnections = limits.connectionsMax
    // Tells a client that ended its sending side from one that is gone: see `Exchange.closed`.
    Object.assign(server, { httpAllowHalfOpen: true })
    server.on('request', (incoming: IncomingMessage, outgoing: ServerResponse) =>
      new NodeExchange(this.#context, incoming, outgoing, this.#requestIds.next()).start(),
    )
    server.on('checkContinue', (incoming: IncomingMessage, outgoing: ServerResponse) =>
      new NodeExchange(this.#context, incoming, outgoing, this.#requestIds.next()).start(() =>
        outgoing.writeContinue(),
      ),
    )
    server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => this.#malformed(error, socket))
    this.#sniffBefore(server)
    return server
  }

  /**
   * The server listens itself, since only then does it time its connections; but what it would do with a new one is done
   * after the first bytes were seen.
   */
  #sniffBefore(server: Server): void {
    const accept = server.listeners('connection')
    server.removeAllListeners('connection')
    this.#accept = (socket) => {
      for (const listener of accept) listener.call(server, socket)
    }
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket)
      socket.once('close', () => this.#sockets.delete(socket))
      this.#undecided.add(socket)
      sniffProtocol(
        socket,
        this.#context.limits.headersTimeoutMs,
        (protocol, seen) => {
          this.#undecided.delete(socket)
          this.#start(socket, protocol, seen)
        },
        (reason) => {
          this.#undecided.delete(socket)
          this.#context.log.lost(reason, undefined)
        },
      )
    })
  }

  #start(socket: Socket, protocol: WireProtocol, seen: Buffer): void {
    switch (protocol) {
      case 'tls':
        if (this.#tls === null) this.#refuseTls(socket)
        else this.#tls.accept(socket, seen)
        return
      case 'h2':
        socket.unshift(seen)
        this.#http2.emit('connection', socket)
        return
      case 'http/1.1':
        this.#startPlain(socket, seen)
        return
      default:
        protocol satisfies never
    }
  }

  #startSecured(socket: TLSSocket, protocol: 'h2' | 'http/1.1'): void {
    if (this.#context.isDraining) socket.destroy()
    else if (protocol === 'h2') this.#http2.emit('connection', socket)
    else this.#startPlain(socket, null)
  }

  /** The answer is no TLS, by which clients know what they did: most say "wrong version number". */
  #refuseTls(socket: Socket): void {
    const requestId = this.#requestIds.next()
    this.#context.log.lost('began with TLS, for which there is no certificate', requestId)
    const now = performance.now()
    if (now - this.#tlsWarnedAt >= TLS_WARNING_INTERVAL_MS) {
      this.#tlsWarnedAt = now
      this.#context.log.misconfigured(
        'a client began with TLS, for which there is no certificate: give --tls-cert and --tls-key, or have clients use http://',
      )
    }
    socket.on('error', ignore)
    answerMalformed(undefined, socket, requestId)
  }

  #startPlain(socket: Socket, seen: Buffer | null): void {
    const connection: PlainConnection = new PlainConnection({
      socket,
      context: this.#context,
      requestIds: this.#requestIds,
      shapes: this.#plainShapes,
      reads: this.#reads,
      handOver: (unread) => {
        // One listener for each waiting request of the connection.
        socket.setMaxListeners(0)
        socket.pause()
        socket.unshift(unread)
        this.#accept(socket)
        socket.resume()
      },
      onClose: () => this.#plain.delete(connection),
    })
    this.#plain.add(connection)
    connection.begin(seen)
  }

  #createTls(tls: TlsOptions, limits: HttpLimits): TlsAcceptor {
    return new TlsAcceptor({
      tls,
      limits,
      secured: (socket, protocol) => this.#startSecured(socket, protocol),
      left: (reason) => this.#context.log.lost(reason, undefined),
    })
  }

  #createHttp2(limits: HttpLimits): Http2Server {
    const server = createHttp2Server({
      settings: { maxConcurrentStreams: limits.streamsMax, maxHeaderListSize: limits.headerBytesMax },
      maxSessionMemory: 64,
    })
    server.setTimeout(limits.keepAliveTimeoutMs)
    server.on('timeout', (session: ServerHttp2Session) => {
      if (!this.#isInUse(session)) session.close()
    })
    server.on('session', (session) => {
      // As node:http2 has it for sockets of its own: a client that ended its sending side has gone, with all its streams.
      session.socket.allowHalfOpen = false
      this.#sessions.add(session)
      session.once('close', () => this.#sessions.delete(session))
    })
    server.on('sessionError', (error: Error) => this.#context.log.lost(error.message, undefined))
    const start = (
      incoming: Http2ServerRequest,
      outgoing: Http2ServerResponse,
      sendContinue?: () => void,
    ) => {
      const exchange = new NodeExchange(this.#context, incoming, outgoing, this.#requestIds.next())
      incoming.on('error', ignore)
      outgoing.on('error', ignore)
      exchange.start(sendContinue)
    }
    server.on('request', start)
    server.on('checkContinue', (incoming, outgoing) =>
      start(incoming, outgoing, () => outgoing.writeContinue()),
    )
    return server
  }

  /** Whether an answer is still to come on a connection, however quiet it is: nothing new could be asked on it any more. */
  #isInUse(session: ServerHttp2Session): boolean {
    for (const exchange of this.#context.underWay.all()) {
      if (exchange instanceof NodeExchange && exchange.session === session) return true
    }
    return false
  }

  #malformed(error: NodeJS.ErrnoException, socket: Socket): void {
    let requestId: string | undefined
    for (const exchange of this.#context.underWay.all()) {
      if (!(exchange instanceof NodeExchange) || exchange.socket !== socket) continue
      if (!exchange.isReading) {
        // What we say now would be taken for that one's answer.
        this.#context.log.lost(error.message, exchange.requestId)
        socket.destroy()
        return
      }
      requestId = exchange.requestId
      exchange.abandon()
    }
    requestId ??= this.#requestIds.next()
    this.#context.log.lost(error.message, requestId)
    answerMalformed(error.code, socket, requestId)
  }
}

function ignore(): void {}

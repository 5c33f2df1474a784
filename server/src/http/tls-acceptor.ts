import { constants } from 'node:crypto'
import type { Socket } from 'node:net'
import { createServer, type Server, type TLSSocket } from 'node:tls'
import type { HttpLimits } from './limits.ts'

/** What clients are shown, what proves that it is ours, and what clients have to show. All PEM text. */
export interface TlsCertificate {
  /** The server's own first, then those that lead to an authority that clients know. */
  readonly certificate: string
  readonly privateKey: string
  /** Certificates of the authorities that issue those of clients; left out where clients are not asked for one. */
  readonly clientAuthorities?: readonly string[] | undefined
}

export interface TlsOptions extends TlsCertificate {
  readonly minVersion: 'TLSv1.2' | 'TLSv1.3'
  /** With `clientAuthorities`: whether clients without a certificate are served too. They are not if left out. */
  readonly clientCertificate?: 'required' | 'optional'
}

export interface TlsAcceptorOptions {
  readonly tls: TlsOptions
  readonly limits: HttpLimits
  /** A client whose handshake is done. Its socket is read and written like any other; nobody reads it yet. */
  readonly secured: (socket: TLSSocket, protocol: 'h2' | 'http/1.1') => void
  /** A client with which it came to nothing; its connection is closed. */
  readonly left: (reason: string) => void
}

/** A connection whose handshake is not done. */
interface Handshake {
  readonly key: string
  readonly socket: Socket
  readonly timer: NodeJS.Timeout
}

/**
 * Shakes hands with clients that began with TLS, and finds out by ALPN (RFC 7301) which HTTP they speak; whoever names none speaks
 * HTTP/1.1.
 *
 * ```
 *   socket, its first bytes ─▶ waits for its turn ─▶ handshake ─▶ secured
 *                                                       ├─ too slow, refused, or gone ─▶ left
 *                                                       └─ too many: the oldest goes first ─▶ left
 * ```
 *
 * A handshake costs the server a signature, which is more than most requests do, and costs a client nothing. So only a few are begun
 * in a turn of the event loop, and those whose clients were served before are served in between. Of those under way the oldest gives way:
 * a client that means it is done within a moment, and one that doesn't can't keep others out by waiting.
 *
 * Where clients have to show a certificate, it admits their connection and says nothing more: who asks is what the signature of a
 * request says.
 */
export class TlsAcceptor {
  readonly #server: Server
  readonly #minVersion: TlsOptions['minVersion']
  readonly #limits: HttpLimits
  readonly #secured: TlsAcceptorOptions['secured']
  readonly #left: TlsAcceptorOptions['left']
  /** By `keyOf`, the oldest first. */
  readonly #underWay = new Map<string, Handshake>()
  readonly #waiting: (() => void)[] = []
  #begunInTurn = 0

  constructor({ tls, limits, secured, left }: TlsAcceptorOptions) {
    this.#minVersion = tls.minVersion
    this.#limits = limits
    this.#secured = secured
    this.#left = left
    this.#server = createServer({
      ALPNProtocols: ['h2', 'http/1.1'],
      handshakeTimeout: limits.handshakeTimeoutMs,
      // Of a client that may do without a certificate, one that is no good is found out about in `#finish`.
      requestCert: tls.clientAuthorities !== undefined,
      rejectUnauthorized: tls.clientAuthorities !== undefined && tls.clientCertificate !== 'optional',
      ...contextOf(tls, tls.minVersion),
    })
    this.#server.on('secureConnection', (socket) => this.#finish(socket))
    this.#server.on('tlsClientError', (error, socket) => {
      // Node has closed the connection by then where a certificate was no good, and says here alone why.
      if (socket.authorizationError) left(refusedCertificate(socket))
      this.#fail(socket, error.message)
    })
  }

  /** Connections from now on are shown this certificate; those that there are go on. Throws if it can't be used. */
  renew(certificate: TlsCertificate): void {
    this.#server.setSecureContext(contextOf(certificate, this.#minVersion))
  }

  /** Takes a paused socket over, with what was read from it. */
  accept(socket: Socket, seen: Buffer): void {
    socket.unshift(seen)
    if (this.#underWay.size >= this.#limits.handshakesMax) this.#dropOldest()
    const drop = (reason: string) => this.#drop(handshake, reason)
    const handshake: Handshake = {
      ...{ key: keyOf(socket), socket },
      timer: setTimeout(() => drop('was too slow with its TLS handshake'), this.#limits.handshakeTimeoutMs),
    }
    this.#underWay.set(handshake.key, handshake)
    socket.on('error', (error) => drop(error.message))
    // Later, so that a certificate that was refused, upon which Node closes the connection, is told of as what it is.
    socket.on('close', () => drop('left during its TLS handshake'))
    this.#inTurn(() => {
      if (!socket.destroyed) this.#server.emit('connection', socket)
    })
  }

  /** Cuts off whoever isn't done. */
  close(): void {
    for (const handshake of this.#underWay.values()) this.#drop(handshake, 'the server stops')
  }

  #finish(socket: TLSSocket): void {
    if (hasBadCertificate(socket)) {
      // OpenSSL is still at work on the connection: to close it now would be the end of the process.
      setImmediate(() => this.#fail(socket, refusedCertificate(socket)))
      return
    }
    const handshake = this.#underWay.get(keyOf(socket))
    if (handshake !== undefined) this.#forget(handshake)
    // Node tells of a record that can't be read, and leaves the connection open.
    socket.on('error', () => socket.destroy())
    this.#secured(socket, socket.alpnProtocol === 'h2' ? 'h2' : 'http/1.1')
  }

  #fail(socket: TLSSocket, reason: string): void {
    const handshake = this.#underWay.get(keyOf(socket))
    if (handshake !== undefined) this.#drop(handshake, `failed in its TLS handshake: ${reason}`)
    socket.destroy()
  }

  #dropOldest(): void {
    const [oldest] = this.#underWay.values()
    if (oldest !== undefined) this.#drop(oldest, 'gave way to newer TLS handshakes')
  }

  /** Does nothing to one that is over already. */
  #drop(handshake: Handshake, reason: string): void {
    if (!this.#forget(handshake)) return
    handshake.socket.destroy()
    this.#left(reason)
  }

  #forget({ key, timer }: Handshake): boolean {
    if (this.#underWay.get(key)?.timer !== timer) return false
    clearTimeout(timer)
    return this.#underWay.delete(key)
  }

  #inTurn(begin: () => void): void {
    if (this.#begunInTurn === 0) setImmediate(this.#nextTurn)
    if (this.#begunInTurn < this.#limits.handshakesInTurn) {
      this.#begunInTurn++
      begin()
    } else {
      this.#waiting.push(begin)
    }
  }

  #nextTurn = (): void => {
    this.#begunInTurn = 0
    for (const begin of this.#waiting.splice(0, this.#limits.handshakesInTurn)) this.#inTurn(begin)
  }
}

/** Tells connections of one port apart: Node doesn't say of a TLS socket which socket is below it. */
function keyOf({ remoteAddress, remotePort, localAddress }: Socket): string {
  return `${remoteAddress} ${remotePort} ${localAddress}`
}

/** Whether a client showed a certificate, and not one that is good here. */
function hasBadCertificate(socket: TLSSocket): boolean {
  // Without a certificate this is an empty object; Node 20's `getPeerX509Certificate` ends the process then.
  return !socket.authorized && Object.keys(socket.getPeerCertificate()).length > 0
}

function refusedCertificate({ authorizationError }: TLSSocket): string {
  return `its certificate was refused: ${authorizationError}`
}

function contextOf(
  { certificate, privateKey, clientAuthorities }: TlsCertificate,
  minVersion: TlsOptions['minVersion'],
) {
  return {
    cert: certificate,
    key: privateKey,
    ca: clientAuthorities && [...clientAuthorities],
    minVersion,
    // A client could have us sign again and again on one connection.
    secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
  }
}

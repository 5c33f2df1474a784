import { createServer, type Server, type Socket } from 'node:net'

/** What a peer does with a connection on which a whole request has come. */
export type Behaviour = (socket: Socket) => void

/** Answers as an HTTP server does; the connection stays open. */
export const answer =
  (status: number, body = '', headers = ''): Behaviour =>
  (socket) =>
    socket.write(`HTTP/1.1 ${status} Whatever\r\n${headers}content-length: ${body.length}\r\n\r\n${body}`)

export const hang: Behaviour = () => {}
export const reset: Behaviour = (socket) => socket.resetAndDestroy()
export const close: Behaviour = (socket) => socket.end()
export const say =
  (text: string, then: Behaviour = hang): Behaviour =>
  (socket) =>
    socket.write(text, () => then(socket))

/** Writes without end, for as long as somebody reads. */
export const endless =
  (head: string): Behaviour =>
  (socket) => {
    socket.write(head)
    const more = () => {
      while (!socket.destroyed && socket.write('x'.repeat(16_384)));
    }
    socket.on('drain', more)
    more()
  }

/** A server on loopback that does as it is told, for each request in turn; the last behaviour stays. */
export class HttpPeer {
  readonly requests: string[] = []
  connections = 0
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  readonly #script: Behaviour[]
  #arrivals: (() => void)[] = []

  private constructor(script: Behaviour[]) {
    this.#script = script
    this.#server = createServer((socket) => this.#serve(socket))
  }

  static async start(...script: Behaviour[]): Promise<HttpPeer> {
    const peer = new HttpPeer(script)
    await new Promise<void>((resolve) => peer.#server.listen(0, '127.0.0.1', resolve))
    return peer
  }

  get port(): number {
    const address = this.#server.address()
    if (typeof address !== 'object' || address === null) throw new Error('the peer does not listen')
    return address.port
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/hook`
  }

  get openSockets(): number {
    return this.#sockets.size
  }

  /** Resolves when so many requests have come altogether. */
  async received(count: number): Promise<void> {
    while (this.requests.length < count) await new Promise<void>((resolve) => this.#arrivals.push(resolve))
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise<void>((resolve) => this.#server.close(() => resolve()))
  }

  #serve(socket: Socket): void {
    this.connections++
    this.#sockets.add(socket)
    socket.on('close', () => this.#sockets.delete(socket))
    socket.on('error', () => {})
    let received = ''
    socket.on('data', (chunk) => {
      received += chunk.toString()
      const headEnd = received.indexOf('\r\n\r\n')
      if (headEnd < 0) return
      const length = Number(/^content-length: (\d+)/im.exec(received)?.[1] ?? 0)
      if (Buffer.byteLength(received) < Buffer.byteLength(received.slice(0, headEnd)) + 4 + length) return
      this.requests.push(received)
      received = ''
      const behaviour = this.#script.length > 1 ? this.#script.shift() : this.#script[0]
      behaviour?.(socket)
      for (const resolve of this.#arrivals.splice(0)) resolve()
    })
  }
}

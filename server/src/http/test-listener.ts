import { type ClientHttp2Session, connect as connectHttp2 } from 'node:http2'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { healthRoutes } from './health.ts'
import type { HttpLimits } from './limits.ts'
import { Listener } from './listener.ts'
import type { RequestHandler } from './request-handler.ts'
import { RequestIds } from './request-ids.ts'
import type { RequestLine, RequestLog } from './request-log.ts'

/** For tests: a listener on loopback, and connections on which a test reads and writes bytes itself; `closeAll` ends them. */

const closings: (() => Promise<void>)[] = []

export async function closeAll(): Promise<void> {
  for (const close of closings.splice(0)) await close()
}

export class Lines implements RequestLog {
  readonly lines: RequestLine[] = []
  readonly losses: string[] = []
  readonly failures: unknown[] = []
  wants(): boolean {
    return true
  }
  answered(line: RequestLine): void {
    this.lines.push(line)
  }
  lost(reason: string): void {
    this.losses.push(reason)
  }
  failed(error: unknown): void {
    this.failures.push(error)
  }
}

/** The ids that a listener without randomness gives, in order. */
export const requestId = (index: number) => `00000000-0000-4000-8000-00000000000${index}`

export async function startListener<Handler extends RequestHandler>(
  handler: Handler,
  limits: Partial<HttpLimits> = {},
) {
  const log = new Lines()
  const readiness: { problem: string | undefined } = { problem: undefined }
  const requestIds = new RequestIds({ bytes: (length) => new Uint8Array(length) })
  const listener = new Listener({ handler, routes: healthRoutes(readiness), log, requestIds, limits })
  const address = await listener.listen({ host: '127.0.0.1', port: 0 })
  closings.push(() => listener.drain(0))
  return { listener, handler, log, readiness, address }
}

/** A connection on which the test writes and reads bytes itself. */
export class Wire {
  readonly socket: Socket
  #received = ''
  #isEnded = false
  #changed = () => {}

  constructor(address: AddressInfo) {
    this.socket = connect({ port: address.port, host: address.address, allowHalfOpen: true })
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

/** An HTTP/2 connection with prior knowledge, as the SDKs make it on plain text. */
export function openHttp2(
  address: AddressInfo,
  settings: { initialWindowSize?: number } = {},
): ClientHttp2Session {
  const client = connectHttp2(`http://127.0.0.1:${address.port}`, { settings })
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

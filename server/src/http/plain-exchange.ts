import type { Socket } from 'node:net'
import { AnswerHeads } from './answer-head.ts'
import { AnswerMemory } from './answer-memory.ts'
import { Exchange, type ExchangeContext } from './exchange.ts'
import { httpDate } from './http-date.ts'
import type { PlainHead } from './plain-head.ts'
import type { BodySink } from './streamed-answer.ts'

const heads = new AnswerHeads()
const memory = new AnswerMemory()

/** What the connection is told of its exchange. */
export interface ExchangeCarrier {
  readonly socket: Socket
  readonly isSecure: boolean
  /** Where the client is; undefined if it had gone by the time that the connection began. */
  readonly address: string | undefined
  /** The client ended its sending side: no HTTP client only half closes, so it has gone. */
  readonly hasEnded: boolean
  /** The answer was handed to the socket. */
  answered(isLast: boolean): void
}

/** An exchange that a `PlainConnection` carries. */
export class PlainExchange extends Exchange {
  readonly #carrier: ExchangeCarrier
  #whenGone: (() => void)[] | null = null

  constructor(context: ExchangeContext, head: PlainHead, requestId: string, carrier: ExchangeCarrier) {
    super(context, head, requestId)
    this.#carrier = carrier
  }

  get isSecure(): boolean {
    return this.#carrier.isSecure
  }

  get closed(): boolean {
    return this.#carrier.hasEnded || this.#carrier.socket.destroyed
  }

  onClose(listener: () => void): () => void {
    this.#whenGone ??= []
    const listeners = this.#whenGone
    listeners.push(listener)
    return () => {
      const at = listeners.indexOf(listener)
      if (at >= 0) listeners.splice(at, 1)
    }
  }

  /** The request is whole. */
  begin(body: Uint8Array): void {
    this.body = body
    if (this.admit()) this.handle()
  }

  /** The client has gone: whoever waits on its behalf is told, once. */
  clientGone(): void {
    if (this.isOver || this.#whenGone === null) return
    for (const listener of this.#whenGone.splice(0)) listener()
  }

  protected get isUnreachable(): boolean {
    return this.#carrier.socket.destroyed
  }

  protected get localAuthority(): undefined {
    return undefined
  }

  get address(): string | undefined {
    return this.#carrier.address
  }

  protected send(
    status: number,
    fields: string[],
    body: Uint8Array | string,
    bodyBytes: number,
    isLent: boolean,
    isLast: boolean,
  ): void {
    const head = this.#head(status, fields, isLast)
    const { socket } = this.#carrier
    if (typeof body === 'string') {
      // A text with as many bytes as characters is ASCII, which Node copies faster if it needn't look at it.
      socket.write(head + body, bodyBytes === body.length ? 'latin1' : 'utf8')
    } else if (isLent && !this.isSecure) {
      memory.write(socket, head, body)
    } else {
      socket.cork()
      socket.write(head, 'latin1')
      socket.write(isLent ? Buffer.from(body) : body)
      socket.uncork()
    }
    this.#carrier.answered(isLast)
  }

  protected sendHead(status: number, fields: string[], isLast: boolean): BodySink {
    const { socket } = this.#carrier
    socket.write(this.#head(status, [...fields, 'transfer-encoding', 'chunked'], isLast), 'latin1')
    return {
      write: (bytes) => {
        socket.cork()
        socket.write(`${bytes.length.toString(16)}\r\n`, 'latin1')
        socket.write(bytes)
        const hasRoom = socket.write('\r\n', 'latin1')
        socket.uncork()
        return hasRoom
      },
      onDrain: (listener) => {
        socket.on('drain', listener)
        return () => socket.off('drain', listener)
      },
      end: () => {
        socket.write('0\r\n\r\n', 'latin1')
        this.#carrier.answered(isLast || this.context.isDraining)
      },
      reset: () => socket.destroy(),
    }
  }

  #head(status: number, fields: readonly string[], isLast: boolean): string {
    return heads.head(status, fields, httpDate(), isLast ? null : this.context.limits.keepAliveTimeoutMs)
  }
}

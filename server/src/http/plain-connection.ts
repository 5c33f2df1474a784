import type { Socket } from 'node:net'
import { performance } from 'node:perf_hooks'
import { TLSSocket } from 'node:tls'
import type { ExchangeContext } from './exchange.ts'
import type { LentReads } from './lent-reads.ts'
import { HELD_BYTES_MAX } from './limits.ts'
import { answerMalformed } from './malformed.ts'
import { type ExchangeCarrier, PlainExchange } from './plain-exchange.ts'
import { HEAD_END, type PlainHead, PlainHeads, type PlainShapes } from './plain-head.ts'
import type { RequestIds } from './request-ids.ts'

const METHOD_STARTS: readonly Buffer[] = [Buffer.from('GET /', 'latin1'), Buffer.from('POST /', 'latin1')]

/** A head that was read, and its body so far. */
interface Unfinished {
  readonly exchange: PlainExchange
  readonly pieces: Buffer[]
  missingBytes: number
}

export interface PlainConnectionOptions {
  readonly socket: Socket
  readonly context: ExchangeContext
  readonly requestIds: RequestIds
  readonly shapes: PlainShapes
  readonly reads: LentReads
  /** Takes the connection over, with what was read of it and not yet used, which is its own. Nothing else is under way then. */
  readonly handOver: (unread: Buffer) => void
  readonly onClose: () => void
}

/**
 * An HTTP/1.1 connection as long as it brings plain requests (see plain-head.ts):
 *
 * ```
 *   bytes ─▶ head ─┬─ plain ─────▶ body ─▶ PlainExchange ─▶ answer ─▶ next request
 *                  └─ anything else ─▶ node:http has the connection from now on
 * ```
 *
 * It exists for speed: `node:http` makes two streams and some thirty objects for each request, which costs more than all
 * that Millrace does to store a message. Whatever is unusual, or wrong, is left to `node:http`.
 *
 * What is read is lent (see lent-reads.ts): a request that came in one piece is handled where it lies, and what is kept for later is
 * copied.
 */
export class PlainConnection implements ExchangeCarrier {
  readonly socket: Socket
  readonly isSecure: boolean
  readonly address: string | undefined
  readonly #options: PlainConnectionOptions
  readonly #heads: PlainHeads
  /** The exchange that is not answered yet, if any; its body may still be on the way. */
  #exchange: PlainExchange | null = null
  #unfinished: Unfinished | null = null
  /** Bytes that belong to no exchange yet; lent ones only while they are being taken. */
  #held: Buffer | null = null
  #hasEnded = false
  #isTaking = false
  #isPaused = false
  readonly #endReads: () => void
  /** When the connection became idle, or the first byte of an unfinished request came; of the monotonic clock. */
  #since = performance.now()

  constructor(options: PlainConnectionOptions) {
    this.#options = options
    this.#heads = new PlainHeads(options.shapes)
    this.socket = options.socket
    this.isSecure = options.socket instanceof TLSSocket
    this.address = options.socket.remoteAddress
    this.#endReads = options.reads.begin(this.socket, this.#onRead)
    this.socket.on('end', this.#onEnd)
    this.socket.on('error', this.#onError)
    this.socket.on('close', this.#onClose)
    this.socket.on('drain', this.#onDrain)
  }

  get hasEnded(): boolean {
    return this.#hasEnded
  }

  /** Begins, with what was read before there was a connection, if anything was. */
  begin(bytes: Buffer | null): void {
    if (bytes !== null) this.#onRead(bytes)
    if (!this.#isPaused) this.socket.resume()
  }

  /** Cuts off whoever takes too long with a request, or with the next one. */
  checkTime(now: number): void {
    const { limits } = this.#options.context
    const waited = now - this.#since
    if (this.#unfinished !== null) {
      if (waited > limits.requestTimeoutMs) this.#timeOut()
    } else if (this.#exchange === null) {
      if (this.#held !== null) {
        if (waited > limits.headersTimeoutMs) this.#timeOut()
      } else if (waited > limits.keepAliveTimeoutMs) {
        this.socket.destroy()
      }
    }
  }

  closeIfIdle(): void {
    if (this.#exchange === null && this.#held === null) this.socket.destroy()
  }

  answered(isLast: boolean): void {
    this.#exchange = null
    this.#since = performance.now()
    if (isLast || this.#hasEnded) {
      this.#held = null
      this.socket.destroySoon()
    } else if (this.#held !== null && !this.#isTaking) {
      this.#takeHeld()
    }
  }

  #onRead = (lent: Buffer): void => {
    const unfinished = this.#unfinished
    if (unfinished !== null) {
      this.#takeBody(unfinished, lent)
      return
    }
    this.#held = this.#held === null ? lent : Buffer.concat([this.#held, lent])
    if (this.#exchange === null) this.#takeHeld()
    else this.#regulate()
    if (this.#held?.buffer === lent.buffer) this.#held = Buffer.from(this.#held)
  }

  /** Takes requests out of what is held, as far as they can be begun now. */
  #takeHeld(): void {
    this.#isTaking = true
    while (this.#held !== null && this.#exchange === null && !this.socket.writableNeedDrain) {
      const held = this.#held
      this.#held = null
      if (!this.#takeHead(held)) break
    }
    this.#isTaking = false
    this.#regulate()
  }

  /** Reads on only while little is held: whoever sends faster than it is answered, or than it reads, has to wait. */
  #regulate(): void {
    const isPaused = this.#held !== null && this.#held.length > HELD_BYTES_MAX
    if (isPaused === this.#isPaused) return
    this.#isPaused = isPaused
    if (isPaused) this.socket.pause()
    else this.socket.resume()
  }

  /** False when there is nothing more to take for now. */
  #takeHead(bytes: Buffer): boolean {
    const alike = this.#heads.readAlike(bytes)
    if (alike !== null && alike.bodyBytes <= this.#options.context.limits.bodyBytesMax) {
      this.#beginExchange(alike, bytes)
      return true
    }
    const { limits } = this.#options.context
    const end = bytes.indexOf(HEAD_END)
    if (end < 0 && bytes.length <= limits.headerBytesMax && mayBecomePlain(bytes)) {
      this.#held = bytes
      return false
    }
    const isWhole = end >= 0 && end <= limits.headerBytesMax
    const head = isWhole ? this.#heads.read(bytes.toString('latin1', 0, end), bytes) : null
    if (head === null || head.bodyBytes > limits.bodyBytesMax) {
      this.#handOver(bytes)
      return false
    }
    this.#beginExchange(head, bytes)
    return true
  }

  #beginExchange(head: PlainHead, bytes: Buffer): void {
    const { context, requestIds } = this.#options
    const exchange = new PlainExchange(context, head, requestIds.next(), this)
    this.#exchange = exchange
    const bodyAt = head.headBytes + HEAD_END.length
    const missingBytes = bodyAt + head.bodyBytes - bytes.length
    if (missingBytes > 0) {
      this.#unfinished = { exchange, pieces: [Buffer.from(bytes.subarray(bodyAt))], missingBytes }
      return
    }
    if (missingBytes < 0) this.#held = bytes.subarray(missingBytes)
    exchange.begin(bytes.subarray(bodyAt, bodyAt + head.bodyBytes))
  }

  #takeBody(unfinished: Unfinished, lent: Buffer): void {
    const taken = Buffer.from(lent.subarray(0, unfinished.missingBytes))
    unfinished.pieces.push(taken)
    unfinished.missingBytes -= taken.length
    if (unfinished.missingBytes > 0) return
    this.#unfinished = null
    if (lent.length > taken.length) this.#held = Buffer.from(lent.subarray(taken.length))
    unfinished.exchange.begin(Buffer.concat(unfinished.pieces))
  }

  #handOver(unread: Buffer): void {
    this.#letGo()
    this.#options.handOver(Buffer.from(unread))
  }

  #timeOut(): void {
    const exchange = this.#exchange
    const requestId = exchange?.requestId ?? this.#options.requestIds.next()
    exchange?.abandon()
    this.#unfinished = null
    this.#held = null
    this.#options.context.log.lost('was too slow with its request', requestId)
    answerMalformed('ERR_HTTP_REQUEST_TIMEOUT', this.socket, requestId)
  }

  #onEnd = (): void => {
    this.#hasEnded = true
    const exchange = this.#exchange
    if (this.#unfinished !== null || (exchange === null && this.#held !== null)) this.socket.destroy()
    else if (exchange === null) this.socket.end()
    else exchange.clientGone()
  }

  #onError = (error: Error): void => {
    this.#options.context.log.lost(error.message, this.#exchange?.requestId)
  }

  #onClose = (): void => {
    this.#letGo()
    if (this.#unfinished !== null) this.#unfinished.exchange.drop('left while sending its body')
    else this.#exchange?.clientGone()
  }

  #onDrain = (): void => {
    if (this.#held !== null && this.#exchange === null) this.#takeHeld()
  }

  #letGo(): void {
    this.#endReads()
    this.socket.off('end', this.#onEnd)
    this.socket.off('close', this.#onClose)
    this.socket.off('drain', this.#onDrain)
    this.socket.off('error', this.#onError)
    this.#options.onClose()
  }
}

/** Whether bytes without the end of a head can still turn out to be a plain one. */
function mayBecomePlain(bytes: Buffer): boolean {
  return METHOD_STARTS.some((start) => {
    const length = Math.min(start.length, bytes.length)
    return bytes.compare(start, 0, length, 0, length) === 0
  })
}

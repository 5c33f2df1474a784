import type { StreamedBody } from '../protocol/wire.ts'
import { STREAMED_WRITE_BYTES } from './limits.ts'

/** Where the body of an answer goes whose head was sent. */
export interface BodySink {
  /** Hands bytes over; false where the next are to wait for `onDrain`. */
  write(bytes: Uint8Array): boolean
  /** Calls `listener` whenever more may be handed over. Returns a function that takes the listener back. */
  onDrain(listener: () => void): () => void
  /** The body is whole. */
  end(): void
  /** Cuts the answer off, so that the client can't take it for whole. */
  reset(): void
}

/**
 * How a streamed answer came to its end: with its body or the server, with a client that left, or that didn't read in time, or
 * because the body failed.
 */
export type Ending =
  | { readonly kind: 'whole' | 'left' | 'unread' }
  | { readonly kind: 'failed'; readonly error: unknown }

export interface StreamedAnswerOptions {
  readonly body: StreamedBody
  readonly sink: BodySink
  /** How long to wait for a client that doesn't read, in milliseconds. */
  readonly unreadTimeoutMs: number
  /** Called once, before the last is done with the sink. */
  readonly over: (ending: Ending, bodyBytes: number) => void
}

/**
 * Writes a body that comes piece by piece:
 *
 * ```
 *   next piece ─▶ written ─┬─ room for more ─────▶ next piece … ─▶ end
 *                  ▲       └─ none: wait for the client ─┐
 *                  └─────────────────────────────────────┘
 * ```
 *
 * The next piece is asked for when the one before has gone into the socket's buffer, so that a client that doesn't read costs
 * no more than a piece and that buffer. Whatever ends the answer, the body is ended with it, at once.
 */
export class StreamedAnswer {
  readonly #options: StreamedAnswerOptions
  readonly #pieces: AsyncIterator<Uint8Array>
  #bodyBytes = 0
  #isWriting = false
  /** No more pieces are wanted. */
  #isFinishing = false
  #isOver = false
  /** Ends the wait for the client. */
  #goOn: (() => void) | null = null

  constructor(options: StreamedAnswerOptions) {
    this.#options = options
    this.#pieces = options.body[Symbol.asyncIterator]()
  }

  start(): void {
    this.#run().catch((error: unknown) => this.#breakOff({ kind: 'failed', error }))
  }

  /** Ends the answer as if the body had come to its end; a piece that is being written is written first. */
  finish(): void {
    if (this.#isOver || this.#isFinishing) return
    this.#isFinishing = true
    endBody(this.#pieces)
    if (!this.#isWriting) this.#complete()
  }

  /** The client has gone. */
  leave(): void {
    this.#breakOff({ kind: 'left' })
  }

  async #run(): Promise<void> {
    for (;;) {
      const { done, value } = await this.#pieces.next()
      if (this.#isOver) return
      if (done !== true) await this.#write(value)
      if (this.#isOver) return
      if (done === true || this.#isFinishing) {
        this.#complete()
        return
      }
    }
  }

  /** In parts, since what is handed over counts as memory of the whole connection until the client has it. */
  async #write(piece: Uint8Array): Promise<void> {
    this.#isWriting = true
    for (let at = 0; at < piece.length && !this.#isOver; at += STREAMED_WRITE_BYTES) {
      const part = piece.subarray(at, at + STREAMED_WRITE_BYTES)
      this.#bodyBytes += part.length
      if (!this.#options.sink.write(part)) await this.#drained()
    }
    this.#isWriting = false
  }

  #drained(): Promise<void> {
    const { sink, unreadTimeoutMs } = this.#options
    return new Promise((resolve) => {
      const goOn = () => {
        clearTimeout(timer)
        takeBack()
        this.#goOn = null
        resolve()
      }
      const takeBack = sink.onDrain(goOn)
      const timer = setTimeout(() => this.#breakOff({ kind: 'unread' }), unreadTimeoutMs)
      timer.unref()
      this.#goOn = goOn
    })
  }

  #complete(): void {
    this.#isOver = true
    this.#options.over({ kind: 'whole' }, this.#bodyBytes)
    this.#options.sink.end()
  }

  #breakOff(ending: Ending): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#goOn?.()
    endBody(this.#pieces)
    this.#options.over(ending, this.#bodyBytes)
    this.#options.sink.reset()
  }
}

/** Ends a body that nobody will read: not waited for, since what it waits for itself may take long. */
export function endBody(pieces: AsyncIterator<Uint8Array>): void {
  // What it has to say now is of no use to anyone: the answer has an outcome already.
  pieces.return?.().catch(() => {})
}

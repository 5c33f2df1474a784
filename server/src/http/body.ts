import type { IncomingMessage } from 'node:http'
import { constants, type Http2ServerRequest } from 'node:http2'
import type { HttpLimits } from './limits.ts'

export type Incoming = IncomingMessage | Http2ServerRequest

/** What becomes of a body; exactly one is called. */
export interface BodyOutcome {
  /** One piece is passed on as it came, without a copy. */
  whole(body: Uint8Array): void
  /** It was over the limit, and is read to its end. */
  tooLong(): void
  /** It was so far over the limit that the rest won't be read. */
  endless(): void
  lost(reason: string): void
}

/** Reads a request's body. A long one is read on for a while, since clients read their answer only after sending all. */
export function readBody(incoming: Incoming, limits: HttpLimits, outcome: BodyOutcome): void {
  let first: Buffer | undefined
  let pieces: Buffer[] | undefined
  let bytes = 0
  let isSettled = false
  // HTTP/1.1 requests are timed by node:http.
  const stream = 'stream' in incoming ? incoming.stream : undefined
  const timer = stream && setTimeout(() => stream.close(constants.NGHTTP2_CANCEL), limits.requestTimeoutMs)

  const settle = () => {
    isSettled = true
    clearTimeout(timer)
  }
  incoming.on('data', (piece: Buffer) => {
    if (isSettled) return
    bytes += piece.length
    if (bytes > limits.bodyBytesMax) {
      first = undefined
      pieces = undefined
      if (bytes <= limits.discardedBytesMax) return
      settle()
      incoming.pause()
      outcome.endless()
    } else if (first === undefined) first = piece
    else if (pieces === undefined) pieces = [first, piece]
    else pieces.push(piece)
  })
  incoming.on('end', () => {
    if (isSettled) return
    settle()
    if (bytes > limits.bodyBytesMax) outcome.tooLong()
    else outcome.whole(pieces === undefined ? (first ?? new Uint8Array(0)) : Buffer.concat(pieces, bytes))
  })
  incoming.on('close', () => {
    if (isSettled) return
    settle()
    outcome.lost('left while sending its body')
  })
}

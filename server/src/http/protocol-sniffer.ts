import type { Socket } from 'node:net'

/** What an HTTP/2 client begins with (RFC 9113, section 3.4). No HTTP/1.1 request can begin so. */
const HTTP2_PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'latin1')

export type WireProtocol = 'http/1.1' | 'h2'

/**
 * Reads from a fresh socket until it's known which protocol it speaks, usually after the first piece. `decided` is given
 * what was read, and the socket is paused then. A client that says nothing, or not enough, within the time
 * is cut off; `left` tells so, and of a client that goes by itself.
 */
export function sniffProtocol(
  socket: Socket,
  timeoutMs: number,
  decided: (protocol: WireProtocol, seen: Buffer) => void,
  left: (reason: string) => void,
): void {
  let seen: Buffer | undefined

  const stop = () => {
    clearTimeout(timer)
    socket.off('data', onData)
    socket.off('end', onEnd)
    socket.off('error', onError)
    socket.off('close', onClose)
  }
  const giveUp = (reason: string) => {
    stop()
    // An error that comes after this must not end the process.
    socket.on('error', ignore)
    socket.destroy()
    left(reason)
  }
  const onData = (chunk: Buffer) => {
    seen = seen === undefined ? chunk : Buffer.concat([seen, chunk])
    const length = Math.min(seen.length, HTTP2_PREFACE.length)
    const isPreface = seen.compare(HTTP2_PREFACE, 0, length, 0, length) === 0
    if (isPreface && length < HTTP2_PREFACE.length) return
    stop()
    socket.pause()
    decided(isPreface ? 'h2' : 'http/1.1', seen)
  }
  const onEnd = () => giveUp('closed before a request')
  const onClose = () => giveUp('closed before a request')
  const onError = (error: Error) => giveUp(error.message)
  const timer = setTimeout(() => giveUp('sent nothing in time'), timeoutMs)
  socket.on('data', onData)
  socket.on('end', onEnd)
  socket.on('error', onError)
  socket.on('close', onClose)
}

function ignore(): void {}

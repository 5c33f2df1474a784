import type { Socket } from 'node:net'

/** What an HTTP/2 client begins with (RFC 9113, section 3.4). No HTTP/1.1 request can begin so. */
const HTTP2_PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'latin1')
/**
 * What a TLS client begins with, whatever its version: a record that holds a handshake, and the first byte of the record's version
 * (RFC 8446, section 5.1). No HTTP request can begin so.
 */
const TLS_HANDSHAKE = Buffer.from([0x16, 0x03])

export type WireProtocol = 'http/1.1' | 'h2' | 'tls'

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
    const protocol = protocolOf(seen)
    if (protocol === undefined) return
    stop()
    socket.pause()
    decided(protocol, seen)
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

/** Undefined while it may still be one or another. */
function protocolOf(seen: Buffer): WireProtocol | undefined {
  if (beginAlike(seen, TLS_HANDSHAKE)) return seen.length < TLS_HANDSHAKE.length ? undefined : 'tls'
  if (beginAlike(seen, HTTP2_PREFACE)) return seen.length < HTTP2_PREFACE.length ? undefined : 'h2'
  return 'http/1.1'
}

function beginAlike(seen: Buffer, beginning: Buffer): boolean {
  const length = Math.min(seen.length, beginning.length)
  return seen.compare(beginning, 0, length, 0, length) === 0
}

function ignore(): void {}

import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'

/** The parser's own codes, and what HTTP calls them. */
const STATUS_BY_CODE: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
}

/** Answers what wasn't HTTP, or came too slowly, and closes. `code` is what the parser called it. */
export function answerMalformed(code: string | undefined, socket: Socket, requestId: string): void {
  if (!socket.writable || code === 'ECONNRESET') {
    socket.destroy()
    return
  }
  const status = STATUS_BY_CODE[code ?? ''] ?? 400
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nx-amzn-RequestId: ${requestId}\r\ncontent-length: 0\r\n` +
      'connection: close\r\n\r\n',
    () => socket.destroy(),
  )
}

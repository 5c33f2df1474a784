/** An HTTP answer, as far as a load generator looks at it. The body is a view, valid until the next `push`. */
export interface Answer {
  readonly status: number
  readonly body: Buffer
}

const HEAD_END = Buffer.from('\r\n\r\n')
const HEAD_BYTES_MAX = 16_384

/**
 * Takes one HTTP/1.1 answer at a time out of a connection's bytes. Reads the status and `Content-Length` alone: every
 * other header would be paid for out of the core that generates the load.
 */
export class AnswerParser {
  #pending: Buffer = Buffer.alloc(0)

  /**
   * Takes the connection's next bytes. Returns the answer when it is complete, else undefined. Fails on what isn't an
   * HTTP answer with a length, and on bytes beyond the answer: with one request in flight nothing may follow it.
   */
  push(chunk: Buffer): Answer | undefined {
    const bytes = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk])
    const headEnd = bytes.indexOf(HEAD_END)
    if (headEnd === -1) {
      if (bytes.length > HEAD_BYTES_MAX) throw new Error('the head of an answer does not end')
      return this.#wait(bytes)
    }
    const head = bytes.toString('latin1', 0, headEnd)
    const status = /^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1]
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1]
    if (status === undefined || length === undefined) {
      throw new Error(`not an HTTP/1.1 answer with a Content-Length: ${head.slice(0, 200)}`)
    }
    const bodyStart = headEnd + HEAD_END.length
    const end = bodyStart + Number(length)
    if (bytes.length < end) return this.#wait(bytes)
    if (bytes.length > end)
      throw new Error(`${bytes.length - end} bytes follow the answer to the only request`)
    this.#pending = Buffer.alloc(0)
    return { status: Number(status), body: bytes.subarray(bodyStart) }
  }

  #wait(bytes: Buffer): undefined {
    this.#pending = bytes
    return undefined
  }
}

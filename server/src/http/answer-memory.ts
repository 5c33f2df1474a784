import type { Socket } from 'node:net'
import { ANSWER_MEMORY_BYTES } from './limits.ts'

/**
 * Memory in which answers are put together, head and body, one after the other. The system mostly takes an answer at once, so that the next
 * one may lie where it lay; memory for each would be for the garbage collector to free.
 */
export class AnswerMemory {
  #memory = Buffer.allocUnsafeSlow(ANSWER_MEMORY_BYTES)

  /** Writes both to a socket that isn't TLS's, in one piece. The body's bytes are the caller's again. `head`: one byte each character. */
  write(socket: Socket, head: string, body: Uint8Array): void {
    const bytes = head.length + body.length
    if (bytes > ANSWER_MEMORY_BYTES) {
      socket.write(joined(Buffer.allocUnsafeSlow(bytes), head, body))
      return
    }
    socket.write(joined(this.#memory, head, body).subarray(0, bytes))
    // What the system did not take lies there until it does: for a client that doesn't read, once for each connection.
    if (socket.writableLength > 0) this.#memory = Buffer.allocUnsafeSlow(ANSWER_MEMORY_BYTES)
  }
}

function joined(memory: Buffer, head: string, body: Uint8Array): Buffer {
  memory.write(head, 'latin1')
  memory.set(body, head.length)
  return memory
}

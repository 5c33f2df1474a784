import { connect, type Socket } from 'node:net'
import { type Answer, AnswerParser } from './answer-parser.ts'

/** One keep-alive connection with at most one request in flight. */
export class Connection {
  readonly #socket: Socket
  readonly #parser = new AnswerParser()
  #resolve: ((answer: Answer) => void) | undefined
  #reject: ((reason: Error) => void) | undefined
  #failure: Error | undefined

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.setNoDelay(true)
    socket.on('data', (chunk) => this.#onData(chunk))
    socket.on('error', (error) => this.#fail(error))
    socket.on('close', () => this.#fail(new Error('the server closed the connection')))
  }

  static open(port: number): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.off('error', reject)
        resolve(new Connection(socket))
      })
      socket.once('error', reject)
    })
  }

  /** Sends a request and resolves with its answer's body, valid until the next request. Rejects unless it is a 200. */
  async ask(request: Buffer): Promise<Buffer> {
    const answer = await this.#exchange(request)
    if (answer.status !== 200) throw new Error(`answered ${answer.status}: ${answer.body.toString()}`)
    return answer.body
  }

  close(): void {
    this.#socket.destroy()
  }

  #exchange(request: Buffer): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== undefined) {
        reject(this.#failure)
        return
      }
      this.#resolve = resolve
      this.#reject = reject
      this.#socket.write(request)
    })
  }

  #onData(chunk: Buffer): void {
    try {
      const answer = this.#parser.push(chunk)
      if (answer !== undefined) this.#resolve?.(answer)
    } catch (error) {
      this.#socket.destroy()
      this.#fail(error instanceof Error ? error : new Error(String(error)))
    }
  }

  #fail(reason: Error): void {
    this.#failure ??= reason
    this.#reject?.(this.#failure)
  }
}

import type { ClientConnection, Request } from './operation.ts'

/** The client of a request that waits in the cell, and what it may still have. */
export class WaitingClient implements ClientConnection {
  /** As in `Request`. */
  readonly recheck: () => void
  readonly #connection: ClientConnection

  constructor({ connection, recheck }: Pick<Request, 'connection' | 'recheck'>) {
    this.#connection = connection
    this.recheck = recheck
  }

  get closed(): boolean {
    return this.#connection.closed
  }

  onClose(listener: () => void): () => void {
    return this.#connection.onClose(listener)
  }
}

import type { Command } from './command.ts'

/** The way to a cell: in this process, in another, or on another node. */
export interface CellClient {
  /**
   * Resolves with the command's reply when what it did, and all that it saw, is durable. Rejects with the
   * `ServiceError` the cell refused it with, under the same rule: a refusal is as durable as a success.
   * `connection` lets a waiting command be given up when its client goes.
   */
  execute(command: Command, connection?: Abandonable): Promise<unknown>
}

export interface Abandonable {
  readonly closed: boolean
  onClose(listener: () => void): () => void
  /**
   * Throws the `ServiceError` that a command which waited is refused with, where who asked may not have what it waited for any more; called
   * before it is decided again. Left out where that can't happen.
   */
  readonly recheck?: () => void
}

import type { Config } from './config.ts'
import type { QueueDifference } from './declared-queues.ts'
import type { Logger } from './observe/logger.ts'

/** A server that answers requests. */
export interface RunningServer {
  /** Where it listens, e.g. `http://127.0.0.1:4566`, with the port that it really has. */
  readonly url: string
  readonly rootKey: {
    readonly accessKeyId: string
    readonly secretAccessKey: string
    /** True at the first start, when the key was made. */
    readonly created: boolean
  }
  /** Stops accepting, answers what is under way, releases long polls, syncs. Resolves when the process may end. */
  stop(): Promise<void>
  /**
   * Resolves, with the reason, when the server can't go on: what was acknowledged is safe, nothing more is answered, and
   * the process is to end without stopping first. Stays pending otherwise.
   */
  readonly failed: Promise<Error>
}

export interface ServerPorts {
  readonly logger: Logger
}

/**
 * Opens the data directory, recovers and listens. Rejects if any of it can't be done, with nothing left open: the errors
 * of Node for the socket and the directory, `DirectoryInUseError`, `KeyFileError`, `JournalError`, `ClockError`,
 * `DeclarationError`.
 */
export type StartServer = (config: Config, ports: ServerPorts) => Promise<RunningServer>

/**
 * Resolves with what a start would change for the queues to be as declared, and changes nothing in the data directory.
 * Rejects as `StartServer` does.
 */
export type PreviewQueues = (config: Config, ports: ServerPorts) => Promise<readonly QueueDifference[]>

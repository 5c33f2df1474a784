import type { TimeControl } from './cell/time-control.ts'
import type { Config } from './config/config.ts'
import type { CellClient } from './core/ports.ts'
import type { QueueDifference } from './declared-queues.ts'
import type { Logger } from './observe/logger.ts'
import type { ContentReader } from './services/sqs/message-content.ts'
import type { Observer } from './services/sqs/state/observed-sqs-state.ts'

/** A server that answers requests. */
export interface RunningServer {
  /** Where it listens, e.g. `http://127.0.0.1:4566`, or with `https` if it has a certificate, with the port that it really has. */
  readonly url: string
  readonly rootKey: {
    readonly accessKeyId: string
    readonly secretAccessKey: string
    /** True at the first start, when the key was made. */
    readonly created: boolean
  }
  /**
   * Reads the files of certificate and key again, for connections from now on; those that there are go on. Never rejects: a pair that can't be
   * used is logged, and the one before stays.
   */
  reloadCertificate(): Promise<void>
  /** Stops accepting, answers what is under way, releases long polls, syncs. Resolves when the process may end. */
  stop(): Promise<void>
  /**
   * Resolves, with the reason, when the server can't go on: what was acknowledged is safe, nothing more is answered, and
   * the process is to end without stopping first. Stays pending otherwise.
   */
  readonly failed: Promise<Error>
}

/** The same, for whoever runs it in a process of their own and wants more of it than to run. */
export interface EmbeddedServer extends RunningServer {
  /** The way to what the server holds. */
  readonly cell: CellClient
  /** Reads what the messages of queues say, whoever sent them. */
  readonly reader: Required<ContentReader>
  /** Null unless the configuration allows to control the clock. */
  readonly time: TimeControl | null
  /** As `POST /_millrace/reset`, allowed or not. */
  reset(): Promise<void>
}

export interface ServerPorts {
  readonly logger: Logger
  readonly observer?: ServerObserver | undefined
}

/** Somebody who looks on from the start. */
export interface ServerObserver {
  /** Told of what happens to messages. */
  readonly note: Observer
  /** Resolves when all that was noted by now is there to be seen, which no answer precedes; null if it is. */
  readonly caughtUp: () => Promise<void> | null
}

/**
 * Opens the data directory, recovers and listens. Rejects if any of it can't be done, with nothing left open: the errors
 * of Node for the socket and the directory, `DirectoryInUseError`, `KeyFileError`, `JournalError`, `ClockError`,
 * `DeclarationError`.
 */
export type StartServer = (config: Config, ports: ServerPorts) => Promise<RunningServer>

/** `StartServer`, for a program that embeds the server. */
export type StartEmbeddedServer = (config: Config, ports: ServerPorts) => Promise<EmbeddedServer>

/**
 * Resolves with what a start would change for the queues to be as declared, and changes nothing in the data directory.
 * Rejects as `StartServer` does.
 */
export type PreviewQueues = (config: Config, ports: ServerPorts) => Promise<readonly QueueDifference[]>

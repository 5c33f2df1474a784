import type { Connection } from '../load/connection.ts'

/** A server that has its turns: what it is asked on each connection, one thing after the other. */
export interface Side {
  readonly connections: readonly Connection[]
  /** Brings about what turns of so many seconds need. */
  prepare(seconds: number): Promise<void>
  /** Resolves with how many messages were done; 0 where there are no more. */
  step(connection: Connection): Promise<number>
  /** Fails unless the server has what it should have after so many messages. */
  finish(done: number): Promise<void>
}

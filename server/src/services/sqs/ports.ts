import type { Random } from '../../base/random.ts'
import type { ReadLanded } from '../../core/landing.ts'
import type { Abandonable, CellClient } from '../../core/ports.ts'
import type { SqsCommand, SqsCommands, SqsReplies } from './commands.ts'

/** What the SQS operations need of the world. */
export interface SqsPorts {
  readonly cell: CellClient
  readonly random: Random
  /** At least 32 secret bytes, the same for every process that serves the same data: next-tokens are made with it. */
  readonly tokenKey: Uint8Array
  readonly cooldowns: Cooldowns
  /** Reads the bodies that other services sent. */
  readonly readLanded: ReadLanded
}

/** Which of AWS's waits are kept, though nothing here needs them: 60 seconds each. */
export interface Cooldowns {
  /** Between two purges of a queue. */
  readonly purge: boolean
  /** Between the deletion of a queue and the creation of one of its name. */
  readonly deletion: boolean
}

/**
 * Sends a command to the cell. Its reply, and the errors it refuses with, are those that `SqsReplies` names. The command
 * is handed on as it is: to complete a copy of it took more time than anything else that an operation does.
 */
export function ask<Kind extends keyof SqsCommands>(
  ports: Pick<SqsPorts, 'cell'>,
  command: SqsCommand<Kind> & { readonly kind: Kind },
  connection?: Abandonable,
): Promise<SqsReplies[Kind]> {
  // The cell's port knows no service's replies: the state that decides `kind` answers with this type.
  return ports.cell.execute(command, connection) as Promise<SqsReplies[Kind]>
}

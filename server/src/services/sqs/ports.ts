import type { Random } from '../../base/random.ts'
import type { Abandonable, CellClient } from '../../core/ports.ts'
import type { SqsCommand, SqsCommands, SqsReplies } from './commands.ts'

/** What the SQS operations need of the world. */
export interface SqsPorts {
  readonly cell: CellClient
  readonly random: Random
  /** At least 32 secret bytes, the same for every process that serves the same data: next-tokens are made with it. */
  readonly tokenKey: Uint8Array
}

/** Sends a command to the cell. Its reply, and the errors it refuses with, are those that `SqsReplies` names. */
export async function ask<Kind extends keyof SqsCommands>(
  ports: SqsPorts,
  kind: Kind,
  command: SqsCommands[Kind] & { readonly bodies?: readonly Uint8Array[] },
  connection?: Abandonable,
): Promise<SqsReplies[Kind]> {
  const complete: SqsCommand<Kind> = { ...command, service: 'sqs', kind }
  // The cell's port knows no service's replies: the state that decides `kind` answers with this type.
  return (await ports.cell.execute(complete, connection)) as SqsReplies[Kind]
}

import type { CellClient } from '../../../server/src/core/ports.ts'
import type { SqsCommands, SqsReplies } from '../../../server/src/services/sqs/commands.ts'

/** Asks a cell. Its replies are typed by the kind of the command; `CellClient` carries those of all services alike. */
export async function execute<Kind extends keyof SqsCommands>(
  cell: CellClient,
  kind: Kind,
  fields: SqsCommands[Kind],
  bodies?: readonly Uint8Array[],
): Promise<SqsReplies[Kind]> {
  const command = { service: 'sqs', kind, ...fields, ...(bodies && { bodies }) }
  return (await cell.execute(command)) as SqsReplies[Kind]
}

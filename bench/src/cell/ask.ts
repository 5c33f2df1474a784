import type { CellClient } from '../../../server/src/core/ports.ts'
import type { SqsCommands, SqsReplies } from '../../../server/src/services/sqs/commands.ts'

/** Messages in each command of a workload, and the bytes of a receipt's tag. */
export const BATCH = 10
export const TAG_BYTES = 8

/** A cell's replies are typed by the kind of the command; `CellClient` carries those of all services alike. */
export async function ask<Kind extends keyof SqsCommands>(
  cell: CellClient,
  kind: Kind,
  fields: SqsCommands[Kind],
  bodies?: readonly Uint8Array[],
): Promise<SqsReplies[Kind]> {
  const command = { service: 'sqs', kind, ...fields, ...(bodies && { bodies }) }
  return (await cell.execute(command)) as SqsReplies[Kind]
}

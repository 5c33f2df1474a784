import type { Random } from '../../base/random.ts'
import type { Sealer } from '../../base/sealer.ts'
import type { CellClient } from '../../core/ports.ts'
import type { IamCommand, IamCommands, IamReplies } from './commands.ts'
import type { Identities, RootKeyName } from './identities.ts'
import type { LastUses } from './last-uses.ts'
import type { SessionTokens } from './session-tokens.ts'

/** What the IAM operations need of the world. */
export interface IamPorts {
  readonly cell: CellClient
  readonly random: Random
  /** At least 32 secret bytes, the same for every process that serves the same data: markers of pages are made with it. */
  readonly tokenKey: Uint8Array
  /** What secrets of access keys are sealed with. */
  readonly sealer: Sealer
  readonly lastUses: LastUses
  /** The access key that the server was started with, which IAM doesn't keep. */
  readonly rootKey: RootKeyName
}

/** What the STS operations need of the world. */
export interface StsPorts {
  readonly cell: CellClient
  readonly random: Random
  readonly identities: Identities
  readonly tokens: SessionTokens
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

/** Sends a command to the cell. Its reply, and the errors it refuses with, are those that `IamReplies` names. */
export function ask<Kind extends keyof IamCommands>(
  ports: Pick<IamPorts, 'cell'>,
  command: IamCommand<Kind> & { readonly kind: Kind },
): Promise<IamReplies[Kind]> {
  // The cell's port knows no service's replies: the state that decides `kind` answers with this type.
  return ports.cell.execute(command) as Promise<IamReplies[Kind]>
}

import type { Random } from '../../base/random.ts'
import type { Sealer } from '../../base/sealer.ts'
import type { CellClient } from '../../core/ports.ts'
import type { KmsCommand, KmsCommands, KmsReplies } from './commands.ts'
import type { Cryptography } from './cryptography.ts'

/** What the KMS operations need of the world. */
export interface KmsPorts {
  readonly cell: CellClient
  readonly random: Random
  /** At least 32 secret bytes, the same for every process that serves the same data: markers and grant tokens are made with it. */
  readonly tokenKey: Uint8Array
  /** The cell's time, in milliseconds since the epoch. */
  readonly now: () => number
  /** What key material is sealed with before the cell gets it. */
  readonly sealer: Sealer
  readonly cryptography: Cryptography
  /** Told of key material that can't be opened. */
  readonly report: (error: Error) => void
}

/** Sends a command to the cell. Its reply, and the errors it refuses with, are those that `KmsReplies` names. */
export function ask<Kind extends keyof KmsCommands>(
  ports: Pick<KmsPorts, 'cell'>,
  command: KmsCommand<Kind> & { readonly kind: Kind },
): Promise<KmsReplies[Kind]> {
  // The cell's port knows no service's replies: the state that decides `kind` answers with this type.
  return ports.cell.execute(command) as Promise<KmsReplies[Kind]>
}

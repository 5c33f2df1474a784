import type { Random } from '../../base/random.ts'
import type { CellClient } from '../../core/ports.ts'
import type { SnsCommand, SnsCommands, SnsReplies } from './commands.ts'

/** What the SNS operations need of the world. */
export interface SnsPorts {
  readonly cell: CellClient
  readonly random: Random
  /** At least 32 secret bytes, the same for every process that serves the same data: next-tokens are made with it. */
  readonly tokenKey: Uint8Array
  readonly signer: NotificationSigner
}

/** Signs notifications. The same text and version give the same signature, whenever it's made. */
export interface NotificationSigner {
  /** Where receivers find the certificate that signatures verify with, from the server's URL on. */
  readonly certificatePath: string
  /** As base64, of `SIGNATURE_CHARACTERS`. */
  sign(text: string, version: '1' | '2'): Promise<string>
}

/** That of an RSA key of 2048 bits. */
export const SIGNATURE_CHARACTERS = 344

/** Sends a command to the cell. Its reply, and the errors it refuses with, are those that `SnsReplies` names. */
export function ask<Kind extends keyof SnsCommands>(
  ports: Pick<SnsPorts, 'cell'>,
  command: SnsCommand<Kind> & { readonly kind: Kind },
): Promise<SnsReplies[Kind]> {
  // The cell's port knows no service's replies: the state that decides `kind` answers with this type.
  return ports.cell.execute(command) as Promise<SnsReplies[Kind]>
}

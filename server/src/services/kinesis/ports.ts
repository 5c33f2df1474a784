import type { Request } from '../../api/operation.ts'
import type { Random } from '../../base/random.ts'
import type { Timers } from '../../base/time.ts'
import type { KeyUser } from '../../core/data-keys.ts'
import type { Abandonable, CellClient } from '../../core/ports.ts'
import type { BodySeals } from '../../core/sealed-body.ts'
import type { KinesisCommand, KinesisCommands, KinesisReplies } from './commands.ts'

/** What the records of streams are sealed with, under keys that the streams' owners named. */
export interface StreamEncryption {
  readonly seals: BodySeals
  /** As whom policies see the sender of a request; null where they are not asked. */
  readonly userOf: (request: Request) => KeyUser | null
}

/** What the Kinesis operations need of the world. */
export interface KinesisPorts {
  readonly cell: CellClient
  readonly random: Random
  /** At least 32 secret bytes, the same for every process that serves the same data: iterators and next-tokens are made with it. */
  readonly tokenKey: Uint8Array
  /** The cell's time, in milliseconds since the epoch: what tokens expire by. */
  readonly now: () => number
  readonly timers: Pick<Timers, 'soon'>
  /** How long streams and consumers take from one status to the next, in milliseconds. */
  readonly transitionMs: number
  /** Whether shards are as slow as AWS's. */
  readonly throughputLimits: boolean
  readonly encryption: StreamEncryption
}

/** Sends a command to the cell. Its reply, and the errors it refuses with, are those that `KinesisReplies` names. */
export function ask<Kind extends keyof KinesisCommands>(
  ports: Pick<KinesisPorts, 'cell'>,
  command: KinesisCommand<Kind> & { readonly kind: Kind },
  connection?: Abandonable,
): Promise<KinesisReplies[Kind]> {
  // The cell's port knows no service's replies: the state that decides `kind` answers with this type.
  return ports.cell.execute(command, connection) as Promise<KinesisReplies[Kind]>
}

import type { Request } from '../../api/operation.ts'
import type { Random } from '../../base/random.ts'
import type { KeyUser } from '../../core/data-keys.ts'
import type { ReadLanded } from '../../core/landing.ts'
import type { Abandonable, CellClient } from '../../core/ports.ts'
import type { BodySeals } from '../../core/sealed-body.ts'
import type { QueueAddress, SqsCommand, SqsCommands, SqsReplies } from './commands.ts'
import type { QueueKey } from './queue-settings.ts'

/** What the SQS operations need of the world. */
export interface SqsPorts {
  readonly cell: CellClient
  readonly random: Random
  /** At least 32 secret bytes, the same for every process that serves the same data: next-tokens are made with it. */
  readonly tokenKey: Uint8Array
  readonly cooldowns: Cooldowns
  /** Known without waiting; left out where no policies are asked. */
  readonly deadLetterSources?: DeadLetterSources
  /** Reads the bodies that other services sent. */
  readonly readLanded: ReadLanded
  /** Left out where no queue has a key. */
  readonly encryption?: QueueEncryption | undefined
  /** Whether AWS's limits to the throughput of FIFO queues are kept, though nothing here needs them; left out for no. */
  readonly fifoQuota?: boolean
  /** How standard queues stray from order and from one delivery, as AWS's may; left out where they don't. */
  readonly disorder?: DisorderSource | undefined
}

/** ARNs of the queues whose dead letters go to a queue now. */
export type DeadLetterSources = (arn: string) => readonly string[]

/** What the messages of queues are sealed with, under keys that the queues' owners named. */
export interface QueueEncryption {
  readonly seals: BodySeals
  /** The key of a queue as it is now, without waiting; null where it has none, or isn't there. */
  readonly keyOf: (queue: QueueAddress) => QueueKey | null
  /** As whom policies see the sender of a request; null where they are not asked. */
  readonly userOf: (request: Request) => KeyUser | null
}

export interface DisorderSource {
  /** From a seed, so that the same requests in the same order meet with the same. */
  readonly random: Random
  readonly twicePercent: number
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

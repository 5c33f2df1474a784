import type { Cell } from '../../src/cell/cell.ts'
import type { KinesisCommands, KinesisReplies, StreamAddress } from '../../src/services/kinesis/commands.ts'
import { ask } from '../../src/services/kinesis/ports.ts'
import { inGroups, type RecordToPut } from '../kinesis/record-life.ts'

/** What clients of streams ask of a cell, past the operations. */
export function send<Kind extends keyof KinesisCommands>(
  cell: Cell,
  kind: Kind,
  asked: KinesisCommands[Kind],
): Promise<KinesisReplies[Kind]> {
  return ask<Kind>({ cell }, { ...asked, service: 'kinesis', kind } as Parameters<typeof ask<Kind>>[1])
}

export async function createStream(cell: Cell, stream: StreamAddress, shards = 1): Promise<void> {
  await send(cell, 'createStream', {
    ...{ stream, settleMs: 0, id: 'an-id', mode: 'PROVISIONED', shards },
    ...{ maxRecordKiB: 1024, warmThroughput: null, tags: {} },
  })
}

/** Puts records where nobody changes the shards; returns the indexes of each group's first one. */
export async function putInto(
  cell: Cell,
  stream: StreamAddress,
  records: readonly RecordToPut[],
): Promise<readonly { readonly shard: number; readonly firstIndex: number }[]> {
  const { version: map } = await send(cell, 'getShardMap', { stream })
  const asked = { stream, map, isMetered: false, isSealed: false, ...inGroups(records, false) }
  const outcome = await send(cell, 'putRecords', asked)
  if (outcome.kind !== 'put') throw new Error('nobody changes the shards')
  return asked.groups.shards.map((shard, i) => ({ shard, firstIndex: outcome.firstIndexes[i]! }))
}

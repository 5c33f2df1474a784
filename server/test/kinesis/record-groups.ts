import type { RecordGroups } from '../../src/services/kinesis/commands.ts'

/** A group by itself, as a test thinks of it. */
export interface RecordGroup {
  readonly shard: number
  readonly count: number
  readonly bytes: number
  readonly payloadBytes: number
}

export function groupsOf(groups: readonly RecordGroup[]): RecordGroups {
  return {
    shards: groups.map(({ shard }) => shard),
    counts: groups.map(({ count }) => count),
    bytes: groups.map(({ bytes }) => bytes),
    payloadBytes: groups.map(({ payloadBytes }) => payloadBytes),
  }
}

import type { ShardMetric, StreamMode } from '../commands.ts'

/** What AWS allows only so often within a day. */
export type LimitedChange = 'shardCount' | 'mode' | 'encryptionStart' | 'encryptionStop'

/** What can be changed of a stream, but for its shards and consumers. */
export interface StreamSettings {
  readonly mode: StreamMode
  readonly retentionHours: number
  /**
   * Records that arrived before are gone, however long records are kept now: a longer retention brings back none. In milliseconds since
   * the epoch.
   */
  readonly trimmedBefore: number
  readonly maxRecordKiB: number
  /** MiB per second; null where none was asked for. */
  readonly warmThroughput: number | null
  readonly monitored: readonly ShardMetric[]
  /** Null where the stream is not encrypted. */
  readonly keyId: string | null
  readonly tags: Readonly<Record<string, string>>
  /** JSON text; empty for none. */
  readonly policy: string
  /** When the limited changes of the last day were made, the oldest first, in milliseconds since the epoch. */
  readonly changes: Readonly<Partial<Record<LimitedChange, readonly number[]>>>
}

/** What streams have that were written before a setting there is now. */
export const DEFAULT_STREAM_SETTINGS: StreamSettings = {
  mode: 'PROVISIONED',
  retentionHours: 24,
  trimmedBefore: 0,
  maxRecordKiB: 1024,
  warmThroughput: null,
  monitored: [],
  keyId: null,
  tags: {},
  policy: '',
  changes: {},
}

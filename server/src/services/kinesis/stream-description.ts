import type { StreamDescription as RenderedDescription } from '../../api/generated/kinesis.ts'
import type { StreamAddress, StreamDescription } from './commands.ts'
import { streamArn } from './stream-arn.ts'

/** What both ways to describe a stream tell of it. */
export function renderStream(
  stream: StreamAddress,
  description: StreamDescription,
): Omit<RenderedDescription, 'HasMoreShards' | 'Shards'> {
  const { name, status, mode, created, retentionHours, monitored, keyId } = description
  return {
    StreamName: name,
    StreamARN: streamArn(stream),
    StreamStatus: status,
    StreamModeDetails: { StreamMode: mode },
    StreamCreationTimestamp: created,
    RetentionPeriodHours: retentionHours,
    EnhancedMonitoring: [{ ShardLevelMetrics: monitored }],
    ...(keyId === null ? { EncryptionType: 'NONE' } : { EncryptionType: 'KMS', KeyId: keyId }),
  }
}

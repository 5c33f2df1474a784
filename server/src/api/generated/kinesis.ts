// Made from the service model by scripts/generate-model-types.mjs; not to be edited.
// Operations of kinesis: what they take and give, by the names on the wire.

export interface AddTagsToStreamInput {
  readonly StreamARN?: string | undefined
  readonly StreamId?: string | undefined
  readonly StreamName?: string | undefined
  readonly Tags: { readonly [key: string]: string }
}

export interface ChildShard {
  readonly HashKeyRange: HashKeyRange
  readonly ParentShards?: readonly string[] | undefined
  readonly ShardId: string
}

export interface Consumer {
  readonly ConsumerARN: string
  readonly ConsumerCreationTimestamp: number
  readonly ConsumerName: string
  readonly ConsumerStatus: string
}

export interface ConsumerDescription {
  readonly ConsumerARN: string
  readonly ConsumerCreationTimestamp: number
  readonly ConsumerName: string
  readonly ConsumerStatus: string
  readonly StreamARN: string
}

export interface CreateStreamInput {
  readonly MaxRecordSizeInKiB?: number | undefined
  readonly ShardCount?: number | undefined
  readonly StreamModeDetails?: StreamModeDetails | undefined
  readonly StreamName: string
  readonly Tags?: { readonly [key: string]: string } | undefined
  readonly WarmThroughputMiBps?: number | undefined
}

export interface DecreaseStreamRetentionPeriodInput {
  readonly RetentionPeriodHours: number
  readonly StreamARN?: string | undefined
  readonly StreamId?: string | undefined
  readonly StreamName?: string | undefined
}

export interface DeleteResourcePolicyInput {
  readonly ResourceARN: string
  readonly StreamId?: string | undefined
}

export interface DeleteStreamInput {
  readonly EnforceConsumerDeletion?: boolean | undefined
  readonly StreamARN?: string | undefined
  readonly StreamId?: string | undefined
  readonly StreamName?: string | undefined
}

export interface DeregisterStreamConsumerInput {
  readonly ConsumerARN?: string | undefined
  readonly ConsumerName?: string | undefined
  readonly StreamARN?: string | undefined
  readonly StreamId?: string | undefined
}

export type DescribeAccountSettingsInput = object

export interface DescribeAccountSettingsOutput {
  readonly MinimumThroughputBillingCommitment?: MinimumThroughputBillingCommitmentOutput | undefined
}

export type DescribeLimitsInput = object

export interface DescribeLimitsOutput {
  readonly OnDemandStreamCount: number
  readonly OnDemandStreamCountLimit: number
  readonly OpenShardCount: number
  readonly ShardLimit: number
}

export interface DescribeStreamConsumerInput {
  readonly ConsumerARN?: string | undefined
  readonly ConsumerName?: string | undefined
  readonly StreamARN?: string | undefined
  readonly StreamId?: string | undefined
}

export interface DescribeStreamConsumerOutput {
  readonly ConsumerDescription: ConsumerDescription
}

export interface DescribeStreamInput {
  readonly ExclusiveStartShardId?: string | undefined
  readonly Limit?: number | undefined
  readonly StreamARN?: string | undefined
  readonly StreamId?: string | undefined
  readonly StreamName?: string | undefined
}

export interface DescribeStreamOutput {
  readonly StreamDescription: StreamDescription
}

export interface DescribeStreamSummaryInput {
  readonly StreamARN?: string | undefined
  readonly StreamId?: string | undefined
  readonly StreamName?: string | undefined
}

export interface DescribeStreamSummaryOutput {
  readonly StreamDescriptionSummary: StreamDescriptionSummary
}

export interface DisableEnhancedMonitoringInput {
  readonly ShardLevelMetrics: readonly string[]
  readonly StreamARN?: string | undefined
  readonly StreamId?: string | undefined
  readonly StreamName?: string | undefined
}

export interface EnableEnhancedMonitoringInput {
  readonly ShardLevelMetrics: readonly string[]
  readonly StreamARN?: string | undefined
  readonly StreamId?: string | undefined
  readonly StreamName?: string | undefined
}

export interface EnhancedMetrics {
  readonly ShardLevelMetrics?: readonly string[] | undefined
}

export interface EnhancedMonitoringOutput {
  readonly CurrentShardLevelMetrics?: readonly string[] | undefined
  readonly DesiredShardLevelMetrics?: readonly string[] | undefined
  readonly StreamARN?: string | undefined
  readonly StreamName?: string | undefined
}

export interface GetRecordsInput {
  readonly Limit?: number | undefined
  readonly ShardIterator: string
  readonly StreamARN?: string | undefined
  readonly StreamId?: string | undefined
}

export interface GetRecordsOutput {
  readonly ChildShards?: readonly ChildShard[] | undefined
  readonly MillisBehindLatest?: number | undefined
  readonly NextShardIterator?: string | undefined
  readonly Records?: readonly Record[] | undefined
}

export interface GetResourcePolicyInput {
  readonly ResourceARN: string
  readonly StreamId?: string | undefined
}

export interface GetResourcePolicyOutput {
  readonly Policy: string
}

export interface GetShardIteratorInput {
  readonly ShardId: string
  readonly ShardIteratorType: string
  readonly StartingSequenceNumber?: string | undefined
  readonly StreamARN?: string | undefined
  readonly StreamId?: string | undefined
  readonly StreamName?: string | undefined
  readonly Timestamp?: number | undefined
}

export interface GetShardIteratorOutput {
  readonly ShardIterator?: string | undefined
}

export interface HashKeyRange {
  readonly EndingHashKey: string
  readonly StartingHashKey: string
}

export interface IncreaseStreamRetentionPeriodInput {
  readonly RetentionPeriodHours: number
  readonly StreamARN?: string | undefined
  readonly StreamId?: string | undefined
  readonly StreamName?: string | undefined
}

export interface ListShardsInput {
  readonly ExclusiveStartShardId?: string | undefined
  readonly MaxResults?: number | undefined
  readonly NextToken?: string | undefined
  readonly ShardFilter?: ShardFilter | undefined
  readonly StreamARN?: string | undefined
  readonly StreamCreationTimestamp?: number | undefined
  readonly StreamId?: string | undefined
  readonly StreamName?: string | undefined
}

export interface ListShardsOutput {
  readonly NextToken?: string | undefined
  readonly Shards?: readonly Shard[] | undefined
}

export interface ListStreamConsumersInput {
  readonly MaxResults?: number | undefined
  readonly NextToken?: string | undefined
  readonly StreamARN: string
  readonly StreamCreationTimestamp?: number | undefined
  readonly StreamId?: string | undefined
}

export interface ListStreamConsumersOutput {
  readonly Consumers?: readonly Consumer[] | undefined
  readonly NextToken?: string | undefined
}

export interface ListStreamsInput {
  readonly ExclusiveStartStreamName?: string | undefined
  readonly Limit?: number | undefined
  readonly NextToken?: string | undefined
}

export interface ListStreamsOutput {
  readonly HasMoreStreams: boolean
  readonly NextToken?: string | undefined
  readonly StreamNames?: readonly string[] | undefined
  readonly StreamSummaries?: readonly StreamSummary[] | undefined
}

export interface ListTagsForResourceInput {
  readonly ResourceARN: string
  readonly StreamId?: string | undefined
}

export interface ListTagsForResourceOutput {
  readonly Tags?: readonly Tag[] | undefined
}

export interface ListTagsForStreamInput {
  readonly ExclusiveStartTagKey?: string | undefined
  readonly Limit?: number | undefined
  readonly StreamARN?: string | undefined
  readonly StreamId?: string | undefined
  readonly StreamName?: string | undefined
}

export interface ListTagsForStreamOutput {
  readonly HasMoreTags: boolean
  readonly Tags?: readonly Tag[] | undefined
}

export interface MergeShardsInput {
  readonly AdjacentShardToMerge: string
  readonly ShardToMerge: string
  readonly StreamARN?: string | undefined
  readonly StreamId?: string | undefined
  readonly StreamName?: string | undefined
}

export interface MinimumThroughputBillingCommitmentInput {
  readonly Status: string
}

export interface MinimumThroughputBillingCommitmentOutput {
  readonly EarliestAllowedEndAt?: number | undefined
  readonly EndedAt?: number | undefined
  readonly StartedAt?: number | undefined
  readonly Status: string
}

export interface PutRecordInput {
  readonly Data: Uint8Array
  readonly ExplicitHashKey?: string | undefined
  readonly PartitionKey: string
  readonly SequenceNumberForOrdering?: string | undefined
  readonly StreamARN?: string | undefined
  readonly StreamId?: string | undefined
  readonly StreamName?: string | undefined
}

export interface PutRecordOutput {
  readonly EncryptionType?: string | undefined
  readonly SequenceNumber: string
  readonly ShardId: string
}

export interface PutRecordsInput {
  readonly Records: readonly PutRecordsRequestEntry[]
  readonly StreamARN?: string | undefined
  readonly StreamId?: string | undefined
  readonly StreamName?: string | undefined
}

export interface PutRecordsOutput {
  readonly EncryptionType?: string | undefined
  readonly FailedRecordCount?: number | undefined
  readonly Records?: readonly PutRecordsResultEntry[] | undefined
}

export interface PutRecordsRequestEntry {
  readonly Data: Uint8Array
  readonly ExplicitHashKey?: string | undefined
  readonly PartitionKey: string
}

export interface PutRecordsResultEntry {
  readonly ErrorCode?: string | undefined
  readonly ErrorMessage?: string | undefined
  readonly SequenceNumber?: string | undefined
  readonly ShardId?: string | undefined
}

export interface PutResourcePolicyInput {
  readonly Policy: string
  readonly ResourceARN: string
  readonly StreamId?: string | undefined
}

export interface Record {
  readonly ApproximateArrivalTimestamp?: number | undefined
  readonly Data: Uint8Array
  readonly EncryptionType?: string | undefined
  readonly PartitionKey: string
  readonly SequenceNumber: string
}

export interface RegisterStreamConsumerInput {
  readonly ConsumerName: string
  readonly StreamARN: string
  readonly StreamId?: string | undefined
  readonly Tags?: { readonly [key: string]: string } | undefined
}

export interface RegisterStreamConsumerOutput {
  readonly Consumer: Consumer
}

export interface RemoveTagsFromStreamInput {
  readonly StreamARN?: string | undefined
  readonly StreamId?: string | undefined
  readonly StreamName?: string | undefined
  readonly TagKeys: readonly string[]
}

export interface SequenceNumberRange {
  readonly EndingSequenceNumber?: string | undefined
  readonly StartingSequenceNumber: string
}

export interface Shard {
  readonly AdjacentParentShardId?: string | undefined
  readonly HashKeyRange: HashKeyRange
  readonly ParentShardId?: string | undefined
  readonly SequenceNumberRange: SequenceNumberRange
  readonly ShardId: string
}

export interface ShardFilter {
  readonly ShardId?: string | undefined
  readonly Timestamp?: number | undefined
  readonly Type: string
}

export interface SplitShardInput {
  readonly NewStartingHashKey: string
  readonly ShardToSplit: string
  readonly StreamARN?: string | undefined
  readonly StreamId?: string | undefined
  readonly StreamName?: string | undefined
}

export interface StartStreamEncryptionInput {
  readonly EncryptionType: string
  readonly KeyId: string
  readonly StreamARN?: string | undefined
  readonly StreamId?: string | undefined
  readonly StreamName?: string | undefined
}

export interface StartingPosition {
  readonly SequenceNumber?: string | undefined
  readonly Timestamp?: number | undefined
  readonly Type: string
}

export interface StopStreamEncryptionInput {
  readonly EncryptionType: string
  readonly KeyId: string
  readonly StreamARN?: string | undefined
  readonly StreamId?: string | undefined
  readonly StreamName?: string | undefined
}

export interface StreamDescription {
  readonly EncryptionType?: string | undefined
  readonly EnhancedMonitoring?: readonly EnhancedMetrics[] | undefined
  readonly HasMoreShards: boolean
  readonly KeyId?: string | undefined
  readonly RetentionPeriodHours: number
  readonly Shards?: readonly Shard[] | undefined
  readonly StreamARN: string
  readonly StreamCreationTimestamp: number
  readonly StreamModeDetails?: StreamModeDetails | undefined
  readonly StreamName: string
  readonly StreamStatus: string
}

export interface StreamDescriptionSummary {
  readonly ConsumerCount?: number | undefined
  readonly EncryptionType?: string | undefined
  readonly EnhancedMonitoring?: readonly EnhancedMetrics[] | undefined
  readonly KeyId?: string | undefined
  readonly MaxRecordSizeInKiB?: number | undefined
  readonly OpenShardCount: number
  readonly RetentionPeriodHours: number
  readonly StreamARN: string
  readonly StreamCreationTimestamp: number
  readonly StreamId?: string | undefined
  readonly StreamModeDetails?: StreamModeDetails | undefined
  readonly StreamName: string
  readonly StreamStatus: string
  readonly WarmThroughput?: WarmThroughputObject | undefined
}

export interface StreamModeDetails {
  readonly StreamMode: string
}

export interface StreamSummary {
  readonly StreamARN: string
  readonly StreamCreationTimestamp?: number | undefined
  readonly StreamModeDetails?: StreamModeDetails | undefined
  readonly StreamName: string
  readonly StreamStatus: string
}

export interface SubscribeToShardEvent {
  readonly ChildShards?: readonly ChildShard[] | undefined
  readonly ContinuationSequenceNumber: string
  readonly MillisBehindLatest: number
  readonly Records?: readonly Record[] | undefined
}

export type SubscribeToShardEventStream = { readonly SubscribeToShardEvent: SubscribeToShardEvent }

export interface SubscribeToShardInput {
  readonly ConsumerARN: string
  readonly ShardId: string
  readonly StartingPosition: StartingPosition
  readonly StreamId?: string | undefined
}

export interface SubscribeToShardOutput {
  readonly EventStream: AsyncIterable<SubscribeToShardEventStream>
}

export interface Tag {
  readonly Key: string
  readonly Value?: string | undefined
}

export interface TagResourceInput {
  readonly ResourceARN: string
  readonly StreamId?: string | undefined
  readonly Tags: { readonly [key: string]: string }
}

export interface UntagResourceInput {
  readonly ResourceARN: string
  readonly StreamId?: string | undefined
  readonly TagKeys: readonly string[]
}

export interface UpdateAccountSettingsInput {
  readonly MinimumThroughputBillingCommitment: MinimumThroughputBillingCommitmentInput
}

export interface UpdateAccountSettingsOutput {
  readonly MinimumThroughputBillingCommitment?: MinimumThroughputBillingCommitmentOutput | undefined
}

export interface UpdateMaxRecordSizeInput {
  readonly MaxRecordSizeInKiB: number
  readonly StreamARN?: string | undefined
  readonly StreamId?: string | undefined
}

export interface UpdateShardCountInput {
  readonly ScalingType: string
  readonly StreamARN?: string | undefined
  readonly StreamId?: string | undefined
  readonly StreamName?: string | undefined
  readonly TargetShardCount: number
}

export interface UpdateShardCountOutput {
  readonly CurrentShardCount?: number | undefined
  readonly StreamARN?: string | undefined
  readonly StreamName?: string | undefined
  readonly TargetShardCount?: number | undefined
}

export interface UpdateStreamModeInput {
  readonly StreamARN: string
  readonly StreamId?: string | undefined
  readonly StreamModeDetails: StreamModeDetails
  readonly WarmThroughputMiBps?: number | undefined
}

export interface UpdateStreamWarmThroughputInput {
  readonly StreamARN?: string | undefined
  readonly StreamId?: string | undefined
  readonly StreamName?: string | undefined
  readonly WarmThroughputMiBps: number
}

export interface UpdateStreamWarmThroughputOutput {
  readonly StreamARN?: string | undefined
  readonly StreamName?: string | undefined
  readonly WarmThroughput?: WarmThroughputObject | undefined
}

export interface WarmThroughputObject {
  readonly CurrentMiBps?: number | undefined
  readonly TargetMiBps?: number | undefined
}

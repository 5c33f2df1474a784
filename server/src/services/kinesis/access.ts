import { type Access, tagConditions } from '../../api/access.ts'
import type { AccessTable, Request } from '../../api/operation.ts'
import { ServiceError } from '../../api/service-error.ts'
import { AccessDenied } from './errors.ts'
import { placeOfShards } from './operations/list-shards.ts'
import type { KinesisPorts } from './ports.ts'
import { decodeShardIterator } from './shard-iterator.ts'
import { type StreamReference, streamArn } from './stream-arn.ts'

interface OfConsumer {
  readonly StreamARN?: string
  readonly ConsumerName?: string
  readonly ConsumerARN?: string
}

interface OfResource {
  readonly ResourceARN: string
}

interface OfTagKeys {
  readonly TagKeys: readonly string[]
}

type Tags = Readonly<Record<string, string>>

/**
 * What each operation needs leave for.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonkinesis.html
 */
export const kinesisAccess = (ports: KinesisPorts) =>
  ({
    AddTagsToStream: (input: StreamReference & { readonly Tags: Tags }, request: Request) =>
      withTags(onStream('AddTagsToStream')(input, request), input.Tags),
    CreateStream: (input: StreamReference & { readonly Tags?: Tags }, request: Request) => {
      const creation = onStream('CreateStream')(input, request)
      if (input.Tags === undefined) return creation
      const tagging = onStream('AddTagsToStream')(input, request)
      return [withTags(creation, input.Tags), withTags(tagging, input.Tags)]
    },
    DecreaseStreamRetentionPeriod: onStream('DecreaseStreamRetentionPeriod'),
    DeleteResourcePolicy: onResource('DeleteResourcePolicy'),
    DeleteStream: onStream('DeleteStream'),
    DeregisterStreamConsumer: onConsumer('DeregisterStreamConsumer'),
    DescribeAccountSettings: onNothing('DescribeAccountSettings'),
    DescribeLimits: onNothing('DescribeLimits'),
    DescribeStream: onStream('DescribeStream'),
    DescribeStreamConsumer: onConsumer('DescribeStreamConsumer'),
    DescribeStreamSummary: onStream('DescribeStreamSummary'),
    DisableEnhancedMonitoring: onStream('DisableEnhancedMonitoring'),
    EnableEnhancedMonitoring: onStream('EnableEnhancedMonitoring'),
    /** The iterator says of which stream it is. */
    GetRecords: ({ ShardIterator }: { readonly ShardIterator: string }): Access => {
      const { stream } = decodeShardIterator(ports, ShardIterator)
      return { action: 'kinesis:GetRecords', resource: streamArn(stream), accountId: stream.accountId }
    },
    GetResourcePolicy: onResource('GetResourcePolicy'),
    GetShardIterator: onStream('GetShardIterator'),
    IncreaseStreamRetentionPeriod: onStream('IncreaseStreamRetentionPeriod'),
    ListShards: (input: StreamReference & { readonly NextToken?: string }, request: Request) => {
      if (input.NextToken === undefined) return onStream('ListShards')(input, request)
      const { stream } = placeOfShards(ports, input.NextToken, request)
      return { action: 'kinesis:ListShards', resource: streamArn(stream), accountId: stream.accountId }
    },
    ListStreamConsumers: onStream('ListStreamConsumers'),
    ListStreams: onNothing('ListStreams'),
    ListTagsForResource: onResource('ListTagsForResource'),
    ListTagsForStream: onStream('ListTagsForStream'),
    MergeShards: onStream('MergeShards'),
    PutRecord: onStream('PutRecord'),
    PutRecords: onStream('PutRecords'),
    PutResourcePolicy: onResource('PutResourcePolicy'),
    RegisterStreamConsumer: (input: StreamReference & { readonly Tags?: Tags }, request: Request) => {
      const registration = onStream('RegisterStreamConsumer')(input, request)
      return input.Tags === undefined ? registration : withTags(registration, input.Tags)
    },
    RemoveTagsFromStream: (input: StreamReference & OfTagKeys, request: Request) =>
      withTagKeys(onStream('RemoveTagsFromStream')(input, request), input.TagKeys),
    SplitShard: onStream('SplitShard'),
    StartStreamEncryption: onStream('StartStreamEncryption'),
    StopStreamEncryption: onStream('StopStreamEncryption'),
    SubscribeToShard: onConsumer('SubscribeToShard'),
    TagResource: (input: OfResource & { readonly Tags: Tags }, request: Request) =>
      withTags(onResource('TagResource')(input, request), input.Tags),
    UntagResource: (input: OfResource & OfTagKeys, request: Request) =>
      withTagKeys(onResource('UntagResource')(input, request), input.TagKeys),
    UpdateAccountSettings: onNothing('UpdateAccountSettings'),
    UpdateMaxRecordSize: onStream('UpdateMaxRecordSize'),
    UpdateShardCount: onStream('UpdateShardCount'),
    UpdateStreamMode: onStream('UpdateStreamMode'),
    UpdateStreamWarmThroughput: onStream('UpdateStreamWarmThroughput'),
  }) as const satisfies AccessTable

export function refuseStreamAccess(text: string): Error {
  return new ServiceError(AccessDenied, text)
}

function onNothing(action: string) {
  return (_: object, { caller }: Request): Access => ({
    action: `kinesis:${action}`,
    resource: null,
    accountId: caller.accountId,
  })
}

/** Without a name it's whatever stream the caller has, and the operation will say that it needs one. */
function onStream(action: string) {
  return ({ StreamARN, StreamName }: StreamReference, request: Request): Access =>
    accessTo(action, StreamARN ?? ownStream(StreamName, request), request)
}

function ownStream(name = '', { caller: { accountId, region } }: Request): string {
  return streamArn({ accountId, region, name })
}

function onConsumer(action: string) {
  return ({ StreamARN, ConsumerName, ConsumerARN }: OfConsumer, request: Request): Access =>
    accessTo(action, ConsumerARN ?? `${StreamARN ?? ''}/consumer/${ConsumerName ?? ''}`, request)
}

function onResource(action: string) {
  return ({ ResourceARN }: OfResource, request: Request): Access => accessTo(action, ResourceARN, request)
}

function accessTo(action: string, arn: string, { caller }: Request): Access {
  const accountId = arn.split(':')[4] ?? ''
  return {
    action: `kinesis:${action}`,
    resource: arn,
    accountId: /^\d{12}$/.test(accountId) ? accountId : caller.accountId,
  }
}

function withTags(access: Access, tags: Tags): Access {
  return { ...access, conditions: tagConditions(tags) }
}

function withTagKeys(access: Access, keys: readonly string[]): Access {
  return { ...access, conditions: [['aws:TagKeys', keys]] }
}

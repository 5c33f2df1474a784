import type { Reason } from '../../api/model.ts'
import { type ErrorShape, ServiceError } from '../../api/service-error.ts'
import { describeViolations } from '../../api/validation-text.ts'
import { type DataKeyProblem, DataKeyRefused } from '../../core/data-keys.ts'

/** Every error Kinesis tells a client. */
const client = (code: string) => ({ code, status: 400, fault: 'client' }) as const satisfies ErrorShape

export const AccessDenied = client('AccessDeniedException')
export const ExpiredIterator = client('ExpiredIteratorException')
export const ExpiredNextToken = client('ExpiredNextTokenException')
export const InvalidArgument = client('InvalidArgumentException')
export const KMSAccessDenied = client('KMSAccessDeniedException')
export const KMSDisabled = client('KMSDisabledException')
export const KMSInvalidState = client('KMSInvalidStateException')
export const KMSNotFound = client('KMSNotFoundException')
export const LimitExceeded = client('LimitExceededException')
export const ProvisionedThroughputExceeded = client('ProvisionedThroughputExceededException')
export const ResourceInUse = client('ResourceInUseException')
export const ResourceNotFound = client('ResourceNotFoundException')
export const Validation = client('ValidationException')

/** AWS has no word here for keys that are of another kind, nor for what can't be opened though its key could be used. */
const KEY_PROBLEMS: Readonly<Record<DataKeyProblem, ErrorShape>> = {
  'not found': KMSNotFound,
  disabled: KMSDisabled,
  'invalid state': KMSInvalidState,
  'access denied': KMSAccessDenied,
  'invalid key usage': KMSInvalidState,
  'invalid ciphertext': KMSInvalidState,
  unavailable: KMSInvalidState,
}

/** That a key can't be used, in the words of Kinesis; any other error as it is. */
export function kinesisError(error: unknown): unknown {
  if (!(error instanceof DataKeyRefused)) return error
  return new ServiceError(KEY_PROBLEMS[error.problem], error.message)
}

export const invalidArgument = (message: string) => new ServiceError(InvalidArgument, message)

export const resourceInUse = (message: string) => new ServiceError(ResourceInUse, message)

export const limitExceeded = (message: string) => new ServiceError(LimitExceeded, message)

export const streamNotFound = ({ name, accountId }: { readonly name: string; readonly accountId: string }) =>
  new ServiceError(ResourceNotFound, `Stream ${name} under account ${accountId} not found.`)

export const shardNotFound = (
  shardId: string,
  { name, accountId }: { readonly name: string; readonly accountId: string },
) =>
  new ServiceError(
    ResourceNotFound,
    `Could not find shard ${shardId} in stream ${name} under account ${accountId}.`,
  )

/** The same to clients; who reads for a consumer is to tell it from a stream or a shard that is missing. */
export const ConsumerNotFound: ErrorShape = { ...ResourceNotFound }

/** `consumer` is its name, or its ARN where it was asked for by that. */
export const consumerNotFound = (consumer: string, { accountId }: { readonly accountId: string }) =>
  new ServiceError(ConsumerNotFound, `Consumer ${consumer}, account ${accountId} not found.`)

export const accessDenied = (principalArn: string, action: string, resourceArn: string) =>
  new ServiceError(
    AccessDenied,
    `User: ${principalArn} is not authorized to perform: kinesis:${action} on resource: ${resourceArn} ` +
      `because no resource-based policy allows the kinesis:${action} action`,
  )

/** `at` is where in the request the record's data is, in the validator's words. */
export const recordTooLarge = (at: string, bytesMax: number) =>
  new ServiceError(
    Validation,
    `1 validation error detected: Value at '${at}' failed to satisfy constraint: ` +
      `Member must have length less than or equal to ${bytesMax}`,
  )

export const shardRateExceeded = (
  shardId: string,
  { name, accountId }: { readonly name: string; readonly accountId: string },
) =>
  new ServiceError(
    ProvisionedThroughputExceeded,
    `Rate exceeded for shard ${shardId} in stream ${name} under account ${accountId}.`,
  )

/** What a reader is told of a shard that isn't there, and also where its stream isn't. */
export const shardDoesNotExist = (
  shardId: string,
  { name, accountId }: { readonly name: string; readonly accountId: string },
) =>
  new ServiceError(
    ResourceNotFound,
    `Shard ${shardId} in stream ${name} under account ${accountId} does not exist`,
  )

export const policyNotFound = (resourceArn: string) =>
  new ServiceError(ResourceNotFound, `No resource policy found for resource ARN ${resourceArn}.`)

/** AWS's validator knows of some constraints that its model doesn't tell. */
export const violates = (parameter: string, reason: Reason) =>
  new ServiceError(Validation, describeViolations([{ path: parameter, queryPath: parameter, ...reason }]))

export const expiredNextToken = () =>
  new ServiceError(ExpiredNextToken, 'The NextToken has expired: it was made more than 300 seconds ago.')

interface Owned {
  readonly name: string
  readonly accountId: string
}

/** What the cell refuses, which alone knows what there is. */

export const streamExists = ({ name, accountId }: Owned) =>
  resourceInUse(`Stream ${name} under account ${accountId} already exists.`)

export const streamNotActive = ({ name, accountId }: Owned, status: string) =>
  resourceInUse(`Stream ${name} under account ${accountId} not ACTIVE, instead in state ${status}`)

export const streamHasConsumers = ({ name, accountId }: Owned) =>
  resourceInUse(
    `DeleteStream can't delete ${accountId}:${name} because there are consumers associated with this data stream. ` +
      `To delete ${name} anyway, set the EnforceConsumerDeletion parameter to true to force the deletion of all the ` +
      'consumers that are associated with it.',
  )

export const tooManyStreamsCreating = (accountId: string, max: number) =>
  limitExceeded(`No more than ${max} streams under account ${accountId} can be in the CREATING state.`)

const QUOTAS_PAGE = 'http://docs.aws.amazon.com/general/latest/gr/aws_service_limits.html'

export const shardLimitExceeded = (
  { accountId, region }: { readonly accountId: string; readonly region: string },
  {
    current,
    limit,
    additional,
  }: { readonly current: number; readonly limit: number; readonly additional: number },
) =>
  limitExceeded(
    `This request would exceed the shard limit for the account ${accountId} in ${region}. ` +
      `Current shard count for the account: ${current}. Limit: ${limit}. ` +
      `Number of additional shards that would have resulted from this request: ${additional}. ` +
      `Refer to the AWS Service Limits page (${QUOTAS_PAGE}) for current limits and how to request higher limits.`,
  )

export const onDemandLimitExceeded = (
  { accountId, region }: { readonly accountId: string; readonly region: string },
  limit: number,
) =>
  limitExceeded(
    `This request would exceed the on-demand stream limit for the account ${accountId} in ${region}. Limit: ${limit}.`,
  )

export const streamIsOnDemand = ({ name, accountId }: Owned) =>
  new ServiceError(
    Validation,
    `Request is invalid. Stream ${name} under account ${accountId} is in On-Demand mode.`,
  )

export const warmThroughputNeedsOnDemand = ({ name, accountId }: Owned) =>
  new ServiceError(
    Validation,
    `Request is invalid. Warm throughput is for streams in On-Demand mode, and stream ${name} under account ${accountId} is in Provisioned mode.`,
  )

export const warmThroughputNeedsCommitment = (accountId: string) =>
  new ServiceError(
    Validation,
    `Request is invalid. Warm throughput needs MinimumThroughputBillingCommitment, which account ${accountId} has not enabled.`,
  )

export const shardNotEligible = (shardId: string, { name, accountId }: Owned) =>
  invalidArgument(
    `Shard ${shardId} in stream ${name} under account ${accountId} has already been merged or split, ` +
      'and thus is not eligible for merging or splitting.',
  )

export const shardsNotAdjacent = (shardId: string, adjacentId: string, { name, accountId }: Owned) =>
  invalidArgument(
    `Shards ${shardId} and ${adjacentId} in stream ${name} under account ${accountId} ` +
      'are not an adjacent pair of shards eligible for merging',
  )

/** Hash keys in decimal. */
export const hashKeyNotWithin = (
  hashKey: string,
  {
    id,
    startingHashKey,
    endingHashKey,
  }: { readonly id: string; readonly startingHashKey: string; readonly endingHashKey: string },
  { name, accountId }: Owned,
) =>
  invalidArgument(
    `NewStartingHashKey ${hashKey} used in SplitShard() on shard ${id} in stream ${name} under account ${accountId} ` +
      `is not both greater than one plus the shard's StartingHashKey ${startingHashKey} ` +
      `and less than the shard's EndingHashKey ${endingHashKey}.`,
  )

interface ShardCounts {
  readonly open: number
  readonly target: number
}

const shardCounts = ({ open, target }: ShardCounts) =>
  `Current open shard count: ${open}, Target shard count: ${target}`

export const shardCountAboveMax = (counts: ShardCounts, max: number) =>
  limitExceeded(
    `Target shard count or number of open shards cannot be greater than ${max}. ${shardCounts(counts)}`,
  )

export const shardCountAboveDouble = (counts: ShardCounts) =>
  limitExceeded(
    `UpdateShardCount cannot scale up over double your current open shard count. ${shardCounts(counts)}`,
  )

export const shardCountBelowHalf = (counts: ShardCounts) =>
  limitExceeded(
    `UpdateShardCount cannot scale down below half your current open shard count. ${shardCounts(counts)}`,
  )

/** `change` is the operation. */
export const tooManyChanges = (change: string, { name, accountId }: Owned, max: number) =>
  limitExceeded(
    `${change} is allowed ${max} times in a rolling 24-hour period for stream ${name} under account ${accountId}.`,
  )

interface Retention {
  readonly requested: number
  readonly existing: number
}

export const retentionShorter = ({ requested, existing }: Retention, { name }: Owned) =>
  invalidArgument(
    `Requested retention period (${requested} hours) for stream ${name} can not be shorter than existing retention period ` +
      `(${existing} hours). Use DecreaseRetentionPeriod API.`,
  )

export const retentionLonger = ({ requested, existing }: Retention, { name }: Owned) =>
  invalidArgument(
    `Requested retention period (${requested} hours) for stream ${name} can not be longer than existing retention period ` +
      `(${existing} hours). Use IncreaseRetentionPeriod API.`,
  )

export const tooManyTags = ({ name, accountId }: Owned, max: number) =>
  invalidArgument(
    `Failed to add tags to stream ${name} under account ${accountId} ` +
      `because a given stream cannot have more than ${max} tags associated with it.`,
  )

interface ConsumerOf {
  readonly consumer: string
  readonly createdSecond: number
  readonly stream: Owned
}

const namedConsumer = ({ consumer, createdSecond, stream }: ConsumerOf) =>
  `Consumer ${consumer} with creation timestamp ${createdSecond} under stream ${stream.name} and account ${stream.accountId}`

export const consumerExists = (consumer: ConsumerOf) =>
  resourceInUse(`${namedConsumer(consumer)} already exists.`)

export const consumerNotActive = ({ consumer, createdSecond, stream }: ConsumerOf) =>
  resourceInUse(
    `Consumer ${consumer} with creation timestamp ${createdSecond} under stream: ${stream.name} , ` +
      `account ${stream.accountId} is not in ACTIVE status.`,
  )

export const tooManyConsumers = ({ name, accountId }: Owned, max: number) =>
  limitExceeded(`Stream ${name} under account ${accountId} can't have more than ${max} registered consumers.`)

export const tooManyConsumersCreating = ({ name, accountId }: Owned, max: number) =>
  limitExceeded(
    `No more than ${max} consumers of stream ${name} under account ${accountId} can be in the CREATING state.`,
  )

import type { Reason } from '../../api/model.ts'
import { type ErrorShape, ServiceError } from '../../api/service-error.ts'
import { describeViolations } from '../../api/validation-text.ts'
import type { HashKey, StreamAddress } from './commands.ts'
import { formatHashKey } from './hash-key.ts'

/** Every error Kinesis tells a client. */
const client = (code: string) => ({ code, status: 400, fault: 'client' }) as const satisfies ErrorShape

export const AccessDenied = client('AccessDeniedException')
export const ExpiredIterator = client('ExpiredIteratorException')
export const ExpiredNextToken = client('ExpiredNextTokenException')
export const InvalidArgument = client('InvalidArgumentException')
export const KMSNotFound = client('KMSNotFoundException')
export const LimitExceeded = client('LimitExceededException')
export const ProvisionedThroughputExceeded = client('ProvisionedThroughputExceededException')
export const ResourceInUse = client('ResourceInUseException')
export const ResourceNotFound = client('ResourceNotFoundException')
export const Validation = client('ValidationException')

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

/** `consumer` is its name, or its ARN where it was asked for by that. */
export const consumerNotFound = (consumer: string, { accountId }: { readonly accountId: string }) =>
  new ServiceError(ResourceNotFound, `Consumer ${consumer}, account ${accountId} not found.`)

export const accessDenied = (principalArn: string, action: string, resourceArn: string) =>
  new ServiceError(
    AccessDenied,
    `User: ${principalArn} is not authorized to perform: kinesis:${action} on resource: ${resourceArn} ` +
      `because no resource-based policy allows the kinesis:${action} action`,
  )

export const shardRateExceeded = (
  shardId: string,
  { name, accountId }: { readonly name: string; readonly accountId: string },
) =>
  new ServiceError(
    ProvisionedThroughputExceeded,
    `Rate exceeded for shard ${shardId} in stream ${name} under account ${accountId}.`,
  )

import { type ErrorShape, ServiceError } from '../../api/service-error.ts'

/** Every error Kinesis tells a client. */
const client = (code: string) => ({ code, status: 400, fault: 'client' }) as const satisfies ErrorShape

export const ExpiredIterator = client('ExpiredIteratorException')
export const ExpiredNextToken = client('ExpiredNextTokenException')
export const InvalidArgument = client('InvalidArgumentException')
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

import { type ErrorShape, ServiceError } from '../api/service-error.ts'
import type { Report } from './wire.ts'

/** The errors of the protocols themselves: what AWS answers before, or in place of, a service. */

/** The input can't be read as its shape. */
export const Serialization = {
  code: 'SerializationException',
  status: 400,
  fault: 'client',
} as const satisfies ErrorShape

/** The same, in the Query protocol's word. */
export const MalformedInput = {
  code: 'MalformedInput',
  status: 400,
  fault: 'client',
} as const satisfies ErrorShape

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html has the status. */
export const MalformedQueryString = {
  code: 'MalformedQueryString',
  status: 404,
  fault: 'client',
} as const satisfies ErrorShape

/** A body that is longer than what is read of its kind. */
export const RequestEntityTooLarge = {
  code: 'RequestEntityTooLargeException',
  queryCode: 'RequestEntityTooLarge',
  status: 413,
  fault: 'client',
} as const satisfies ErrorShape

export const requestEntityTooLarge = (bytesMax: number) =>
  new ServiceError(RequestEntityTooLarge, `Request size exceeded ${bytesMax} bytes`)

export const UnknownOperation = {
  code: 'UnknownOperationException',
  status: 400,
  fault: 'client',
} as const satisfies ErrorShape

/** A request that no protocol claims. */
export const UnknownRequest = {
  code: 'UnknownOperationException',
  status: 404,
  fault: 'client',
} as const satisfies ErrorShape

export const InvalidAction = {
  code: 'InvalidAction',
  status: 400,
  fault: 'client',
} as const satisfies ErrorShape

export const MissingAction = {
  code: 'MissingAction',
  status: 400,
  fault: 'client',
} as const satisfies ErrorShape

/** A defect of ours, or the world failing under us. Says nothing to the client; the log has it. */
export const InternalFailure = {
  code: 'InternalFailure',
  status: 500,
  fault: 'server',
} as const satisfies ErrorShape

/** An empty text where AWS sends none. */
export function serializationError(message: string): ServiceError {
  return new ServiceError(Serialization, message)
}

/** What a client is told of an error: the error itself, or, where it was not meant for clients, InternalFailure. */
export function clientError(error: unknown, requestId: string, report: Report): ServiceError {
  if (error instanceof ServiceError) return error
  report(error, requestId)
  return new ServiceError(
    InternalFailure,
    'The request processing has failed because of an unknown error, exception or failure.',
  )
}

import { type ErrorShape, ServiceError } from '../api/service-error.ts'
import { ServiceUnavailable } from '../api/service-unavailable.ts'

// What the listener refuses by itself, in the protocol of the request; a body that is too long it refuses as the protocols do.

export const tooManyRequestsUnderWay = () =>
  new ServiceError(ServiceUnavailable, 'Too many requests are under way; try again.')

export const serverIsStopping = () =>
  new ServiceError(ServiceUnavailable, 'The server is stopping; try again.')

/** AWS's own code and words. It has them with SQS and SNS alone; here they hold for every service. */
export const InvalidSecurity = {
  code: 'InvalidSecurity',
  status: 400,
  fault: 'client',
} as const satisfies ErrorShape

export const notOverHttps = () =>
  new ServiceError(
    InvalidSecurity,
    'The request was not made over HTTPS. This server takes plain HTTP from its own machine alone: begin the endpoint with https://.',
  )

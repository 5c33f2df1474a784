import { type ErrorShape, ServiceError } from './service-error.ts'

/** For now: clients try again by themselves. */
export const ServiceUnavailable = {
  code: 'ServiceUnavailable',
  status: 503,
  fault: 'server',
} as const satisfies ErrorShape

export const recovering = () =>
  new ServiceError(ServiceUnavailable, 'The server is recovering and will be ready soon.')

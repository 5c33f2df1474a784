import type { Access } from './access.ts'
import type { Request, Service } from './operation.ts'

/** Says who may do what. */
export interface Authorizer {
  /** Throws the service's refusal where the caller has no leave. */
  authorize(access: Access, request: Request, service: Pick<Service, 'refuseAccess'>): void
}

import type { Caller } from '../api/operation.ts'
import type { SignedRequest } from './signature-claim.ts'

/** Finds out who is asking. */
export interface Authenticator {
  /**
   * The caller of a request to `service` (its signing name, e.g. `sqs`), or throws the `ServiceError` that says what is
   * wrong with its signature. `now` is milliseconds since the epoch.
   */
  authenticate(request: SignedRequest, service: string, now: number): Caller
}

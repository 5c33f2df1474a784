import { type ErrorShape, ServiceError } from '../api/service-error.ts'
import type { Authenticator } from '../auth/authenticator.ts'
import type { Clock } from '../base/time.ts'
import { jsonRoute, OWN_SIGNING_NAME } from './json-answer.ts'
import type { HttpRequest, Routes } from './request-handler.ts'

const PATH = '/_millrace/reset'

const ResetNotAllowed = {
  code: 'ResetNotAllowed',
  status: 403,
  fault: 'client',
} as const satisfies ErrorShape

export interface ResetOptions {
  readonly authenticator: Authenticator
  readonly clock: Clock
  /** Whether the server was started for it. */
  readonly isAllowed: boolean
  /** Deletes everything and declares again what is declared; resolves when that is durable, with what it did. */
  readonly reset: () => Promise<object>
}

/**
 * `POST /_millrace/reset`: back to what a first start would find, for test suites. The only request that deletes what no name
 * was given for, so that a server must be started for it.
 */
export function resetRoutes({ authenticator, clock, isAllowed, reset }: ResetOptions): Routes {
  const handle = async (request: HttpRequest): Promise<object> => {
    if (!isAllowed) {
      throw new ServiceError(
        ResetNotAllowed,
        'This server keeps what it has. To let tests empty it, start it with --allow-reset, with ' +
          'MILLRACE_ALLOW_RESET=true, or with "allow-reset: true" in its config file.',
      )
    }
    request.subject.operation = 'Reset'
    const caller = authenticator.authenticate(request, OWN_SIGNING_NAME, clock.now())
    request.subject.accountId = caller.accountId
    if (!caller.principalArn.endsWith(':root')) {
      throw new ServiceError(ResetNotAllowed, 'Only the root key may sign a reset.')
    }
    return reset()
  }
  return { [PATH]: jsonRoute(handle) }
}

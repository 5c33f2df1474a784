import { type ErrorShape, ServiceError } from '../api/service-error.ts'
import type { Authenticator } from '../auth/authenticator.ts'
import type { Clock } from '../base/time.ts'
import type { WireResponse } from '../protocol/wire.ts'
import type { HttpRequest, Route } from './request-handler.ts'

/** What requests of operators are signed for. */
const SIGNING_NAME = 'millrace'

export interface OperatorAccess {
  readonly authenticator: Authenticator
  readonly clock: Clock
  /** Whether the server was started for it. */
  readonly isAllowed: boolean
}

export interface OperatorRequest extends OperatorAccess {
  /** Its name in the log. */
  readonly operation: string
  /** The methods it is asked for with. */
  readonly methods: readonly string[]
  /** What is answered, with 403, by a server that was not started for it, or to others than the root user. */
  readonly notAllowed: ErrorShape
  /** How to start a server that does it. */
  readonly howToAllow: string
  /** Resolves with what is answered, as JSON. Throws `ServiceError` for what the client did wrong. */
  readonly run: (request: HttpRequest) => Promise<object>
}

/** Answers what no AWS client asks for and only the root user may, of a server that was started for it. */
export function operatorRoute(operator: OperatorRequest): Route {
  const { operation, methods, notAllowed, howToAllow, run, authenticator, clock, isAllowed } = operator
  const handle = (request: HttpRequest): Promise<object> => {
    if (!isAllowed) throw new ServiceError(notAllowed, howToAllow)
    request.subject.operation = operation
    const caller = authenticator.authenticate(request, SIGNING_NAME, clock.now())
    request.subject.accountId = caller.accountId
    if (!caller.principalArn.endsWith(':root')) {
      throw new ServiceError(notAllowed, 'Only the root key may sign this request.')
    }
    return run(request)
  }
  return async (request) => {
    if (!methods.includes(request.method)) {
      return { status: 405, headers: { allow: methods.join(', ') }, body: '' }
    }
    try {
      return answer(200, await handle(request))
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error
      const { code, status } = error.shape
      return { ...answer(status, { code, message: error.message }), errorCode: code }
    }
  }
}

function answer(status: number, content: object): WireResponse {
  return {
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    body: `${JSON.stringify(content)}\n`,
  }
}

import type { Caller } from '../api/operation.ts'
import { type ErrorShape, ServiceError } from '../api/service-error.ts'
import { ROOT_ACCOUNT_ID } from '../auth/root-principal.ts'
import { callerOf, type OwnRouteAccess, ownRoute } from './own-route.ts'
import type { HttpRequest, Route } from './request-handler.ts'

export interface OperatorAccess extends OwnRouteAccess {
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

/** Answers what no AWS client asks for and only the operator may, of a server that was started for it. */
export function operatorRoute(operator: OperatorRequest): Route {
  const { operation, methods, notAllowed, howToAllow, run, isAllowed } = operator
  return ownRoute(methods, (request) => {
    if (!isAllowed) throw new ServiceError(notAllowed, howToAllow)
    const caller = callerOf(request, operation, operator)
    if (!isOperator(caller)) throw new ServiceError(notAllowed, 'Only the root key may sign this request.')
    return run(request)
  })
}

/** The root user of the account that is there from the first start. Where nobody has to show who it is, anyone. */
function isOperator({ identity, accountId, principalArn }: Caller): boolean {
  if (identity === undefined) return principalArn.endsWith(':root')
  return accountId === ROOT_ACCOUNT_ID && identity.principal.kind === 'root'
}

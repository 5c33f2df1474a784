import type { Caller } from '../api/operation.ts'
import { ServiceError } from '../api/service-error.ts'
import type { Authenticator } from '../auth/authenticator.ts'
import type { Clock } from '../base/time.ts'
import type { WireResponse } from '../protocol/wire.ts'
import type { HttpRequest, Route } from './request-handler.ts'

/** What requests to paths of ours, which AWS has not, are signed for. */
const SIGNING_NAME = 'millrace'

export interface OwnRouteAccess {
  readonly authenticator: Authenticator
  readonly clock: Clock
}

/** A route that answers in JSON with what `handle` says, or with the `ServiceError` that it throws for the client. */
export function ownRoute(
  methods: readonly string[],
  handle: (request: HttpRequest) => Promise<object>,
): Route {
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

/** Who asks for the operation, which has this name in the log. Throws the `ServiceError` that says what is wrong with a signature. */
export function callerOf(
  request: HttpRequest,
  operation: string,
  { authenticator, clock }: OwnRouteAccess,
): Caller {
  request.subject.operation = operation
  const caller = authenticator.authenticate(request, SIGNING_NAME, clock.now())
  request.subject.accountId = caller.accountId
  return caller
}

function answer(status: number, content: object): WireResponse {
  return {
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    body: `${JSON.stringify(content)}\n`,
  }
}

/** A part of a path as it was before it was encoded; as it stands where it can't have been. */
export function decodedPart(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

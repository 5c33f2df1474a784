import { ServiceError } from '../api/service-error.ts'
import type { WireResponse } from '../protocol/wire.ts'
import type { HttpRequest, Route } from './request-handler.ts'

/** What requests to paths of ours, which AWS has not, are signed for. */
export const OWN_SIGNING_NAME = 'millrace'

/** A route for POST that answers in JSON with what `handle` says, or with the error that it throws for the client. */
export function jsonRoute(handle: (request: HttpRequest) => Promise<object>): Route {
  return async (request) => {
    if (request.method !== 'POST') return { status: 405, headers: { allow: 'POST' }, body: '' }
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

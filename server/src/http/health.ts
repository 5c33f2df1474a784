import type { WireResponse } from '../protocol/wire.ts'
import type { HttpRequest, Routes } from './request-handler.ts'

/** What the paths of health checks begin with. */
export const HEALTH = '/health/'

/** Whether requests can be served now. */
export interface Readiness {
  /** Why not, e.g. `recovering the journal`; undefined when all is well. */
  readonly problem: string | undefined
}

/**
 * `/health/live` says that the process runs and answers; a supervisor restarts what doesn't. `/health/ready` says whether
 * to send it requests.
 */
export function healthRoutes(readiness: Readiness): Routes {
  return {
    '/health/live': (request) => answer(request, 200, { status: 'live' }),
    '/health/ready': (request) => {
      const reason = readiness.problem
      return reason === undefined
        ? answer(request, 200, { status: 'ready' })
        : answer(request, 503, { status: 'not ready', reason })
    },
  }
}

function answer(request: HttpRequest, status: number, content: object): WireResponse {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return { status: 405, headers: { allow: 'GET, HEAD' }, body: '' }
  }
  const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' }
  return { status, headers, body: `${JSON.stringify(content)}\n` }
}

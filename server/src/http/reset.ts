import type { ErrorShape } from '../api/service-error.ts'
import { type OperatorAccess, operatorRoute } from './operator-route.ts'
import type { Routes } from './request-handler.ts'

const PATH = '/_millrace/reset'

const ResetNotAllowed = {
  code: 'ResetNotAllowed',
  status: 403,
  fault: 'client',
} as const satisfies ErrorShape

export interface ResetOptions extends OperatorAccess {
  /** Deletes everything and declares again what is declared; resolves when that is durable, with what it did. */
  readonly reset: () => Promise<object>
}

/**
 * `POST /_millrace/reset`: back to what a first start would find, for test suites. The only request that deletes what no name
 * was given for, so that a server must be started for it.
 */
export function resetRoutes({ reset, ...access }: ResetOptions): Routes {
  return {
    [PATH]: operatorRoute({
      ...access,
      operation: 'Reset',
      methods: ['POST'],
      notAllowed: ResetNotAllowed,
      howToAllow:
        'This server keeps what it has. To let tests empty it, start it with --allow-reset, with ' +
        'MILLRACE_ALLOW_RESET=true, or with "allow-reset: true" in its config file.',
      run: reset,
    }),
  }
}

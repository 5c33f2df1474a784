import type { ErrorShape } from '../api/service-error.ts'
import { operatorRoute } from './operator-route.ts'
import { decodedPart, type OwnRouteAccess } from './own-route.ts'
import type { Routes } from './request-handler.ts'

const PATH = '/_millrace/accounts'

const AccountsNotAllowed = {
  code: 'AccountsNotAllowed',
  status: 403,
  fault: 'client',
} as const satisfies ErrorShape

export interface AccountsOptions extends OwnRouteAccess {
  readonly create: (name: string) => Promise<object>
  readonly list: () => Promise<readonly object[]>
}

/**
 * `GET /_millrace/accounts` lists the accounts, `POST /_millrace/accounts/NAME` makes one and tells its root key, once. For the operator alone:
 * the root user of the account that is there from the first start.
 */
export function accountRoutes({ create, list, ...access }: AccountsOptions): Routes {
  const operator = {
    ...access,
    isAllowed: true,
    notAllowed: AccountsNotAllowed,
    howToAllow: '',
  }
  return {
    [PATH]: operatorRoute({
      ...operator,
      ...{ operation: 'ListAccounts', methods: ['GET'] },
      run: async () => ({ accounts: await list() }),
    }),
    [`${PATH}/`]: operatorRoute({
      ...operator,
      ...{ operation: 'CreateAccount', methods: ['POST'] },
      run: async (request) => create(decodedPart(request.path.slice(PATH.length + 1))),
    }),
  }
}

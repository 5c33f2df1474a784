import type { Access } from '../../api/access.ts'
import type { AccessOf, AccessTable, Request } from '../../api/operation.ts'
import { refuseSessions } from './refuse-sessions.ts'

/** Who asks about itself, or is answered that this can't be had here. */
const nothing = (): readonly Access[] => []

/** Looks at the session before anything else. */
function unlessSession(operation: string, accessOf: AccessOf): AccessOf {
  return (input, request) => {
    refuseSessions(request.caller, operation)
    return accessOf(input, request)
  }
}

/**
 * What each operation needs leave for. AssumeRole asks the role's trust policy too, and looks after itself.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html
 */
const ACCESS = {
  AssumeRole: nothing,
  AssumeRoleWithSAML: nothing,
  AssumeRoleWithWebIdentity: nothing,
  AssumeRoot: nothing,
  DecodeAuthorizationMessage: (_: object, { caller }: Request) => ({
    action: 'sts:DecodeAuthorizationMessage',
    resource: null,
    accountId: caller.accountId,
  }),
  GetAccessKeyInfo: nothing,
  GetCallerIdentity: nothing,
  GetDelegatedAccessToken: nothing,
  GetFederationToken: ({ Name }: { readonly Name: string }, { caller }: Request) => ({
    action: 'sts:GetFederationToken',
    resource: `arn:aws:sts::${caller.accountId}:federated-user/${Name}`,
    accountId: caller.accountId,
  }),
  GetSessionToken: nothing,
  GetWebIdentityToken: nothing,
} as const satisfies AccessTable

export const STS_ACCESS: AccessTable = Object.fromEntries(
  Object.entries(ACCESS).map(([operation, accessOf]) => [operation, unlessSession(operation, accessOf)]),
)

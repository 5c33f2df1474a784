import type { Principals, Statement } from './policy-document.ts'
import type { Principal } from './principal.ts'

/**
 * How a statement names the principal, which decides what an `Allow` is worth in the principal's own account:
 *
 * - `direct`: the one that asks itself (a user, a session, a service, everyone). Nothing but an explicit deny limits it.
 * - `entity`: the role or user that the session is of. The permissions boundary and session policies limit it.
 * - `account`: the account. It's for the account's own policies to grant it further.
 */
export type Naming = 'direct' | 'entity' | 'account'

/** Null where the statement isn't about the principal. `bounded`: whether it has a permissions boundary. */
export type NamesPrincipal = (principal: Principal, bounded: boolean) => Naming | null

export function compilePrincipals(principals: Principals, effect: Statement['effect']): NamesPrincipal {
  const lists = listsOf(principals)
  if (!principals.negated) return (principal) => namingOf(principal, lists)
  if (effect === 'Allow') {
    // Whoever is named in any way is left out.
    return (principal) => (namingOf(principal, lists) === null ? 'direct' : null)
  }
  // "The NotPrincipal element with a Deny effect will always deny any IAM principal that has a permissions boundary policy attached."
  return (principal, bounded) => (bounded || !isNamedInFull(principal, lists) ? 'direct' : null)
}

interface Lists {
  readonly everyone: boolean
  /** ARNs and unique ids; accounts by their number alone. */
  readonly aws: ReadonlySet<string>
  readonly services: ReadonlySet<string>
  readonly federated: ReadonlySet<string>
}

/** `arn:aws:iam::123456789012:root` and `123456789012` "behave the same way". */
const ROOT_ARN = /^arn:[^:]+:iam::(?<accountId>\d{12}):root$/

function listsOf({ everyone, aws, services, federated }: Principals): Lists {
  return {
    everyone: everyone || aws.includes('*'),
    aws: new Set(aws.map((name) => ROOT_ARN.exec(name)?.groups?.accountId ?? name)),
    services: new Set(services),
    federated: new Set(federated),
  }
}

function namingOf(principal: Principal, lists: Lists): Naming | null {
  if (lists.everyone) return 'direct'
  switch (principal.kind) {
    case 'root':
      return lists.aws.has(principal.accountId) ? 'direct' : null
    case 'user':
      if (lists.aws.has(principal.arn) || lists.aws.has(principal.id)) return 'direct'
      return lists.aws.has(principal.accountId) ? 'account' : null
    case 'role session':
      if (lists.aws.has(principal.arn)) return 'direct'
      if (lists.aws.has(principal.roleArn) || lists.aws.has(principal.roleId)) return 'entity'
      return lists.aws.has(principal.accountId) ? 'account' : null
    case 'federated user': {
      if (lists.aws.has(principal.arn)) return 'direct'
      const { user } = principal
      if (user !== null && (lists.aws.has(user.arn) || lists.aws.has(user.id))) return 'entity'
      if (!lists.aws.has(principal.accountId)) return null
      return user === null ? 'entity' : 'account'
    }
    case 'service':
      return lists.services.has(principal.name) ? 'direct' : null
    case 'federated identity':
      return lists.federated.has(principal.provider) ? 'direct' : null
    case 'anonymous':
      return null
    default:
      return principal satisfies never
  }
}

/**
 * For `NotPrincipal` with `Deny`, which has to name the account beside the user, and the role beside the session: "AWS might validate the
 * account first, then the role, and then the assumed-role user". Whoever isn't named at each of these is denied.
 */
function isNamedInFull(principal: Principal, lists: Lists): boolean {
  if (lists.everyone) return true
  const { aws } = lists
  switch (principal.kind) {
    case 'root':
      return aws.has(principal.accountId)
    case 'user':
      return aws.has(principal.accountId) && (aws.has(principal.arn) || aws.has(principal.id))
    case 'role session':
      return (
        aws.has(principal.accountId) &&
        (aws.has(principal.roleArn) || aws.has(principal.roleId)) &&
        aws.has(principal.arn)
      )
    case 'federated user': {
      const { user } = principal
      const isUserNamed = user === null || aws.has(user.arn) || aws.has(user.id)
      return aws.has(principal.accountId) && isUserNamed && aws.has(principal.arn)
    }
    case 'service':
    case 'federated identity':
    case 'anonymous':
      return namingOf(principal, lists) !== null
    default:
      return principal satisfies never
  }
}

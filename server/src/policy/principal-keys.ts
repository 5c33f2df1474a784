import type { Principal } from './principal.ts'

/** What is known of a principal besides who it is. */
export interface PrincipalDetails {
  /** Of the user; of the role and its session, the session's over the role's. */
  readonly tags: Iterable<readonly [key: string, value: string]>
  /** The user's name without its path; null for who is no user. */
  readonly userName: string | null
  /** The name of the session behind the role's id; null for who is no session. */
  readonly sessionName: string | null
}

type Entry = readonly [key: string, value: string]

/**
 * What all requests of a principal have in common: entries for `contextOf`. The values for each kind of principal are those of the
 * table in reference_policies_variables, "Principal key values".
 */
export function principalKeys(principal: Principal, details: PrincipalDetails): readonly Entry[] {
  const { tags, userName, sessionName } = details
  const ofTags = Array.from(tags, ([key, value]): Entry => [`aws:PrincipalTag/${key}`, value])
  const ofAccount = (arn: string, accountId: string, type: string, userId: string): readonly Entry[] => [
    ['aws:PrincipalArn', arn],
    ['aws:PrincipalAccount', accountId],
    ['aws:PrincipalType', type],
    ['aws:userid', userId],
    ['aws:PrincipalIsAWSService', 'false'],
    ...ofTags,
  ]
  switch (principal.kind) {
    case 'root':
      return ofAccount(principal.arn, principal.accountId, 'Account', principal.accountId)
    case 'user': {
      const keys = ofAccount(principal.arn, principal.accountId, 'User', principal.id)
      return userName === null ? keys : [...keys, ['aws:username', userName]]
    }
    case 'role session': {
      const { roleArn, accountId, roleId } = principal
      return ofAccount(roleArn, accountId, 'AssumedRole', `${roleId}:${sessionName ?? ''}`)
    }
    case 'federated user': {
      const { arn, accountId } = principal
      return ofAccount(arn, accountId, 'FederatedUser', `${accountId}:${sessionName ?? ''}`)
    }
    case 'service':
      return [
        ['aws:PrincipalType', 'AWSService'],
        ['aws:PrincipalIsAWSService', 'true'],
        ['aws:PrincipalServiceName', principal.name],
        ['aws:PrincipalServiceNamesList', principal.name],
      ]
    case 'federated identity':
      return [
        ['aws:PrincipalType', 'FederatedUser'],
        ['aws:PrincipalIsAWSService', 'false'],
        ['aws:FederatedProvider', principal.provider],
      ]
    case 'anonymous':
      return [
        ['aws:PrincipalType', 'Anonymous'],
        ['aws:PrincipalIsAWSService', 'false'],
        ['aws:userid', 'anonymous'],
      ]
    default:
      return principal satisfies never
  }
}

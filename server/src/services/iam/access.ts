import { type Access, type Conditions, tagConditions } from '../../api/access.ts'
import type { AccessTable, Caller, Request } from '../../api/operation.ts'
import { ServiceError } from '../../api/service-error.ts'
import { arnOf, parseArn } from './arn.ts'
import { AccessDenied } from './errors.ts'

/** The path of a user, group or role as it is now; `/` for one that isn't there. */
export type PathOf = (type: 'user' | 'group' | 'role', accountId: string, name: string) => string

/** Of the many inputs of IAM those members that name what an operation is about. */
interface Input {
  readonly UserName?: string
  readonly GroupName?: string
  readonly RoleName?: string
  readonly PolicyArn?: string
  readonly PolicyName?: string
  readonly PolicySourceArn?: string
  readonly Path?: string
  readonly PermissionsBoundary?: string
  readonly Tags?: readonly { readonly Key: string; readonly Value: string }[]
  readonly TagKeys?: readonly string[]
}

/** What is about a group is named by it, though it names a user too. */
const ON_GROUP = [
  ...[
    'AddUserToGroup',
    'AttachGroupPolicy',
    'CreateGroup',
    'DeleteGroup',
    'DeleteGroupPolicy',
    'DetachGroupPolicy',
  ],
  ...['GetGroup', 'GetGroupPolicy', 'ListAttachedGroupPolicies', 'ListGroupPolicies', 'PutGroupPolicy'],
  'RemoveUserFromGroup',
] as const
const ON_ROLE = [
  ...['AttachRolePolicy', 'CreateRole', 'DeleteRole', 'DeleteRolePolicy', 'DetachRolePolicy', 'GetRole'],
  ...[
    'GetRolePolicy',
    'ListAttachedRolePolicies',
    'ListRolePolicies',
    'ListRoleTags',
    'PutRolePolicy',
    'TagRole',
  ],
  ...['UntagRole', 'UpdateAssumeRolePolicy', 'UpdateRole'],
] as const
const ON_USER = [
  ...[
    'AttachUserPolicy',
    'CreateAccessKey',
    'CreateUser',
    'DeleteAccessKey',
    'DeleteUser',
    'DeleteUserPolicy',
  ],
  ...['DetachUserPolicy', 'GetUser', 'GetUserPolicy', 'ListAccessKeys', 'ListAttachedUserPolicies'],
  ...['ListGroupsForUser', 'ListUserPolicies', 'ListUserTags', 'PutUserPolicy', 'TagUser', 'UntagUser'],
  ...['UpdateAccessKey', 'UpdateUser'],
] as const
const ON_POLICY = [
  ...[
    'CreatePolicy',
    'CreatePolicyVersion',
    'DeletePolicy',
    'DeletePolicyVersion',
    'GetPolicy',
    'GetPolicyVersion',
  ],
  ...['ListEntitiesForPolicy', 'ListPolicyVersions', 'SetDefaultPolicyVersion'],
] as const
const ON_NOTHING = [
  ...['CreateAccountAlias', 'GetAccessKeyLastUsed', 'GetAccountSummary', 'ListAccountAliases', 'ListGroups'],
  ...['ListPolicies', 'ListRoles', 'ListUsers', 'SimulateCustomPolicy'],
] as const

/**
 * What each operation needs leave for.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
 */
export function iamAccess(pathOf: PathOf): AccessTable {
  const named = (type: 'user' | 'group' | 'role', name: string, { accountId }: Caller, path?: string) =>
    arnOf(type, { accountId, name, path: path ?? pathOf(type, accountId, name) })
  const user = ({ UserName, Path }: Input, { caller }: Request) =>
    UserName === undefined ? caller.principalArn : named('user', UserName, caller, Path)
  return {
    ...rows(ON_GROUP, ({ GroupName = '', Path }, { caller }) => named('group', GroupName, caller, Path)),
    ...rows(ON_ROLE, ({ RoleName = '', Path }, { caller }) => named('role', RoleName, caller, Path)),
    ...rows(ON_USER, user),
    ...rows(
      ON_POLICY,
      ({ PolicyArn, PolicyName = '', Path = '/' }, { caller }) =>
        PolicyArn ?? arnOf('policy', { accountId: caller.accountId, path: Path, name: PolicyName }),
    ),
    ...rows(ON_NOTHING, () => null),
    ...rows(['SimulatePrincipalPolicy'], ({ PolicySourceArn = '' }) => PolicySourceArn),
  }
}

/** Of what is about the whole account it says so; nothing else tells whether there is something of the name. */
export function refuseIamAccess(text: string): Error {
  return new ServiceError(AccessDenied, text)
}

function rows(
  operations: readonly string[],
  resourceOf: (input: Input, request: Request) => string | null,
): AccessTable {
  return Object.fromEntries(
    operations.map((operation) => [
      operation,
      (input: Input, request: Request): Access => {
        const resource = resourceOf(input, request)
        const owner = resource === null ? undefined : parseArn(resource)?.accountId
        // AWS's own policies are in every account.
        const isOwn = owner === undefined || owner === 'aws'
        return {
          action: `iam:${operation}`,
          resource,
          accountId: isOwn ? request.caller.accountId : owner,
          conditions: conditionsOf(input),
        }
      },
    ]),
  )
}

function conditionsOf({ PolicyArn, PermissionsBoundary, Tags, TagKeys }: Input): Conditions {
  return [
    ...(PolicyArn === undefined ? [] : [['iam:PolicyARN', PolicyArn] as const]),
    ...(PermissionsBoundary === undefined ? [] : [['iam:PermissionsBoundary', PermissionsBoundary] as const]),
    ...(TagKeys === undefined ? [] : [['aws:TagKeys', TagKeys] as const]),
    ...(Tags === undefined
      ? []
      : tagConditions(Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value])))),
  ]
}

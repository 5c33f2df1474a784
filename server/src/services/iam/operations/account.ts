import type {
  CreateAccountAliasRequest,
  GetAccountSummaryResponse,
  ListAccountAliasesRequest,
  ListAccountAliasesResponse,
} from '../../../api/generated/iam.ts'
import { operation } from '../../../api/operation.ts'
import {
  ATTACHED_POLICIES_MAX,
  GROUPS_MAX,
  GROUPS_PER_USER_MAX,
  INLINE_CHARACTERS_MAX,
  KEYS_PER_USER_MAX,
  POLICIES_MAX,
  POLICY_CHARACTERS_MAX,
  ROLES_MAX,
  TRUST_CHARACTERS_MAX,
  USERS_MAX,
  VERSIONS_IN_USE_MAX,
  VERSIONS_PER_POLICY_MAX,
} from '../limits.ts'
import { pageOfAll, pagesOf } from '../paging.ts'
import { ask, type IamPorts } from '../ports.ts'

export const createAccountAlias = (ports: IamPorts) =>
  operation<CreateAccountAliasRequest, object>('CreateAccountAlias', async (input, { caller }) => {
    const { accountId } = caller
    await ask(ports, { service: 'iam', kind: 'setAlias', accountId, alias: input.AccountAlias })
    return {}
  })

export const listAccountAliases = (ports: IamPorts) =>
  operation<ListAccountAliasesRequest, ListAccountAliasesResponse>(
    'ListAccountAliases',
    async (input, { caller }) => {
      const { accountId } = caller
      const pages = pagesOf(ports, ['ListAccountAliases', accountId], input)
      const account = await ask(ports, { service: 'iam', kind: 'getAccount', accountId })
      const alias = account?.alias ?? null
      const { page, end } = pageOfAll(alias === null ? [] : [alias], pages)
      return { AccountAliases: page, ...end }
    },
  )

export const getAccountSummary = (ports: IamPorts) =>
  operation<object, GetAccountSummaryResponse>('GetAccountSummary', async (_input, { caller }) => {
    const { accountId } = caller
    const counts = await ask(ports, { service: 'iam', kind: 'countEntities', accountId })
    const account = await ask(ports, { service: 'iam', kind: 'getAccount', accountId })
    const hasKeys = accountId === ports.rootKey.accountId || (account?.keys.length ?? 0) > 0
    return {
      SummaryMap: {
        ...{ Users: counts.users, UsersQuota: USERS_MAX, Groups: counts.groups, GroupsQuota: GROUPS_MAX },
        ...{
          Roles: counts.roles,
          RolesQuota: ROLES_MAX,
          Policies: counts.policies,
          PoliciesQuota: POLICIES_MAX,
        },
        ...{ PolicyVersionsInUse: counts.versions, PolicyVersionsInUseQuota: VERSIONS_IN_USE_MAX },
        ...{ VersionsPerPolicyQuota: VERSIONS_PER_POLICY_MAX, PolicySizeQuota: POLICY_CHARACTERS_MAX },
        ...{ AccessKeysPerUserQuota: KEYS_PER_USER_MAX, GroupsPerUserQuota: GROUPS_PER_USER_MAX },
        AttachedPoliciesPerUserQuota: ATTACHED_POLICIES_MAX,
        AttachedPoliciesPerGroupQuota: ATTACHED_POLICIES_MAX,
        AttachedPoliciesPerRoleQuota: ATTACHED_POLICIES_MAX,
        UserPolicySizeQuota: INLINE_CHARACTERS_MAX.user,
        GroupPolicySizeQuota: INLINE_CHARACTERS_MAX.group,
        RolePolicySizeQuota: INLINE_CHARACTERS_MAX.role,
        AssumeRolePolicySizeQuota: TRUST_CHARACTERS_MAX,
        AccountAccessKeysPresent: hasKeys ? 1 : 0,
        // What there is none of here.
        ...{ AccountMFAEnabled: 0, AccountPasswordPresent: 0, AccountSigningCertificatesPresent: 0 },
        ...{ MFADevices: 0, MFADevicesInUse: 0, ServerCertificates: 0, ServerCertificatesQuota: 0 },
        ...{
          SigningCertificatesPerUserQuota: 0,
          InstanceProfiles: 0,
          InstanceProfilesQuota: 0,
          Providers: 0,
        },
        GlobalEndpointTokenVersion: 2,
      },
    }
  })

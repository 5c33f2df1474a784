import { compileModel } from '../../api/compile-model.ts'
import { iamModel } from '../../api/generated/iam-model.ts'
import type { Operation, Service } from '../../api/operation.ts'
import { iamAccess, type PathOf, refuseIamAccess } from './access.ts'
import {
  createAccessKey,
  deleteAccessKey,
  getAccessKeyLastUsed,
  listAccessKeys,
  updateAccessKey,
} from './operations/access-keys.ts'
import { createAccountAlias, getAccountSummary, listAccountAliases } from './operations/account.ts'
import { attachedPolicies } from './operations/attached-policies.ts'
import {
  addUserToGroup,
  createGroup,
  deleteGroup,
  getGroup,
  listGroups,
  listGroupsForUser,
  removeUserFromGroup,
} from './operations/groups.ts'
import { inlinePolicies } from './operations/inline-policies.ts'
import {
  createPolicy,
  deletePolicy,
  getPolicy,
  listEntitiesForPolicy,
  listPolicies,
} from './operations/managed-policies.ts'
import {
  createPolicyVersion,
  deletePolicyVersion,
  getPolicyVersion,
  listPolicyVersions,
  setDefaultPolicyVersion,
} from './operations/policy-versions.ts'
import {
  createRole,
  deleteRole,
  getRole,
  listRoles,
  updateAssumeRolePolicy,
  updateRole,
} from './operations/roles.ts'
import { simulateCustomPolicy, simulatePrincipalPolicy } from './operations/simulations.ts'
import { tags } from './operations/tags.ts'
import { createUser, deleteUser, getUser, listUsers, updateUser } from './operations/users.ts'
import type { IamPorts } from './ports.ts'
import { refuseInput } from './refuse-input.ts'

/** The operations, by what they are about. */
const OPERATIONS: readonly ((ports: IamPorts) => Operation)[] = [
  ...[createUser, getUser, listUsers, updateUser, deleteUser],
  ...[createAccessKey, listAccessKeys, updateAccessKey, deleteAccessKey, getAccessKeyLastUsed],
  ...[createGroup, getGroup, listGroups, listGroupsForUser, deleteGroup, addUserToGroup, removeUserFromGroup],
  ...[createRole, getRole, listRoles, updateRole, updateAssumeRolePolicy, deleteRole],
  ...tags,
  ...[createPolicy, getPolicy, listPolicies, listEntitiesForPolicy, deletePolicy],
  ...[
    createPolicyVersion,
    getPolicyVersion,
    listPolicyVersions,
    setDefaultPolicyVersion,
    deletePolicyVersion,
  ],
  ...attachedPolicies,
  ...inlinePolicies,
  ...[simulateCustomPolicy, simulatePrincipalPolicy],
  ...[createAccountAlias, listAccountAliases, getAccountSummary],
]

/** AWS Identity and Access Management: users, groups, roles, and policies of the accounts that callers belong to. */
export function iam(ports: IamPorts, pathOf: PathOf): Service {
  const operations = OPERATIONS.map((declare) => declare(ports))
  return {
    name: 'iam',
    model: compileModel('iam', iamModel),
    operations: new Map(operations.map((operation) => [operation.name, operation])),
    refuseInput,
    access: iamAccess(pathOf),
    refuseAccess: refuseIamAccess,
  }
}

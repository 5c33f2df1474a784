import { parseArn } from '../arn.ts'
import { awsManagedPolicies } from '../aws-managed-policies.ts'
import type { NamedOne, OneHolder, OnePolicy } from '../commands.ts'
import type { Group, Holder, ManagedPolicy, Role, User } from '../entities.ts'
import { notFound, policyNotAttachable, policyNotFound } from '../errors.ts'
import type { Directory } from './directory.ts'
import type { EntityUnit } from './entity-unit.ts'

/** What commands name. Refuses what isn't there, in AWS's words. */

export function findUser(directory: Directory, { accountId, name }: NamedOne): EntityUnit<User> {
  return directory.named('user', accountId, name) ?? refuse(notFound('user', name))
}

export function findGroup(directory: Directory, { accountId, name }: NamedOne): EntityUnit<Group> {
  return directory.named('group', accountId, name) ?? refuse(notFound('group', name))
}

export function findRole(directory: Directory, { accountId, name }: NamedOne): EntityUnit<Role> {
  return directory.named('role', accountId, name) ?? refuse(notFound('role', name))
}

export function findHolder(directory: Directory, { type, accountId, name }: OneHolder): EntityUnit<Holder> {
  return directory.named(type, accountId, name) ?? refuse(notFound(type, name))
}

/** A policy of the account itself, which it may change. */
export function findOwnPolicy(
  directory: Directory,
  { accountId, arn }: OnePolicy,
): EntityUnit<ManagedPolicy> {
  return ownPolicy(directory, accountId, arn) ?? refuse(policyNotFound(arn))
}

/** A policy that the account may use: its own, or AWS's. */
export function usablePolicy(directory: Directory, { accountId, arn }: OnePolicy): ManagedPolicy | undefined {
  return awsManagedPolicies().get(arn) ?? ownPolicy(directory, accountId, arn)?.entity
}

export function findUsablePolicy(directory: Directory, policy: OnePolicy): ManagedPolicy {
  return usablePolicy(directory, policy) ?? refuse(policyNotFound(policy.arn))
}

/** As a permissions boundary, or to be attached. */
export function checkUsable(directory: Directory, accountId: string, arn: string): void {
  if (usablePolicy(directory, { accountId, arn }) === undefined) throw policyNotAttachable(arn)
}

export function groupsOf(directory: Directory, { groups }: User): readonly Group[] {
  return groups.flatMap((id) => {
    const group = directory.withId(id)?.entity
    return group?.type === 'group' ? [group] : []
  })
}

/** The user or role that an ARN names, of any account. */
export function principalAt(directory: Directory, arn: string): EntityUnit<User | Role> | undefined {
  const parts = parseArn(arn)
  if (parts === undefined || (parts.type !== 'user' && parts.type !== 'role')) return undefined
  const unit = directory.named(parts.type, parts.accountId, parts.name)
  return unit?.entity.path === parts.path && unit.entity.name === parts.name ? unit : undefined
}

function ownPolicy(
  directory: Directory,
  accountId: string,
  arn: string,
): EntityUnit<ManagedPolicy> | undefined {
  const parts = parseArn(arn)
  if (parts?.type !== 'policy' || parts.accountId !== accountId) return undefined
  const unit = directory.named('policy', accountId, parts.name)
  return unit?.entity.path === parts.path ? unit : undefined
}

function refuse(error: Error): never {
  throw error
}

import type {
  Group as GroupAnswer,
  Policy as PolicyAnswer,
  Role as RoleAnswer,
  Tag,
  User as UserAnswer,
  PolicyVersion as VersionAnswer,
} from '../../api/generated/iam.ts'
import { arnOf } from './arn.ts'
import type { CountedPolicy } from './commands.ts'
import type { Group, ManagedPolicy, Named, PolicyVersion, Role, Tags, User } from './entities.ts'
import type { LastUses } from './last-uses.ts'

/** Answers as AWS gives them: lists leave out what only the answers about one have. */

export function renderUser(user: User): UserAnswer {
  return { ...renderListedUser(user), ...boundaryOf(user), ...tagsOf(user) }
}

export function renderListedUser(user: User): UserAnswer {
  return { ...namesOf('user', user), UserName: user.name, UserId: user.id }
}

export function renderGroup(group: Group): GroupAnswer {
  return { ...namesOf('group', group), GroupName: group.name, GroupId: group.id }
}

/** `trust` is its trust policy as it now stands. */
export function renderRole(role: Role, trust: string, lastUses: LastUses): RoleAnswer {
  const lastUse = lastUses.latest(role.id, role.lastUse)
  return {
    ...renderListedRole(role, trust),
    ...boundaryOf(role),
    ...tagsOf(role),
    RoleLastUsed: lastUse === null ? {} : { LastUsedDate: lastUse.at, Region: lastUse.region },
  }
}

export function renderListedRole(role: Role, trust: string): RoleAnswer {
  return { ...renderBareRole(role, trust), MaxSessionDuration: role.maxSessionSeconds }
}

/** As CreateRole does. */
export function renderCreatedRole(role: Role): RoleAnswer {
  return { ...renderBareRole(role, role.trust.text), ...boundaryOf(role), ...tagsOf(role) }
}

function renderBareRole(role: Role, trust: string): RoleAnswer {
  return {
    ...namesOf('role', role),
    ...{ RoleName: role.name, RoleId: role.id, AssumeRolePolicyDocument: encodePolicy(trust) },
    ...(role.description !== null && { Description: role.description }),
  }
}

/** As ListPolicies does. */
export function renderListedPolicy({ policy, attachments, boundaries }: CountedPolicy): PolicyAnswer {
  return {
    ...namesOf('policy', policy),
    ...{ PolicyName: policy.name, PolicyId: policy.id, DefaultVersionId: `v${policy.defaultVersion}` },
    ...{ AttachmentCount: attachments, PermissionsBoundaryUsageCount: boundaries, IsAttachable: true },
    UpdateDate: policy.updatedAt,
  }
}

export function renderPolicy(counted: CountedPolicy): PolicyAnswer {
  const { description } = counted.policy
  return {
    ...renderListedPolicy(counted),
    ...(description !== null && { Description: description }),
    Tags: renderTags(counted.policy.tags),
  }
}

/** Without the policy itself. */
export function renderVersion(
  { number, createdAt }: PolicyVersion,
  { defaultVersion }: ManagedPolicy,
): VersionAnswer {
  return { VersionId: `v${number}`, IsDefaultVersion: number === defaultVersion, CreateDate: createdAt }
}

/** In the order of their keys. */
export function renderTags(tags: Tags): readonly Tag[] {
  return Object.keys(tags)
    .sort()
    .map((Key) => ({ Key, Value: tags[Key]! }))
}

/** As AWS sends policies: percent-encoded as RFC 3986 has it. */
export function encodePolicy(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

function namesOf(type: 'user' | 'group' | 'role' | 'policy', entity: Named) {
  return { Path: entity.path, Arn: arnOf(type, entity), CreateDate: entity.createdAt }
}

function boundaryOf({ boundary }: User | Role) {
  if (boundary === null) return {}
  return {
    PermissionsBoundary: { PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: boundary },
  }
}

function tagsOf({ tags }: User | Role) {
  return Object.keys(tags).length === 0 ? {} : { Tags: renderTags(tags) }
}

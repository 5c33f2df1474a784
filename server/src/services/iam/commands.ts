import type { Command } from '../../core/command.ts'
import type {
  Account,
  Group,
  Holder,
  LastUse,
  ManagedPolicy,
  PolicyText,
  Role,
  SecretsKey,
  StoredKey,
  Tags,
  User,
} from './entities.ts'

/**
 * What the IAM operations ask of the cell, and what it answers. Everything here is plain data that was checked by the operation: ranges,
 * names, shapes, and that policies are policies. The cell checks what depends on state: whether there is such a user, quotas, whether
 * something is in use.
 */
export interface IamCommands {
  createUser: OfAccount & Pick<User, 'id' | 'name' | 'path' | 'tags' | 'boundary'>
  getUser: NamedOne
  listUsers: PageOf
  /** Null for what stays. */
  renameUser: NamedOne & { readonly newName: string | null; readonly newPath: string | null }
  deleteUser: NamedOne

  createGroup: OfAccount & Pick<Group, 'id' | 'name' | 'path'>
  getGroup: NamedOne & { readonly after: string; readonly limit: number }
  listGroups: PageOf
  deleteGroup: NamedOne
  listGroupsOfUser: NamedOne & { readonly after: string; readonly limit: number }
  addToGroup: NamedOne & { readonly user: string }
  removeFromGroup: NamedOne & { readonly user: string }

  createRole: OfAccount &
    Pick<
      Role,
      'id' | 'name' | 'path' | 'tags' | 'boundary' | 'description' | 'maxSessionSeconds' | 'trust'
    > & { readonly trusted: readonly string[] }
  getRole: NamedOne
  listRoles: PageOf
  changeRole: NamedOne & { readonly changes: Partial<Pick<Role, 'description' | 'maxSessionSeconds'>> }
  /** `trusted`: the ARNs of users and roles that the policy names. */
  setTrust: NamedOne & { readonly trust: PolicyText; readonly trusted: readonly string[] }
  deleteRole: NamedOne

  createPolicy: OfAccount &
    Pick<ManagedPolicy, 'id' | 'name' | 'path' | 'description' | 'tags'> & { readonly policy: PolicyText }
  getPolicy: OnePolicy
  listPolicies: PageOf & {
    readonly scope: 'All' | 'AWS' | 'Local'
    readonly onlyAttached: boolean
    readonly usage: PolicyUsage | null
  }
  deletePolicy: OnePolicy
  createPolicyVersion: OnePolicy & { readonly policy: PolicyText; readonly isDefault: boolean }
  deletePolicyVersion: OnePolicy & { readonly version: number }
  setDefaultVersion: OnePolicy & { readonly version: number }
  listUsesOfPolicy: OnePolicy

  getHolder: OneHolder
  gatherPolicies: OneHolder
  attachPolicy: OneHolder & { readonly arn: string }
  detachPolicy: OneHolder & { readonly arn: string }
  putInlinePolicy: OneHolder & { readonly policyName: string; readonly policy: PolicyText }
  deleteInlinePolicy: OneHolder & { readonly policyName: string }
  tag: OneHolder & { readonly tags: Tags }
  untag: OneHolder & { readonly keys: readonly string[] }

  /** `keysElsewhere`: how many keys the owner has that are not kept here. */
  createKey: KeyOwner & Pick<StoredKey, 'id' | 'sealedSecret'> & { readonly keysElsewhere: number }
  listKeys: KeyOwner
  setKeyActive: KeyOwner & { readonly id: string; readonly isActive: boolean }
  deleteKey: KeyOwner & { readonly id: string }
  /** Of any account. */
  findKey: { readonly id: string }
  noteUses: { readonly uses: readonly NotedUse[] }
  keepSecretsKey: { readonly secretsKey: SecretsKey }

  createAccount: Pick<Account, 'accountId'> & { readonly name: string; readonly key: NewKey }
  listAccounts: object
  getAccount: OfAccount
  setAlias: OfAccount & { readonly alias: string }
  countEntities: OfAccount
  /** All of all accounts goes, but for the accounts that the operator made and their root users' keys. */
  reset: object
}

export interface IamReplies {
  createUser: User
  getUser: User
  listUsers: EntityPage<User>
  renameUser: User
  deleteUser: null
  createGroup: Group
  getGroup: EntityPage<User> & { readonly group: Group }
  listGroups: EntityPage<Group>
  deleteGroup: null
  listGroupsOfUser: EntityPage<Group>
  addToGroup: null
  removeFromGroup: null
  createRole: Role
  getRole: RoleAsTrusted
  listRoles: EntityPage<RoleAsTrusted>
  changeRole: Role
  setTrust: Role
  deleteRole: null
  createPolicy: ManagedPolicy
  getPolicy: CountedPolicy
  listPolicies: EntityPage<CountedPolicy>
  deletePolicy: null
  createPolicyVersion: ManagedPolicy
  deletePolicyVersion: null
  setDefaultVersion: null
  /** By type, then by name. */
  listUsesOfPolicy: readonly { readonly holder: Holder; readonly usage: PolicyUsage }[]
  getHolder: Holder
  /** Those of a user's groups among them. */
  gatherPolicies: { readonly policies: readonly HeldPolicy[]; readonly boundary: HeldPolicy | null }
  attachPolicy: null
  detachPolicy: null
  putInlinePolicy: null
  deleteInlinePolicy: null
  tag: null
  untag: null
  createKey: StoredKey
  listKeys: readonly StoredKey[]
  setKeyActive: null
  deleteKey: null
  findKey: FoundKey | null
  noteUses: null
  keepSecretsKey: null
  createAccount: Account
  listAccounts: readonly Account[]
  getAccount: Account | null
  setAlias: null
  countEntities: EntityCounts
  reset: null
}

interface OfAccount {
  /** Twelve digits. */
  readonly accountId: string
}

/** Names are found whatever their case. */
export interface NamedOne extends OfAccount {
  readonly name: string
}

export interface OneHolder extends NamedOne {
  readonly type: Holder['type']
}

/** One that the account may use: its own, or one of AWS's. */
export interface OnePolicy extends OfAccount {
  readonly arn: string
}

/** Whose access keys are meant: a user's, or those of the account's root user. */
export interface KeyOwner extends OfAccount {
  readonly user: string | null
}

export type NewKey = Pick<StoredKey, 'id' | 'sealedSecret'>

export interface PageOf extends OfAccount {
  /** What the paths begin with. */
  readonly pathPrefix: string
  /** Where the page before ended; empty for the first. */
  readonly after: string
  readonly limit: number
}

export interface EntityPage<Each> {
  readonly entities: readonly Each[]
  /** Where the next page begins; null where this is the last. */
  readonly next: string | null
}

export interface HeldPolicy {
  /** What it is called where it's told that it matters. */
  readonly id: string
  readonly type: 'user' | 'group' | 'role' | 'aws-managed' | 'user-managed'
  readonly text: string
  readonly kind: Holder['type'] | 'managed'
}

export type PolicyUsage = 'PermissionsPolicy' | 'PermissionsBoundary'

export interface CountedPolicy {
  readonly policy: ManagedPolicy
  readonly attachments: number
  readonly boundaries: number
}

/** A role with its trust policy as it now stands: those who are gone are named by their ids. */
export interface RoleAsTrusted {
  readonly role: Role
  readonly trust: string
}

export interface FoundKey {
  readonly accountId: string
  /** Null for the root user. */
  readonly userName: string | null
  readonly lastUse: LastUse | null
}

/** Of an access key, or of the role with that id. */
export interface NotedUse extends LastUse {
  readonly id: string
}

export interface EntityCounts {
  readonly users: number
  readonly groups: number
  readonly roles: number
  readonly policies: number
  readonly versions: number
}

export type IamCommand<Kind extends keyof IamCommands = keyof IamCommands> = {
  [Each in Kind]: Command & { readonly service: 'iam'; readonly kind: Each } & IamCommands[Each]
}[Kind]

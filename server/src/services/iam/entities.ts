/**
 * What IAM keeps, as plain data that never changes: a change makes another object, and leaves those inside that did not change. Times are
 * milliseconds since the epoch.
 */
export type Entity = User | Group | Role | ManagedPolicy | Account

export type EntityType = Entity['type']

export type Tags = Readonly<Record<string, string>>

/** A policy's text as it was given. An object, so that what was made of it can be kept for as long as it is the same. */
export interface PolicyText {
  readonly text: string
}

/** What all have that are named within an account. */
export interface Named {
  /** Twelve digits. */
  readonly accountId: string
  /** Never given to another: `AIDA...`, `AGPA...`, `AROA...`, `ANPA...`. */
  readonly id: string
  readonly name: string
  /** Begins and ends with a slash. */
  readonly path: string
  readonly createdAt: number
}

/** What all have that policies are given to. */
export interface PolicyHolder extends Named {
  /** By name. */
  readonly inline: Readonly<Record<string, PolicyText>>
  /** ARNs of managed policies, the one attached last at the end. */
  readonly attached: readonly string[]
}

export interface User extends PolicyHolder {
  readonly type: 'user'
  readonly tags: Tags
  /** ARN of a managed policy; null for none. */
  readonly boundary: string | null
  /** Ids of groups. */
  readonly groups: readonly string[]
  readonly keys: readonly StoredKey[]
  /** By access key id. */
  readonly keyUses: Readonly<Record<string, LastUse>>
}

export interface Group extends PolicyHolder {
  readonly type: 'group'
}

export interface Role extends PolicyHolder {
  readonly type: 'role'
  readonly tags: Tags
  /** ARN of a managed policy; null for none. */
  readonly boundary: string | null
  readonly description: string | null
  readonly maxSessionSeconds: number
  readonly trust: PolicyText
  /**
   * The ids of the users and roles that the trust policy names, by their ARNs, as they were when it was written. Who takes over the name of
   * one that is gone is somebody else.
   */
  readonly trustedIds: Readonly<Record<string, string>>
  /** Null where nobody has assumed it yet. */
  readonly lastUse: Pick<LastUse, 'at' | 'region'> | null
}

export interface ManagedPolicy extends Named {
  readonly type: 'policy'
  readonly description: string | null
  readonly tags: Tags
  readonly updatedAt: number
  /** In the order in which they were made; at least one. */
  readonly versions: readonly PolicyVersion[]
  /** The number of the version that counts. */
  readonly defaultVersion: number
  /** The number that the next version gets. */
  readonly nextVersion: number
}

export interface PolicyVersion {
  readonly number: number
  readonly policy: PolicyText
  readonly createdAt: number
}

/** What an account has for itself. One that never set anything has none. */
export interface Account {
  readonly type: 'account'
  readonly accountId: string
  /** What the operator calls it; null for one that nobody made. */
  readonly name: string | null
  readonly alias: string | null
  readonly createdAt: number
  /** Of its root user. */
  readonly keys: readonly StoredKey[]
  readonly keyUses: Readonly<Record<string, LastUse>>
}

export interface StoredKey {
  readonly id: string
  /** See `base/sealer.ts`: nothing here can open it. */
  readonly sealedSecret: Uint8Array
  readonly createdAt: number
  readonly isActive: boolean
}

export interface LastUse {
  readonly at: number
  /** As requests are signed for it, e.g. `sqs`. */
  readonly service: string
  readonly region: string
}

export type TaggedHolder = User | Role
export type Holder = User | Group | Role

/** The version of a policy that counts. */
export function defaultVersionOf({ versions, defaultVersion }: ManagedPolicy): PolicyVersion {
  const version = versions.find(({ number }) => number === defaultVersion)
  if (version === undefined) throw new Error(`version ${defaultVersion} of a policy is missing`)
  return version
}

/**
 * The key that secrets are sealed with, those of access keys and of KMS keys. It is as well kept as the rest of the state where that is encrypted; where it
 * is not, it is wrapped by a key which is kept elsewhere.
 */
export interface SecretsKey {
  readonly isWrapped: boolean
  readonly bytes: Uint8Array
}

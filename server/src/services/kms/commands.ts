import type { Command } from '../../core/command.ts'
import type { Scope } from '../../core/scope.ts'
import type { KeySpec, KeyUsage } from './key-specs.ts'

/**
 * What the KMS operations ask of the cell, and what it answers. Everything here is plain data that was checked by the operation:
 * ranges, names and shapes hold. The cell checks what depends on state: whether a key is there, its status, its manager, quotas.
 *
 * A key's material comes and goes sealed: the cell can't open it. Times are milliseconds since the epoch.
 */
export interface KmsCommands {
  /** A key that AWS would manage comes with its alias; where the alias is there already, nothing is made. */
  createKey: NewKey
  getKey: { readonly key: KeyReference }
  listKeys: Scope & Page
  changeKey: Managing & { readonly changes: Partial<Pick<KeySettings, 'description' | 'policy'>> }
  enableKey: Managing
  disableKey: Managing
  scheduleDeletion: Managing & { readonly days: number }
  cancelDeletion: Managing
  tagKey: Managing & { readonly tags: Tags }
  untagKey: Managing & { readonly keys: readonly string[] }
  /** `days` is null to end automatic rotation. */
  setRotation: Managing & { readonly days: number | null }
  /** On demand. */
  rotateKey: Managing & { readonly material: SealedMaterial }
  /** An automatic rotation, that `rotationDue` said is due; nothing if another front was quicker. */
  rotateDueKey: { readonly key: KeyAddress; readonly due: number; readonly material: SealedMaterial }
  noteUse: { readonly key: KeyAddress; readonly use: KeyUse }

  createAlias: AliasAndKey
  updateAlias: AliasAndKey
  deleteAlias: { readonly alias: AliasAddress }
  /** Of one key, or of all. */
  listAliases: Scope & Page & { readonly key: KeyAddress | null }

  /** `isDryRun` says that the grant could be made, but isn't. */
  createGrant: { readonly key: KeyAddress; readonly grant: NewGrant; readonly isDryRun: boolean }
  listGrants: Page & {
    readonly key: KeyAddress
    readonly id: string | null
    readonly grantee: string | null
  }
  listRetirableGrants: Scope & Page & { readonly principal: string }
  /** `isDryRun` says that the grant is to be there, and to stay. */
  deleteGrant: { readonly key: KeyAddress; readonly id: string; readonly isDryRun: boolean }
  /** Whether the grant is there, and its key. */
  hasGrant: { readonly key: KeyAddress; readonly id: string }

  /** Deletes all keys of all accounts and regions, with their aliases and grants, at once. */
  reset: object
}

export interface KmsReplies {
  createKey: KeyView
  getKey: KeyView
  listKeys: { readonly ids: readonly string[]; readonly next: string | null }
  changeKey: null
  enableKey: null
  disableKey: null
  scheduleDeletion: { readonly deletesAt: number }
  cancelDeletion: null
  tagKey: null
  untagKey: null
  setRotation: null
  rotateKey: null
  rotateDueKey: null
  noteUse: null
  createAlias: null
  updateAlias: null
  deleteAlias: null
  listAliases: { readonly aliases: readonly AliasView[]; readonly next: string | null }
  /** Another id than the grant had, where one of the same name was there that says the same. */
  createGrant: { readonly id: string }
  listGrants: GrantPage
  listRetirableGrants: GrantPage
  deleteGrant: null
  hasGrant: boolean
  reset: { readonly keys: number }
}

export type KmsCommand<Kind extends keyof KmsCommands = keyof KmsCommands> = {
  [K in Kind]: Command & { readonly service: 'kms'; readonly kind: K } & KmsCommands[K]
}[Kind]

/** Where a key lives; its name is its id. */
export interface KeyAddress extends Scope {
  readonly name: string
}

/** Where an alias lives; its name begins with `alias/`. */
export interface AliasAddress extends Scope {
  readonly name: string
}

export type KeyReference =
  | { readonly kind: 'key'; readonly key: KeyAddress }
  | { readonly kind: 'alias'; readonly alias: AliasAddress }

/** Who asks for what, as the refusal has it where AWS alone manages the key. */
export interface Asker {
  readonly principalArn: string
  readonly action: string
}

interface Managing {
  readonly key: KeyAddress
  readonly by: Asker
}

interface AliasAndKey extends Managing {
  readonly alias: AliasAddress
}

interface Page {
  readonly after: string
  readonly limit: number
}

export type Tags = Readonly<Record<string, string>>

export interface SealedMaterial {
  /** 64 small hexadecimal digits; never used before. */
  readonly id: string
  readonly sealed: Uint8Array
}

export type RotationType = 'AUTOMATIC' | 'ON_DEMAND'

/** Material that a key has or had: the one that came last encrypts, and each decrypts what it encrypted. */
export interface Material extends SealedMaterial {
  readonly since: number
  /** Null for the first one. */
  readonly rotation: RotationType | null
}

export type KeyManager = 'CUSTOMER' | 'AWS'

export interface NewKey {
  readonly key: KeyAddress
  readonly spec: KeySpec
  readonly usage: KeyUsage
  readonly manager: KeyManager
  readonly isMultiRegion: boolean
  readonly description: string
  readonly tags: Tags
  readonly policy: string
  readonly material: SealedMaterial
  /** Null where it isn't rotated by itself. */
  readonly rotationDays: number | null
  /** Only of a key that AWS would manage. */
  readonly alias: string | null
}

export interface Rotation {
  readonly days: number
  readonly nextAt: number
}

export interface Deletion {
  readonly at: number
  readonly days: number
}

/** What may change of a key, other than its material. */
export interface KeySettings {
  readonly description: string
  readonly policy: string
  readonly tags: Tags
  readonly isEnabled: boolean
  /** When it was enabled last: nothing is rotated while it isn't. */
  readonly enabledAt: number
  /** Null where it isn't rotated by itself. */
  readonly rotation: Rotation | null
  /** Null where it isn't to be deleted. */
  readonly deletion: Deletion | null
}

/** The last successful use of a key, as far as the journal knows it. */
export interface KeyUse {
  readonly operation: string
  readonly at: number
  readonly requestId: string
}

/** A key as it is now; not to be changed. */
export interface KeyView {
  readonly key: KeyAddress
  readonly spec: KeySpec
  readonly usage: KeyUsage
  readonly manager: KeyManager
  readonly isMultiRegion: boolean
  readonly createdAt: number
  readonly settings: KeySettings
  /** In the order in which they came; at least one. */
  readonly materials: readonly Material[]
  /** When it should have been rotated; null where it needn't be now. */
  readonly rotationDue: number | null
  readonly lastUse: KeyUse | null
}

export interface AliasView {
  readonly name: string
  readonly keyId: string
  readonly createdAt: number
  readonly updatedAt: number
}

export type GrantConstraints = {
  readonly equals: Tags | null
  readonly subset: Tags | null
}

export interface NewGrant {
  /** 64 small hexadecimal digits; never used before. */
  readonly id: string
  /** Empty for none. */
  readonly name: string
  readonly grantee: string
  /** Null for none. */
  readonly retiring: string | null
  readonly operations: readonly string[]
  readonly constraints: GrantConstraints
  /** An ARN: the account that grants. */
  readonly issuer: string
}

export interface GrantView extends NewGrant {
  readonly createdAt: number
  readonly key: KeyAddress
}

interface GrantPage {
  readonly grants: readonly GrantView[]
  readonly next: string | null
}

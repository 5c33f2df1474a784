import { decode as decodeCbor, encode as encodeCbor } from 'cborg'
import type { ByteReader } from '../../../base/byte-reader.ts'
import type { ByteWriter } from '../../../base/byte-writer.ts'
import type {
  AliasAddress,
  KeyAddress,
  KeyManager,
  KeySettings,
  KeyUse,
  NewGrant,
  RotationType,
  SealedMaterial,
} from '../commands.ts'
import type { KeySpec, KeyUsage } from '../key-specs.ts'

/**
 * What can happen to keys, aliases and grants, as it is journaled. Kinds and layouts are for ever: they are only ever added to.
 * docs/formats/keys.md lists them. None of this happens often, and all but the kind is CBOR. Material is sealed.
 */
export const EVENT = {
  keyCreated: 0x0500,
  keyChanged: 0x0501,
  keyRotated: 0x0502,
  keyUsed: 0x0503,
  allKeysDeleted: 0x0504,
  aliasCreated: 0x0510,
  aliasUpdated: 0x0511,
  aliasDeleted: 0x0512,
  grantCreated: 0x0520,
  grantDeleted: 0x0521,
} as const

export interface KeyCreated {
  readonly kind: typeof EVENT.keyCreated
  /** Never used before. */
  readonly number: number
  readonly address: KeyAddress
  readonly spec: KeySpec
  readonly usage: KeyUsage
  readonly manager: KeyManager
  readonly isMultiRegion: boolean
  readonly settings: KeySettings
  readonly material: SealedMaterial
}

/** A key that is to be deleted then is gone when time gets there, without another event. */
export interface KeyChanged {
  readonly kind: typeof EVENT.keyChanged
  readonly number: number
  /** The settings that are others, as they are from now on. */
  readonly changes: Partial<KeySettings>
}

export interface KeyRotated {
  readonly kind: typeof EVENT.keyRotated
  readonly number: number
  readonly material: SealedMaterial
  readonly rotation: RotationType
  /** When it was due, which may be long ago. */
  readonly at: number
  /** The next automatic rotation; null where there is none. */
  readonly nextAt: number | null
}

export interface KeyUsed {
  readonly kind: typeof EVENT.keyUsed
  readonly number: number
  readonly use: KeyUse
}

/** Every key of every account and region is gone, with aliases and grants. Their numbers are not given again. */
export interface AllKeysDeleted {
  readonly kind: typeof EVENT.allKeysDeleted
}

export interface AliasCreated {
  readonly kind: typeof EVENT.aliasCreated
  /** Never used before. */
  readonly number: number
  readonly address: AliasAddress
  /** The number of its key. */
  readonly key: number
}

export interface AliasUpdated {
  readonly kind: typeof EVENT.aliasUpdated
  readonly number: number
  readonly key: number
}

export interface AliasDeleted {
  readonly kind: typeof EVENT.aliasDeleted
  readonly number: number
}

export interface GrantCreated {
  readonly kind: typeof EVENT.grantCreated
  /** The number of its key. */
  readonly key: number
  readonly grant: NewGrant
}

export interface GrantDeleted {
  readonly kind: typeof EVENT.grantDeleted
  readonly key: number
  readonly id: string
}

export type KmsEvent =
  | KeyCreated
  | KeyChanged
  | KeyRotated
  | KeyUsed
  | AllKeysDeleted
  | AliasCreated
  | AliasUpdated
  | AliasDeleted
  | GrantCreated
  | GrantDeleted

const KINDS: ReadonlySet<number> = new Set(Object.values(EVENT))

export function encodeEvent({ kind: _kind, ...content }: KmsEvent, writer: ByteWriter): void {
  writer.bytes(encodeCbor(content))
}

/** The reader stands at the payload and holds nothing else: what `encodeEvent` wrote, since the journal's checksums hold. */
export function decodeEvent(kind: number, version: number, reader: ByteReader): KmsEvent {
  if (version !== 1 || !KINDS.has(kind)) {
    throw new Error(
      `the journal has a KMS event of kind 0x${kind.toString(16)}, version ${version}, which a newer version of Millrace wrote`,
    )
  }
  return { ...(decodeCbor(reader.bytes(reader.remaining)) as object), kind } as KmsEvent
}

import { decode as decodeCbor, encode as encodeCbor } from 'cborg'
import type { ByteReader } from '../../../base/byte-reader.ts'
import type { ByteWriter } from '../../../base/byte-writer.ts'
import type { NotedUse } from '../commands.ts'
import type { Entity, SecretsKey } from '../entities.ts'

/**
 * What can happen to users, groups, roles, policies and accounts, as it is journaled. Kinds and layouts are for ever: they are only
 * ever added to. All of it is rare.
 */
export const EVENT = {
  entityCreated: 0x0400,
  entityChanged: 0x0401,
  entityDeleted: 0x0402,
  usesNoted: 0x0403,
  allForgotten: 0x0404,
  secretsKeyKept: 0x0405,
} as const

export interface EntityCreated {
  readonly kind: typeof EVENT.entityCreated
  /** Never used before. */
  readonly number: number
  readonly entity: Entity
}

/** What of it is another from now on; its type is not. */
export interface EntityChanged {
  readonly kind: typeof EVENT.entityChanged
  readonly number: number
  readonly changes: Readonly<Record<string, unknown>>
}

export interface EntityDeleted {
  readonly kind: typeof EVENT.entityDeleted
  readonly number: number
}

/** Access keys and roles were used, some while ago. One that is gone by now is passed over. */
export interface UsesNoted {
  readonly kind: typeof EVENT.usesNoted
  readonly uses: readonly NotedUse[]
}

/** All is gone but the accounts that the operator made, which have nothing any more but their root users' keys. */
export interface AllForgotten {
  readonly kind: typeof EVENT.allForgotten
}

/** From now on this is kept of the key that secrets are sealed with; the key itself stays the same for ever. */
export interface SecretsKeyKept {
  readonly kind: typeof EVENT.secretsKeyKept
  readonly secretsKey: SecretsKey
}

export type IamEvent =
  | EntityCreated
  | EntityChanged
  | EntityDeleted
  | UsesNoted
  | AllForgotten
  | SecretsKeyKept

export function encodeEvent(event: IamEvent, writer: ByteWriter): void {
  switch (event.kind) {
    // u32 number │ CBOR
    case EVENT.entityCreated:
      writer.uint32(event.number)
      writer.bytes(encodeCbor(event.entity))
      return
    case EVENT.entityChanged:
      writer.uint32(event.number)
      writer.bytes(encodeCbor(event.changes))
      return
    // u32 number
    case EVENT.entityDeleted:
      writer.uint32(event.number)
      return
    // CBOR
    case EVENT.usesNoted:
      writer.bytes(encodeCbor(event.uses))
      return
    // nothing
    case EVENT.allForgotten:
      return
    // CBOR
    case EVENT.secretsKeyKept:
      writer.bytes(encodeCbor(event.secretsKey))
      return
    default:
      event satisfies never
  }
}

/** The reader stands at the payload and holds nothing else. */
export function decodeEvent(kind: number, version: number, reader: ByteReader): IamEvent {
  if (version !== 1) throw unknownEvent(kind, version)
  switch (kind) {
    case EVENT.entityCreated: {
      const number = reader.uint32()
      return { kind, number, entity: rest(reader) as Entity }
    }
    case EVENT.entityChanged: {
      const number = reader.uint32()
      return { kind, number, changes: rest(reader) as EntityChanged['changes'] }
    }
    case EVENT.entityDeleted:
      return { kind, number: reader.uint32() }
    case EVENT.usesNoted:
      return { kind, uses: rest(reader) as readonly NotedUse[] }
    case EVENT.allForgotten:
      return { kind }
    case EVENT.secretsKeyKept:
      return { kind, secretsKey: rest(reader) as SecretsKey }
    default:
      throw unknownEvent(kind, version)
  }
}

/** What encodeEvent wrote, as it wrote it: the journal's checksums hold. */
function rest(reader: ByteReader): unknown {
  return decodeCbor(reader.bytes(reader.remaining))
}

function unknownEvent(kind: number, version: number): Error {
  return new Error(
    `the journal has an IAM event of kind 0x${kind.toString(16)}, version ${version}, which a newer version of Millrace wrote`,
  )
}

import { decode as decodeCbor, encode as encodeCbor } from 'cborg'
import type { ByteReader } from '../../../base/byte-reader.ts'
import type { ByteWriter } from '../../../base/byte-writer.ts'
import type { Scope } from '../../../core/scope.ts'
import type { StreamAddress } from '../commands.ts'
import type { Commitment } from './account.ts'
import type { ConsumerRecord } from './consumer.ts'
import {
  decodeRecordEvent,
  EARLIER_RECORD_EVENT,
  encodeRecordEvent,
  RECORD_EVENT,
  type RecordEvent,
} from './record-events.ts'
import type { ReshardingStep } from './resharding.ts'
import { readSteps, writeSteps } from './step-format.ts'
import type { StreamSettings } from './stream-settings.ts'

/**
 * What can happen to streams, their shards and consumers, as it is journaled. Kinds and layouts are for ever: they are only ever
 * added to. docs/formats/streams.md lists them. None of this happens often,
 * unlike what happens to records, and all but the kind and the steps of a resharding is CBOR.
 */
export const EVENT = {
  streamCreated: 0x0300,
  streamDeleted: 0x0301,
  streamChanged: 0x0302,
  allStreamsDeleted: 0x0303,
  resharded: 0x0310,
  consumerRegistered: 0x0320,
  consumerDeregistered: 0x0321,
  consumerChanged: 0x0322,
  accountChanged: 0x0330,
  ...RECORD_EVENT,
} as const

/** Times are milliseconds since the epoch; `settledAt` is when the change it begins is complete. */
export interface StreamCreated {
  readonly kind: typeof EVENT.streamCreated
  /** Never used before. */
  readonly stream: number
  readonly address: StreamAddress
  readonly id: string
  readonly settledAt: number
  /** The version of its shard map: never used before. */
  readonly map: number
  /** Its shards, numbered from 0, are of the same size: shard i begins at the whole part of i × 2^128 / shards. */
  readonly shards: number
  /** The shards' second of creation. */
  readonly second: number
  readonly settings: StreamSettings
}

/** With all its shards, records and consumers, as soon as it has settled. */
export interface StreamDeleted {
  readonly kind: typeof EVENT.streamDeleted
  readonly stream: number
  readonly settledAt: number
}

export interface StreamChanged {
  readonly kind: typeof EVENT.streamChanged
  readonly stream: number
  /** Null where the change takes no time. */
  readonly settledAt: number | null
  /** The new version of its shard map; null where that stays as it is. */
  readonly map: number | null
  /** The settings that are others, as they are from now on. */
  readonly changes: Partial<StreamSettings>
}

/** Every stream of every account and region is gone, and what accounts have set. Their numbers are not given again. */
export interface AllStreamsDeleted {
  readonly kind: typeof EVENT.allStreamsDeleted
}

export interface Resharded {
  readonly kind: typeof EVENT.resharded
  readonly stream: number
  readonly settledAt: number
  readonly map: number
  /** In their order. */
  readonly steps: readonly ReshardingStep[]
  readonly changes: Partial<StreamSettings>
}

export interface ConsumerRegistered {
  readonly kind: typeof EVENT.consumerRegistered
  readonly stream: number
  readonly consumer: string
  readonly createdSecond: number
  readonly settledAt: number
  readonly tags: Readonly<Record<string, string>>
}

/** It is gone as soon as that has settled. */
export interface ConsumerDeregistered {
  readonly kind: typeof EVENT.consumerDeregistered
  readonly stream: number
  readonly consumer: string
  readonly settledAt: number
}

export interface ConsumerChanged {
  readonly kind: typeof EVENT.consumerChanged
  readonly stream: number
  readonly consumer: string
  readonly changes: Partial<Pick<ConsumerRecord, 'tags' | 'policy'>>
}

export interface AccountChanged {
  readonly kind: typeof EVENT.accountChanged
  readonly scope: Scope
  readonly commitment: Commitment
}

export type KinesisEvent = EventInCbor | Resharded | RecordEvent

type EventInCbor =
  | StreamCreated
  | StreamDeleted
  | StreamChanged
  | AllStreamsDeleted
  | ConsumerRegistered
  | ConsumerDeregistered
  | ConsumerChanged
  | AccountChanged

const KINDS: ReadonlySet<number> = new Set([...Object.values(EVENT), ...Object.values(EARLIER_RECORD_EVENT)])

export function encodeEvent(event: KinesisEvent, writer: ByteWriter): void {
  switch (event.kind) {
    case EVENT.recordsArrived:
    case EVENT.chunkMade:
    case EVENT.runsKept:
    case EVENT.arrivalsPassed:
      encodeRecordEvent(event, writer)
      return
    case EVENT.resharded: {
      const { steps, ...rest } = event
      writeSteps(writer, steps)
      encodeInCbor(rest, writer)
      return
    }
    default:
      encodeInCbor(event, writer)
  }
}

function encodeInCbor(
  { kind: _kind, ...content }: EventInCbor | Omit<Resharded, 'steps'>,
  writer: ByteWriter,
): void {
  writer.bytes(encodeCbor(content))
}

/** The reader stands at the payload and holds nothing else: what `encodeEvent` wrote, since the journal's checksums hold. */
export function decodeEvent(kind: number, version: number, reader: ByteReader): KinesisEvent {
  if (version !== 1 || !KINDS.has(kind)) {
    throw new Error(
      `the journal has a Kinesis event of kind 0x${kind.toString(16)}, version ${version}, which a newer version of Millrace wrote`,
    )
  }
  switch (kind) {
    case EVENT.recordsArrived:
    case EVENT.chunkMade:
    case EVENT.runsKept:
    case EVENT.arrivalsPassed:
    case EARLIER_RECORD_EVENT.recordsPut:
    case EARLIER_RECORD_EVENT.recordsPacked:
    case EARLIER_RECORD_EVENT.sealedRecordsPut:
      return decodeRecordEvent(kind, reader)
    case EVENT.resharded: {
      const steps = readSteps(reader)
      return { ...(rest(reader) as Omit<Resharded, 'kind' | 'steps'>), kind, steps }
    }
    default:
      return { ...(rest(reader) as object), kind } as EventInCbor
  }
}

function rest(reader: ByteReader): unknown {
  return decodeCbor(reader.bytes(reader.remaining))
}

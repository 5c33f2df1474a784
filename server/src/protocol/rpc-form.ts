import type { Buffer } from 'node:buffer'
import type { BulkList } from '../api/operation.ts'
import type { SelfWritten } from '../api/self-written.ts'
import type { BulkInput } from './bulk-input.ts'
import type { LeafReaders } from './value-input.ts'
import type { LeafWriters } from './value-output.ts'

/**
 * How a protocol that sends one value each way spells it: AWS JSON, AWS CBOR. How a request says which operation it is for is
 * another matter.
 */
export interface RpcForm {
  readonly leafReaders: LeafReaders
  readonly leafWriters: LeafWriters
  /** The body's value. Throws SerializationException where it has none. */
  parse(body: Uint8Array): unknown
  /** How an operation reads a list by itself. Left out by forms that have no such thing. */
  readonly bulk?: {
    /** Null where that can't be: the body is to be parsed as a whole. */
    read(bulk: BulkList, body: Uint8Array): BulkInput | null
    /** The input that such a rest belongs to, with the stand-in; null where the body is to be parsed as a whole after all. */
    parseRest(bulk: BulkList, rest: Buffer): object | null
  }
  spell(value: unknown): string | Uint8Array
  /** What an output makes of itself in this form; null where it doesn't, left out where none does. */
  readonly spellItself?: (output: SelfWritten) => string | Uint8Array | null
}

/** A form in one of its versions: what answers to a request in it are like. */
export interface RpcDialect {
  readonly form: RpcForm
  readonly contentType: string
  /** What an event of a stream is said to be, unlike the answer as a whole. */
  readonly eventContentType: string
  /** Whether the `__type` of an error names where it is from. */
  readonly hasNamespaces: boolean
  /** What a SerializationException has its text under, being of no model. */
  readonly serializationTextMember: 'message' | 'Message'
}

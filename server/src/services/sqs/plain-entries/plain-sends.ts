import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import type { SendMessageBatchRequestEntry } from '../../../api/generated/sqs.ts'
import { JSON_PADDING_BYTES } from '../../../base/plain-json-code.ts'
import { hasWasmVectors, instantiate } from '../../../base/wasm-module.ts'
import { clearKey, KEY_WORDS, newRow } from '../../../core/key.ts'
import { type MessageKeys, messageKeys } from '../../../core/keys.ts'
import { ENTRY, ENTRY_BYTES, SPREAD_CONSTANTS } from '../../../digests/md5-code.ts'
import { SPREAD_CONSTANTS as SHA_CONSTANTS } from '../../../digests/sha256-code.ts'
import { BATCH_ENTRIES_MAX } from '../limits.ts'
import { MD5_AT } from '../message-body.ts'
import { type CommonHead, writeCommonHead } from '../message-encoding.ts'
import { roomForMessages } from '../message-room.ts'
import { KEY_BYTES } from './name-keys-code.ts'
import {
  AT,
  ESCAPES,
  MEMORY_BYTES,
  PLAIN_BYTES_MAX,
  ROW,
  ROW_BYTES,
  sendsFunctions,
  TOTAL,
} from './sends-code.ts'

/** The messages of a request, encoded. */
export interface EncodedSends {
  /** What is stored (message-body.ts); belongs to the caller. */
  readonly bodies: readonly Uint8Array[]
  /** Of each its last bytes, which are the text. */
  readonly textsBytes: readonly number[]
  /** Of each its group's, and its deduplication id's; zeros for those that have none, and empty rows where none has any. */
  readonly keys: MessageKeys
  /** Of all of them, four words each. */
  readonly ids: Uint32Array
  /** What its sender is told of each, as JSON with a comma between. */
  readonly answers: string
}

/**
 * The entries of a SendMessageBatch, read from JSON: nothing is wrong with any of them, nor with all together. They lie in the reader's memory,
 * and are good until the next request is read.
 */
export class PlainSends {
  readonly count: number
  /** How many of them are in a group. */
  readonly groups: number
  /** How many of them have a deduplication id. */
  readonly deduplications: number
  readonly #reader: PlainSendsReader
  readonly #list: Uint8Array

  constructor(
    reader: PlainSendsReader,
    totals: Pick<PlainSends, 'count' | 'groups' | 'deduplications'>,
    list: Uint8Array,
  ) {
    this.#reader = reader
    this.count = totals.count
    this.groups = totals.groups
    this.deduplications = totals.deduplications
    this.#list = list
  }

  /** As the model's reader has them. */
  members(): readonly SendMessageBatchRequestEntry[] {
    const list = this.#list
    return JSON.parse(Buffer.from(list.buffer, list.byteOffset, list.byteLength).toString('latin1'))
  }

  /** `random` has 16 bytes for each, of which ids are made. */
  encode(head: CommonHead, random: Uint8Array): EncodedSends {
    return this.#reader.encode(this, head, random)
  }
}

/**
 * Reads the JSON of SendMessageBatch's entries from its bytes, where it's plain: ids, and a text whose escapes are of one character. Texts go from there to
 * what is stored without ever being strings.
 */
export class PlainSendsReader {
  readonly #bytes: Buffer
  readonly #words: Uint32Array
  #latest: PlainSends | null = null
  readonly #functions: Readonly<Record<'read' | 'encode' | 'nameKeys', (...parameters: number[]) => number>>

  constructor() {
    const { memory, functions } = instantiate(sendsFunctions(), MEMORY_BYTES)
    this.#bytes = Buffer.from(memory)
    this.#words = new Uint32Array(memory)
    this.#functions = functions
    this.#words.set(SPREAD_CONSTANTS, AT.constants / 4)
    this.#words.set(SHA_CONSTANTS, AT.shaConstants / 4)
    for (const [character, meant] of Object.entries(ESCAPES)) {
      this.#bytes[AT.escapes + character.charCodeAt(0)] = meant.charCodeAt(0)
    }
  }

  /** `at` is behind the bracket of the list, and the result's `end` behind that which ends it. Null where it isn't plain. */
  read(body: Uint8Array, at: number): { readonly list: PlainSends; readonly end: number } | null {
    if (body.length > PLAIN_BYTES_MAX) return null
    this.#latest = null
    const bytes = this.#bytes
    const jsonEnd = AT.json + body.length
    bytes.set(body, AT.json)
    for (let i = 0; i < JSON_PADDING_BYTES; i++) bytes[jsonEnd + i] = 0
    const found = this.#functions.read(AT.json + at)
    if (found === 0) return null
    const end = found - AT.json
    const totals = {
      count: this.#total(TOTAL.entries),
      groups: this.#total(TOTAL.groups),
      deduplications: this.#total(TOTAL.deduplications),
    }
    const list = new PlainSends(this, totals, body.subarray(at - 1, end))
    this.#latest = list
    return { list, end }
  }

  encode(sends: PlainSends, head: CommonHead, random: Uint8Array): EncodedSends {
    assert(sends === this.#latest, 'what was read is encoded before another request is read')
    const { count, groups, deduplications } = sends
    const bytes = this.#bytes
    const words = this.#words
    const headBytes = writeCommonHead(bytes, AT.head, head)
    bytes.set(random, AT.ids)
    const end = this.#functions.encode(headBytes)
    const stored = roomForMessages(end - AT.messages)
    stored.set(bytes.subarray(AT.messages, end))
    const { buffer, byteOffset } = stored
    const bodies: Uint8Array[] = []
    const textsBytes: number[] = []
    for (let i = 0; i < count; i++) {
      const entry = (AT.texts + i * ENTRY_BYTES) / 4
      const textBytes = words[entry + ENTRY.textBytes / 4]!
      const start = words[entry + ENTRY.digestAt / 4]! - MD5_AT
      const end = words[entry + ENTRY.textAt / 4]! + textBytes
      bodies.push(new Uint8Array(buffer, byteOffset + start - AT.messages, end - start))
      textsBytes.push(textBytes)
    }
    const answers = bytes.toString('latin1', AT.answers, this.#total(TOTAL.answersEnd) - 1)
    const keys = groups + deduplications === 0 ? NO_KEYS : this.#keys(count)
    return { bodies, textsBytes, keys, ids: this.#row(AT.ids, count), answers }
  }

  #keys(count: number): MessageKeys {
    if (this.#functions.nameKeys() === 0) return this.#keysOfLongNames(count)
    return {
      groupKeys: this.#row(AT.keys, count),
      deduplicationKeys: this.#row(AT.keys + BATCH_ENTRIES_MAX * KEY_BYTES, count),
    }
  }

  /** Names have nothing in them that stands for something else, so that they are what stands in the JSON. */
  #keysOfLongNames(count: number): MessageKeys {
    const groupIds: string[] = []
    const deduplicationIds: string[] = []
    for (let i = 0; i < count; i++) {
      groupIds.push(this.#member(i, ROW.groupAt, ROW.groupEnd))
      deduplicationIds.push(this.#member(i, ROW.deduplicationAt, ROW.deduplicationEnd))
    }
    const keys = messageKeys(groupIds, deduplicationIds)
    for (let i = 0; i < count; i++) {
      if (groupIds[i] === '') clearKey(keys.groupKeys, i * KEY_WORDS)
      if (deduplicationIds[i] === '') clearKey(keys.deduplicationKeys, i * KEY_WORDS)
    }
    return keys
  }

  #member(entry: number, at: number, end: number): string {
    const row = (AT.rows + entry * ROW_BYTES) / 4
    return this.#bytes.toString('latin1', this.#words[row + at / 4], this.#words[row + end / 4])
  }

  /** What stands from there on: four words of each. */
  #row(at: number, count: number): Uint32Array {
    const row = newRow(count)
    const words = this.#words
    for (let i = 0; i < row.length; i++) row[i] = words[at / 4 + i]!
    return row
  }

  #total(place: number): number {
    return this.#words[AT.totals / 4 + place]!
  }
}

const NO_KEYS: MessageKeys = { groupKeys: newRow(0), deduplicationKeys: newRow(0) }

let shared: PlainSendsReader | null | undefined

/** The one for all requests. Made on first need, which takes some milliseconds. Null where there is no WebAssembly with vectors: then nothing is plain. */
export function plainSendsReader(): PlainSendsReader | null {
  if (shared === undefined) shared = hasWasmVectors() ? new PlainSendsReader() : null
  return shared
}

import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import type { SendMessageBatchRequestEntry } from '../../../api/generated/sqs.ts'
import { JSON_PADDING_BYTES } from '../../../base/plain-json-code.ts'
import { hasWasmVectors, instantiate } from '../../../base/wasm-module.ts'
import { ENTRY, ENTRY_BYTES, SPREAD_CONSTANTS } from '../../../digests/md5-code.ts'
import { type CommonHead, writeCommonHead } from '../message-encoding.ts'
import { roomForMessages } from '../message-room.ts'
import { AT, ESCAPES, MEMORY_BYTES, PLAIN_BYTES_MAX, sendsFunctions, TOTAL } from './sends-code.ts'

/** The messages of a request, encoded. */
export interface EncodedSends {
  /** What is stored (message-body.ts); belongs to the caller. */
  readonly bodies: readonly Uint8Array[]
  /** Of each its last bytes, which are the text. */
  readonly textsBytes: readonly number[]
  /** What its sender is told of each, as JSON with a comma between. */
  readonly answers: string
}

/**
 * The entries of a SendMessageBatch, read from JSON: nothing is wrong with any of them, nor with all together. They lie in the reader's memory,
 * and are good until the next request is read.
 */
export class PlainSends {
  readonly count: number
  readonly #reader: PlainSendsReader
  readonly #list: Uint8Array

  constructor(reader: PlainSendsReader, count: number, list: Uint8Array) {
    this.#reader = reader
    this.count = count
    this.#list = list
  }

  /** As the model's reader has them. */
  members(): readonly SendMessageBatchRequestEntry[] {
    const list = this.#list
    return JSON.parse(Buffer.from(list.buffer, list.byteOffset, list.byteLength).toString('latin1'))
  }

  /** Messages for a standard queue. `random` has 16 bytes for each, of which ids are made. */
  encode(head: CommonHead, random: Uint8Array): EncodedSends {
    return this.#reader.encode(this, head, random)
  }
}

/**
 * Reads the JSON of SendMessageBatch's entries from its bytes, where it's plain: an id and a text, whose escapes are of one character. Texts go from there to
 * what is stored without ever being strings.
 */
export class PlainSendsReader {
  readonly #bytes: Buffer
  readonly #words: Uint32Array
  #latest: PlainSends | null = null
  readonly #functions: Readonly<Record<'read' | 'encode', (parameter: number) => number>>

  constructor() {
    const { memory, functions } = instantiate(sendsFunctions(), MEMORY_BYTES)
    this.#bytes = Buffer.from(memory)
    this.#words = new Uint32Array(memory)
    this.#functions = functions
    this.#words.set(SPREAD_CONSTANTS, AT.constants / 4)
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
    const count = this.#words[AT.totals / 4 + TOTAL.entries]!
    const list = new PlainSends(this, count, body.subarray(at - 1, end))
    this.#latest = list
    return { list, end }
  }

  encode(sends: PlainSends, head: CommonHead, random: Uint8Array): EncodedSends {
    assert(sends === this.#latest, 'what was read is encoded before another request is read')
    const { count } = sends
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
      const start = words[entry + ENTRY.textAt / 4]! - headBytes - AT.messages + byteOffset
      bodies.push(new Uint8Array(buffer, start, headBytes + textBytes))
      textsBytes.push(textBytes)
    }
    const answersEnd = words[AT.totals / 4 + TOTAL.answersEnd]! - 1
    return { bodies, textsBytes, answers: bytes.toString('latin1', AT.answers, answersEnd) }
  }
}

let shared: PlainSendsReader | null | undefined

/** The one for all requests. Made on first need, which takes some milliseconds. Null where there is no WebAssembly with vectors: then nothing is plain. */
export function plainSendsReader(): PlainSendsReader | null {
  if (shared === undefined) shared = hasWasmVectors() ? new PlainSendsReader() : null
  return shared
}

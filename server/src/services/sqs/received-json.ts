import { Buffer } from 'node:buffer'
import { ESCAPED_BYTES_MAX, LETTERS } from '../../base/json-text-code.ts'
import { hasWasmVectors, instantiate } from '../../base/wasm-module.ts'
import type { Receipt } from './commands.ts'
import type { StoredMessage } from './message-body.ts'
import { BYTES_PER_UNIT_MAX } from './message-text.ts'
import { writeReceipt } from './receipt-handle.ts'
import {
  BYTES_BESIDE_TEXTS,
  JSON_AT,
  JSON_END,
  LETTERS_AT,
  MEMORY_BYTES,
  OPENING,
  RECEIPT_AT,
  receivedFunctions,
  STORED_AT,
  TAIL_END_BYTES,
} from './received-code.ts'

const COMMA = 0x2c
const CLOSING_BRACKET = 0x5d
const CLOSING_BRACE = 0x7d

/**
 * The JSON of a receive's answer, written from the stored bytes without a text for each member in between: with ten messages that is most of what the
 * answer costs. In WebAssembly, which looks at sixteen characters at a time.
 */
export class ReceivedJson {
  readonly #bytes: Buffer
  readonly #view: DataView
  readonly #write: (storedEnd: number, to: number) => number
  #end = 0

  constructor() {
    const { memory, functions } = instantiate(receivedFunctions(), MEMORY_BYTES)
    this.#bytes = Buffer.from(memory)
    this.#view = new DataView(memory)
    this.#write = functions.write!
    this.#bytes.set(LETTERS, LETTERS_AT)
    this.#bytes.write(OPENING, JSON_AT)
  }

  /** Forgets the answer before. */
  begin(): void {
    this.#end = JSON_AT + OPENING.length
  }

  /** `attributes`: JSON of the object, empty for none. False where there may be no room for all that, or what is stored is no
   * message: the answer is not to be had here then. */
  add(receipt: Receipt, { bytes: stored }: StoredMessage, attributes: string): boolean {
    const bytesMax =
      BYTES_BESIDE_TEXTS +
      stored.length * ESCAPED_BYTES_MAX +
      ATTRIBUTES_NAME.length +
      attributes.length * BYTES_PER_UNIT_MAX
    if (this.#end + bytesMax > JSON_END) return false
    const bytes = this.#bytes
    bytes.set(stored, STORED_AT)
    writeReceipt(receipt, this.#view, RECEIPT_AT)
    let end = this.#write(STORED_AT + stored.length, this.#end)
    if (end === 0) return false
    if (attributes !== '') {
      end -= TAIL_END_BYTES
      end += bytes.write(ATTRIBUTES_NAME + attributes, end)
      bytes[end++] = CLOSING_BRACE
      bytes[end++] = COMMA
    }
    this.#end = end
    return true
  }

  /** The answer, of one message at least; lent, until the next one begins. */
  finish(): Uint8Array {
    let end = this.#end
    // In the place of the last comma.
    this.#bytes[end - 1] = CLOSING_BRACKET
    this.#bytes[end++] = CLOSING_BRACE
    return this.#bytes.subarray(JSON_AT, end)
  }
}

const ATTRIBUTES_NAME = ',"Attributes":'

let shared: ReceivedJson | null | undefined

/** The one for all answers, each of which is finished before anything else runs. Made on first need; null where there is no WebAssembly with vectors. */
export function receivedJson(): ReceivedJson | null {
  if (shared === undefined) shared = hasWasmVectors() ? new ReceivedJson() : null
  return shared
}

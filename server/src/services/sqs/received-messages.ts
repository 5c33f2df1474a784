import { Buffer } from 'node:buffer'
import type { ReceiveMessageResult } from '../../api/generated/sqs.ts'
import { SelfWritten } from '../../api/self-written.ts'
import { ESCAPED_BYTES_MAX, writeJsonText } from '../../base/json-text.ts'
import { UUID_BYTES } from '../../base/uuid.ts'
import type { ReceivedMessage } from './commands.ts'
import { ID_AT, MD5_AT, MD5_BYTES, StoredMessage } from './message-body.ts'
import type { MessageContent } from './message-content.ts'
import { BYTES_PER_UNIT_MAX } from './message-text.ts'
import { encodeReceiptHandle, RECEIPT_HANDLE_CHARACTERS, writeReceiptHandle } from './receipt-handle.ts'
import {
  type AttributeSelection,
  renderSystemAttributes,
  type SystemSelection,
} from './received-attributes.ts'
import { renderMessage } from './rendered-message.ts'

/** A message that a receive brings, and what it says. */
export interface Received {
  readonly message: ReceivedMessage
  readonly content: MessageContent
}

/**
 * The answer to a receive. As JSON it goes from the stored bytes to those of the answer, without a text for each member in between: with ten messages that is
 * most of what the answer costs.
 */
export class ReceivedMessages extends SelfWritten<ReceiveMessageResult> {
  readonly #received: readonly Received[]
  readonly #systemSelection: SystemSelection
  readonly #attributeSelection: AttributeSelection

  constructor(
    received: readonly Received[],
    systemSelection: SystemSelection,
    attributeSelection: AttributeSelection,
  ) {
    super()
    this.#received = received
    this.#systemSelection = systemSelection
    this.#attributeSelection = attributeSelection
  }

  members(): ReceiveMessageResult {
    const Messages = this.#received.map(({ message, content }) =>
      renderMessage(
        message,
        encodeReceiptHandle(message.receipt),
        content,
        this.#systemSelection,
        this.#attributeSelection,
      ),
    )
    return { Messages }
  }

  /** Null where there are attributes of clients, where a message isn't as it was stored, and where all is too much. */
  json(): Uint8Array | null {
    let at = OPENING.copy(scratch)
    let source: DataView = NOTHING
    for (const { message, content } of this.#received) {
      if (!(content instanceof StoredMessage) || message.redrives !== 0) return null
      if (this.#attributeSelection !== undefined && content.hasAttributes) return null
      const { bytes } = content
      const told = renderSystemAttributes(this.#systemSelection, message, content)
      const attributes = told === undefined ? '' : `,"Attributes":${JSON.stringify(told)}`
      const bytesMax =
        BYTES_BESIDE_TEXTS +
        (bytes.length - content.textAt) * ESCAPED_BYTES_MAX +
        attributes.length * BYTES_PER_UNIT_MAX
      if (at + bytesMax > scratch.length) return null
      // What is received together mostly lies in one piece of memory.
      if (source.buffer !== bytes.buffer) source = new DataView(bytes.buffer)
      at = writeHead(message, bytes, at)
      at = writeJsonText(
        source,
        bytes.byteOffset + content.textAt,
        bytes.byteOffset + bytes.length,
        scratchView,
        at,
      )
      scratch[at++] = QUOTATION_MARK
      if (attributes !== '') at += scratch.write(attributes, at)
      scratch[at++] = CLOSING_BRACE
      scratch[at++] = COMMA
    }
    // In the place of the last comma.
    scratch[at - 1] = CLOSING_BRACKET
    scratch[at++] = CLOSING_BRACE
    return scratch.subarray(0, at)
  }
}

/** Answers that may take more are written the plain way, whose time is mostly that of the texts then. */
const SCRATCH_BYTES = 256 * 1024

/** Used by one answer at a time: it is lent. */
const scratch = Buffer.allocUnsafeSlow(SCRATCH_BYTES)
const scratchView = new DataView(scratch.buffer)

const NOTHING = new DataView(new ArrayBuffer(0))
const OPENING = Buffer.from('{"Messages":[')
/** A message up to its text, with a dot for each character that is its own. */
const HEAD_TEXT = [
  '{"MessageId":"........-....-....-....-............',
  `","ReceiptHandle":"${'.'.repeat(RECEIPT_HANDLE_CHARACTERS)}`,
  '","MD5OfBody":"................................',
  '","Body":"',
].join('')
const HEAD = Buffer.from(HEAD_TEXT)
const ID_DIGITS_AT = HEAD_TEXT.indexOf('.')
const HANDLE_AT = HEAD_TEXT.indexOf('.', HEAD_TEXT.indexOf('ReceiptHandle'))
const MD5_DIGITS_AT = HEAD_TEXT.indexOf('.', HEAD_TEXT.indexOf('MD5OfBody'))
/** The head, and at most the six characters that end a message and the list. */
const BYTES_BESIDE_TEXTS = HEAD.length + 6

const QUOTATION_MARK = 0x22
const COMMA = 0x2c
const CLOSING_BRACKET = 0x5d
const CLOSING_BRACE = 0x7d

/** For each byte its two hexadecimal digits. */
const HEX_PAIRS = Uint16Array.from({ length: 256 }, (_, byte) =>
  Buffer.from(byte.toString(16).padStart(2, '0')).readUInt16BE(),
)

function writeHead({ receipt }: ReceivedMessage, stored: Uint8Array, at: number): number {
  scratch.set(HEAD, at)
  let digitsAt = at + ID_DIGITS_AT
  for (let i = 0; i < UUID_BYTES; i++) {
    // Hyphens stand before these bytes.
    if (i === 4 || i === 6 || i === 8 || i === 10) digitsAt++
    scratchView.setUint16(digitsAt, HEX_PAIRS[stored[ID_AT + i]!]!)
    digitsAt += 2
  }
  writeReceiptHandle(receipt, scratch, at + HANDLE_AT)
  for (let i = 0; i < MD5_BYTES; i++) {
    scratchView.setUint16(at + MD5_DIGITS_AT + 2 * i, HEX_PAIRS[stored[MD5_AT + i]!]!)
  }
  return at + HEAD.length
}

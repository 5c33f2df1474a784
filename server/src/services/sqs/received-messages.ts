import type { ReceiveMessageResult } from '../../api/generated/sqs.ts'
import { SelfWritten } from '../../api/self-written.ts'
import type { ReceivedMessage } from './commands.ts'
import { StoredMessage } from './message-body.ts'
import type { MessageContent } from './message-content.ts'
import { encodeReceiptHandle } from './receipt-handle.ts'
import {
  type AttributeSelection,
  renderSystemAttributes,
  type SystemSelection,
} from './received-attributes.ts'
import { receivedJson } from './received-json.ts'
import { renderMessage } from './rendered-message.ts'

/** A message that a receive brings, and what it says. */
export interface Received {
  readonly message: ReceivedMessage
  readonly content: MessageContent
}

/** The answer to a receive. As JSON it mostly goes from the stored bytes to those of the answer (received-json.ts). */
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
    const json = receivedJson()
    if (json === null) return null
    json.begin()
    for (const { message, content } of this.#received) {
      if (!(content instanceof StoredMessage) || message.redrives !== 0) return null
      if (this.#attributeSelection !== undefined && content.hasAttributes) return null
      const told = renderSystemAttributes(this.#systemSelection, message, content)
      const attributes = told === undefined ? '' : JSON.stringify(told)
      if (!json.add(message.receipt, content, attributes)) return null
    }
    return json.finish()
  }
}

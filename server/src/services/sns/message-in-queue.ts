import { Buffer } from 'node:buffer'
import type { LandedAttribute } from '../../core/landing.ts'
import type { MessageInQueue } from './commands.ts'
import { type EnvelopeForm, envelopeBytes } from './envelope.ts'
import { RAW_ATTRIBUTES_MAX } from './limits.ts'
import { attributesSize } from './message-attributes.ts'
import { type NewPublishedMessage, textFor } from './published-message.ts'

/** What becomes of a message in a queue: how large it is there, in its envelope and raw. */
export function messageInQueue(message: NewPublishedMessage, form: EnvelopeForm): MessageInQueue {
  const { attributes, texts } = message
  const text = textFor(texts, 'sqs')
  return {
    envelopeBytes: envelopeBytes(message, 'sqs', form),
    rawBytes: Buffer.byteLength(text) + attributesSize(attributes),
    rawProblem: rawProblemOf(text, attributes),
  }
}

function rawProblemOf(text: string, attributes: readonly LandedAttribute[]): MessageInQueue['rawProblem'] {
  if (attributes.length > RAW_ATTRIBUTES_MAX) return 'too many attributes'
  return text === '' ? 'empty message' : null
}

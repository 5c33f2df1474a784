import { type EncodedMessage, encodeMessages, type NewMessage } from './message-encoding.ts'

/** A message by itself, as it is stored. */
export function encodeOne(message: NewMessage): EncodedMessage {
  return encodeMessages([message])[0]!
}

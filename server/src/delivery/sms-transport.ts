import { createHash } from 'node:crypto'
import type { Dispatch, Notification } from '../core/pushes.ts'
import { SMS_CHARACTERS_MAX, TOPIC_PREFIX_CHARACTERS_MAX } from './limits.ts'
import { normalizePhoneNumber } from './phone-number.ts'
import { failed, type Outcome, type Transport } from './transport.ts'

/** One text message on its way. */
export interface Sms {
  /** E.164, with its plus sign. */
  readonly phone: string
  readonly text: string
  /** A number, a short code, or up to eleven letters and digits; empty where the gateway is to choose. */
  readonly sender: string
  /** 0 to 255, the same at every attempt: see `encodeSms`. */
  readonly reference: number
}

/** What hands text messages on. Under the rules of `Transport`. */
export interface SmsGateway {
  send(sms: Sms, signal: AbortSignal): Promise<Outcome>
  close(): Promise<void>
}

/** The attribute by which a publisher chooses the sender. */
const SENDER_ATTRIBUTE = 'AWS.SNS.SMS.SenderID'
const SENDER = /^(?:[A-Za-z\d]{1,11}|\+?\d{1,15})$/

/**
 * Sends text messages: the message, after the topic's display name, cut to ten characters, as AWS has it. A message that is longer than
 * AWS's limit is refused rather than cut.
 */
export class SmsTransport implements Transport {
  readonly #gateway: SmsGateway
  readonly #sender: string

  /** `sender` is used where the publisher names none. */
  constructor(gateway: SmsGateway, sender: string) {
    this.#gateway = gateway
    this.#sender = sender
  }

  async deliver({ endpoint, notification }: Dispatch, signal: AbortSignal): Promise<Outcome> {
    const phone = normalizePhoneNumber(endpoint)
    if (phone === undefined) return failed('not a phone number', 'permanent')
    const text = textOf(notification)
    if (text.length > SMS_CHARACTERS_MAX)
      return failed(
        `longer than the ${SMS_CHARACTERS_MAX} characters that a text message may have`,
        'permanent',
      )
    const reference = createHash('sha256').update(notification.messageId).digest()[0] ?? 0
    return this.#gateway.send({ phone, text, sender: this.#senderOf(notification), reference }, signal)
  }

  close(): Promise<void> {
    return this.#gateway.close()
  }

  #senderOf({ messageAttributes }: Notification): string {
    const chosen = messageAttributes[SENDER_ATTRIBUTE]?.Value
    return chosen !== undefined && isSmsSender(chosen) ? chosen : this.#sender
  }
}

export function isSmsSender(text: string): boolean {
  return SENDER.test(text)
}

function textOf({ topicDisplayName, message }: Notification): string {
  return topicDisplayName === ''
    ? message
    : `${[...topicDisplayName].slice(0, TOPIC_PREFIX_CHARACTERS_MAX).join('')}> ${message}`
}

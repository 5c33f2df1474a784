import { Buffer } from 'node:buffer'
import type { Request } from '../../api/operation.ts'
import { toUuid, UUID_BYTES } from '../../base/uuid.ts'
import type { LandedAttribute } from '../../core/landing.ts'
import { invalidParameter } from './errors.ts'
import { TEXT_CHARACTERS_MAX } from './limits.ts'
import type { MessageContent } from './message-to-publish.ts'
import { isPhoneNumber } from './phone-number.ts'
import type { SnsPorts } from './ports.ts'
import { encodePublishedMessage, textFor } from './published-message.ts'
import { isSenderId, isSmsType } from './sms-attributes.ts'

/** A text message, ready to be published to one number. */
export interface PreparedText {
  /** 16 bytes: the message's id. */
  readonly id: Uint8Array
  readonly bytes: Uint8Array
}

/** What a message may say of how it's sent, and the form of that: its type on the wire aside, a text. */
const ATTRIBUTES: Readonly<Record<string, (value: string) => boolean>> = {
  'AWS.MM.SMS.EntityId': isRegistration,
  'AWS.MM.SMS.OriginationNumber': (value) => /^\+?\d{3,15}$/.test(value),
  'AWS.MM.SMS.TemplateId': isRegistration,
  'AWS.SNS.SMS.MaxPrice': (value) => /^\d{1,9}(?:\.\d{1,9})?$/.test(value),
  'AWS.SNS.SMS.SMSType': isSmsType,
  'AWS.SNS.SMS.SenderID': isSenderId,
}

/** Refuses a number that nothing can be published to. */
export function checkRecipient(phoneNumber: string): void {
  if (!isPhoneNumber(phoneNumber)) {
    throw invalidParameter('PhoneNumber', `${phoneNumber} is not valid to publish to`)
  }
}

/** Checks what holds of text messages alone, and encodes one. */
export function prepareText(
  { texts, subject, attributes }: MessageContent,
  { random }: Pick<SnsPorts, 'random'>,
  request: Request,
): PreparedText {
  const text = textFor(texts, 'sms')
  if (text === '') throw invalidParameter('Empty message')
  if (text.length > TEXT_CHARACTERS_MAX) throw invalidParameter('Message too long')
  for (const attribute of attributes) checkAttribute(attribute)
  const id = toUuid(random.bytes(UUID_BYTES))
  const bytes = encodePublishedMessage({
    ...{ id, subject, attributes },
    landingSeed: toUuid(random.bytes(UUID_BYTES)),
    baseUrl: request.endpoint,
    topicArn: '',
    texts: new Map([['', text]]),
    groupId: undefined,
    deduplicationId: undefined,
    traceHeader: undefined,
  })
  return { id, bytes }
}

function checkAttribute({ name, value }: LandedAttribute): void {
  const isSound = Object.hasOwn(ATTRIBUTES, name) ? ATTRIBUTES[name] : undefined
  if (isSound === undefined) return
  if (!isSound(typeof value === 'string' ? value : Buffer.from(value).toString('latin1'))) {
    throw invalidParameter(name, 'Invalid value')
  }
}

function isRegistration(value: string): boolean {
  return /^[\x21-\x7e]{1,50}$/.test(value)
}

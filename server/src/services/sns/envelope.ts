import { Buffer } from 'node:buffer'
import { formatUuid } from '../../base/uuid.ts'
import type { LandedAttribute } from '../../core/landing.ts'
import { type NotificationSigner, SIGNATURE_CHARACTERS } from './ports.ts'
import { type PublishedMessage, textFor } from './published-message.ts'
import { sequenceNumber } from './sequence-number.ts'
import { stringToSign } from './string-to-sign.ts'

/**
 * The JSON document in which SNS wraps what it delivers, as AWS writes it: members in its order, each on a line. The same
 * message, subscription and key give the same bytes, whenever they are asked for.
 * https://docs.aws.amazon.com/sns/latest/dg/http-notification-json.html
 */
export interface NotificationRecipient {
  readonly protocol: string
  readonly subscriptionArn: string
  readonly signatureVersion: '1' | '2'
}

export async function renderEnvelope(
  message: PublishedMessage,
  recipient: NotificationRecipient,
  signer: NotificationSigner,
): Promise<string> {
  // Notifications of FIFO topics carry a sequence number, and no signature.
  if (message.sequence !== 0) return writeEnvelope(message, recipient, null)
  const signature = await signNotification(message, recipient, signer)
  return writeEnvelope(message, recipient, { signature, certificatePath: signer.certificatePath })
}

/** The signature in the envelope. */
export function signNotification(
  message: PublishedMessage,
  recipient: NotificationRecipient,
  signer: NotificationSigner,
): Promise<string> {
  const text = stringToSign({
    Type: 'Notification',
    Message: textFor(message.texts, recipient.protocol),
    MessageId: formatUuid(message.id),
    Subject: message.subject,
    Timestamp: timestampOf(message),
    TopicArn: message.topicArn,
  })
  return signer.sign(text, recipient.signatureVersion)
}

/** Where whoever reads the notification ends the subscription. */
export function unsubscribeLink({ baseUrl }: PublishedMessage, subscriptionArn: string): string {
  return `${baseUrl}/?Action=Unsubscribe&SubscriptionArn=${subscriptionArn}`
}

/**
 * How many bytes the envelope of a message will have, which is not published yet: in every subscription of the protocol the
 * same, since all their ARNs are of one length.
 */
export function envelopeBytes(
  message: Omit<PublishedMessage, 'publishedAt' | 'sequence'>,
  protocol: string,
  isFifo: boolean,
  certificatePath: string,
): number {
  const recipient = {
    protocol,
    subscriptionArn: `${message.topicArn}:00000000-0000-0000-0000-000000000000`,
    signatureVersion: '1',
  } as const
  const signature = isFifo ? null : { signature: '-'.repeat(SIGNATURE_CHARACTERS), certificatePath }
  return Buffer.byteLength(
    writeEnvelope({ ...message, publishedAt: 0, sequence: isFifo ? 1 : 0 }, recipient, signature),
  )
}

interface Signature {
  readonly signature: string
  readonly certificatePath: string
}

function writeEnvelope(
  message: PublishedMessage,
  { protocol, subscriptionArn, signatureVersion }: NotificationRecipient,
  signed: Signature | null,
): string {
  const { baseUrl, subject, attributes, sequence } = message
  const members: (readonly [name: string, json: string])[] = [
    ['Type', '"Notification"'],
    ['MessageId', JSON.stringify(formatUuid(message.id))],
  ]
  if (sequence !== 0) members.push(['SequenceNumber', JSON.stringify(sequenceNumber(sequence))])
  members.push(['TopicArn', JSON.stringify(message.topicArn)])
  if (subject !== undefined) members.push(['Subject', JSON.stringify(subject)])
  members.push(
    ['Message', JSON.stringify(textFor(message.texts, protocol))],
    ['Timestamp', JSON.stringify(timestampOf(message))],
  )
  if (signed !== null) {
    members.push(
      ['SignatureVersion', JSON.stringify(signatureVersion)],
      ['Signature', JSON.stringify(signed.signature)],
      ['SigningCertURL', JSON.stringify(`${baseUrl}${signed.certificatePath}`)],
    )
  }
  members.push(['UnsubscribeURL', JSON.stringify(unsubscribeLink(message, subscriptionArn))])
  if (attributes.length > 0) members.push(['MessageAttributes', attributesJson(attributes)])
  return `{\n${members.map(([name, json]) => `  "${name}" : ${json}`).join(',\n')}\n}`
}

function attributesJson(attributes: readonly LandedAttribute[]): string {
  const members = attributes.map(({ name, type, value }) => {
    const text = typeof value === 'string' ? value : Buffer.from(value).toString('base64')
    return `    ${JSON.stringify(name)} : {"Type":${JSON.stringify(type)},"Value":${JSON.stringify(text)}}`
  })
  return `{\n${members.join(',\n')}\n  }`
}

export function timestampOf({ publishedAt }: PublishedMessage): string {
  return new Date(publishedAt).toISOString()
}

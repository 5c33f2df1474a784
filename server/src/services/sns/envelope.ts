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
  readonly isReplayed: boolean
}

/** What the length of an envelope depends on, beside its message. */
export interface EnvelopeForm {
  /** Of a FIFO topic, whose notifications are not signed. */
  readonly isFifo: boolean
  readonly isReplayed?: boolean
  readonly certificatePath: string
}

/**
 * An envelope but for the one thing in it that is the subscription's own, its ARN, which stands between these two: all that get
 * the message in the same form have them in common.
 */
export interface CommonEnvelope {
  readonly head: string
  readonly tail: string
}

export async function renderEnvelope(
  message: PublishedMessage,
  recipient: NotificationRecipient,
  signer: NotificationSigner,
): Promise<string> {
  return envelopeFor(await renderCommonEnvelope(message, recipient, signer), recipient.subscriptionArn)
}

/** Nothing in an ARN is written differently in JSON. */
export function envelopeFor({ head, tail }: CommonEnvelope, subscriptionArn: string): string {
  return `${head}${subscriptionArn}${tail}`
}

export async function renderCommonEnvelope(
  message: PublishedMessage,
  form: Omit<NotificationRecipient, 'subscriptionArn'>,
  signer: NotificationSigner,
): Promise<CommonEnvelope> {
  const messageId = formatUuid(message.id)
  const timestamp = timestampOf(message)
  // Notifications of FIFO topics carry a sequence number, and no signature.
  if (message.sequence !== 0) {
    const stamps = { messageId, timestamp, sequenceNumber: sequenceNumber(message.sequence) }
    return writeEnvelope(message, form, stamps, null)
  }
  const signature = await signNotification(message, form, signer)
  const { certificatePath } = signer
  const stamps = { messageId, timestamp, sequenceNumber: null }
  return writeEnvelope(message, form, stamps, { signature, certificatePath })
}

/** The signature in the envelope. */
export function signNotification(
  message: PublishedMessage,
  { protocol, signatureVersion }: Pick<NotificationRecipient, 'protocol' | 'signatureVersion'>,
  signer: NotificationSigner,
): Promise<string> {
  const text = stringToSign({
    Type: 'Notification',
    Message: textFor(message.texts, protocol),
    MessageId: formatUuid(message.id),
    Subject: message.subject,
    Timestamp: timestampOf(message),
    TopicArn: message.topicArn,
  })
  return signer.sign(text, signatureVersion)
}

/** Where whoever reads the notification ends the subscription. */
export function unsubscribeLink(
  { baseUrl }: Pick<PublishedMessage, 'baseUrl'>,
  subscriptionArn: string,
): string {
  return `${baseUrl}/?Action=Unsubscribe&SubscriptionArn=${subscriptionArn}`
}

/**
 * How many bytes the envelope of a message will have, which is not published yet: in every subscription of the protocol the
 * same, since all their ARNs are of one length.
 */
export function envelopeBytes(
  message: Omit<PublishedMessage, 'publishedAt' | 'sequence'>,
  protocol: string,
  form: EnvelopeForm,
): number {
  const { topicArn, baseUrl, texts, subject, attributes } = message
  return (
    emptyEnvelopeBytes(topicArn, baseUrl, form) +
    Buffer.byteLength(JSON.stringify(textFor(texts, protocol))) -
    EMPTY_TEXT_BYTES +
    Buffer.byteLength(subjectLine(subject)) +
    Buffer.byteLength(attributesMember(attributes))
  )
}

const EMPTY_TEXT_BYTES = '""'.length

interface EmptyEnvelope extends Required<EnvelopeForm> {
  readonly topicArn: string
  readonly baseUrl: string
  readonly bytes: number
}

let latestEmpty: EmptyEnvelope | null = null

/** Of a message that says nothing. Who publishes a lot mostly does it to one topic. */
function emptyEnvelopeBytes(topicArn: string, baseUrl: string, form: EnvelopeForm): number {
  const { isFifo, isReplayed = false, certificatePath } = form
  if (
    latestEmpty?.topicArn === topicArn &&
    latestEmpty.baseUrl === baseUrl &&
    latestEmpty.isFifo === isFifo &&
    latestEmpty.isReplayed === isReplayed &&
    latestEmpty.certificatePath === certificatePath
  ) {
    return latestEmpty.bytes
  }
  const message = { topicArn, baseUrl, subject: undefined, attributes: [], texts: new Map<string, string>() }
  const signed = isFifo ? null : { signature: SIGNATURE_PLACE, certificatePath }
  const stamps = isFifo ? FIFO_STAMP_PLACES : STAMP_PLACES
  const common = writeEnvelope(message, { protocol: '', signatureVersion: '1', isReplayed }, stamps, signed)
  const bytes = Buffer.byteLength(envelopeFor(common, `${topicArn}:${UUID_PLACE}`))
  latestEmpty = { topicArn, baseUrl, isFifo, isReplayed, certificatePath, bytes }
  return bytes
}

/** What is as long as what will stand there. */
const UUID_PLACE = '-'.repeat(36)
const STAMP_PLACES: Stamps = {
  messageId: UUID_PLACE,
  timestamp: '-'.repeat(24),
  sequenceNumber: null,
}
const FIFO_STAMP_PLACES: Stamps = { ...STAMP_PLACES, sequenceNumber: sequenceNumber(1) }
const SIGNATURE_PLACE = '-'.repeat(SIGNATURE_CHARACTERS)

/** What a message has of its publishing, as it stands in the document. */
interface Stamps {
  readonly messageId: string
  readonly timestamp: string
  /** Null on standard topics. */
  readonly sequenceNumber: string | null
}

interface Signature {
  readonly signature: string
  readonly certificatePath: string
}

/** In one piece: to join a list of members takes twice as long. */
function writeEnvelope(
  message: Pick<PublishedMessage, 'baseUrl' | 'topicArn' | 'subject' | 'attributes' | 'texts'>,
  { protocol, signatureVersion, isReplayed }: Omit<NotificationRecipient, 'subscriptionArn'>,
  { messageId, timestamp, sequenceNumber }: Stamps,
  signed: Signature | null,
): CommonEnvelope {
  const { baseUrl, subject, attributes } = message
  let head = `{\n  "Type" : "Notification",\n  "MessageId" : "${messageId}",\n`
  if (sequenceNumber !== null) head += `  "SequenceNumber" : "${sequenceNumber}",\n`
  head += `  "TopicArn" : ${JSON.stringify(message.topicArn)},\n`
  head += subjectLine(subject)
  head += `  "Message" : ${JSON.stringify(textFor(message.texts, protocol))},\n`
  head += `  "Timestamp" : "${timestamp}",\n`
  if (signed !== null) {
    head += `  "SignatureVersion" : "${signatureVersion}",\n  "Signature" : "${signed.signature}",\n`
    head += `  "SigningCertURL" : ${JSON.stringify(`${baseUrl}${signed.certificatePath}`)},\n`
  }
  head += `  "UnsubscribeURL" : ${JSON.stringify(unsubscribeLink(message, '')).slice(0, -1)}`
  const replayed = isReplayed ? ',\n  "Replayed" : true' : ''
  return { head, tail: `"${replayed}${attributesMember(attributes)}\n}` }
}

function subjectLine(subject: string | undefined): string {
  return subject === undefined ? '' : `  "Subject" : ${JSON.stringify(subject)},\n`
}

function attributesMember(attributes: readonly LandedAttribute[]): string {
  if (attributes.length === 0) return ''
  const members = attributes.map(({ name, type, value }) => {
    const text = typeof value === 'string' ? value : Buffer.from(value).toString('base64')
    return `    ${JSON.stringify(name)} : {"Type":${JSON.stringify(type)},"Value":${JSON.stringify(text)}}`
  })
  return `,\n  "MessageAttributes" : {\n${members.join(',\n')}\n  }`
}

export function timestampOf({ publishedAt }: PublishedMessage): string {
  return new Date(publishedAt).toISOString()
}

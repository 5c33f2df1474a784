import { Buffer } from 'node:buffer'
import { formatUuid } from '../../base/uuid.ts'
import type { Notification } from '../../core/pushes.ts'
import {
  type Confirmation,
  confirmationMessage,
  confirmationToSign,
  renderConfirmation,
} from './confirmation.ts'
import { renderEnvelope, signNotification, timestampOf, unsubscribeLink } from './envelope.ts'
import type { LandingOrigin } from './landing-origin.ts'
import type { NotificationSigner } from './ports.ts'
import { type PublishedMessage, type Question, textFor } from './published-message.ts'
import type { SmsDefaults } from './sms-attributes.ts'

/** The protocols whose endpoints get the message alone, or without a signature. */
const UNSIGNED = ['email', 'sms', 'firehose']

export async function renderNotification(
  message: PublishedMessage,
  origin: Omit<LandingOrigin, 'subscription'>,
  topicDisplayName: string,
  signer: NotificationSigner,
): Promise<Notification> {
  const isSigned = !origin.isRaw && !UNSIGNED.includes(origin.protocol)
  const { subscriptionArn, signatureVersion: version } = origin
  return {
    type: 'Notification',
    messageId: formatUuid(message.id),
    topicArn: message.topicArn,
    topicDisplayName,
    subscriptionArn,
    subject: message.subject,
    message: textFor(message.texts, origin.protocol),
    timestamp: timestampOf(message),
    messageAttributes: { ...attributesOfDefaults(origin.sms), ...attributesOf(message) },
    signature: {
      version,
      value: isSigned ? await signNotification(message, origin, signer) : '',
      certificateUrl: `${message.baseUrl}${signer.certificatePath}`,
    },
    link: unsubscribeLink(message, subscriptionArn),
    document: isSigned
      ? await renderEnvelope(message, { ...origin, isReplayed: origin.replay !== 0 }, signer)
      : '',
  }
}

/** What asks the owner of an endpoint for a confirmation. */
export async function renderQuestion(
  message: PublishedMessage,
  { type, token }: Question,
  { subscriptionArn, signatureVersion: version }: LandingOrigin,
  topicDisplayName: string,
  signer: NotificationSigner,
): Promise<Notification> {
  const { topicArn, baseUrl } = message
  const confirmation: Confirmation = {
    ...{ type, topicArn, subscriptionArn, token },
    messageId: formatUuid(message.id),
    subscribeUrl: `${baseUrl}/?Action=ConfirmSubscription&TopicArn=${topicArn}&Token=${token}`,
    timestamp: timestampOf(message),
  }
  const signature = {
    version,
    value: await signer.sign(confirmationToSign(confirmation), version),
    certificateUrl: `${baseUrl}${signer.certificatePath}`,
  }
  return {
    ...{ type, topicArn, topicDisplayName, signature },
    messageId: confirmation.messageId,
    subscriptionArn: type === 'SubscriptionConfirmation' ? undefined : subscriptionArn,
    subject: undefined,
    message: confirmationMessage(confirmation),
    timestamp: confirmation.timestamp,
    messageAttributes: {},
    link: confirmation.subscribeUrl,
    document: renderConfirmation(confirmation, signature),
  }
}

/** What an account says of text messages, as a message that says it itself would. */
function attributesOfDefaults(sms: SmsDefaults | null): Notification['messageAttributes'] {
  if (sms === null) return {}
  const type = { 'AWS.SNS.SMS.SMSType': { Type: 'String', Value: sms.type } }
  if (sms.senderId === '') return type
  return { ...type, 'AWS.SNS.SMS.SenderID': { Type: 'String', Value: sms.senderId } }
}

function attributesOf({ attributes }: PublishedMessage): Notification['messageAttributes'] {
  const entries = attributes.map(({ name, type, value }) => {
    const Value = typeof value === 'string' ? value : Buffer.from(value).toString('base64')
    return [name, { Type: type, Value }] as const
  })
  return Object.fromEntries(entries)
}

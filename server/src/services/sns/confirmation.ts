import { type SignedConfirmation, stringToSign } from './string-to-sign.ts'

/** What asks the owner of an endpoint whether it is to be subscribed, or tells that it is no more. */
export interface Confirmation {
  readonly type: SignedConfirmation['Type']
  readonly messageId: string
  readonly topicArn: string
  /** Named when a subscription ends; one that is to be confirmed has none yet. */
  readonly subscriptionArn: string
  readonly token: string
  readonly subscribeUrl: string
  /** As it stands in the document: `2026-01-31T12:00:00.000Z`. */
  readonly timestamp: string
}

export interface ConfirmationSignature {
  readonly version: '1' | '2'
  /** Base64, of `confirmationToSign`. */
  readonly value: string
  readonly certificateUrl: string
}

/** The words that AWS has for people who read the document. */
export function confirmationMessage({ type, topicArn, subscriptionArn }: Confirmation): string {
  switch (type) {
    case 'SubscriptionConfirmation':
      return `You have chosen to subscribe to the topic ${topicArn}.\nTo confirm the subscription, visit the SubscribeURL included in this message.`
    case 'UnsubscribeConfirmation':
      return `You have chosen to deactivate subscription ${subscriptionArn}.\nTo cancel this operation and restore the subscription, visit the SubscribeURL included in this message.`
    default:
      return type satisfies never
  }
}

export function confirmationToSign(confirmation: Confirmation): string {
  return stringToSign(membersOf(confirmation))
}

/**
 * The document, as AWS writes it: members in its order, each on a line.
 * https://docs.aws.amazon.com/sns/latest/dg/http-subscription-confirmation-json.html
 */
export function renderConfirmation(confirmation: Confirmation, signature: ConfirmationSignature): string {
  const { Type, MessageId, Token, TopicArn, Message, SubscribeURL, Timestamp } = membersOf(confirmation)
  const members = {
    ...{ Type, MessageId, Token, TopicArn, Message, SubscribeURL, Timestamp },
    SignatureVersion: signature.version,
    Signature: signature.value,
    SigningCertURL: signature.certificateUrl,
  }
  const lines = Object.entries(members).map(([name, value]) => `  "${name}" : ${JSON.stringify(value)}`)
  return `{\n${lines.join(',\n')}\n}`
}

function membersOf(confirmation: Confirmation): SignedConfirmation {
  const { type, messageId, topicArn, token, subscribeUrl, timestamp } = confirmation
  return {
    Type: type,
    MessageId: messageId,
    Token: token,
    TopicArn: topicArn,
    Message: confirmationMessage(confirmation),
    SubscribeURL: subscribeUrl,
    Timestamp: timestamp,
  }
}

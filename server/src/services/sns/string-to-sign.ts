/** The documents that SNS signs, by the names of their members. */
export type SignedDocument = SignedNotification | SignedConfirmation

interface SignedMembers {
  readonly MessageId: string
  readonly TopicArn: string
  readonly Message: string
  /** As it stands in the document: `2026-01-31T12:00:00.000Z`. */
  readonly Timestamp: string
}

export interface SignedNotification extends SignedMembers {
  readonly Type: 'Notification'
  /** Signed only where it is in the document. */
  readonly Subject?: string | undefined
}

export interface SignedConfirmation extends SignedMembers {
  readonly Type: 'SubscriptionConfirmation' | 'UnsubscribeConfirmation'
  readonly SubscribeURL: string
  readonly Token: string
}

/**
 * The text that is signed, in both versions of the signature: each member's name and value, a line end after each, sorted by
 * name. https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
 */
export function stringToSign(document: SignedDocument): string {
  const { Message, MessageId, Timestamp, TopicArn, Type } = document
  const signed =
    Type === 'Notification'
      ? { Message, MessageId, Subject: document.Subject, Timestamp, TopicArn, Type }
      : {
          Message,
          MessageId,
          SubscribeURL: document.SubscribeURL,
          Timestamp,
          Token: document.Token,
          TopicArn,
          Type,
        }
  return Object.entries(signed)
    .map(([name, value]) => (value === undefined ? '' : `${name}\n${value}\n`))
    .join('')
}

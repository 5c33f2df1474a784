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
  const head = `Message\n${Message}\nMessageId\n${MessageId}\n`
  if (Type === 'Notification') {
    const subject = document.Subject === undefined ? '' : `Subject\n${document.Subject}\n`
    return `${head}${subject}Timestamp\n${Timestamp}\nTopicArn\n${TopicArn}\nType\n${Type}\n`
  }
  const { SubscribeURL, Token } = document
  const confirmed = `SubscribeURL\n${SubscribeURL}\nTimestamp\n${Timestamp}\nToken\n${Token}\n`
  return `${head}${confirmed}TopicArn\n${TopicArn}\nType\n${Type}\n`
}

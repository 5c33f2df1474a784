import type { MessageAttribute, Notification } from '../core/pushes.ts'

/** What a function gets from SNS: https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html */
export interface SnsEvent {
  readonly Records: readonly [
    {
      readonly EventSource: 'aws:sns'
      readonly EventVersion: '1.0'
      readonly EventSubscriptionArn: string
      readonly Sns: {
        readonly Type: 'Notification'
        readonly MessageId: string
        readonly TopicArn: string
        /** Null where there is none; in the document that is posted it is left out. */
        readonly Subject: string | null
        readonly Message: string
        readonly Timestamp: string
        readonly SignatureVersion: string
        readonly Signature: string
        /** Spelled otherwise than in the document that is posted. */
        readonly SigningCertUrl: string
        readonly UnsubscribeUrl: string
        readonly MessageAttributes: Readonly<Record<string, MessageAttribute>>
      }
    },
  ]
}

/** The event of one notification; AWS calls a function with one at a time. */
export function snsEvent(notification: Notification): SnsEvent {
  const { messageId, topicArn, subscriptionArn = '', subject = null, message, timestamp } = notification
  const { signature, link, messageAttributes } = notification
  return {
    Records: [
      {
        EventSource: 'aws:sns',
        EventVersion: '1.0',
        EventSubscriptionArn: subscriptionArn,
        Sns: {
          Type: 'Notification',
          MessageId: messageId,
          TopicArn: topicArn,
          Subject: subject,
          Message: message,
          Timestamp: timestamp,
          SignatureVersion: signature.version,
          Signature: signature.value,
          SigningCertUrl: signature.certificateUrl,
          UnsubscribeUrl: link,
          MessageAttributes: messageAttributes,
        },
      },
    ],
  }
}

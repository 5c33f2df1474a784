import type { Notification } from '../core/pushes.ts'

/**
 * What a delivery stream gets of a notification: a JSON document on one line, without a signature, and its end, since
 * Firehose puts records one behind the other as they are.
 * https://docs.aws.amazon.com/sns/latest/dg/firehose-archived-message-format-S3.html
 */
export function firehoseRecord(notification: Notification): string {
  const { messageId, topicArn, subject, message, timestamp, link, messageAttributes } = notification
  const document = {
    Type: 'Notification',
    MessageId: messageId,
    TopicArn: topicArn,
    ...(subject !== undefined && { Subject: subject }),
    Message: message,
    Timestamp: timestamp,
    UnsubscribeURL: link,
    ...(Object.keys(messageAttributes).length > 0 && { MessageAttributes: messageAttributes }),
  }
  return `${JSON.stringify(document)}\n`
}

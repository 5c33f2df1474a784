import type { Dispatch, Notification } from '../../src/core/pushes.ts'

/** A notification as SNS tells it; `changes` says what is different. */
export function notification(changes: Partial<Notification> = {}): Notification {
  return {
    type: 'Notification',
    messageId: '165545c9-2a5c-472c-8df2-7ff2be2b3b1b',
    topicArn: 'arn:aws:sns:us-east-1:000000000000:mill',
    topicDisplayName: '',
    subscriptionArn: 'arn:aws:sns:us-east-1:000000000000:mill:2bcfbf39-05c3-41de-beaa-fcfcc21c8f55',
    subject: undefined,
    message: 'two millstones',
    timestamp: '2026-01-31T12:00:00.000Z',
    messageAttributes: {},
    signature: { version: '1', value: 'c2lnbmVk', certificateUrl: 'http://127.0.0.1:4566/c.pem' },
    link: 'http://127.0.0.1:4566/?Action=Unsubscribe&SubscriptionArn=arn',
    document: '{\n  "Type" : "Notification",\n  "Message" : "two millstones"\n}',
    ...changes,
  }
}

export function delivery(endpoint: string, changes: Partial<Notification> = {}): Dispatch {
  return {
    endpoint,
    notification: notification(changes),
    raw: false,
    contentType: 'text/plain; charset=UTF-8',
  }
}

import { expect, test } from 'vitest'
import { stringToSign } from './string-to-sign.ts'

const MEMBERS = {
  MessageId: '4d4dc071-ddbf-465d-bba8-08f81c89da64',
  TopicArn: 'arn:aws:sns:us-east-2:123456789012:mill',
  Message: 'two\nlines',
  Timestamp: '2019-01-31T04:37:04.321Z',
}

test('of a notification six members are signed, in the order of their names', () => {
  expect(stringToSign({ Type: 'Notification', ...MEMBERS, Subject: 'My subject' })).toBe(
    'Message\ntwo\nlines\nMessageId\n4d4dc071-ddbf-465d-bba8-08f81c89da64\nSubject\nMy subject\nTimestamp\n2019-01-31T04:37:04.321Z\nTopicArn\narn:aws:sns:us-east-2:123456789012:mill\nType\nNotification\n',
  )
})

test('a subject is signed only where there is one', () => {
  expect(stringToSign({ Type: 'Notification', ...MEMBERS })).not.toContain('Subject')
  expect(stringToSign({ Type: 'Notification', ...MEMBERS, Subject: undefined })).not.toContain('Subject')
})

test.each(['SubscriptionConfirmation', 'UnsubscribeConfirmation'] as const)(
  'of a %s the token and the URL are signed too',
  (Type) => {
    const SubscribeURL = 'http://127.0.0.1:4566/?Action=ConfirmSubscription'
    expect(stringToSign({ Type, ...MEMBERS, SubscribeURL, Token: '233' })).toBe(
      `Message\ntwo\nlines\nMessageId\n4d4dc071-ddbf-465d-bba8-08f81c89da64\nSubscribeURL\n${SubscribeURL}\nTimestamp\n2019-01-31T04:37:04.321Z\nToken\n233\nTopicArn\narn:aws:sns:us-east-2:123456789012:mill\nType\n${Type}\n`,
    )
  },
)

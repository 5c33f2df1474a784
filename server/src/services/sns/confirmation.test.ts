import { expect, test } from 'vitest'
import { type Confirmation, confirmationToSign, renderConfirmation } from './confirmation.ts'

const CONFIRMATION: Confirmation = {
  type: 'SubscriptionConfirmation',
  messageId: '165545c9-2a5c-472c-8df2-7ff2be2b3b1b',
  topicArn: 'arn:aws:sns:us-west-2:123456789012:MyTopic',
  subscriptionArn: 'arn:aws:sns:us-west-2:123456789012:MyTopic:2bcfbf39-05c3-41de-beaa-fcfcc21c8f55',
  token: '2336412f',
  subscribeUrl: 'http://127.0.0.1:4566/?Action=ConfirmSubscription&TopicArn=arn&Token=2336412f',
  timestamp: '2012-04-26T20:45:04.751Z',
}
const SIGNATURE = {
  version: '1',
  value: 'EXAMPLEpH+',
  certificateUrl: 'http://127.0.0.1:4566/c.pem',
} as const

test('a subscription is confirmed by the document of the AWS documentation', () => {
  expect(renderConfirmation(CONFIRMATION, SIGNATURE)).toBe(`{
  "Type" : "SubscriptionConfirmation",
  "MessageId" : "165545c9-2a5c-472c-8df2-7ff2be2b3b1b",
  "Token" : "2336412f",
  "TopicArn" : "arn:aws:sns:us-west-2:123456789012:MyTopic",
  "Message" : "You have chosen to subscribe to the topic arn:aws:sns:us-west-2:123456789012:MyTopic.\\nTo confirm the subscription, visit the SubscribeURL included in this message.",
  "SubscribeURL" : "http://127.0.0.1:4566/?Action=ConfirmSubscription&TopicArn=arn&Token=2336412f",
  "Timestamp" : "2012-04-26T20:45:04.751Z",
  "SignatureVersion" : "1",
  "Signature" : "EXAMPLEpH+",
  "SigningCertURL" : "http://127.0.0.1:4566/c.pem"
}`)
})

test('the end of a subscription is told with a way back', () => {
  const document = renderConfirmation({ ...CONFIRMATION, type: 'UnsubscribeConfirmation' }, SIGNATURE)
  expect(JSON.parse(document)).toMatchObject({
    Type: 'UnsubscribeConfirmation',
    Message:
      'You have chosen to deactivate subscription arn:aws:sns:us-west-2:123456789012:MyTopic:2bcfbf39-05c3-41de-beaa-fcfcc21c8f55.\nTo cancel this operation and restore the subscription, visit the SubscribeURL included in this message.',
  })
})

test('what is signed is what is in the document', () => {
  const document: Record<string, string> = JSON.parse(renderConfirmation(CONFIRMATION, SIGNATURE))
  const names = ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type']
  expect(confirmationToSign(CONFIRMATION)).toBe(names.map((name) => `${name}\n${document[name]}\n`).join(''))
})

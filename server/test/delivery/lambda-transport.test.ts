import { expect, test } from 'vitest'
import { type Invocation, LambdaTransport } from '../../src/delivery/lambda-transport.ts'
import { delivery, notification } from './test-delivery.ts'

const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:grind'
const NEVER = new AbortController().signal

function transport(invocation: Invocation = { kind: 'accepted' }) {
  const calls: [string, unknown][] = []
  const made = new LambdaTransport({
    async invoke(functionArn, payload) {
      calls.push([functionArn, JSON.parse(payload)])
      return invocation
    },
  })
  return { calls, deliver: made.deliver.bind(made) }
}

test('a function gets the event that AWS sends', async () => {
  const { calls, deliver } = transport()
  const messageAttributes = { grain: { Type: 'String', Value: 'rye' } }
  const outcome = await deliver(delivery(FUNCTION, { subject: 'Grain is here', messageAttributes }), NEVER)
  expect(outcome).toEqual({ ok: true })
  const { messageId, topicArn, subscriptionArn, signature, link } = notification()
  expect(calls).toEqual([
    [
      FUNCTION,
      {
        Records: [
          {
            EventSource: 'aws:sns',
            EventVersion: '1.0',
            EventSubscriptionArn: subscriptionArn,
            Sns: {
              Type: 'Notification',
              MessageId: messageId,
              TopicArn: topicArn,
              Subject: 'Grain is here',
              Message: 'two millstones',
              Timestamp: '2026-01-31T12:00:00.000Z',
              SignatureVersion: '1',
              Signature: signature.value,
              SigningCertUrl: signature.certificateUrl,
              UnsubscribeUrl: link,
              MessageAttributes: messageAttributes,
            },
          },
        ],
      },
    ],
  ])
})

test('without a subject it is null, and without attributes there is an empty map', async () => {
  const { calls, deliver } = transport()
  await deliver(delivery(FUNCTION), NEVER)
  expect(calls[0]?.[1]).toMatchObject({ Records: [{ Sns: { Subject: null, MessageAttributes: {} } }] })
})

test.each([
  [{ kind: 'refused', reason: 'no such function' } as const, false],
  [{ kind: 'busy', reason: 'too much to do' } as const, true],
])('a call that is taken as %j is a failure, retryable: %s', async (invocation, retryable) => {
  expect(await transport(invocation).deliver(delivery(FUNCTION), NEVER)).toEqual({
    ...{ ok: false, retryable, reason: invocation.reason },
  })
})

test('a call that is given up is none', async () => {
  const { calls, deliver } = transport()
  expect(await deliver(delivery(FUNCTION), AbortSignal.abort())).toMatchObject({ reason: 'given up' })
  expect(calls).toEqual([])
})

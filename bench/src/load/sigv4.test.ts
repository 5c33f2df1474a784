import { hash } from 'node:crypto'
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { expect, test } from 'vitest'
import { SigV4Signer } from './sigv4.ts'

const credentials = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
}

test("a signature is the one that Amazon's own client makes of the same request", async () => {
  const sent = await requestOfAmazonsClient()
  const at = new Date(
    sent.headers['x-amz-date']!.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z'),
  )
  const signer = new SigV4Signer(credentials, 'eu-west-3', 'sqs', at)

  const authorization = sent.headers.authorization!
  const signedNames = /SignedHeaders=([^,]+)/.exec(authorization)![1]!.split(';')
  const signed = signedNames.map((name) => [name, sent.headers[name]!] as const)

  expect(signer.date).toBe(sent.headers['x-amz-date'])
  expect(signer.authorization(signed, hash('sha256', sent.body))).toBe(authorization)
})

test('a signature depends on the key, the moment, the region, each header and the body', () => {
  const at = new Date('2026-03-01T12:00:00Z')
  const headers = [['host', 'localhost']] as const
  const sign = (secretAccessKey: string, region: string, moment: Date, host: string, body: string) =>
    new SigV4Signer({ ...credentials, secretAccessKey }, region, 'sqs', moment).authorization(
      [['host', host]],
      hash('sha256', body),
    )
  const reference = new SigV4Signer(credentials, 'us-east-1', 'sqs', at).authorization(
    headers,
    hash('sha256', '{}'),
  )
  const secret = credentials.secretAccessKey

  expect(sign(secret, 'us-east-1', at, 'localhost', '{}')).toBe(reference)
  const others = [
    sign('another', 'us-east-1', at, 'localhost', '{}'),
    sign(secret, 'us-east-2', at, 'localhost', '{}'),
    sign(secret, 'us-east-1', new Date(at.getTime() + 1000), 'localhost', '{}'),
    sign(secret, 'us-east-1', at, 'localhost:4566', '{}'),
    sign(secret, 'us-east-1', at, 'localhost', '{ }'),
  ]
  expect(new Set([reference, ...others]).size).toBe(6)
})

interface SignedRequest {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Has the SDK build and sign a request, and takes it before it would go out. */
async function requestOfAmazonsClient(): Promise<SignedRequest> {
  let taken: SignedRequest | undefined
  const client = new SQSClient({
    endpoint: 'http://127.0.0.1:4566',
    region: 'eu-west-3',
    credentials,
    maxAttempts: 1,
    requestHandler: {
      async handle(request: { headers: Record<string, string>; body: Uint8Array }) {
        taken = { headers: request.headers, body: Buffer.from(request.body).toString() }
        throw new Error('taken')
      },
    },
  })
  const send = new SendMessageCommand({
    QueueUrl: 'http://127.0.0.1:4566/000000000000/orders',
    MessageBody: 'grüße',
  })
  await expect(client.send(send)).rejects.toThrow('taken')
  return taken!
}

import { AwsV4Signer } from 'aws4fetch'
import { expect, test } from 'vitest'
import { sign } from './signature.ts'

const KEY = {
  accessKeyId: 'AKIATESTTESTTESTTEST',
  secretAccessKey: 'a-secret-that-only-tests-know-of-0123456',
}
const NOW = Date.UTC(2026, 0, 5, 3, 4, 5)

test.each([
  ['localhost:4566', '/', '{}'],
  ['[::1]:4566', '/', '{"MessageBody":"Grüße 👩‍🚀 \\ud800"}'],
  ['mill.example', '/_aws/sqs/messages', JSON.stringify({ MessageBody: 'x'.repeat(100_000) })],
])('a request to %s%s is signed as another signer signs it', async (host, path, body) => {
  const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.SendMessage' }
  const signed = sign({ host, path, headers, body }, KEY, { region: 'eu-west-1', service: 'sqs', now: NOW })
  const other = await new AwsV4Signer({
    ...{ method: 'POST', url: `http://${host}${path}`, headers, body, ...KEY },
    ...{ region: 'eu-west-1', service: 'sqs', datetime: '20260105T030405Z', allHeaders: true },
  }).sign()
  expect(signed.authorization).toBe(other.headers.get('authorization'))
  expect(signed).toMatchObject({ ...headers, 'x-amz-date': '20260105T030405Z' })
})

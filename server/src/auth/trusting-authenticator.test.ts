import { expect, test } from 'vitest'
import { TrustingAuthenticator } from './trusting-authenticator.ts'

const request = {
  method: 'POST',
  path: '/',
  query: '',
  headers: { names: ['host'], values: ['localhost'] },
  body: new Uint8Array(0),
}
const signedAs = (credential: string) => ({
  ...request,
  headers: {
    names: ['authorization'],
    values: [`AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=none`],
  },
})
const ROOT = {
  accountId: '000000000000',
  region: 'us-east-1',
  userId: '000000000000',
  principalArn: 'arn:aws:iam::000000000000:root',
}
const authenticator = new TrustingAuthenticator()

test('an unsigned request is the root user’s, in the default region', () => {
  expect(authenticator.authenticate(request)).toEqual(ROOT)
})

test('any key will do, and its scope names the region', () => {
  expect(authenticator.authenticate(signedAs('test/20260115/eu-west-1/sqs/aws4_request'))).toEqual({
    ...ROOT,
    region: 'eu-west-1',
  })
})

test('a presigned request names its region too', () => {
  const query = 'Action=x&X-Amz-Credential=test%2F20260115%2Fap-south-1%2Fsqs%2Faws4_request'
  expect(authenticator.authenticate({ ...request, query }).region).toBe('ap-south-1')
})

test('a key of twelve digits names an account', () => {
  expect(authenticator.authenticate(signedAs('111122223333/20260115/eu-west-1/sqs/aws4_request'))).toEqual({
    accountId: '111122223333',
    region: 'eu-west-1',
    userId: '111122223333',
    principalArn: 'arn:aws:iam::111122223333:root',
  })
})

test.each(['nonsense', 'a/b/EU:WEST/sqs/aws4_request', 'a/b/../sqs/aws4_request'])(
  'a credential that names no region, %s, means the default',
  (credential) => {
    expect(authenticator.authenticate(signedAs(credential))).toEqual(ROOT)
  },
)

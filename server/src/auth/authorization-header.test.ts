import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseAuthorization } from './authorization-header.ts'

const SIGNATURE = '0123456789abcdef'.repeat(4)

interface Written {
  readonly key: string
  readonly region: string
  readonly service: string
  readonly signedHeaders: string
  readonly signature: string
}

const write = ({ key, region, service, signedHeaders, signature }: Written) =>
  `AWS4-HMAC-SHA256 Credential=${key}/20260115/${region}/${service}/aws4_request, SignedHeaders=${signedHeaders}, Signature=${signature}`

function expectRead(written: Written): void {
  const { algorithm, credential, signedHeaders, signature } = parseAuthorization(write(written))
  expect({ algorithm, credential, signedHeaders: signedHeaders?.text, signature }).toEqual({
    algorithm: 'AWS4-HMAC-SHA256',
    credential: `${written.key}/20260115/${written.region}/${written.service}/aws4_request`,
    signedHeaders: written.signedHeaders,
    signature: written.signature,
  })
}

test('headers of equal length that differ anywhere are told apart, however often they take turns', () => {
  const written = fc.record({
    key: fc.constantFrom('AKIAIOSFODNN7EXAMPLE', 'AKIBIOSFODNN7EXAMPLE', 'AKIAIOSFODNN7EXAMPLF'),
    region: fc.constantFrom('eu-west-1', 'eu-west-2', 'ap-northeast-1', 'ap-northeast-2'),
    service: fc.constantFrom('sqs', 'sns'),
    signedHeaders: fc.constantFrom('content-type;host;x-amz-date', 'content-type;host;x-amz-data', 'host'),
    signature: fc.constantFrom(SIGNATURE, SIGNATURE.replace('0', '1')),
  })
  fc.assert(
    fc.property(fc.array(written, { minLength: 20, maxLength: 40 }), (all) => all.forEach(expectRead)),
  )
})

test.each([
  ['a space at its end', `${'0'.repeat(63)} `, '0'.repeat(63)],
  ['another parameter behind it', `${'0'.repeat(50)},Credential=ab`, '0'.repeat(50)],
  ['too few digits', '0'.repeat(63), '0'.repeat(63)],
  ['too many digits', '0'.repeat(65), '0'.repeat(65)],
  ['no digits', '', ''],
])('a signature with %s is read the long way, though all before it is known', (_what, given, read) => {
  const written = {
    key: 'AKIAIOSFODNN7EXAMPLE',
    region: 'eu-west-1',
    service: 'sqs',
    signedHeaders: 'host',
    signature: SIGNATURE,
  }
  expectRead(written)
  const { credential, signature } = parseAuthorization(write({ ...written, signature: given }))
  expect(signature).toBe(read)
  expect(credential).toBe(
    given.includes('Credential') ? 'ab' : 'AKIAIOSFODNN7EXAMPLE/20260115/eu-west-1/sqs/aws4_request',
  )
})

test('what ends with the characters of its signature, but in another parameter, is not kept as if it ended with that', () => {
  const [a, b] = ['a'.repeat(64), 'b'.repeat(64)]
  const start = `AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260115/eu-west-1/sqs/aws4_request, SignedHeaders=host, `
  expect(parseAuthorization(`${start}Signature=${a}, Other=${a}`).signature).toBe(a)
  expect(parseAuthorization(`${start}Signature=${a}, Other=${b}`).signature).toBe(a)
})

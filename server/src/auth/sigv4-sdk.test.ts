import { createHash, createHmac } from 'node:crypto'
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { SignatureV4 } from '@smithy/signature-v4'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { rootIdentity } from '../api/identity.ts'
import { ServiceError } from '../api/service-error.ts'
import type { SignedHeaders, SignedRequest } from './signature-claim.ts'
import { parseBasicTime } from './signature-time.ts'
import { SigV4Authenticator } from './sigv4.ts'

/** What the AWS SDK for JavaScript signs, verified here. */
const SIGNED_AT = new Date(Date.UTC(2026, 0, 15, 10, 30, 0))
const NOW = SIGNED_AT.getTime()
const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'
const KEY = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretKey: SECRET,
  accountId: '123456789012',
  userId: 'AIDAEXAMPLE',
  principalArn: 'arn:aws:iam::123456789012:user/example',
  identity: rootIdentity('123456789012'),
}
const TEMPORARY = {
  ...KEY,
  accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
  session: { token: 'a/session+token==', expiresAt: NOW + 3_600_000 },
}

/** The digest that the signer is given, made with node:crypto. */
class Sha256 {
  readonly #hash
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    if (secret === undefined) this.#hash = createHash('sha256')
    else if (typeof secret === 'string') this.#hash = createHmac('sha256', secret)
    else this.#hash = createHmac('sha256', bytesOf(secret))
  }
  update(bytes: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(typeof bytes === 'string' ? bytes : bytesOf(bytes))
  }
  async digest(): Promise<Uint8Array> {
    return this.#hash.digest()
  }
  reset(): void {}
}

const bytesOf = (bytes: ArrayBuffer | ArrayBufferView) =>
  ArrayBuffer.isView(bytes)
    ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    : new Uint8Array(bytes)

function signer(key: typeof KEY & { session?: { token: string } } = KEY): SignatureV4 {
  const token = key.session === undefined ? {} : { sessionToken: key.session.token }
  return new SignatureV4({
    service: 'sqs',
    region: 'eu-west-1',
    sha256: Sha256,
    credentials: { accessKeyId: key.accessKeyId, secretAccessKey: SECRET, ...token },
  })
}

function authenticator(): SigV4Authenticator {
  const keys = new Map([KEY, TEMPORARY].map((key) => [key.accessKeyId, key]))
  return new SigV4Authenticator({ find: (id) => keys.get(id) })
}

interface SdkRequest {
  readonly method: string
  readonly path: string
  readonly query?: Record<string, string | string[] | null>
  readonly headers: Record<string, string>
  readonly body?: unknown
}

/** As the SDK's own HTTP handler puts it on the wire. */
function onWire(request: SdkRequest): SignedRequest {
  const encode = (text: string) =>
    encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`)
  const parameters = Object.entries(request.query ?? {}).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value ?? '']).map((one) => `${encode(name)}=${encode(one)}`),
  )
  return {
    method: request.method,
    path: request.path,
    query: parameters.join('&'),
    headers: fieldsOf(request.headers),
    body: bodyOf(request.body),
  }
}

function fieldsOf(headers: Record<string, string>): SignedHeaders {
  return { names: Object.keys(headers).map((name) => name.toLowerCase()), values: Object.values(headers) }
}

function bodyOf(body: unknown): Uint8Array {
  if (body instanceof Uint8Array) return body
  return typeof body === 'string' ? Buffer.from(body) : new Uint8Array(0)
}

const plain = (path = '/', query: Record<string, string | string[]> = {}) => ({
  method: 'GET',
  protocol: 'http:',
  hostname: 'localhost',
  port: 4566,
  path,
  query,
  headers: { host: 'localhost:4566' },
})

test('a request as the SQS client sends it verifies', async () => {
  let sent: SdkRequest | undefined
  const client = new SQSClient({
    region: 'eu-west-1',
    endpoint: 'http://localhost:4566',
    credentials: { accessKeyId: KEY.accessKeyId, secretAccessKey: SECRET },
    maxAttempts: 1,
    requestHandler: {
      async handle(request: SdkRequest) {
        sent = request
        throw new Error('seen')
      },
    },
  })
  const command = new SendMessageCommand({ QueueUrl: 'http://localhost:4566/1/q', MessageBody: 'grüß dich' })
  await expect(client.send(command)).rejects.toThrow('seen')

  const request = onWire(sent!)
  const now = parseBasicTime(sent!.headers['x-amz-date']!)!
  expect(authenticator().authenticate(request, 'sqs', now)).toMatchObject({ region: 'eu-west-1' })
  expect(() => authenticator().authenticate({ ...request, body: Buffer.from('{}') }, 'sqs', now)).toThrow(
    ServiceError,
  )
})

test('any path, query and header value that the signer signs verifies', async () => {
  const verifier = authenticator()
  const segment = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom('.', '..', '', 'a', '%2F', '%20', '~'),
  )
  const path = fc
    .array(segment)
    .map((segments) => `/${segments.map(encodeURI).join('/').replace(/[?#]/g, '')}`)
  const name = fc
    .string({ minLength: 1, unit: 'grapheme' })
    .filter((text) => !/^(__proto__|x-amz)/i.test(text))
  const value = fc.string({ unit: 'grapheme' })
  const query = fc.dictionary(name, fc.oneof(value, fc.array(value, { minLength: 1 })), {
    noNullPrototype: true,
  })
  const header = fc.string({ unit: fc.constantFrom(' ', '\t', 'a', 'B', ',', '"') })
  await fc.assert(
    fc.asyncProperty(path, query, header, async (path, query, header) => {
      const request = plain(path, query)
      const signed = await signer().sign(
        { ...request, headers: { ...request.headers, 'x-note': header } },
        { signingDate: SIGNED_AT },
      )
      expect(verifier.authenticate(onWire(signed), 'sqs', NOW).region).toBe('eu-west-1')
    }),
    { numRuns: 200 },
  )
})

describe('a presigned request', () => {
  const presign = async (expiresIn = 60, key: typeof KEY = KEY) => {
    const request = plain('/123456789012/queue', { Action: 'ReceiveMessage', WaitTimeSeconds: '0' })
    return onWire(await signer(key).presign(request, { signingDate: SIGNED_AT, expiresIn }))
  }
  const codeOf = (request: SignedRequest, now: number) => {
    try {
      authenticator().authenticate(request, 'sqs', now)
    } catch (error) {
      if (error instanceof ServiceError) return `${error.shape.queryCode}: ${error.message}`
      throw error
    }
    return 'accepted'
  }

  test('verifies until it expires, also long after the skew that others are allowed', async () => {
    const request = await presign(3_600)
    expect(codeOf(request, NOW)).toBe('accepted')
    expect(codeOf(request, NOW + 3_600_000)).toBe('accepted')
    expect(codeOf(request, NOW + 3_600_001)).toBe('RequestExpired: Request has expired.')
    expect(codeOf(request, NOW - 900_001)).toContain('SignatureDoesNotMatch: Signature not yet current')
  })

  test('carries the token of a temporary key', async () => {
    expect(codeOf(await presign(60, TEMPORARY), NOW)).toBe('accepted')
  })

  test('does not verify with anything changed', async () => {
    const request = await presign()
    for (const query of [
      request.query.replace('ReceiveMessage', 'DeleteQueue'),
      request.query.replace('X-Amz-Expires=60', 'X-Amz-Expires=600'),
      `${request.query}&More=1`,
    ]) {
      expect(codeOf({ ...request, query }, NOW)).toContain('SignatureDoesNotMatch: The request signature')
    }
  })

  test.each([
    ['X-Amz-Expires=604801', 'IncompleteSignature: X-Amz-Expires must be less than a week (in seconds)'],
    ['X-Amz-Expires=0', 'IncompleteSignature: X-Amz-Expires must be non-negative'],
    ['X-Amz-Expires=soon', 'IncompleteSignature: X-Amz-Expires should be a number'],
    [
      'X',
      "IncompleteSignature: AWS query-string parameters must include 'X-Amz-Expires'. Re-examine the query-",
    ],
  ])('with %s is told so', async (expires, message) => {
    const request = await presign()
    const query = request.query.replace('X-Amz-Expires=60', expires)
    expect(codeOf({ ...request, query }, NOW)).toContain(message)
  })

  test('with a broken escape is told so', async () => {
    const request = await presign()
    expect(codeOf({ ...request, query: `${request.query}&A=%zz` }, NOW)).toBe(
      'MalformedQueryString: Illegal hex character in escape % pattern: %zz',
    )
  })

  test('that is signed in its headers too is refused', async () => {
    const request = await presign()
    const signed = await signer().sign(plain(), { signingDate: SIGNED_AT })
    expect(codeOf({ ...request, headers: fieldsOf(signed.headers) }, NOW)).toContain('SignatureDoesNotMatch')
  })
})

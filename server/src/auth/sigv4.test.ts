import { createHash, createHmac } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { AccessKey } from '../api/access-key.ts'
import { rootIdentity } from '../api/identity.ts'
import { ServiceError } from '../api/service-error.ts'
import { FailedAttempts } from './failed-attempts.ts'
import type { SignedRequest } from './signature-claim.ts'
import { SigV4Authenticator } from './sigv4.ts'

const NOW = Date.UTC(2026, 0, 15, 10, 30, 0)
const KEY: AccessKey = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  accountId: '123456789012',
  userId: 'AIDAEXAMPLE',
  principalArn: 'arn:aws:iam::123456789012:user/example',
  identity: rootIdentity('123456789012'),
}
const SESSION_KEY: AccessKey = {
  ...KEY,
  accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
  session: { token: 'a/session+token==', expiresAt: NOW + 1_000 },
}

interface Signing {
  readonly key?: AccessKey
  readonly time?: string
  readonly scope?: string
  readonly signed?: string
  readonly headers?: readonly (readonly [string, string])[]
  readonly body?: string
  readonly dateHeader?: readonly [string, string]
}

/** Signs a plain SQS request, independently of the code under test; what the test names is as it says. */
function sign(signing: Signing = {}): SignedRequest & { headers: { names: string[]; values: string[] } } {
  const { key = KEY, time = '20260115T103000Z', body = '{"QueueUrl":"q"}' } = signing
  const scope = signing.scope ?? '20260115/eu-west-1/sqs/aws4_request'
  const date = signing.dateHeader ?? ['X-Amz-Date', time]
  const headers = [
    ['Host', 'localhost:4566'],
    ['Content-Type', 'application/x-amz-json-1.0'],
    ['X-Amz-Target', 'AmazonSQS.SendMessage'],
    ...(date[0] === '' ? [] : [date]),
    ...(signing.headers ?? []),
  ] as const
  const lower = headers.map(([name, value]) => [name.toLowerCase(), value] as const)
  const signed =
    signing.signed ??
    lower
      .map(([name]) => name)
      .sort()
      .join(';')
  const lines = signed
    .split(';')
    .map((name) => `${name}:${lower.find((header) => header[0] === name)?.[1] ?? ''}\n`)
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
  const canonical = `POST\n/\n\n${lines.join('')}\n${signed}\n${sha256(body)}`
  const hmac = (secret: string | Buffer, text: string) => createHmac('sha256', secret).update(text).digest()
  const secret = scope.split('/').reduce<string | Buffer>(hmac, `AWS4${key.secretKey}`)
  const signature = hmac(secret, `AWS4-HMAC-SHA256\n${time}\n${scope}\n${sha256(canonical)}`).toString('hex')
  const authorization = `AWS4-HMAC-SHA256 Credential=${key.accessKeyId}/${scope}, SignedHeaders=${signed}, Signature=${signature}`
  return {
    method: 'POST',
    path: '/',
    query: '',
    headers: {
      names: [...lower.map(([name]) => name), 'authorization'],
      values: [...lower.map(([, value]) => value), authorization],
    },
    body: Buffer.from(body),
  }
}

const UNSIGNED = { names: ['host'], values: ['localhost'] }

function authenticator(): SigV4Authenticator {
  const keys = new Map([KEY, SESSION_KEY].map((key) => [key.accessKeyId, key]))
  return new SigV4Authenticator({ find: (id) => keys.get(id) })
}

const authenticate = (request: SignedRequest, now = NOW) => authenticator().authenticate(request, 'sqs', now)

/** What a client of each generation is told. */
function refusal(request: SignedRequest, now = NOW) {
  try {
    authenticate(request, now)
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error
    const { code, queryCode, status } = error.shape
    return { codes: `${code} ${queryCode} ${status}`, message: error.message }
  }
  throw new Error('the request was accepted')
}

const MISSING = 'MissingAuthenticationTokenException MissingAuthenticationToken 403'
const INCOMPLETE = 'IncompleteSignatureException IncompleteSignature 400'
const UNKNOWN = 'UnrecognizedClientException InvalidClientTokenId 403'
const MISMATCH = 'InvalidSignatureException SignatureDoesNotMatch 403'

function withAuthorization(authorization: string): SignedRequest {
  const request = sign()
  const { names, values } = request.headers
  return { ...request, headers: { names, values: [...values.slice(0, -1), authorization] } }
}

test('a signed request belongs to the account of its key and the region of its scope', () => {
  expect(authenticate(sign())).toEqual({
    accountId: '123456789012',
    region: 'eu-west-1',
    userId: 'AIDAEXAMPLE',
    principalArn: 'arn:aws:iam::123456789012:user/example',
    identity: KEY.identity,
    recheck: expect.any(Function),
  })
})

test('a request signed with a Date header of HTTP verifies', () => {
  const dateHeader = ['Date', 'Thu, 15 Jan 2026 10:30:00 GMT'] as const
  expect(authenticate(sign({ dateHeader })).accountId).toBe('123456789012')
})

test('requests of several times may take turns', () => {
  const verifier = authenticator()
  for (const time of ['20260115T103000Z', '20260115T103001Z', '20260115T103000Z', '20260115T102959Z']) {
    expect(verifier.authenticate(sign({ time }), 'sqs', NOW).accountId).toBe('123456789012')
    expect(() => verifier.authenticate(sign({ dateHeader: ['X-Amz-Date', 'later'] }), 'sqs', NOW)).toThrow(
      "Got 'later'",
    )
  }
})

test('no character of a signature can pass for another one whose lower half is the same', () => {
  const request = sign()
  const authorization = request.headers.values.at(-1)!
  const raise = (from: number, to: number) =>
    authorization.slice(0, from) +
    [...authorization.slice(from, to)].map((c) => String.fromCharCode(c.charCodeAt(0) + 0x100)).join('') +
    authorization.slice(to)
  const end = authorization.length
  for (const [from, to] of [
    [end - 64, end],
    [end - 64, end - 63],
    [end - 1, end],
  ] as const) {
    expect(refusal(withAuthorization(raise(from, to))).message).toContain('does not match the signature')
  }
  expect(authenticate(request).accountId).toBe('123456789012')
})

test('a key whose secret changed is not verified with the old one', () => {
  let key: AccessKey = KEY
  const verifier = new SigV4Authenticator({ find: () => key })
  verifier.authenticate(sign(), 'sqs', NOW)
  key = { ...KEY, secretKey: 'another secret' }
  expect(() => verifier.authenticate(sign(), 'sqs', NOW)).toThrow('does not match the signature you provided')
  expect(verifier.authenticate(sign({ key }), 'sqs', NOW).accountId).toBe('123456789012')
})

test('a key that is gone is not known any more, though its signing key was kept', () => {
  let key: AccessKey | undefined = KEY
  const verifier = new SigV4Authenticator({ find: () => key })
  verifier.authenticate(sign(), 'sqs', NOW)
  key = undefined
  expect(() => verifier.authenticate(sign(), 'sqs', NOW)).toThrow(
    'The security token included in the request is invalid.',
  )
})

test.each([
  ['iam', 'user', false],
  ['iam', 'federated user', false],
  ['iam', 'role', true],
  ['sqs', 'user', true],
  ['sts', 'federated user', true],
] as const)('to %s the session of a %s is known: %s', (service, kind, isKnown) => {
  const facts = { issuedAt: NOW, expiresAt: NOW + 1000, kind, transitiveTags: {}, sourceIdentity: null }
  const key: AccessKey = { ...SESSION_KEY, identity: { ...SESSION_KEY.identity, session: facts } }
  const verifier = new SigV4Authenticator({ find: () => key })
  const headers = [['X-Amz-Security-Token', key.session!.token]] as const
  const request = sign({ key, headers, scope: `20260115/eu-west-1/${service}/aws4_request` })
  const authenticated = () => verifier.authenticate(request, service, NOW)
  if (isKnown) expect(authenticated().accountId).toBe('123456789012')
  else expect(authenticated).toThrow('The security token included in the request is invalid.')
})

test.each<[string, AccessKey, Partial<AccessKey> | null, number, string | null]>([
  ['whose key is as it was', KEY, {}, 0, null],
  ['whose key is another object by now', KEY, { userId: 'AIDANEW' }, 0, null],
  ['whose key is gone', KEY, null, 0, 'The security token included in the request is invalid.'],
  ['whose session goes on', SESSION_KEY, {}, 0, null],
  ['whose session has ended', SESSION_KEY, {}, 1000, 'The security token included in the request is expired'],
])('a caller %s is told when it is asked for again', (_, signedWith, change, later, refused) => {
  let key: AccessKey | undefined = signedWith
  const verifier = new SigV4Authenticator({ find: () => key })
  const { session } = signedWith
  const headers = session === undefined ? [] : [['X-Amz-Security-Token', session.token] as const]
  const { recheck } = verifier.authenticate(sign({ key: signedWith, headers }), 'sqs', NOW)
  key = change === null ? undefined : { ...signedWith, ...change }
  const again = () => recheck!(NOW + later)
  if (refused === null) expect(again).not.toThrow()
  else expect(again).toThrow(refused)
})

describe('what is no signature', () => {
  test('nothing at all', () => {
    expect(refusal({ ...sign(), headers: UNSIGNED })).toEqual({
      codes: MISSING,
      message: 'Request is missing Authentication Token',
    })
  })

  test('an unknown algorithm in the query', () => {
    const request = {
      ...sign(),
      headers: UNSIGNED,
      query: 'X-Amz-Algorithm=AWS4-ECDSA-P256-SHA256',
    }
    expect(refusal(request).codes).toBe(MISSING)
  })

  test('an authorization without parameters', () => {
    const refused = refusal({
      ...sign(),
      headers: { names: ['host', 'authorization'], values: ['localhost', 'token'] },
    })
    expect(refused.codes).toBe(INCOMPLETE)
    expect(refused.message).toBe(
      "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. " +
        "Authorization header requires 'SignedHeaders' parameter. Authorization header requires existence of either a " +
        "'X-Amz-Date' or a 'Date' header. (Hashed with SHA-256 and encoded with Base64) " +
        'Authorization=PEaenWxYddN6Q/NT1PiOYfz4EsZu7jRXRlpAsNpBU+A=',
    )
  })

  test('a bearer token', () => {
    expect(refusal(withAuthorization('Bearer token'))).toEqual({
      codes: INCOMPLETE,
      message:
        'Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with ' +
        `Base64): '${createHash('sha256').update('Bearer token').digest('base64')}'.`,
    })
  })

  test('no date', () => {
    expect(refusal(sign({ dateHeader: ['', ''] })).message).toContain(
      "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.",
    )
  })

  test('another algorithm', () => {
    const authorization = 'AWS4-ECDSA-P256-SHA256 Credential=a/b/c/d/e, SignedHeaders=host, Signature=00'
    expect(refusal(withAuthorization(authorization))).toEqual({
      codes: INCOMPLETE,
      message: "Unsupported AWS 'algorithm': 'AWS4-ECDSA-P256-SHA256'.",
    })
  })

  test.each(['2026-01-15T10:30:00Z', '20261315T103000Z', '20260115T103000', 'yesterday'])(
    'the date %s',
    (text) => {
      expect(refusal(sign({ dateHeader: ['X-Amz-Date', text] }))).toEqual({
        codes: INCOMPLETE,
        message: `Date must be in ISO-8601 'basic format'. Got '${text}'. See http://en.wikipedia.org/wiki/ISO_8601`,
      })
    },
  )

  test('a credential of too few parts', () => {
    expect(refusal(sign({ scope: '20260115/eu-west-1/aws4_request' }))).toEqual({
      codes: INCOMPLETE,
      message:
        'Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got ' +
        "'AKIAIOSFODNN7EXAMPLE/20260115/eu-west-1/aws4_request'",
    })
  })
})

describe('a scope that does not fit', () => {
  test.each([
    ['20260115/eu-west-1/sns/aws4_request', "Credential should be scoped to correct service: 'sqs'. "],
    [
      '20260115/eu-west-1/sqs/aws5_request',
      "Credential should be scoped with a valid terminator: 'aws4_request', not 'aws5_request'. ",
    ],
    ['20260115/EU WEST/sqs/aws4_request', "Credential should be scoped to a valid region, not 'EU WEST'. "],
    [
      '20260114/eu-west-1/sqs/aws4_request',
      'Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: ' +
        "'20260114' != '20260115', from '20260115T103000Z'. ",
    ],
  ])('%s', (scope, message) => {
    expect(refusal(sign({ scope }))).toEqual({ codes: MISMATCH, message })
  })
})

describe('time', () => {
  const skewMs = 15 * 60 * 1000

  test('is accepted up to 15 minutes either way', () => {
    expect(authenticate(sign(), NOW + skewMs).accountId).toBe('123456789012')
    expect(authenticate(sign(), NOW - skewMs).accountId).toBe('123456789012')
  })

  test('too early is told', () => {
    expect(refusal(sign(), NOW - skewMs - 1_000)).toEqual({
      codes: MISMATCH,
      message:
        'Signature not yet current: 20260115T103000Z is still later than 20260115T102959Z (20260115T101459Z + 15 min.)',
    })
  })

  test('too late is told', () => {
    expect(refusal(sign(), NOW + skewMs + 1_000)).toEqual({
      codes: MISMATCH,
      message:
        'Signature expired: 20260115T103000Z is now earlier than 20260115T103001Z (20260115T104501Z - 15 min.)',
    })
  })
})

describe('what has to be signed', () => {
  test('the host', () => {
    expect(refusal(sign({ signed: 'content-type;x-amz-date;x-amz-target' }))).toEqual({
      codes: MISMATCH,
      message: "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.",
    })
  })

  test('every x-amz header', () => {
    expect(refusal(sign({ signed: 'content-type;host;x-amz-date' }))).toEqual({
      codes: MISMATCH,
      message: "'X-Amz-Target' must be a 'SignedHeader' in the AWS Authorization.",
    })
  })

  test('not what proxies add', () => {
    const request = sign()
    request.headers.names.push('x-amzn-trace-id', 'x-forwarded-for')
    request.headers.values.push('Root=1', '10.0.0.1')
    expect(authenticate(request).accountId).toBe('123456789012')
  })
})

describe('keys and tokens', () => {
  test('an unknown key', () => {
    const key = { ...KEY, accessKeyId: 'AKIAUNKNOWN000000000' }
    expect(refusal(sign({ key }))).toEqual({
      codes: UNKNOWN,
      message: 'The security token included in the request is invalid.',
    })
  })

  test('a token that belongs to the key', () => {
    const headers = [['X-Amz-Security-Token', 'a/session+token==']] as const
    expect(authenticate(sign({ key: SESSION_KEY, headers })).accountId).toBe('123456789012')
  })

  test.each([
    ['a wrong token', SESSION_KEY, [['X-Amz-Security-Token', 'another']]],
    ['no token for a temporary key', SESSION_KEY, []],
    ['a token for a permanent key', KEY, [['X-Amz-Security-Token', 'a/session+token==']]],
  ] as const)('%s', (_what, key, headers) => {
    expect(refusal(sign({ key, headers })).codes).toBe(UNKNOWN)
  })

  test('an expired token', () => {
    const headers = [['X-Amz-Security-Token', 'a/session+token==']] as const
    expect(refusal(sign({ key: SESSION_KEY, headers }), NOW + 1_000)).toEqual({
      codes: 'ExpiredTokenException ExpiredToken 403',
      message: 'The security token included in the request is expired',
    })
  })

  test('a wrong secret, with what should have been signed', () => {
    const { codes, message } = refusal(sign({ key: { ...KEY, secretKey: 'wrong' } }))
    expect(codes).toBe(MISMATCH)
    expect(message).toMatch(
      /^The request signature we calculated does not match the signature you provided\. Check your AWS Secret Access Key and signing method\. Consult the service documentation for details\.\n\nThe Canonical String for this request should have been\n'POST\n\/\n\ncontent-type:/,
    )
    expect(message).toContain(
      "\n\nThe String-to-Sign should have been\n'AWS4-HMAC-SHA256\n20260115T103000Z\n20260115/eu-west-1/sqs/aws4_request\n",
    )
    expect(message).not.toContain(KEY.secretKey)
  })
})

describe('the declared digest of the body', () => {
  const digest = createHash('sha256').update('{"QueueUrl":"q"}').digest('hex')

  test('is accepted where it is true', () => {
    expect(authenticate(sign({ headers: [['X-Amz-Content-Sha256', digest]] })).accountId).toBe('123456789012')
  })

  test.each([digest.replace(/./, 'x'), 'UNSIGNED-PAYLOAD', 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD'])(
    'is refused as %s, though the signature fits the body',
    (declared) => {
      expect(refusal(sign({ headers: [['X-Amz-Content-Sha256', declared]] })).codes).toBe(MISMATCH)
    },
  )
})

test('no change to any signed part of a request goes unnoticed', () => {
  const verifier = authenticator()
  const change = fc.oneof(
    fc.record({
      part: fc.constantFrom('method', 'path', 'query', 'body'),
      text: fc.string({ minLength: 1 }),
    }),
    fc.record({ part: fc.constantFrom('0', '1', '2', '3'), text: fc.string({ minLength: 1 }) }),
    fc.record({ part: fc.constant('signature'), text: fc.nat({ max: 63 }).map(String) }),
  )
  fc.assert(
    fc.property(change, ({ part, text }) => {
      const request = { ...sign() }
      const place = Number(part)
      if (part === 'method') request.method = `${request.method}${text}`
      else if (part === 'path') request.path = `/x${text}`
      else if (part === 'query') request.query = `${text.replaceAll('&', '').replaceAll('%', '')}x`
      else if (part === 'body') request.body = Buffer.concat([request.body, Buffer.from(text)])
      else if (part === 'signature') {
        const authorization = request.headers.values.at(-1)!
        const at = authorization.length - 1 - Number(text)
        const digit = authorization[at] === '0' ? '1' : '0'
        request.headers.values[request.headers.values.length - 1] =
          `${authorization.slice(0, at)}${digit}${authorization.slice(at + 1)}`
      } else request.headers.values[place] += `x${text}`
      expect(() => verifier.authenticate(request, 'sqs', NOW)).toThrow(ServiceError)
    }),
    { numRuns: 300 },
  )
})

test('who fails too often is told so before a signature is computed, and a right one from elsewhere is good', () => {
  const keys = new Map([[KEY.accessKeyId, KEY]])
  const failures = new FailedAttempts(5, () => {})
  const verifier = new SigV4Authenticator({ find: (id) => keys.get(id) }, failures)
  const codeOf = (request: SignedRequest) => {
    try {
      return verifier.authenticate(request, 'sqs', NOW).accountId
    } catch (error) {
      return error instanceof ServiceError ? error.shape.code : String(error)
    }
  }
  const wrong = { ...sign({ key: { ...KEY, secretKey: 'wrong' } }), address: '192.0.2.1' }
  for (let i = 0; i < 5; i++) expect(codeOf(wrong)).toBe('InvalidSignatureException')
  expect(codeOf(wrong)).toBe('ThrottlingException')
  expect(codeOf({ ...sign(), address: '192.0.2.1' })).toBe('ThrottlingException')
  expect(codeOf({ ...sign(), address: '192.0.2.2' })).toBe(KEY.accountId)
  // Who signed rightly there is let in however often others fail beside them.
  for (let i = 0; i < 50; i++)
    expect(codeOf({ ...wrong, address: '192.0.2.2' })).toBe('InvalidSignatureException')
  expect(codeOf({ ...sign(), address: '192.0.2.2' })).toBe(KEY.accountId)
  const unknown = { ...sign({ key: { ...KEY, accessKeyId: 'AKIANOBODY' } }), address: '192.0.2.3' }
  for (let i = 0; i < 25; i++) expect(codeOf(unknown)).toBe('UnrecognizedClientException')
  expect(codeOf(unknown)).toBe('ThrottlingException')
  // Without a key in them requests cost nothing, and are told what is wrong with them.
  expect(codeOf({ ...unknown, headers: UNSIGNED })).toBe('MissingAuthenticationTokenException')
})

test('whatever comes as authorization or query is refused with a proper error', () => {
  const verifier = authenticator()
  const piece = fc.oneof(
    fc.string(),
    fc.constantFrom(
      'AWS4-HMAC-SHA256 ',
      'Credential=',
      'SignedHeaders=host',
      'Signature=',
      ', ',
      '/',
      '=',
      'X-Amz-Algorithm=AWS4-HMAC-SHA256',
      '&',
      'X-Amz-Credential=',
      'X-Amz-Expires=',
      '%',
      '%zz',
      'X-Amz-Date=20260115T103000Z',
      '&X-Amz-Signature=0&X-Amz-SignedHeaders=host',
    ),
  )
  const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''))
  fc.assert(
    fc.property(text, text, fc.boolean(), (authorization, query, isPresigned) => {
      const names = ['host', 'x-amz-date', ...(isPresigned ? [] : ['authorization'])]
      const values = ['localhost', '20260115T103000Z', ...(isPresigned ? [] : [authorization])]
      const request = { ...sign(), headers: { names, values }, query }
      expect(() => verifier.authenticate(request, 'sqs', NOW)).toThrow(ServiceError)
    }),
    { numRuns: 500 },
  )
})

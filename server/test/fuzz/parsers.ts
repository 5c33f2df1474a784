import { rootIdentity } from '../../src/api/identity.ts'
import { decodePageToken, encodePageToken } from '../../src/api/page-token.ts'
import { ServiceError } from '../../src/api/service-error.ts'
import type { SignedRequest } from '../../src/auth/signature-claim.ts'
import { SigV4Authenticator } from '../../src/auth/sigv4.ts'
import { TrustingAuthenticator } from '../../src/auth/trusting-authenticator.ts'
import { readAdvance } from '../../src/base/advance.ts'
import { SeededRandom } from '../../src/base/random.ts'
import { httpEndpointProblem, maskCredentials } from '../../src/delivery/http-endpoint.ts'
import { isMailAddress } from '../../src/delivery/mail-address.ts'
import { Endpoints } from '../../src/http/endpoint.ts'
import { PlainHeads, PlainShapes } from '../../src/http/plain-head.ts'
import { AesSealer } from '../../src/keys/aes-sealer.ts'
import { SealedTokens } from '../../src/keys/session-tokens.ts'
import { compilePolicy } from '../../src/policy/compile-policy.ts'
import { POLICY_KINDS, type PolicyKind } from '../../src/policy/policy-kinds.ts'
import { readPolicy } from '../../src/policy/read-policy.ts'
import { awsJson } from '../../src/protocol/aws-json.ts'
import { decodeCbor, encodeCbor } from '../../src/protocol/cbor.ts'
import { parseForm } from '../../src/protocol/form.ts'
import { escapeXml } from '../../src/protocol/query-output.ts'
import { encodeSession } from '../../src/services/iam/session.ts'
import { simulatedPolicy } from '../../src/services/iam/simulation.ts'
import { parseSequenceNumber } from '../../src/services/kinesis/sequence-number.ts'
import { ciphertextHeader, readCiphertext } from '../../src/services/kms/ciphertext.ts'
import { parseArchivePolicy } from '../../src/services/sns/archive-policy.ts'
import {
  InvalidDeliveryPolicy,
  parseSubscriptionDeliveryPolicy,
  parseTopicDeliveryPolicy,
} from '../../src/services/sns/delivery-policy.ts'
import { parseFilterPolicy } from '../../src/services/sns/filter/filter-policy.ts'
import { FilterPolicyError } from '../../src/services/sns/filter/filter-policy-error.ts'
import { parseMessageAttributes as parseSnsAttributes } from '../../src/services/sns/message-attributes.ts'
import { parseRedrivePolicy } from '../../src/services/sns/redrive-policy.ts'
import { parseReplayPolicy } from '../../src/services/sns/replay-policy.ts'
import { parsePolicy as parseTopicPolicy } from '../../src/services/sns/topic-policy.ts'
import { parseQueueAttributes } from '../../src/services/sqs/attributes.ts'
import { parseMessageAttributes } from '../../src/services/sqs/message-attributes.ts'
import { decodeMoveTaskHandle, encodeMoveTaskHandle } from '../../src/services/sqs/move-task-handle.ts'
import { decodeReceiptHandle, encodeReceiptHandle } from '../../src/services/sqs/receipt-handle.ts'
import {
  DELIVERY_POLICIES,
  FILTER_POLICIES,
  POLICIES,
  REDRIVE_POLICIES,
  REPLAY_POLICIES,
} from './documents.ts'
import { parseXml } from './strict-xml.ts'

/** One way by which what a client wrote is read. */
export interface Parser {
  readonly name: string
  /** Reads a text, or the bytes that its characters stand for. Throws what `isRefusal` knows, or else is at fault. */
  readonly read: (text: string) => unknown
  readonly samples: readonly string[]
  /** What stands around a part of it that is read by itself, so that the rest is right whatever that part is. */
  readonly frames?: readonly (readonly [before: string, after: string])[]
}

const POLICY_FRAMES = [
  ['{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sqs:*","Resource":"', '"}}'],
  ['{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"', '","Resource":"*"}}'],
  [
    '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringLike":{"aws:username":"',
    '"}}}}',
  ],
] as const
const FILTER_FRAMES = [
  ['{"a":["', '"]}'],
  ['{"a":[{"wildcard":"', '"}]}'],
  ['{"a":[{"cidr":"', '"}]}'],
  ['{"a":[{"numeric":["=",', ']}]}'],
  ['{"', '":["a"]}'],
] as const

/** Of errors that a client is told, and of those that callers make one of. */
export function isRefusal(error: unknown): boolean {
  return (
    error instanceof ServiceError ||
    error instanceof InvalidDeliveryPolicy ||
    error instanceof FilterPolicyError ||
    // What the clock's route makes a refusal of.
    (error instanceof RangeError && error.message.startsWith('must be'))
  )
}

/** How long it takes until a text is read or refused, in milliseconds. Throws what is no refusal. */
export function timeOf(read: (text: string) => unknown, text: string): number {
  const began = performance.now()
  try {
    read(text)
  } catch (error) {
    if (!isRefusal(error)) throw error
  }
  return performance.now() - began
}

const NOW = Date.UTC(2026, 0, 15, 10, 30)
const ACCOUNT = '000000000000'
const KEY = new Uint8Array(32).fill(7)
const SCOPE = 'AKIAIOSFODNN7EXAMPLE/20260115/eu-west-1/sqs/aws4_request'
const SIGNATURE = '0'.repeat(64)
const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:orders'
const refusal = (reason: string) => new InvalidDeliveryPolicy(reason)
const bytesOf = (text: string) => Buffer.from(text, 'latin1')
const textOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1')

const verifier = new SigV4Authenticator({
  find: (accessKeyId) => ({
    ...{ accessKeyId, secretKey: 'secret', accountId: ACCOUNT, userId: ACCOUNT },
    ...{ principalArn: `arn:aws:iam::${ACCOUNT}:root`, identity: rootIdentity(ACCOUNT) },
  }),
})
const trusting = new TrustingAuthenticator()

function signed(authorization: string | undefined, query: string): SignedRequest {
  const names = ['host', 'x-amz-date', ...(authorization === undefined ? [] : ['authorization'])]
  const values = ['localhost', '20260115T103000Z', ...(authorization === undefined ? [] : [authorization])]
  return { method: 'POST', path: '/', query, headers: { names, values }, body: new Uint8Array() }
}

const AUTHORIZATIONS = [
  `AWS4-HMAC-SHA256 Credential=${SCOPE}, SignedHeaders=host;x-amz-date, Signature=${SIGNATURE}`,
  `AWS4-HMAC-SHA256 Credential=${SCOPE},SignedHeaders=host,Signature=${SIGNATURE}`,
  'AWS4-HMAC-SHA256 Credential=',
]
const PRESIGNED = [
  `Action=ListQueues&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${encodeURIComponent(SCOPE)}&X-Amz-Date=20260115T103000Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Signature=${SIGNATURE}`,
  'X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Security-Token=',
]
const HEADS = [
  'POST /000000000000/q?a=b HTTP/1.1\r\nHost: localhost:4566\r\ncontent-type: application/x-amz-json-1.0\r\nX-Amz-Target:AmazonSQS.SendMessage\r\nContent-Length:  12 ',
  'GET / HTTP/1.1\r\nHost: a',
]
const NUMBERS = [
  '1',
  '-1.5',
  '+.5e10',
  '123456789012345678901234567890.12345678',
  '1e-400',
  '0'.repeat(40),
  '10',
]

const sealer = new AesSealer(KEY, new SeededRandom(1))
const tokens = new SealedTokens(sealer)
const token = tokens.encode(
  encodeSession({
    ...{
      kind: 'role',
      accessKeyId: 'ASIA',
      secretKey: 'x',
      accountId: ACCOUNT,
      ownerId: 'AROA',
      name: 'day',
    },
    ...{ issuedAt: NOW, expiresAt: NOW + 1, sourceIdentity: null },
    passed: { policy: null, policyArns: [], tags: {}, transitiveTagKeys: [] },
  }),
)
const ciphertext = Buffer.concat([
  ciphertextHeader({
    key: { accountId: ACCOUNT, name: '01234567-89ab-cdef-0123-456789abcdef' },
    material: 1,
  }),
  Buffer.alloc(44),
])

export const PARSERS: readonly Parser[] = [
  {
    name: 'a signature in a header',
    read: (text) => verifier.authenticate(signed(text, ''), 'sqs', NOW),
    samples: AUTHORIZATIONS,
  },
  {
    name: 'a signature in a query',
    read: (text) => verifier.authenticate(signed(undefined, text), 'sqs', NOW),
    samples: PRESIGNED,
  },
  {
    name: 'a credential that nobody verifies',
    read: (text) => [trusting.authenticate(signed(text, '')), trusting.authenticate(signed(undefined, text))],
    samples: [...AUTHORIZATIONS, ...PRESIGNED],
  },
  {
    name: 'the head of a request',
    read: (text) => new PlainHeads(new PlainShapes()).read(text, Buffer.from(text, 'latin1')),
    samples: HEADS,
  },
  {
    name: 'a Host header',
    read: (text) => new Endpoints().of(text, false),
    samples: ['localhost:4566', '[::1]:80'],
  },
  {
    name: 'a form',
    read: (text) => parseForm(text, Buffer.from(text)).child('a')?.numbered(),
    samples: ['Action=SendMessage&a.1.b=c&a.2.b=%41+x&Version=2012-11-05', 'a.1=', '&&'],
  },
  {
    name: 'JSON',
    read: (text) => awsJson.form.parse(Buffer.from(text)),
    samples: ['{"a":[1,{"b":null}],"c":"\\u0041\\ud83d\\ude00"}', ...POLICIES],
  },
  {
    name: 'CBOR',
    read: (text) => decodeCbor(bytesOf(text)),
    samples: [
      textOf(encodeCbor({ a: [1, -2, 1.5, null, true], b: { c: Buffer.alloc(3) }, d: 'text', e: 2 ** 40 })),
      '\xbf\x61a\x7f\x61a\x61b\xff\xff',
      '\xa1\x61a\x9f\x01\x9f\xff\xff',
    ],
  },
  {
    name: 'XML that holds a text',
    read: (text) => {
      const document = Buffer.from(`<a b="${escapeXml(text)}">${escapeXml(text)}</a>`).toString()
      const held = parseXml(document).text
      // What XML 1.0 can't hold: of all below a space only tabs and ends of lines, and no non-characters.
      const expected = [...Buffer.from(text).toString()]
        .map((each) =>
          (each < ' ' && !'\t\n\r'.includes(each)) || each === '\ufffe' || each === '\uffff'
            ? '\ufffd'
            : each,
        )
        .join('')
      if (held !== expected) throw new Error('another text is read than was written')
    },
    samples: ['a < b && c > "d"', ']]>\r\n\t', '\0\x1f\ud83d\ude00\ufffe', '&#xD;&amp;'],
  },
  {
    name: 'a receipt handle',
    read: decodeReceiptHandle,
    samples: [encodeReceiptHandle({ incarnation: 1, slot: 2, receiveNumber: 3, tagHigh: 4, tagLow: 5 })],
  },
  {
    name: 'the handle of a move task',
    read: decodeMoveTaskHandle,
    samples: [encodeMoveTaskHandle({ taskId: '01234567-89ab-4def-8123-456789abcdef', sourceArn: QUEUE })],
  },
  {
    name: 'a page token',
    read: (text) => decodePageToken(KEY, ['list'], text),
    samples: [encodePageToken(KEY, ['list'], 'orders')],
  },
  {
    name: 'a sequence number',
    read: (text) => (/^(?:0|[1-9]\d{0,128})$/.test(text) ? parseSequenceNumber(text) : null),
    samples: [
      '49590338271490256608559692538361571095921575989136588898',
      '0',
      '340282366920938463463374607431768211455',
    ],
  },
  { name: 'a ciphertext', read: (text) => readCiphertext(bytesOf(text)), samples: [textOf(ciphertext)] },
  {
    name: 'a session token',
    read: (text) => tokens.decode(text),
    samples: [token],
  },
  ...Object.keys(POLICY_KINDS).map(
    (kind): Parser => ({
      name: `a policy of the kind ${kind}`,
      read: (text) => {
        const read = readPolicy(text, kind as PolicyKind)
        return read.kind === 'read' ? compilePolicy(read.document) : read.fault
      },
      samples: POLICIES,
      frames: POLICY_FRAMES,
    }),
  ),
  {
    name: 'a policy to be simulated',
    read: (text) => simulatedPolicy({ id: 'p', type: 'none', text, kind: 'managed' }),
    samples: POLICIES,
    frames: POLICY_FRAMES,
  },
  { name: "a topic's policy", read: parseTopicPolicy, samples: POLICIES },
  {
    name: 'a filter policy on attributes',
    read: (text) => parseFilterPolicy(text, 'MessageAttributes'),
    samples: FILTER_POLICIES,
    frames: FILTER_FRAMES,
  },
  {
    name: 'a filter policy on bodies',
    read: (text) => parseFilterPolicy(text, 'MessageBody'),
    samples: FILTER_POLICIES,
    frames: FILTER_FRAMES,
  },
  {
    name: "a subscription's redrive policy",
    read: (text) => parseRedrivePolicy(text, refusal),
    samples: REDRIVE_POLICIES,
  },
  { name: 'a replay policy', read: (text) => parseReplayPolicy(text, refusal), samples: REPLAY_POLICIES },
  { name: 'an archive policy', read: (text) => parseArchivePolicy(text, refusal), samples: REPLAY_POLICIES },
  {
    name: "a subscription's delivery policy",
    read: parseSubscriptionDeliveryPolicy,
    samples: DELIVERY_POLICIES,
    frames: [['{"requestPolicy":{"headerContentType":"', '"}}']],
  },
  { name: "a topic's delivery policy", read: parseTopicDeliveryPolicy, samples: DELIVERY_POLICIES },
  ...[
    'RedrivePolicy',
    'RedriveAllowPolicy',
    'Policy',
    'VisibilityTimeout',
    'KmsMasterKeyId',
    'FifoQueue',
  ].map(
    (name): Parser => ({
      name: `the attribute ${name} of a queue`,
      read: (text) => parseQueueAttributes({ [name]: text }, { isFifo: false }),
      samples: [...REDRIVE_POLICIES, ...POLICIES.slice(0, 2), '30', 'alias/a', 'true'],
    }),
  ),
  {
    name: 'a number in an attribute of SQS',
    read: (text) => parseMessageAttributes({ a: { DataType: 'Number', StringValue: text } }, 'SendMessage'),
    samples: NUMBERS,
  },
  {
    name: 'a number in an attribute of SNS',
    read: (text) => parseSnsAttributes({ a: { DataType: 'Number', StringValue: text } }),
    samples: NUMBERS,
  },
  {
    name: 'names and types of attributes',
    read: (text) => {
      const read = (parse: () => unknown) => {
        try {
          parse()
        } catch (error) {
          if (!isRefusal(error)) throw error
        }
      }
      read(() => parseMessageAttributes({ [text]: { DataType: text, StringValue: text } }, 'SendMessage'))
      read(() => parseSnsAttributes({ [text]: { DataType: text, StringValue: text } }))
    },
    samples: ['String', 'Number.int', 'Binary', 'a.b-c_1'],
  },
  { name: 'a mail address', read: isMailAddress, samples: ['carter@example.org', 'a.b+c@d-e.f'] },
  {
    name: 'an HTTP endpoint',
    read: (text) => [httpEndpointProblem(text, 'http', false), maskCredentials(text)],
    samples: ['http://mill:pass@example.org:80/a?b#c', 'http://[::ffff:127.0.0.1]/', 'http://127.1/'],
  },
  {
    name: 'a span of time',
    read: (text) => readAdvance(text, NOW),
    samples: ['1h30m', '5m', '250ms', '400d', '1.5h'],
  },
]

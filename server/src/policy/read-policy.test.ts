import { expect, test } from 'vitest'
import type { PolicyKind } from './policy-kinds.ts'
import { policySize, readPolicy } from './read-policy.ts'

const OBJECT = 'arn:aws:s3:::bucket'
const ALLOW = { Effect: 'Allow', Action: 's3:ListBucket', Resource: OBJECT }

function refusal(document: unknown, kind: PolicyKind): string | null {
  const read = readPolicy(typeof document === 'string' ? document : JSON.stringify(document), kind)
  return read.kind === 'read' ? null : read.fault.text
}

/** The refusal of a policy of 2012 with that statement, or with a statement of that besides what's needed. */
const of2012 = (Statement: unknown) => ({ Version: '2012-10-17', Statement })
const withElements = (elements: object) => of2012({ ...ALLOW, ...elements })

const SYNTAX = 'Syntax errors in policy.'
const LEGACY = 'The policy failed legacy parsing'
const VERSION = 'Policy document must be version 2012-10-17 or greater.'
const NO_ACTIONS = 'Policy statement must contain actions.'
const NO_RESOURCES = 'Policy statement must contain resources.'
const NO_VENDOR = 'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.'
const COLONS = 'Actions/Condition can contain only one colon.'
const SIDS = 'Statement IDs (SID) in a single policy must be unique.'
const NO_ARN = 'Resource bucket must be in ARN format or "*".'
const IAM_PATH =
  'IAM resource path must either be "*" or start with user/, federated-user/, role/, group/, instance-profile/, mfa/, server-certificate/, policy/, sms-mfa/, saml-provider/, oidc-provider/, report/, access-report/.'

test.each<[string, unknown, string]>([
  ['no JSON', 'a policy', SYNTAX],
  ['an empty text', '', SYNTAX],
  ['a list', [], SYNTAX],
  ['null', 'null', SYNTAX],
  ['an element twice', '{"Version":"2012-10-17","Version":"2012-10-17","Statement":[]}', SYNTAX],
  ['no statement', { Version: '2012-10-17' }, SYNTAX],
  ['no statements', of2012([]), SYNTAX],
  ['a statement that is a text', of2012(['Allow']), SYNTAX],
  ['an element that is unknown', { ...of2012(ALLOW), Comment: 'x' }, SYNTAX],
  ['an element of a statement that is unknown', withElements({ Comment: 'x' }), SYNTAX],
  ['an element in other case', withElements({ sid: 'x' }), SYNTAX],
  ['an id that is a list', { ...of2012(ALLOW), Id: ['x'] }, SYNTAX],
  ['a version there is not', { Version: '2013-10-17', Statement: ALLOW }, SYNTAX],
  ['no version', { Statement: ALLOW }, VERSION],
  ['the version of 2008', { Version: '2008-10-17', Statement: ALLOW }, VERSION],
  ['an effect that is none', withElements({ Effect: 'Permit' }), SYNTAX],
  ['no effect', of2012({ Action: 's3:*', Resource: '*' }), SYNTAX],
  ['an effect in other case', withElements({ Effect: 'allow' }), LEGACY],
  ['a sid that is an object', withElements({ Sid: {} }), SYNTAX],
  [
    'a sid twice',
    of2012([
      { ...ALLOW, Sid: 'a' },
      { Sid: 'a', Effect: 'Deny' },
    ]),
    SIDS,
  ],
  [
    'a sid with a dash',
    withElements({ Sid: 'a-b' }),
    'Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*',
  ],
  ['Action and NotAction', withElements({ NotAction: [] }), SYNTAX],
  ['Resource and NotResource', withElements({ NotResource: '*' }), SYNTAX],
  ['actions that are an object', withElements({ Action: {} }), SYNTAX],
  ['actions in a list in a list', withElements({ Action: [[]] }), SYNTAX],
  ['an action that is a number', withElements({ Action: 7 }), SYNTAX],
  ['resources that are an object', withElements({ Resource: { a: OBJECT } }), SYNTAX],
  ['a resource that is an object', withElements({ Resource: ['x', {}] }), SYNTAX],
  ['no actions', of2012({ Effect: 'Allow', Resource: OBJECT }), NO_ACTIONS],
  ['an empty list of actions', withElements({ Action: [] }), NO_ACTIONS],
  ['no actions in one of two statements', of2012([{ Effect: 'Deny' }, ALLOW]), NO_ACTIONS],
  ['no resources', of2012({ Effect: 'Allow', Action: 's3:ListBucket' }), NO_RESOURCES],
  ['an empty list of resources', withElements({ Resource: [] }), NO_RESOURCES],
  ['no resources is told before a bad action', of2012({ Effect: 'Allow', Action: 'x' }), NO_RESOURCES],
  ['an action without a service', withElements({ Action: 'ListBucket' }), NO_VENDOR],
  ['an empty action', of2012({ Effect: 'Allow', NotAction: '', Resource: OBJECT }), NO_VENDOR],
  ['a service with a space', withElements({ Action: 'a a:ListBucket' }), 'Vendor a a is not valid'],
  ['a service with a star', withElements({ Action: 's*:ListBucket' }), 'Vendor s* is not valid'],
  ['an action with two colons', withElements({ Action: 's3:List:Bucket' }), COLONS],
  ['a resource that is no ARN', withElements({ Resource: 'bucket' }), NO_ARN],
  ['which is told before a bad action', withElements({ Action: 's:3:List', Resource: 'bucket' }), NO_ARN],
  ['an empty resource', withElements({ Resource: '' }), 'Resource  must be in ARN format or "*".'],
  [
    'a partition there is not',
    withElements({ Resource: 'arn:amazon:s3:::bucket' }),
    'Partition "amazon" is not valid for resource "arn:amazon:s3:::bucket".',
  ],
  [
    'a partition there is not, and parts that are missing',
    withElements({ Resource: 'aws:s3:::bucket' }),
    'Partition "s3" is not valid for resource "arn:s3:::bucket:*".',
  ],
  [
    'a partition alone',
    withElements({ Resource: 'a:bucket' }),
    'Partition "bucket" is not valid for resource "arn:bucket:*:*:*:*".',
  ],
  [
    'more parts than an ARN has',
    withElements({ Resource: 'a:b:c:d:e:f:g:h' }),
    'Partition "b" is not valid for resource "arn:b:c:d:e:f:g:h".',
  ],
  [
    'a list with two bad resources',
    withElements({ Resource: ['arn:b:s3:::bucket', 'arn:a:s3:::bucket'] }),
    'Partition "a" is not valid for resource "arn:a:s3:::bucket".',
  ],
  [
    'bad resources in two statements',
    of2012([
      { ...ALLOW, Resource: 'arn:a:s3:::bucket' },
      { ...ALLOW, Resource: 'arn:b:s3:::bucket' },
    ]),
    'Partition "b" is not valid for resource "arn:b:s3:::bucket".',
  ],
  [
    'no service',
    withElements({ Resource: 'arn:aws' }),
    'Resource vendor must be fully qualified and cannot contain regexes.',
  ],
  ['an empty service', withElements({ Resource: 'arn:aws::::bucket' }), LEGACY],
  ['too few parts, one of them empty', withElements({ Resource: 'arn:aws:s3::bucket' }), LEGACY],
  [
    'which is told before missing actions',
    of2012({ Effect: 'Allow', Resource: 'arn:aws:s3::bucket' }),
    LEGACY,
  ],
  [
    'a bad NotResource',
    of2012({ Effect: 'Allow', Action: 's3:*', NotResource: 'arn:aws:s3::bucket' }),
    LEGACY,
  ],
  [
    'something of IAM that is not there',
    withElements({ Resource: 'arn:aws:iam::111122223333:robot/x' }),
    IAM_PATH,
  ],
  [
    'a region of IAM',
    withElements({ Resource: 'arn:aws:iam:us-east-1::user/x' }),
    'IAM resource arn:aws:iam:us-east-1::user/x cannot contain region information.',
  ],
  [
    'a region of a bucket',
    withElements({ Resource: 'arn:aws:s3:us-east-1::bucket' }),
    'Resource arn:aws:s3:us-east-1::bucket can not contain region information.',
  ],
  ['conditions in a list', withElements({ Condition: [] }), SYNTAX],
  ['conditions that are a text', withElements({ Condition: 'a' }), SYNTAX],
  ['an operator without keys', withElements({ Condition: { Bool: 'true' } }), SYNTAX],
  ['an operator there is not', withElements({ Condition: { StringSame: { a: 'b' } } }), SYNTAX],
  ['an operator in other case', withElements({ Condition: { stringEquals: { a: 'b' } } }), SYNTAX],
  ['two colons', withElements({ Condition: { 'ForAnyValue::StringEquals': { a: 'b' } } }), SYNTAX],
  [
    'a set operator there is not',
    withElements({ Condition: { 'ForSomeValues:StringEquals': { a: 'b' } } }),
    SYNTAX,
  ],
  ['Null with IfExists', withElements({ Condition: { NullIfExists: { a: 'true' } } }), SYNTAX],
  ['a value that is an object', withElements({ Condition: { StringEquals: { a: {} } } }), SYNTAX],
  ['a value that is null', withElements({ Condition: { StringEquals: { a: null } } }), SYNTAX],
  ['a list in a list of values', withElements({ Condition: { StringEquals: { a: [['b']] } } }), SYNTAX],
  ['a date that is none', withElements({ Condition: { DateGreaterThan: { a: 'soon' } } }), LEGACY],
  [
    'which is told before bad resources',
    withElements({ Resource: 'arn:x:s3:::b', Condition: { DateGreaterThan: { a: 'soon' } } }),
    LEGACY,
  ],
  ['a principal', withElements({ Principal: '*' }), 'Policy document should not specify a principal.'],
  ['both principals', withElements({ Principal: '*', NotPrincipal: '*' }), SYNTAX],
  ['a principal of a type there is not', withElements({ Principal: { Google: 'x' } }), SYNTAX],
])('a managed policy is refused, in AWS’s words: %s', (_, document, text) => {
  expect(refusal(document, 'managed')).toBe(text)
})

test.each<[string, unknown]>([
  ['one statement without a list', of2012(ALLOW)],
  ['statements in a list', of2012([ALLOW, ALLOW])],
  ['an id', { ...of2012(ALLOW), Id: 'x' }],
  ['all actions', withElements({ Action: '*' })],
  ['actions nobody knows', withElements({ Action: 'made-up.service:Do this' })],
  ['a service and stars', withElements({ Action: ['s3:Get*', '*:*'] })],
  ['several resources', withElements({ Resource: [OBJECT, '*'] })],
  ['an ARN whose end was left out', withElements({ Resource: 'arn:aws:sqs' })],
  ['any partition', withElements({ Resource: 'arn:*:sqs:*:*:*' })],
  ['an access point', withElements({ Resource: 'arn:aws:s3:us-east-1:111122223333:accesspoint/a' })],
  ['a user', withElements({ Resource: 'arn:aws:iam:::user/x' })],
  ['anything of IAM', withElements({ Resource: 'arn:aws:iam::111122223333:*' })],
  ['a service nobody knows', withElements({ Resource: 'arn:aws:made-up:us-east-1::x' })],
  ['no conditions', withElements({ Condition: {} })],
  ['an operator with no keys', withElements({ Condition: { DateGreaterThan: {}, anything: {} } })],
  ['a key with no values', withElements({ Condition: { DateGreaterThan: { a: [] } } })],
  [
    'a year',
    withElements({ Condition: { DateGreaterThan: { a: '01T' }, DateLessThan: { b: '-292275054' } } }),
  ],
  [
    'booleans and numbers',
    withElements({ Condition: { Bool: { a: true }, NumericEquals: { b: [1, 2.5] } } }),
  ],
  ['prefix and suffix', withElements({ Condition: { 'ForAnyValue:StringEqualsIfExists': { a: 'b' } } })],
  [
    'an empty sid, twice',
    of2012([
      { ...ALLOW, Sid: '' },
      { ...ALLOW, Sid: '' },
    ]),
  ],
  ['NotAction and NotResource', of2012({ Effect: 'Deny', NotAction: 's3:*', NotResource: '*' })],
  ['white space', JSON.stringify(of2012(ALLOW), null, '\t')],
])('a managed policy is taken: %s', (_, document) => {
  expect(refusal(document, 'managed')).toBeNull()
})

test.each<PolicyKind>(['user', 'group', 'role', 'session'])(
  'a policy of 2008 is taken where there is no managed policy: %s',
  (kind) => {
    expect(refusal({ Statement: ALLOW }, kind)).toBeNull()
    expect(refusal({ Version: '2008-10-17', Statement: ALLOW }, kind)).toBeNull()
  },
)

const TRUST = { Effect: 'Allow', Principal: { AWS: '111122223333' }, Action: 'sts:AssumeRole' }
const withTrust = (elements: object) => of2012({ ...TRUST, ...elements })

test.each<[string, unknown, string]>([
  ['no JSON', 'a policy', 'This policy contains invalid Json'],
  [
    'a version there is not',
    { Version: '2013-10-17', Statement: TRUST },
    'The policy must contain a valid version string',
  ],
  ['no statements', of2012([]), 'Could not parse the policy: Statement is empty!'],
  ['no statement', { Version: '2012-10-17' }, 'Could not parse the policy: Statement is empty!'],
  ['a statement that is a text', of2012('Allow'), 'Syntax error in policy.'],
  ['no effect', of2012({ Principal: '*' }), 'Missing required field Effect'],
  ['an effect in other case', withTrust({ Effect: 'allow' }), 'Invalid effect: allow'],
  ['no principal', of2012({ Effect: 'Allow', Action: 'sts:AssumeRole' }), 'Missing required field Principal'],
  ['nobody', withTrust({ Principal: {} }), 'Missing required field Principal cannot be empty!'],
  [
    'everybody, without saying of which type',
    withTrust({ Principal: '*' }),
    'Principal must be a JSON object.',
  ],
  [
    'all but some',
    of2012({ ...TRUST, Principal: undefined, NotPrincipal: { AWS: '*' } }),
    'Allow with NotPrincipal is not allowed.',
  ],
  [
    'a deny for all but some',
    of2012({ ...TRUST, Effect: 'Deny', Principal: undefined, NotPrincipal: { AWS: '*' } }),
    'AssumeRole policy must not contain NotPrincipal field.',
  ],
  [
    'an account of eleven digits',
    withTrust({ Principal: { AWS: '11112222333' } }),
    'Invalid principal in policy: "AWS":"11112222333"',
  ],
  [
    'all users of an account',
    withTrust({ Principal: { AWS: 'arn:aws:iam::111122223333:user/*' } }),
    'Invalid principal in policy: "AWS":"arn:aws:iam::111122223333:user/*"',
  ],
  [
    'all sessions of a role',
    withTrust({ Principal: { AWS: 'arn:aws:sts::111122223333:assumed-role/r/*' } }),
    'Invalid principal in policy: "AWS":"arn:aws:sts::111122223333:assumed-role/r/*"',
  ],
  [
    'a group',
    withTrust({ Principal: { AWS: 'arn:aws:iam::111122223333:group/g' } }),
    'Invalid principal in policy: "AWS":"arn:aws:iam::111122223333:group/g"',
  ],
  [
    'a service that is none',
    withTrust({ Principal: { Service: 'sns' } }),
    'Invalid principal in policy: "SERVICE":"sns"',
  ],
  [
    'an account as a service',
    withTrust({ Principal: { AWS: 'sns.amazonaws.com' } }),
    'Invalid principal in policy: "AWS":"sns.amazonaws.com"',
  ],
  ['no action', of2012({ Effect: 'Allow', Principal: { AWS: '*' } }), 'Missing required field Action'],
  [
    'an action of another service',
    withTrust({ Action: 'sqs:SendMessage' }),
    'AssumeRole policy may only specify STS AssumeRole actions.',
  ],
  ['all actions', withTrust({ Action: '*' }), 'AssumeRole policy may only specify STS AssumeRole actions.'],
  ['a resource', withTrust({ Resource: '*' }), 'Has prohibited field Resource'],
  [
    'all but some resources',
    withTrust({ NotResource: '*' }),
    'AssumeRole policy must not contain resources.',
  ],
  [
    'an operator there is not',
    withTrust({ Condition: { StringSame: { a: 'b' } } }),
    'Syntax error in policy.',
  ],
  [
    'a sid twice',
    of2012([
      { ...TRUST, Sid: 'a' },
      { ...TRUST, Sid: 'a' },
    ]),
    'The Statement Ids in the policy are not unique',
  ],
])('a trust policy is refused, in AWS’s words: %s', (_, document, text) => {
  expect(refusal(document, 'trust')).toBe(text)
})

test.each<[string, unknown]>([
  ['no version', { Statement: TRUST }],
  ['everybody', withTrust({ Principal: { AWS: '*' } })],
  ['a user with a path', withTrust({ Principal: { AWS: 'arn:aws:iam::111122223333:user/a/b' } })],
  ['a session', withTrust({ Principal: { AWS: 'arn:aws:sts::111122223333:assumed-role/r/s' } })],
  ['the id of a user who is gone', withTrust({ Principal: { AWS: 'AIDACKCEVSQ6C2EXAMPLE' } })],
  [
    'services and providers',
    withTrust({ Principal: { Service: ['sns.amazonaws.com'], Federated: 'accounts.google.com' } }),
  ],
  ['several actions', withTrust({ Action: ['sts:AssumeRole', 'sts:TagSession'] })],
  ['a sid with spaces', withTrust({ Sid: 'who may do it' })],
])('a trust policy is taken: %s', (_, document) => {
  expect(refusal(document, 'trust')).toBeNull()
})

const QUEUE = { Effect: 'Allow', Principal: '*', Action: 'SQS:SendMessage', Resource: '*' }

test('a queue’s policy as AddPermission writes it is taken', () => {
  const written = {
    Version: '2008-10-17',
    Id: 'arn:aws:sqs:us-east-2:111122223333:orders/SQSDefaultPolicy',
    Statement: [
      {
        Sid: 'label-1',
        Effect: 'Allow',
        Principal: { AWS: ['arn:aws:iam::111122223333:root', 'arn:aws:iam::444455556666:root'] },
        Action: ['SQS:SendMessage', 'SQS:ReceiveMessage'],
        Resource: 'arn:aws:sqs:us-east-2:111122223333:orders',
      },
    ],
  }
  expect(refusal(written, 'queue')).toBeNull()
})

test('a policy of a service is about that service alone', () => {
  const scope = 'Policy statement action out of service scope!'
  expect(refusal(of2012({ ...QUEUE, Action: 'sns:Publish' }), 'queue')).toBe(scope)
  expect(refusal(of2012({ ...QUEUE, Action: 'sns:Publish' }), 'topic')).toBeNull()
  expect(refusal(of2012({ ...QUEUE, Action: 'kms:*' }), 'key')).toBeNull()
  expect(refusal(of2012({ ...QUEUE, Action: 'kinesis:GetRecords' }), 'stream')).toBeNull()
  expect(refusal(of2012({ ...QUEUE, Action: 'lambda:InvokeFunction' }), 'function')).toBeNull()
  expect(refusal(of2012({ ...QUEUE, Action: '*' }), 'queue')).toBeNull()
})

test('a queue’s policy has at most twenty statements', () => {
  expect(refusal(of2012(Array(20).fill(QUEUE)), 'queue')).toBeNull()
  expect(refusal(of2012(Array(21).fill(QUEUE)), 'queue')).toBe(
    '21 statements were found in the submitted policy, max allowed is 20',
  )
})

test('a fault says of which kind it is, for services with words of their own', () => {
  const kindOf = (document: unknown) => {
    const read = readPolicy(JSON.stringify(document), 'queue')
    return read.kind === 'read' ? null : read.fault.kind
  }
  expect(kindOf([])).toBe('json')
  expect(kindOf({ ...of2012(QUEUE), Comment: '' })).toBe('syntax')
  expect(kindOf({ Version: '1', Statement: QUEUE })).toBe('version')
  expect(kindOf(of2012({ ...QUEUE, Action: 'sns:Publish' }))).toBe('service')
  expect(kindOf(of2012({ ...QUEUE, Principal: 'me' }))).toBe('syntax')
  expect(kindOf(of2012({ ...QUEUE, Principal: { AWS: 'me' } }))).toBe('principal')
  expect(kindOf(of2012(Array(30).fill(QUEUE)))).toBe('statements')
  expect(kindOf(of2012({ ...QUEUE, Sid: 'x'.repeat(9000) }))).toBe('size')
})

test.each<[PolicyKind, number, string]>([
  ['managed', 6144, 'Cannot exceed quota for PolicySize: 6144'],
  ['user', 2048, 'Maximum policy size of 2048 bytes exceeded'],
  ['group', 5120, 'Maximum policy size of 5120 bytes exceeded'],
  ['role', 10_240, 'Maximum policy size of 10240 bytes exceeded'],
  ['trust', 2048, 'Cannot exceed quota for ACLSizePerRole: 2048'],
])('a %s policy has at most %i characters, white space between them left out', (kind, max, text) => {
  const statement = kind === 'trust' ? TRUST : ALLOW
  const empty = JSON.stringify(of2012({ ...statement, Sid: '' })).length
  const sized = (size: number) => of2012({ ...statement, Sid: 'x'.repeat(size - empty) })
  expect(refusal(JSON.stringify(sized(max), null, '   '), kind)).toBeNull()
  expect(refusal(sized(max + 1), kind)).toBe(text)
  expect(policySize(JSON.stringify(sized(max), null, '   '), kind)).toBe(max)
})

test.each<[PolicyKind, string, number]>([
  ['queue', 'sqs', 8192],
  ['topic', 'sns', 30_720],
  ['stream', 'kinesis', 20_480],
  ['key', 'kms', 32_768],
  ['function', 'lambda', 20_480],
])('the policy of a %s, of %s, has at most %i bytes', (kind, service, max) => {
  const statement = { ...QUEUE, Action: `${service}:*` }
  const empty = JSON.stringify(of2012({ ...statement, Sid: '' })).length
  const sized = (size: number) => of2012({ ...statement, Sid: 'x'.repeat(size - empty) })
  expect(refusal(sized(max), kind)).toBeNull()
  expect(refusal(sized(max + 1), kind)).toBe(`The policy is longer than ${max} bytes.`)
})

test('white space counts in session policies, and bytes in policies of services', () => {
  expect(policySize('{ "a": "ä" }', 'session')).toBe(12)
  expect(policySize('{ "a": "ä" }', 'queue')).toBe(13)
  expect(policySize('{ "a": "ä" }', 'managed')).toBe(9)
})

test('a text of any length is refused without being looked at', () => {
  expect(refusal(' '.repeat(131_073), 'managed')).toBe('Cannot exceed quota for PolicySize: 6144')
})

test('what was read has one form, however it was written', () => {
  const read = readPolicy(
    JSON.stringify({
      Statement: {
        Effect: 'Deny',
        NotPrincipal: { AWS: '111122223333' },
        Action: 'sqs:*',
        NotResource: ['*'],
        Condition: { 'ForAnyValue:StringNotLikeIfExists': { 'AWS:TagKeys': true } },
      },
    }),
    'queue',
  )
  const nobody = { services: [], federated: [], canonicalUsers: [] }
  expect(read).toEqual({
    kind: 'read',
    document: {
      version: '2008-10-17',
      id: null,
      statements: [
        {
          sid: null,
          effect: 'Deny',
          principals: { negated: true, everyone: false, aws: ['111122223333'], ...nobody },
          actions: { negated: false, values: ['sqs:*'] },
          resources: { negated: true, values: ['*'] },
          conditions: [
            {
              operator: { comparison: 'StringLike', negated: true, set: 'any', ifExists: true },
              key: 'aws:tagkeys',
              values: ['true'],
            },
          ],
        },
      ],
    },
  })
})

import { expect, test } from 'vitest'
import { readProtectionPolicy } from './read-policy.ts'

const ARN = 'arn:aws:dataprotection::aws:data-identifier/'
const STATEMENT = {
  Sid: 'cards',
  DataDirection: 'Inbound',
  Principal: ['*'],
  DataIdentifier: [`${ARN}CreditCardNumber`],
  Operation: { Deny: {} },
}
const LOGS = { CloudWatchLogs: { LogGroup: '/aws/vendedlogs/sns' } }
const AUDIT = { SampleRate: '99', FindingsDestination: LOGS }

const policy = (changes: object = {}) => ({
  ...{ Name: 'mill-protection', Description: 'No cards', Version: '2021-06-01', Statement: [STATEMENT] },
  ...changes,
})
const withStatement = (changes: object) => policy({ Statement: [{ ...STATEMENT, ...changes }] })
const withOperation = (Operation: unknown) => withStatement({ Operation })
const withAudit = (changes: object) => withOperation({ Audit: { ...AUDIT, ...changes } })
const withMask = (MaskWithCharacter: unknown) =>
  withOperation({ Deidentify: { MaskConfig: { MaskWithCharacter } } })
const withCustom = (CustomDataIdentifier: unknown, DataIdentifier: unknown = ['EmployeeId']) =>
  policy({ Configuration: { CustomDataIdentifier }, Statement: [{ ...STATEMENT, DataIdentifier }] })
const EMPLOYEE = { Name: 'EmployeeId', Regex: 'EID-\\d{9}-US' }

const read = (written: object) => readProtectionPolicy(JSON.stringify(written))

test.each([
  [policy()],
  [policy({ Description: undefined })],
  [withStatement({ Sid: undefined, DataDirection: 'Outbound' })],
  [withStatement({ Principal: ['arn:aws:iam::123456789012:user/a', 'arn:aws:iam::123456789012:role/a/b'] })],
  [withAudit({})],
  [
    withAudit({
      SampleRate: 0,
      FindingsDestination: undefined,
      NoFindingsDestination: { S3: { Bucket: 'mill-logs' } },
    }),
  ],
  [withAudit({ FindingsDestination: { ...LOGS, Firehose: { DeliveryStream: 'flour' } } })],
  [withMask('#')],
  [withOperation({ Deidentify: { MaskConfig: {} } })],
  [withOperation({ Deidentify: { RedactConfig: {} } })],
  [withCustom([EMPLOYEE])],
  [
    withCustom(
      Array.from({ length: 10 }, (_, i) => ({ ...EMPLOYEE, Name: `id-${i}` })),
      ['id-9'],
    ),
  ],
])('%j is read', (written) => {
  expect(() => read(written)).not.toThrow()
})

test.each<[string, object, string]>([
  ['a name', policy({ Name: undefined }), 'must have a Name'],
  ['a proper name', policy({ Name: 'my policy' }), 'Name can only include'],
  ['its version', policy({ Version: '2012-10-17' }), 'Version must be 2021-06-01'],
  ['a description that is a text', policy({ Description: 7 }), 'must have a Description'],
  ['known members alone', policy({ Id: 'x' }), 'unknown member Id'],
  ['statements', policy({ Statement: [] }), 'must have a list Statement'],
  ['a list of statements', policy({ Statement: STATEMENT }), 'must have a list Statement'],
  ['statements that are objects', policy({ Statement: ['x'] }), 'statement 1 is no object'],
  ['a direction', withStatement({ DataDirection: 'inbound' }), 'DataDirection must be'],
  ['principals', withStatement({ Principal: [] }), 'must have a list Principal'],
  ['sound principals', withStatement({ Principal: ['everybody'] }), 'invalid principal everybody'],
  ['identifiers', withStatement({ DataIdentifier: [] }), 'must have a list DataIdentifier'],
  ['identifiers that are texts', withStatement({ DataIdentifier: [7] }), 'texts alone'],
  [
    'known identifiers',
    withStatement({ DataIdentifier: [`${ARN}Hats`] }),
    `unknown data identifier ${ARN}Hats`,
  ],
  [
    'identifiers by their ARNs',
    withStatement({ DataIdentifier: ['EmailAddress'] }),
    'unknown data identifier',
  ],
  ['identifiers that are served', withStatement({ DataIdentifier: [`${ARN}Name`] }), 'is not supported here'],
  ['an operation', withOperation(undefined), 'Operation must be one of'],
  ['one operation', withOperation({ Deny: {}, Audit: AUDIT }), 'Operation must be one of'],
  ['a known operation', withOperation({ Hide: {} }), 'Operation must be one of'],
  ['an empty Deny', withOperation({ Deny: { Why: 'x' } }), 'unknown member Why'],
  ['a way to deidentify', withOperation({ Deidentify: {} }), 'MaskConfig or a RedactConfig'],
  [
    'one way',
    withOperation({ Deidentify: { MaskConfig: {}, RedactConfig: {} } }),
    'MaskConfig or a RedactConfig',
  ],
  ['a mask of one character', withMask('##'), 'one supported character'],
  ['a mask that is supported', withMask('"'), 'one supported character'],
  ['an empty RedactConfig', withOperation({ Deidentify: { RedactConfig: { a: 1 } } }), 'unknown member a'],
  ['a rate', withAudit({ SampleRate: undefined }), 'SampleRate must be an integer from 0 to 99'],
  ['a rate below 100', withAudit({ SampleRate: '100' }), 'SampleRate must be'],
  ['a whole rate', withAudit({ SampleRate: 0.5 }), 'SampleRate must be'],
  ['a destination', withAudit({ FindingsDestination: undefined }), 'must have a FindingsDestination'],
  ['a destination that is one', withAudit({ FindingsDestination: {} }), 'names no destination'],
  [
    'a log group for that',
    withAudit({ FindingsDestination: { CloudWatchLogs: { LogGroup: 'sns' } } }),
    'CloudWatchLogs: invalid LogGroup',
  ],
  ['a known destination', withAudit({ FindingsDestination: { Mail: {} } }), 'unknown member Mail'],
  [
    'an audit of inbound messages',
    withStatement({ Operation: { Audit: AUDIT }, DataDirection: 'Outbound' }),
    'Audit is for inbound messages only',
  ],
  [
    'one audit',
    policy({ Statement: [1, 2].map((i) => ({ ...STATEMENT, Sid: `${i}`, Operation: { Audit: AUDIT } })) }),
    'more than one Audit',
  ],
  ['Sids that differ', policy({ Statement: [STATEMENT, STATEMENT] }), 'the same Sid'],
  ['ten custom identifiers', withCustom(Array.from({ length: 11 }, () => EMPLOYEE)), 'more than 10'],
  ['custom identifiers with names', withCustom([{ Regex: 'a' }]), 'must have a Name'],
  ['names of letters', withCustom([{ ...EMPLOYEE, Name: 'Employee Id' }]), 'invalid name'],
  ['names of 128 characters', withCustom([{ ...EMPLOYEE, Name: 'x'.repeat(129) }]), 'invalid name'],
  ['names that differ', withCustom([EMPLOYEE, EMPLOYEE]), 'another data identifier is named EmployeeId'],
  ['names of their own', withCustom([{ ...EMPLOYEE, Name: 'EmailAddress' }]), 'is named EmailAddress'],
  ['expressions', withCustom([{ ...EMPLOYEE, Regex: '' }]), 'must have a Regex'],
  [
    'expressions of 200 characters',
    withCustom([{ ...EMPLOYEE, Regex: 'x'.repeat(201) }]),
    'Regex is too long',
  ],
  [
    'expressions without groups',
    withCustom([{ ...EMPLOYEE, Regex: '(a+)+b' }]),
    'characters that are not supported',
  ],
  [
    'sound expressions',
    withCustom([{ ...EMPLOYEE, Regex: '[a' }]),
    'EmployeeId: invalid Regex: a [ has no ]',
  ],
  [
    'expressions that are little work together',
    withCustom(['a', 'b', 'c'].map((Name) => ({ Name, Regex: '\\w{1,50}' }))),
    'c: invalid Regex: it is too complicated',
  ],
])('a policy must have %s', (_what, written, reason) => {
  expect(() => read(written)).toThrow(reason)
})

test('what is no JSON object is no policy', () => {
  for (const text of ['', 'no JSON', '[]', '7', 'null'])
    expect(() => readProtectionPolicy(text)).toThrow('JSON')
})

import fc from 'fast-check'

/**
 * Policies of few words, so that what they say often concerns one another: valid ones, as the JSON that people write. The words fit
 * the callers of callers.ts.
 */
const ACTIONS = [
  'sqs:SendMessage',
  'SQS:sendmessage',
  'sqs:*',
  'sqs:Send*',
  'sns:Publish',
  '*',
  '*:*',
  'kms:?ecrypt',
]
const RESOURCES = [
  ...['*', 'arn:aws:sqs:us-east-2:111122223333:orders', 'arn:aws:sqs:us-east-2:111122223333:*'],
  ...['arn:aws:sqs', 'arn:aws:sqs:*:*:${aws:username}', "arn:aws:sqs:*:*:${aws:username, 'orders'}"],
  ...['arn:aws:sqs:*:*:*r?er*', 'arn:aws:sns:*:111122223333:*', 'arn:aws:sqs:*:*:${*}'],
]
export const ASKED_RESOURCES = [
  ...['*', 'arn:aws:sqs:us-east-2:111122223333:orders', 'arn:aws:sqs:us-east-2:111122223333:ada'],
  ...['arn:aws:sns:us-east-2:111122223333:orders', 'arn:aws:sqs:eu-west-1:111122223333:*'],
]
export const ASKED_ACTIONS = ['sqs:SendMessage', 'sqs:ReceiveMessage', 'sns:Publish', 'kms:Decrypt']

const PRINCIPALS = [
  ...['*', '111122223333', '444455556666', 'arn:aws:iam::111122223333:root', 'AROAWORKER0000000001'],
  ...['arn:aws:iam::111122223333:user/ada', 'arn:aws:iam::444455556666:user/eve', 'AIDAADA0000000000001'],
  ...['arn:aws:iam::111122223333:role/jobs/worker', 'arn:aws:iam::444455556666:role/worker'],
  ...[
    'arn:aws:sts::111122223333:assumed-role/worker/shift-1',
    'arn:aws:sts::111122223333:federated-user/guest',
  ],
]

/** Keys, with values that a policy and a request may have; a policy also those of other keys, of which nothing comes. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  'aws:username': ['ada', 'ADA', 'a*', '*', 'orders', '${aws:userid}', ''],
  'aws:TagKeys': ['team', 'Team', 'env', ''],
  'aws:SourceIp': ['203.0.113.7', '203.0.113.0/24', '2001:db8::1', '::/0', '::ffff:203.0.113.7', 'here'],
  'aws:CurrentTime': ['2026-11-26T09:30:00Z', '2026-11-26', '1795685400', '2027'],
  'aws:MultiFactorAuthAge': ['10', '10.0', '9', '11', 'ten'],
  'aws:SecureTransport': ['true', 'false', 'TRUE'],
  'aws:SourceArn': [
    'arn:aws:sns:us-east-2:111122223333:orders',
    'arn:aws:sns:*:*:*',
    'arn:aws:s?s',
    '*',
    'x',
  ],
  'aws:PrincipalTag/team': ['orders', 'ada', '${aws:username}', "${aws:PrincipalTag/none, 'ada'}", 'a?a'],
}
const NAMES = [
  ...['StringEquals', 'StringNotEquals', 'StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase'],
  ...['StringLike', 'StringNotLike', 'NumericEquals', 'NumericNotEquals', 'NumericLessThan'],
  ...[
    'NumericLessThanEquals',
    'NumericGreaterThan',
    'NumericGreaterThanEquals',
    'DateEquals',
    'DateNotEquals',
  ],
  ...[
    'DateLessThan',
    'DateLessThanEquals',
    'DateGreaterThan',
    'DateGreaterThanEquals',
    'Bool',
    'BinaryEquals',
  ],
  ...['IpAddress', 'NotIpAddress', 'ArnEquals', 'ArnLike', 'ArnNotEquals', 'ArnNotLike', 'Null'],
]
const DATES = new Set(VALUES['aws:CurrentTime'])

const oneOrMany = <Value>(value: fc.Arbitrary<Value>) =>
  fc.oneof(value, fc.array(value, { minLength: 1, maxLength: 3 }))

/** An operator, a key and values. Dates have to be dates, also where they are compared with something else. */
const condition = fc
  .tuple(
    fc.constantFrom('', '', 'ForAllValues:', 'ForAnyValue:'),
    fc.constantFrom(...NAMES),
    fc.boolean(),
    fc.constantFrom(...Object.keys(VALUES)),
    fc.array(fc.nat(), { minLength: 0, maxLength: 3 }),
  )
  .map(([set, name, ifExists, key, picks]) => {
    const operator = `${set}${name}${ifExists && name !== 'Null' ? 'IfExists' : ''}`
    const choices = name.startsWith('Date')
      ? [...DATES]
      : name === 'Null'
        ? ['true', 'false']
        : [...(VALUES[key] ?? []), 'ada']
    return [operator, { [key]: picks.map((pick) => choices[pick % choices.length]) }] as const
  })

const conditions = fc.array(condition, { maxLength: 2 }).map((list) => Object.fromEntries(list))

const either = (name: string, value: fc.Arbitrary<unknown>) =>
  fc
    .tuple(fc.constantFrom(name, name, name, `Not${name}`), value)
    .map(([element, written]): Record<string, unknown> => ({ [element]: written }))

const statement = fc
  .tuple(
    fc.constantFrom('Allow', 'Allow', 'Allow', 'Allow', 'Allow', 'Deny'),
    either('Action', oneOrMany(fc.constantFrom(...ACTIONS))),
    either('Resource', oneOrMany(fc.constantFrom(...RESOURCES))),
    fc.option(conditions, { nil: undefined, freq: 1 }),
  )
  .map(([Effect, action, resource, Condition]) => ({ Effect, ...action, ...resource, Condition }))

const principals = fc.oneof(
  fc.constant('*'),
  fc.record({ AWS: oneOrMany(fc.constantFrom(...PRINCIPALS)) }),
  fc.record({ Service: fc.constantFrom('sns.amazonaws.com', 's3.amazonaws.com') }),
  fc.record({ AWS: fc.constantFrom(...PRINCIPALS), Federated: fc.constant('accounts.google.com') }),
)

const named = fc
  .tuple(statement, either('Principal', principals))
  .map(([written, principal]) => ({ ...written, ...principal }))

const documentOf = (each: fc.Arbitrary<object>) =>
  fc.record({
    Version: fc.constantFrom('2012-10-17', '2012-10-17', '2008-10-17'),
    Statement: fc.array(each, { minLength: 1, maxLength: 3 }),
  })

/** Policies of users and roles. */
export const identityPolicies = documentOf(statement)
/** Policies of resources of any service. */
export const resourcePolicies = documentOf(named)

/** What a request says of itself. */
export const requests = fc
  .tuple(
    ...Object.entries(VALUES).map(([key, values]) =>
      fc.option(fc.array(fc.constantFrom(...values), { maxLength: 2 })).map((found) => [key, found] as const),
    ),
  )
  .map((entries) => entries.flatMap(([key, found]) => (found === null ? [] : [[key, found] as const])))

/** A value of `Resource`, and an ARN; with what the request says of variables in it. */
export interface ResourceRow {
  readonly name: string
  readonly resource: string
  readonly arn: string
  readonly matches: boolean
  readonly request?: Readonly<Record<string, string | readonly string[]>>
  readonly version?: '2008-10-17'
}

const QUEUE = 'arn:aws:sqs:us-east-2:111122223333:orders'
const OBJECT = 'arn:aws:s3:::bucket/home/ada/file.txt'
const ADA = { 'aws:username': 'ada' }

export const RESOURCE_ROWS: readonly ResourceRow[] = [
  { name: 'everything', resource: '*', arn: QUEUE, matches: true },
  { name: 'everything, for an action without a resource', resource: '*', arn: '*', matches: true },
  { name: 'an ARN is not for an action without a resource', resource: QUEUE, arn: '*', matches: false },
  { name: 'the same ARN', resource: QUEUE, arn: QUEUE, matches: true },
  { name: 'ARNs tell case apart', resource: QUEUE, arn: QUEUE.replace('orders', 'Orders'), matches: false },
  { name: 'a longer name', resource: QUEUE, arn: `${QUEUE}-2`, matches: false },
  { name: 'a shorter name', resource: `${QUEUE}-2`, arn: QUEUE, matches: false },
  { name: 'a name that begins so', resource: `${QUEUE}*`, arn: `${QUEUE}-2`, matches: true },
  {
    name: 'any queue of the account',
    resource: 'arn:aws:sqs:us-east-2:111122223333:*',
    arn: QUEUE,
    matches: true,
  },
  {
    name: 'any queue of another account',
    resource: 'arn:aws:sqs:us-east-2:222233334444:*',
    arn: QUEUE,
    matches: false,
  },
  { name: 'any region', resource: 'arn:aws:sqs:*:111122223333:orders', arn: QUEUE, matches: true },
  {
    name: 'regions that begin so',
    resource: 'arn:aws:sqs:us-*:111122223333:orders',
    arn: QUEUE,
    matches: true,
  },
  {
    name: 'regions that begin otherwise',
    resource: 'arn:aws:sqs:eu-*:111122223333:orders',
    arn: QUEUE,
    matches: false,
  },
  { name: 'any account', resource: 'arn:aws:sqs:us-east-2:*:orders', arn: QUEUE, matches: true },
  { name: 'any partition', resource: 'arn:*:sqs:us-east-2:111122223333:orders', arn: QUEUE, matches: true },
  { name: 'any service', resource: 'arn:aws:*:us-east-2:111122223333:orders', arn: QUEUE, matches: true },
  { name: 'stars in all parts', resource: 'arn:*:*:*:*:*', arn: QUEUE, matches: true },
  { name: 'a star over several parts', resource: 'arn:aws:sqs:*', arn: QUEUE, matches: true },
  { name: 'parts that were left out', resource: 'arn:aws:sqs', arn: QUEUE, matches: true },
  {
    name: 'parts that were left out, of another service',
    resource: 'arn:aws:sns',
    arn: QUEUE,
    matches: false,
  },
  { name: 'an end of the name', resource: 'arn:aws:sqs:*:*:*ers', arn: QUEUE, matches: true },
  { name: 'a middle of the name', resource: 'arn:aws:sqs:*:*:*rde*', arn: QUEUE, matches: true },
  { name: 'a middle that is missing', resource: 'arn:aws:sqs:*:*:*rda*', arn: QUEUE, matches: false },
  { name: 'one character', resource: 'arn:aws:sqs:us-east-?:111122223333:order?', arn: QUEUE, matches: true },
  {
    name: 'one character too many',
    resource: 'arn:aws:sqs:us-east-2:111122223333:orders?',
    arn: QUEUE,
    matches: false,
  },
  { name: 'a star over slashes', resource: 'arn:aws:s3:::bucket/*', arn: OBJECT, matches: true },
  { name: 'a star between slashes', resource: 'arn:aws:s3:::bucket/*/file.txt', arn: OBJECT, matches: true },
  {
    name: 'a star over colons',
    resource: 'arn:aws:lambda:us-east-2:111122223333:function:*',
    arn: 'arn:aws:lambda:us-east-2:111122223333:function:f:7',
    matches: true,
  },
  { name: 'the bucket is not its objects', resource: 'arn:aws:s3:::bucket', arn: OBJECT, matches: false },
  {
    name: 'a user name',
    resource: 'arn:aws:s3:::bucket/home/${aws:username}/*',
    arn: OBJECT,
    matches: true,
    request: ADA,
  },
  {
    name: 'another user name',
    resource: 'arn:aws:s3:::bucket/home/${aws:username}/*',
    arn: OBJECT,
    matches: false,
    request: { 'aws:username': 'bob' },
  },
  {
    name: 'no user name',
    resource: 'arn:aws:s3:::bucket/home/${aws:username}/*',
    arn: OBJECT,
    matches: false,
  },
  {
    name: 'an empty user name',
    resource: 'arn:aws:s3:::bucket/home/${aws:username}/*',
    arn: OBJECT,
    matches: false,
    request: { 'aws:username': '' },
  },
  {
    name: 'a variable in other case',
    resource: 'arn:aws:s3:::bucket/home/${AWS:UserName}/*',
    arn: OBJECT,
    matches: true,
    request: ADA,
  },
  {
    name: 'a tag',
    resource: 'arn:aws:sqs:*:*:${aws:PrincipalTag/Team}',
    arn: QUEUE,
    matches: true,
    request: { 'aws:PrincipalTag/team': 'orders' },
  },
  {
    name: 'a tag whose key has a space',
    resource: 'arn:aws:sqs:*:*:${aws:PrincipalTag/my team}',
    arn: QUEUE,
    matches: true,
    request: { 'aws:PrincipalTag/my team': 'orders' },
  },
  {
    name: 'a default that is needed',
    resource: "arn:aws:sqs:*:*:${aws:PrincipalTag/team, 'orders'}",
    arn: QUEUE,
    matches: true,
  },
  {
    name: 'a default without a space',
    resource: "arn:aws:sqs:*:*:${aws:PrincipalTag/team,'orders'}",
    arn: QUEUE,
    matches: true,
  },
  {
    name: 'a default that is not needed',
    resource: "arn:aws:sqs:*:*:${aws:PrincipalTag/team, 'orders'}",
    arn: QUEUE,
    matches: false,
    request: { 'aws:PrincipalTag/team': 'bills' },
  },
  {
    name: 'a default is no pattern',
    resource: "arn:aws:sqs:*:*:${aws:PrincipalTag/team, 'or*'}",
    arn: QUEUE,
    matches: false,
  },
  {
    name: 'a value is no pattern',
    resource: 'arn:aws:sqs:*:*:${aws:username}',
    arn: QUEUE,
    matches: false,
    request: { 'aws:username': '*' },
  },
  {
    name: 'a value with a question mark is no pattern',
    resource: 'arn:aws:sqs:*:*:${aws:username}',
    arn: QUEUE,
    matches: false,
    request: { 'aws:username': 'order?' },
  },
  {
    name: 'a value is no variable',
    resource: 'arn:aws:sqs:*:*:${aws:username}',
    arn: QUEUE,
    matches: false,
    request: { 'aws:username': '${aws:userid}', 'aws:userid': 'orders' },
  },
  {
    name: 'several values are no variable',
    resource: 'arn:aws:sqs:*:*:${aws:TagKeys}',
    arn: QUEUE,
    matches: false,
    request: { 'aws:TagKeys': ['orders', 'bills'] },
  },
  {
    name: 'two variables',
    resource: 'arn:aws:s3:::${aws:PrincipalTag/bucket}/home/${aws:username}/*',
    arn: OBJECT,
    matches: true,
    request: { ...ADA, 'aws:PrincipalTag/bucket': 'bucket' },
  },
  {
    name: 'a variable in the account',
    resource: 'arn:aws:sqs:*:${aws:PrincipalAccount}:orders',
    arn: QUEUE,
    matches: true,
    request: { 'aws:PrincipalAccount': '111122223333' },
  },
  {
    name: 'a variable with text around it',
    resource: 'arn:aws:sqs:us-east-2:*:${aws:username}-queue',
    arn: 'arn:aws:sqs:us-east-2:111122223333:ada-queue',
    matches: true,
    request: ADA,
  },
  {
    name: 'a star that was meant',
    resource: 'arn:aws:s3:::bucket/${*}',
    arn: 'arn:aws:s3:::bucket/*',
    matches: true,
  },
  {
    name: 'a star that was meant is no wildcard',
    resource: 'arn:aws:s3:::bucket/${*}',
    arn: OBJECT,
    matches: false,
  },
  {
    name: 'a question mark that was meant',
    resource: 'arn:aws:s3:::bucket/what${?}',
    arn: 'arn:aws:s3:::bucket/what?',
    matches: true,
  },
  {
    name: 'a question mark that was meant is no wildcard',
    resource: 'arn:aws:s3:::bucket/what${?}',
    arn: 'arn:aws:s3:::bucket/whats',
    matches: false,
  },
  {
    name: 'a dollar that was meant',
    resource: 'arn:aws:s3:::bucket/${$}{aws:username}',
    arn: 'arn:aws:s3:::bucket/${aws:username}',
    matches: true,
    request: ADA,
  },
  {
    name: 'a dollar alone',
    resource: 'arn:aws:s3:::bucket/$5',
    arn: 'arn:aws:s3:::bucket/$5',
    matches: true,
  },
  {
    name: 'a variable that is not closed is its characters',
    resource: 'arn:aws:s3:::bucket/${aws:username',
    arn: 'arn:aws:s3:::bucket/${aws:username',
    matches: true,
    request: ADA,
  },
  {
    name: 'policies of 2008 have no variables',
    resource: 'arn:aws:s3:::bucket/home/${aws:username}/*',
    arn: OBJECT,
    matches: false,
    request: ADA,
    version: '2008-10-17',
  },
  {
    name: 'policies of 2008 have those characters',
    resource: 'arn:aws:s3:::bucket/${aws:username}',
    arn: 'arn:aws:s3:::bucket/${aws:username}',
    matches: true,
    request: ADA,
    version: '2008-10-17',
  },
  {
    name: 'policies of 2008 have wildcards',
    resource: 'arn:aws:s3:::bucket/*',
    arn: OBJECT,
    matches: true,
    version: '2008-10-17',
  },
]

/** `Action` or `NotAction`, and an action. */
export interface ActionRow {
  readonly name: string
  readonly element:
    | { readonly Action: string | readonly string[] }
    | { readonly NotAction: string | readonly string[] }
  readonly action: string
  readonly matches: boolean
}

const action = (
  Action: string | readonly string[],
  asked: string,
  matches: boolean,
  name: string,
): ActionRow => ({
  name,
  element: { Action },
  action: asked,
  matches,
})
const notAction = (
  NotAction: string | readonly string[],
  asked: string,
  matches: boolean,
  name: string,
): ActionRow => ({
  name,
  element: { NotAction },
  action: asked,
  matches,
})

export const ACTION_ROWS: readonly ActionRow[] = [
  action('sqs:SendMessage', 'sqs:SendMessage', true, 'the same action'),
  action('sqs:SendMessage', 'SQS:sendmessage', true, 'actions put case aside'),
  action('SQS:SENDMESSAGE', 'sqs:SendMessage', true, 'actions in capitals'),
  action('sqs:SendMessage', 'sqs:SendMessageBatch', false, 'a longer action'),
  action('sqs:SendMessageBatch', 'sqs:SendMessage', false, 'a shorter action'),
  action('sqs:SendMessage', 'sns:SendMessage', false, 'the same of another service'),
  action('*', 'sqs:SendMessage', true, 'all actions'),
  action('*:*', 'sqs:SendMessage', true, 'all actions of all services'),
  action('sqs:*', 'sqs:SendMessage', true, 'all actions of the service'),
  action('sqs:*', 'sqsx:SendMessage', false, 'a service that begins so'),
  action('sns:*', 'sqs:SendMessage', false, 'all actions of another service'),
  action('sqs:Send*', 'sqs:SendMessage', true, 'actions that begin so'),
  action('sqs:send*', 'sqs:SendMessage', true, 'actions that begin so, case aside'),
  action('sqs:*Message', 'sqs:SendMessage', true, 'actions that end so'),
  action('sqs:*Message', 'sqs:SendMessageBatch', false, 'actions that end otherwise'),
  action('iam:*AccessKey*', 'iam:CreateAccessKey', true, 'actions with that in the middle'),
  action('iam:*AccessKey*', 'iam:CreateUser', false, 'actions without it'),
  action('sqs:SendMessag?', 'sqs:SendMessage', true, 'one character'),
  action('sqs:SendMessage?', 'sqs:SendMessage', false, 'one character too many'),
  action(['sns:Publish', 'sqs:SendMessage'], 'sqs:SendMessage', true, 'one of several'),
  action(['sns:Publish', 'sqs:Get*'], 'sqs:SendMessage', false, 'none of several'),
  action(['sns:Publish', 'sqs:Get*'], 'sns:Publish', true, 'an exact one beside one with wildcards'),
  action(['sns:Publish', 'sqs:Get*'], 'sqs:GetQueueUrl', true, 'one with wildcards beside an exact one'),
  action(['kms:Decrypt', '*'], 'sqs:SendMessage', true, 'all actions beside one'),
  action([], 'sqs:SendMessage', false, 'no actions'),
  notAction('sqs:SendMessage', 'sqs:SendMessage', false, 'all but this'),
  notAction('sqs:SendMessage', 'sqs:ReceiveMessage', true, 'all but another'),
  notAction('sqs:SendMessage', 'sns:Publish', true, 'all but one of another service'),
  notAction('sqs:*', 'sqs:SendMessage', false, 'all but those of the service'),
  notAction('sqs:*', 'sns:Publish', true, 'all but those of another service'),
  notAction(['iam:*', 'sts:*'], 'sts:AssumeRole', false, 'all but those of several services'),
  notAction(['iam:*', 'sts:*'], 'sqs:SendMessage', true, 'all but those of several other services'),
  notAction('*', 'sqs:SendMessage', false, 'all but all'),
  notAction('SQS:SendMESSAGE', 'sqs:SendMessage', false, 'all but this, case aside'),
]

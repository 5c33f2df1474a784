import type { CallerName } from '../callers.ts'

/** A statement as it's written; a list of them is a policy of 2012. */
export type Written = Readonly<Record<string, unknown>>

/**
 * A request with all policies that concern it. `decision` is `allowed`, or how it was denied and by which kind of policy. What isn't said:
 * `sqs:SendMessage` on the queue `orders` of HOME, an ordinary resource without a policy; a caller without policies.
 */
export interface DecisionRow {
  readonly name: string
  readonly caller: CallerName
  readonly identity?: readonly Written[]
  readonly boundary?: readonly Written[]
  readonly session?: readonly Written[]
  readonly resource?: readonly Written[]
  readonly kind?: 'ordinary' | 'key' | 'role'
  readonly action?: string
  readonly arn?: string
  readonly request?: Readonly<Record<string, string | readonly string[]>>
  readonly decision: 'allowed' | `${'explicitly' | 'implicitly'} denied by ${Source}`
}

type Source = 'identity' | 'resource' | 'trust' | 'boundary' | 'session'

const ORDERS = 'arn:aws:sqs:us-east-2:111122223333:orders'
const TOPIC = 'arn:aws:sns:us-east-2:111122223333:orders'
const KEY = 'arn:aws:kms:us-east-2:111122223333:key/1234abcd'
const ROLE = 'arn:aws:iam::111122223333:role/jobs/worker'
const SHIFT = 'arn:aws:sts::111122223333:assumed-role/worker/shift-1'
const ADA = 'arn:aws:iam::111122223333:user/ada'
const GUEST = 'arn:aws:sts::111122223333:federated-user/guest'
const ROOT = 'arn:aws:iam::111122223333:root'
const EVE = 'arn:aws:iam::444455556666:user/eve'

const SEND = { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: '*' }
const RECEIVE = { Effect: 'Allow', Action: 'sqs:ReceiveMessage', Resource: '*' }
const NOT_SEND = { Effect: 'Deny', Action: 'sqs:SendMessage', Resource: '*' }
const ALL = { Effect: 'Allow', Action: '*', Resource: '*' }

/** The same for the policy of a resource, about whoever is named. */
const send = (Principal: unknown) => ({ ...SEND, Principal })
const receive = (Principal: unknown) => ({ ...RECEIVE, Principal })
const notSend = (Principal: unknown) => ({ ...NOT_SEND, Principal })

/** In the resource's own account. */
const SAME_ACCOUNT: readonly DecisionRow[] = [
  { name: 'nothing allows', caller: 'ada', decision: 'implicitly denied by identity' },
  { name: 'an identity policy allows', caller: 'ada', identity: [SEND], decision: 'allowed' },
  {
    name: 'an identity policy allows something else',
    caller: 'ada',
    identity: [RECEIVE],
    decision: 'implicitly denied by identity',
  },
  { name: 'an identity policy allows everything', caller: 'ada', identity: [ALL], decision: 'allowed' },
  { name: 'one statement of several allows', caller: 'ada', identity: [RECEIVE, SEND], decision: 'allowed' },
  {
    name: 'a deny outweighs an allow after it',
    caller: 'ada',
    identity: [NOT_SEND, SEND],
    decision: 'explicitly denied by identity',
  },
  {
    name: 'a deny outweighs an allow before it',
    caller: 'ada',
    identity: [ALL, NOT_SEND],
    decision: 'explicitly denied by identity',
  },
  {
    name: 'a deny of something else',
    caller: 'ada',
    identity: [SEND, { ...NOT_SEND, Action: 'sqs:DeleteMessage' }],
    decision: 'allowed',
  },
  {
    name: 'a deny for another resource',
    caller: 'ada',
    identity: [SEND, { ...NOT_SEND, Resource: `${ORDERS}-dead` }],
    decision: 'allowed',
  },
  {
    name: 'a deny whose condition fails',
    caller: 'ada',
    identity: [SEND, { ...NOT_SEND, Condition: { Bool: { 'aws:SecureTransport': 'false' } } }],
    request: { 'aws:SecureTransport': 'true' },
    decision: 'allowed',
  },
  {
    name: 'a deny whose condition holds',
    caller: 'ada',
    identity: [SEND, { ...NOT_SEND, Condition: { Bool: { 'aws:SecureTransport': 'false' } } }],
    request: { 'aws:SecureTransport': 'false' },
    decision: 'explicitly denied by identity',
  },
  {
    name: 'the resource’s policy names the user',
    caller: 'ada',
    resource: [send({ AWS: ADA })],
    decision: 'allowed',
  },
  {
    name: 'the resource’s policy names another user',
    caller: 'bob',
    resource: [send({ AWS: ADA })],
    decision: 'implicitly denied by identity',
  },
  { name: 'the resource’s policy names everyone', caller: 'ada', resource: [send('*')], decision: 'allowed' },
  {
    name: 'the resource’s policy names the account, which leaves it to identity policies',
    caller: 'ada',
    resource: [send({ AWS: ROOT })],
    decision: 'implicitly denied by identity',
  },
  {
    name: 'the resource’s policy names the account, and an identity policy allows',
    caller: 'ada',
    identity: [SEND],
    resource: [send({ AWS: ROOT })],
    decision: 'allowed',
  },
  {
    name: 'the resource’s policy names the user for something else, and an identity policy allows',
    caller: 'ada',
    identity: [SEND],
    resource: [receive({ AWS: ADA })],
    decision: 'allowed',
  },
  {
    name: 'the resource’s policy denies the user',
    caller: 'ada',
    identity: [ALL],
    resource: [notSend({ AWS: ADA })],
    decision: 'explicitly denied by resource',
  },
  {
    name: 'the resource’s policy denies the account',
    caller: 'ada',
    identity: [ALL],
    resource: [notSend({ AWS: ROOT })],
    decision: 'explicitly denied by resource',
  },
  {
    name: 'the resource’s policy denies everyone',
    caller: 'ada',
    identity: [ALL],
    resource: [notSend('*')],
    decision: 'explicitly denied by resource',
  },
  {
    name: 'the resource’s policy denies another user',
    caller: 'bob',
    identity: [SEND],
    resource: [notSend({ AWS: ADA })],
    decision: 'allowed',
  },
  {
    name: 'an identity policy denies what the resource’s policy allows',
    caller: 'ada',
    identity: [NOT_SEND],
    resource: [send({ AWS: ADA })],
    decision: 'explicitly denied by identity',
  },
  { name: 'the account itself', caller: 'root', decision: 'allowed' },
  {
    name: 'the account itself, denied by the resource’s policy',
    caller: 'root',
    resource: [notSend('*')],
    decision: 'explicitly denied by resource',
  },
  {
    name: 'the account itself, whom the resource’s policy does not name',
    caller: 'root',
    resource: [send({ AWS: ADA })],
    decision: 'allowed',
  },
  {
    name: 'all but one queue, and this is not it',
    caller: 'ada',
    identity: [{ Effect: 'Allow', Action: 'sqs:*', NotResource: `${ORDERS}-dead` }],
    decision: 'allowed',
  },
  {
    name: 'all but one queue, and this is it',
    caller: 'ada',
    identity: [{ Effect: 'Allow', Action: 'sqs:*', NotResource: ORDERS }],
    decision: 'implicitly denied by identity',
  },
  {
    name: 'a deny for all but one queue, and this is it',
    caller: 'ada',
    identity: [ALL, { Effect: 'Deny', Action: 'sqs:*', NotResource: ORDERS }],
    decision: 'allowed',
  },
  {
    name: 'a deny for all but one queue, and this is not it',
    caller: 'ada',
    identity: [ALL, { Effect: 'Deny', Action: 'sqs:*', NotResource: `${ORDERS}-dead` }],
    decision: 'explicitly denied by identity',
  },
  {
    name: 'all but some actions',
    caller: 'ada',
    identity: [{ Effect: 'Allow', NotAction: ['iam:*', 'sts:*'], Resource: '*' }],
    decision: 'allowed',
  },
  {
    name: 'all but these actions',
    caller: 'ada',
    identity: [{ Effect: 'Allow', NotAction: 'sqs:*', Resource: '*' }],
    decision: 'implicitly denied by identity',
  },
  {
    name: 'a deny of all but these actions',
    caller: 'ada',
    identity: [ALL, { Effect: 'Deny', NotAction: ['sqs:SendMessage', 'sqs:GetQueueUrl'], Resource: '*' }],
    decision: 'allowed',
  },
  {
    name: 'all conditions must hold',
    caller: 'ada',
    identity: [
      {
        ...SEND,
        Condition: {
          StringEquals: { 'aws:RequestedRegion': 'us-east-2' },
          IpAddress: { 'aws:SourceIp': '203.0.113.0/24' },
        },
      },
    ],
    request: { 'aws:RequestedRegion': 'us-east-2', 'aws:SourceIp': '198.51.100.1' },
    decision: 'implicitly denied by identity',
  },
  {
    name: 'all conditions hold',
    caller: 'ada',
    identity: [
      {
        ...SEND,
        Condition: {
          StringEquals: { 'aws:RequestedRegion': 'us-east-2' },
          IpAddress: { 'aws:SourceIp': '203.0.113.0/24' },
        },
      },
    ],
    request: { 'aws:RequestedRegion': 'us-east-2', 'aws:SourceIp': '203.0.113.1' },
    decision: 'allowed',
  },
  {
    name: 'all keys of an operator must hold',
    caller: 'ada',
    identity: [
      {
        ...SEND,
        Condition: {
          StringEquals: { 'aws:RequestedRegion': 'us-east-2', 'aws:PrincipalTag/team': 'orders' },
        },
      },
    ],
    request: { 'aws:RequestedRegion': 'us-east-2' },
    decision: 'implicitly denied by identity',
  },
  {
    name: 'keys put case aside',
    caller: 'ada',
    identity: [{ ...SEND, Condition: { StringEquals: { 'AWS:principalTAG/Team': 'orders' } } }],
    request: { 'aws:PrincipalTag/team': 'orders' },
    decision: 'allowed',
  },
  {
    name: 'a statement without a resource is about the one that has the policy',
    caller: 'ada',
    resource: [{ Effect: 'Allow', Principal: { AWS: ADA }, Action: 'sqs:*' }],
    decision: 'allowed',
  },
  {
    name: 'a statement of the resource’s policy about another resource',
    caller: 'ada',
    resource: [{ ...send({ AWS: ADA }), Resource: `${ORDERS}-2` }],
    decision: 'implicitly denied by identity',
  },
  {
    name: 'an action about no resource',
    caller: 'ada',
    action: 'sqs:ListQueues',
    arn: '*',
    identity: [{ Effect: 'Allow', Action: 'sqs:ListQueues', Resource: '*' }],
    decision: 'allowed',
  },
  {
    name: 'an action about no resource is not allowed for one',
    caller: 'ada',
    action: 'sqs:ListQueues',
    arn: '*',
    identity: [{ Effect: 'Allow', Action: 'sqs:ListQueues', Resource: ORDERS }],
    decision: 'implicitly denied by identity',
  },
]

const BOUNDARIES: readonly DecisionRow[] = [
  { name: 'the boundary allows too', caller: 'ada', identity: [SEND], boundary: [ALL], decision: 'allowed' },
  {
    name: 'the boundary does not allow',
    caller: 'ada',
    identity: [SEND],
    boundary: [RECEIVE],
    decision: 'implicitly denied by boundary',
  },
  {
    name: 'a boundary grants nothing',
    caller: 'ada',
    boundary: [ALL],
    decision: 'implicitly denied by identity',
  },
  {
    name: 'the boundary denies',
    caller: 'ada',
    identity: [ALL],
    boundary: [ALL, NOT_SEND],
    decision: 'explicitly denied by boundary',
  },
  {
    name: 'the boundary does not limit what the resource’s policy grants the user',
    caller: 'ada',
    boundary: [RECEIVE],
    resource: [send({ AWS: ADA })],
    decision: 'allowed',
  },
  {
    name: 'the boundary does not limit what the resource’s policy grants everyone',
    caller: 'ada',
    boundary: [RECEIVE],
    resource: [send('*')],
    decision: 'allowed',
  },
  {
    name: 'but a deny in the boundary does',
    caller: 'ada',
    boundary: [NOT_SEND],
    resource: [send({ AWS: ADA })],
    decision: 'explicitly denied by boundary',
  },
  {
    name: 'the boundary limits what the account is granted',
    caller: 'ada',
    identity: [SEND],
    boundary: [RECEIVE],
    resource: [send({ AWS: ROOT })],
    decision: 'implicitly denied by boundary',
  },
  {
    name: 'the role’s boundary limits its session',
    caller: 'worker',
    identity: [SEND],
    boundary: [RECEIVE],
    decision: 'implicitly denied by boundary',
  },
  {
    name: 'the role’s boundary limits what the resource’s policy grants the role',
    caller: 'worker',
    boundary: [RECEIVE],
    resource: [send({ AWS: ROLE })],
    decision: 'implicitly denied by boundary',
  },
  {
    name: 'the role’s boundary does not limit what the resource’s policy grants the session',
    caller: 'worker',
    boundary: [RECEIVE],
    resource: [send({ AWS: SHIFT })],
    decision: 'allowed',
  },
  {
    name: 'everyone, with the role’s ARN as a condition, is not limited',
    caller: 'worker',
    boundary: [RECEIVE],
    resource: [{ ...send('*'), Condition: { ArnEquals: { 'aws:PrincipalArn': ROLE } } }],
    request: { 'aws:PrincipalArn': ROLE },
    decision: 'allowed',
  },
  {
    name: 'a deny for all but someone who has a boundary',
    caller: 'ada',
    identity: [ALL],
    boundary: [ALL],
    resource: [{ ...NOT_SEND, NotPrincipal: { AWS: [ADA, ROOT] } }],
    decision: 'explicitly denied by resource',
  },
  {
    name: 'a deny for all but someone who has none',
    caller: 'ada',
    identity: [ALL],
    resource: [{ ...NOT_SEND, NotPrincipal: { AWS: [ADA, ROOT] } }],
    decision: 'allowed',
  },
]

const SESSIONS: readonly DecisionRow[] = [
  { name: 'a session has what its role is allowed', caller: 'worker', identity: [SEND], decision: 'allowed' },
  {
    name: 'a session whose role is allowed nothing',
    caller: 'worker',
    decision: 'implicitly denied by identity',
  },
  {
    name: 'a session policy that allows too',
    caller: 'worker',
    identity: [ALL],
    session: [SEND],
    decision: 'allowed',
  },
  {
    name: 'a session policy that does not allow',
    caller: 'worker',
    identity: [ALL],
    session: [RECEIVE],
    decision: 'implicitly denied by session',
  },
  {
    name: 'a session policy grants nothing',
    caller: 'worker',
    session: [ALL],
    decision: 'implicitly denied by identity',
  },
  {
    name: 'a session policy that denies',
    caller: 'worker',
    identity: [ALL],
    session: [ALL, NOT_SEND],
    decision: 'explicitly denied by session',
  },
  {
    name: 'the resource’s policy names the role',
    caller: 'worker',
    resource: [send({ AWS: ROLE })],
    decision: 'allowed',
  },
  {
    name: 'the resource’s policy names the role, which the session policy limits',
    caller: 'worker',
    session: [RECEIVE],
    resource: [send({ AWS: ROLE })],
    decision: 'implicitly denied by session',
  },
  {
    name: 'the resource’s policy names the role, and the session policy allows',
    caller: 'worker',
    session: [SEND],
    resource: [send({ AWS: ROLE })],
    decision: 'allowed',
  },
  {
    name: 'the resource’s policy names the session, which nothing limits',
    caller: 'worker',
    session: [RECEIVE],
    resource: [send({ AWS: SHIFT })],
    decision: 'allowed',
  },
  {
    name: 'the resource’s policy names the session, and the session policy denies',
    caller: 'worker',
    session: [NOT_SEND],
    resource: [send({ AWS: SHIFT })],
    decision: 'explicitly denied by session',
  },
  {
    name: 'the resource’s policy names another session',
    caller: 'worker',
    resource: [send({ AWS: `${SHIFT}0` })],
    decision: 'implicitly denied by identity',
  },
  {
    name: 'the resource’s policy denies the role',
    caller: 'worker',
    identity: [ALL],
    resource: [notSend({ AWS: ROLE })],
    decision: 'explicitly denied by resource',
  },
  {
    name: 'the resource’s policy denies the session',
    caller: 'worker',
    identity: [ALL],
    resource: [notSend({ AWS: SHIFT })],
    decision: 'explicitly denied by resource',
  },
  {
    name: 'boundary, session and identity policy allow',
    caller: 'worker',
    identity: [SEND],
    boundary: [ALL],
    session: [ALL],
    decision: 'allowed',
  },
  {
    name: 'a federated user has what the user and the session are both allowed',
    caller: 'guest',
    identity: [ALL],
    session: [SEND],
    decision: 'allowed',
  },
  {
    name: 'a federated user without session policies has nothing',
    caller: 'guest',
    identity: [ALL],
    decision: 'implicitly denied by session',
  },
  {
    name: 'a federated user who is named directly',
    caller: 'guest',
    resource: [send({ AWS: GUEST })],
    decision: 'allowed',
  },
  {
    name: 'a federated user whose user is named is limited by the session',
    caller: 'guest',
    session: [RECEIVE],
    resource: [send({ AWS: ADA })],
    decision: 'implicitly denied by session',
  },
  {
    name: 'a federated user whose user is named, and the session policy allows',
    caller: 'guest',
    session: [SEND],
    resource: [send({ AWS: ADA })],
    decision: 'allowed',
  },
  {
    name: 'a federated user whose user is named is limited by the user’s boundary',
    caller: 'guest',
    boundary: [RECEIVE],
    session: [SEND],
    resource: [send({ AWS: ADA })],
    decision: 'implicitly denied by boundary',
  },
  {
    name: 'whom the account federated has what the session is allowed',
    caller: 'rootGuest',
    session: [SEND],
    decision: 'allowed',
  },
  {
    name: 'whom the account federated has no more',
    caller: 'rootGuest',
    session: [RECEIVE],
    decision: 'implicitly denied by session',
  },
  {
    name: 'whom the account federated without session policies has nothing',
    caller: 'rootGuest',
    decision: 'implicitly denied by session',
  },
]

const CROSS_ACCOUNT: readonly DecisionRow[] = [
  {
    name: 'another account’s user whom nothing allows',
    caller: 'eve',
    decision: 'implicitly denied by identity',
  },
  {
    name: 'only the user’s side allows',
    caller: 'eve',
    identity: [ALL],
    decision: 'implicitly denied by resource',
  },
  {
    name: 'only the resource’s side allows',
    caller: 'eve',
    resource: [send({ AWS: EVE })],
    decision: 'implicitly denied by identity',
  },
  {
    name: 'both sides allow, the user by name',
    caller: 'eve',
    identity: [SEND],
    resource: [send({ AWS: EVE })],
    decision: 'allowed',
  },
  {
    name: 'both sides allow, the account by number',
    caller: 'eve',
    identity: [SEND],
    resource: [send({ AWS: '444455556666' })],
    decision: 'allowed',
  },
  {
    name: 'both sides allow, everyone',
    caller: 'eve',
    identity: [SEND],
    resource: [send('*')],
    decision: 'allowed',
  },
  {
    name: 'everyone is no permission from one’s own account',
    caller: 'eve',
    resource: [send('*')],
    decision: 'implicitly denied by identity',
  },
  {
    name: 'the resource’s side names another account',
    caller: 'eve',
    identity: [SEND],
    resource: [send({ AWS: '777788889999' })],
    decision: 'implicitly denied by resource',
  },
  {
    name: 'the resource’s side denies',
    caller: 'eve',
    identity: [ALL],
    resource: [send('*'), notSend({ AWS: '444455556666' })],
    decision: 'explicitly denied by resource',
  },
  {
    name: 'the user’s side denies',
    caller: 'eve',
    identity: [ALL, NOT_SEND],
    resource: [send('*')],
    decision: 'explicitly denied by identity',
  },
  {
    name: 'the user’s boundary limits from another account',
    caller: 'eve',
    identity: [SEND],
    boundary: [RECEIVE],
    resource: [send({ AWS: EVE })],
    decision: 'implicitly denied by boundary',
  },
  {
    name: 'the session policy limits from another account, even who is named',
    caller: 'otherWorker',
    identity: [SEND],
    session: [RECEIVE],
    resource: [send({ AWS: 'arn:aws:sts::444455556666:assumed-role/worker/shift-1' })],
    decision: 'implicitly denied by session',
  },
  {
    name: 'a role of another account, by its ARN',
    caller: 'otherWorker',
    identity: [SEND],
    resource: [send({ AWS: 'arn:aws:iam::444455556666:role/worker' })],
    decision: 'allowed',
  },
  {
    name: 'a role of another account, by its account',
    caller: 'otherWorker',
    identity: [SEND],
    resource: [send({ AWS: 'arn:aws:iam::444455556666:root' })],
    decision: 'allowed',
  },
  {
    name: 'a role of the same name here',
    caller: 'otherWorker',
    identity: [SEND],
    resource: [send({ AWS: ROLE })],
    decision: 'implicitly denied by resource',
  },
  {
    name: 'another account itself, whom the resource’s side allows',
    caller: 'otherRoot',
    resource: [send({ AWS: '444455556666' })],
    decision: 'allowed',
  },
  {
    name: 'another account itself, whom nothing allows',
    caller: 'otherRoot',
    decision: 'implicitly denied by resource',
  },
  {
    name: 'a resource that can’t have a policy',
    caller: 'eve',
    identity: [ALL],
    arn: 'arn:aws:cloudwatch:us-east-2:111122223333:alarm:a',
    decision: 'implicitly denied by resource',
  },
]

const LONG = 'x'.repeat(1025)

/** What two statements say together, and what is beyond a limit. */
const TOGETHER: readonly DecisionRow[] = [
  {
    name: 'the role is named behind the account',
    caller: 'worker',
    resource: [send({ AWS: ROOT }), send({ AWS: ROLE })],
    decision: 'allowed',
  },
  {
    name: 'the role is named before the account',
    caller: 'worker',
    resource: [send({ AWS: ROLE }), send({ AWS: ROOT })],
    decision: 'allowed',
  },
  {
    name: 'the session is named behind the role',
    caller: 'worker',
    session: [RECEIVE],
    resource: [send({ AWS: ROLE }), send({ AWS: SHIFT })],
    decision: 'allowed',
  },
  {
    name: 'an allow for a value that is too long to be searched',
    caller: 'ada',
    identity: [{ ...SEND, Condition: { StringLike: { 'aws:UserAgent': '*' } } }],
    request: { 'aws:UserAgent': LONG },
    decision: 'implicitly denied by identity',
  },
  {
    name: 'an allow for anything else than a value that is too long',
    caller: 'ada',
    identity: [{ ...SEND, Condition: { StringNotLike: { 'aws:UserAgent': 'y*' } } }],
    request: { 'aws:UserAgent': LONG },
    decision: 'implicitly denied by identity',
  },
  {
    name: 'a deny for a value that is too long to be searched',
    caller: 'ada',
    identity: [ALL, { ...NOT_SEND, Condition: { StringLike: { 'aws:UserAgent': 'y*' } } }],
    request: { 'aws:UserAgent': LONG },
    decision: 'explicitly denied by identity',
  },
  {
    name: 'a long value that is compared as it is',
    caller: 'ada',
    identity: [{ ...SEND, Condition: { StringEquals: { 'aws:UserAgent': LONG } } }],
    request: { 'aws:UserAgent': LONG },
    decision: 'allowed',
  },
  {
    name: 'the longest value that is searched',
    caller: 'ada',
    identity: [{ ...SEND, Condition: { StringLike: { 'aws:UserAgent': 'x*' } } }],
    request: { 'aws:UserAgent': LONG.slice(1) },
    decision: 'allowed',
  },
]

/** Services, outside identities, and those who don’t sign. */
const OUTSIDERS: readonly DecisionRow[] = [
  {
    name: 'a service that is named',
    caller: 'sns',
    resource: [send({ Service: 'sns.amazonaws.com' })],
    decision: 'allowed',
  },
  {
    name: 'a service that is not named',
    caller: 'sns',
    resource: [send({ Service: 's3.amazonaws.com' })],
    decision: 'implicitly denied by resource',
  },
  {
    name: 'a service and a resource without a policy',
    caller: 'sns',
    decision: 'implicitly denied by resource',
  },
  { name: 'a service among everyone', caller: 'sns', resource: [send('*')], decision: 'allowed' },
  {
    name: 'a service on behalf of the topic that was meant',
    caller: 'sns',
    resource: [
      { ...send({ Service: 'sns.amazonaws.com' }), Condition: { ArnEquals: { 'aws:SourceArn': TOPIC } } },
    ],
    request: { 'aws:SourceArn': TOPIC },
    decision: 'allowed',
  },
  {
    name: 'a service on behalf of another topic',
    caller: 'sns',
    resource: [
      { ...send({ Service: 'sns.amazonaws.com' }), Condition: { ArnEquals: { 'aws:SourceArn': TOPIC } } },
    ],
    request: { 'aws:SourceArn': `${TOPIC}-2` },
    decision: 'implicitly denied by resource',
  },
  {
    name: 'a service on behalf of the account that was meant',
    caller: 'sns',
    resource: [
      {
        ...send({ Service: 'sns.amazonaws.com' }),
        Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } },
      },
    ],
    request: { 'aws:SourceAccount': '111122223333' },
    decision: 'allowed',
  },
  {
    name: 'a service on behalf of another account',
    caller: 'sns',
    resource: [
      {
        ...send({ Service: 'sns.amazonaws.com' }),
        Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } },
      },
    ],
    request: { 'aws:SourceAccount': '444455556666' },
    decision: 'implicitly denied by resource',
  },
  {
    name: 'the older way to let a topic in: everyone, from that topic',
    caller: 'sns',
    resource: [
      { ...send({ AWS: '*' }), Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:sns:*:111122223333:*' } } },
    ],
    request: { 'aws:SourceArn': TOPIC },
    decision: 'allowed',
  },
  {
    name: 'which lets in nobody who comes from no topic',
    caller: 'anonymous',
    resource: [
      { ...send({ AWS: '*' }), Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:sns:*:111122223333:*' } } },
    ],
    decision: 'implicitly denied by resource',
  },
  {
    name: 'a service that is denied',
    caller: 'sns',
    resource: [send('*'), notSend({ Service: 'sns.amazonaws.com' })],
    decision: 'explicitly denied by resource',
  },
  {
    name: 'a deny of all but services',
    caller: 'sns',
    resource: [
      send('*'),
      { ...notSend('*'), Condition: { BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } } },
    ],
    request: { 'aws:PrincipalIsAWSService': 'true' },
    decision: 'allowed',
  },
  {
    name: 'nobody, and a resource without a policy',
    caller: 'anonymous',
    decision: 'implicitly denied by resource',
  },
  { name: 'nobody, among everyone', caller: 'anonymous', resource: [send('*')], decision: 'allowed' },
  {
    name: 'nobody, and users are named',
    caller: 'anonymous',
    resource: [send({ AWS: ADA })],
    decision: 'implicitly denied by resource',
  },
  {
    name: 'nobody, among everyone from a network',
    caller: 'anonymous',
    resource: [{ ...send('*'), Condition: { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } } }],
    request: { 'aws:SourceIp': '203.0.113.5' },
    decision: 'allowed',
  },
  {
    name: 'nobody, among everyone from another network',
    caller: 'anonymous',
    resource: [{ ...send('*'), Condition: { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } } }],
    request: { 'aws:SourceIp': '198.51.100.5' },
    decision: 'implicitly denied by resource',
  },
  {
    name: 'nobody, denied',
    caller: 'anonymous',
    resource: [send('*'), notSend('*')],
    decision: 'explicitly denied by resource',
  },
  {
    name: 'nobody is all but ada',
    caller: 'anonymous',
    resource: [{ ...SEND, NotPrincipal: { AWS: ADA } }],
    decision: 'allowed',
  },
]

const decrypt = { action: 'kms:Decrypt', arn: KEY, kind: 'key' } as const
const DECRYPT = { Effect: 'Allow', Action: 'kms:Decrypt', Resource: '*' }
/** The policy of a key that nobody wrote one for. */
const DELEGATED = { Effect: 'Allow', Principal: { AWS: ROOT }, Action: 'kms:*', Resource: '*' }

const KEYS: readonly DecisionRow[] = [
  {
    name: 'a key policy that leaves it to the account, and an identity policy allows',
    ...decrypt,
    caller: 'ada',
    identity: [DECRYPT],
    resource: [DELEGATED],
    decision: 'allowed',
  },
  {
    name: 'a key policy that leaves it to the account, and no identity policy allows',
    ...decrypt,
    caller: 'ada',
    resource: [DELEGATED],
    decision: 'implicitly denied by identity',
  },
  {
    name: 'a key policy that names others: identity policies don’t count',
    ...decrypt,
    caller: 'ada',
    identity: [ALL],
    resource: [{ ...DECRYPT, Principal: { AWS: ROLE } }],
    decision: 'implicitly denied by resource',
  },
  {
    name: 'a key policy that names the user',
    ...decrypt,
    caller: 'ada',
    resource: [{ ...DECRYPT, Principal: { AWS: ADA } }],
    decision: 'allowed',
  },
  {
    name: 'a key policy that leaves something else to the account',
    ...decrypt,
    caller: 'ada',
    identity: [ALL],
    resource: [{ ...DELEGATED, Action: 'kms:DescribeKey' }],
    decision: 'implicitly denied by resource',
  },
  {
    name: 'a key policy that leaves it to the account under a condition that fails',
    ...decrypt,
    caller: 'ada',
    identity: [ALL],
    resource: [
      { ...DELEGATED, Condition: { StringEquals: { 'kms:ViaService': 'sqs.us-east-2.amazonaws.com' } } },
    ],
    decision: 'implicitly denied by resource',
  },
  {
    name: 'the account itself, to whom the key policy leaves it',
    ...decrypt,
    caller: 'root',
    resource: [DELEGATED],
    decision: 'allowed',
  },
  {
    name: 'the account itself, whom the key policy does not name',
    ...decrypt,
    caller: 'root',
    resource: [{ ...DECRYPT, Principal: { AWS: ADA } }],
    decision: 'implicitly denied by resource',
  },
  {
    name: 'a key policy that names the role',
    ...decrypt,
    caller: 'worker',
    resource: [{ ...DECRYPT, Principal: { AWS: ROLE } }],
    decision: 'allowed',
  },
  {
    name: 'a key policy that names the role, whose boundary does not allow',
    ...decrypt,
    caller: 'worker',
    boundary: [SEND],
    resource: [{ ...DECRYPT, Principal: { AWS: ROLE } }],
    decision: 'implicitly denied by boundary',
  },
  {
    name: 'an identity policy may deny what the key policy allows',
    ...decrypt,
    caller: 'ada',
    identity: [{ ...DECRYPT, Effect: 'Deny' }],
    resource: [{ ...DECRYPT, Principal: { AWS: ADA } }],
    decision: 'explicitly denied by identity',
  },
  {
    name: 'a key policy that denies',
    ...decrypt,
    caller: 'ada',
    identity: [ALL],
    resource: [DELEGATED, { ...DECRYPT, Effect: 'Deny', Principal: '*' }],
    decision: 'explicitly denied by resource',
  },
  {
    name: 'another account, both sides',
    ...decrypt,
    caller: 'eve',
    identity: [DECRYPT],
    resource: [DELEGATED, { ...DECRYPT, Principal: { AWS: '444455556666' } }],
    decision: 'allowed',
  },
  {
    name: 'another account, the key’s side alone',
    ...decrypt,
    caller: 'eve',
    resource: [{ ...DECRYPT, Principal: { AWS: '444455556666' } }],
    decision: 'implicitly denied by identity',
  },
  {
    name: 'another account, its own side alone',
    ...decrypt,
    caller: 'eve',
    identity: [DECRYPT],
    resource: [DELEGATED],
    decision: 'implicitly denied by resource',
  },
  {
    name: 'a service with a key',
    ...decrypt,
    caller: 'sns',
    resource: [DELEGATED, { ...DECRYPT, Principal: { Service: 'sns.amazonaws.com' } }],
    decision: 'allowed',
  },
]

const assume = { action: 'sts:AssumeRole', arn: ROLE, kind: 'role' } as const
const ASSUME = { Effect: 'Allow', Action: 'sts:AssumeRole' }
const MAY_ASSUME = { ...ASSUME, Resource: ROLE }

const ROLES: readonly DecisionRow[] = [
  {
    name: 'a role that trusts the account, and an identity policy allows',
    ...assume,
    caller: 'ada',
    identity: [MAY_ASSUME],
    resource: [{ ...ASSUME, Principal: { AWS: ROOT } }],
    decision: 'allowed',
  },
  {
    name: 'a role that trusts the account, and no identity policy allows',
    ...assume,
    caller: 'ada',
    resource: [{ ...ASSUME, Principal: { AWS: ROOT } }],
    decision: 'implicitly denied by identity',
  },
  {
    name: 'a role that trusts the user',
    ...assume,
    caller: 'ada',
    resource: [{ ...ASSUME, Principal: { AWS: ADA } }],
    decision: 'allowed',
  },
  {
    name: 'a role that trusts someone else',
    ...assume,
    caller: 'ada',
    identity: [ALL],
    resource: [{ ...ASSUME, Principal: { AWS: EVE } }],
    decision: 'implicitly denied by trust',
  },
  {
    name: 'a role that trusts a service',
    ...assume,
    caller: 'sns',
    resource: [{ ...ASSUME, Principal: { Service: 'sns.amazonaws.com' } }],
    decision: 'allowed',
  },
  {
    name: 'a role that trusts another service',
    ...assume,
    caller: 'sns',
    resource: [{ ...ASSUME, Principal: { Service: 'lambda.amazonaws.com' } }],
    decision: 'implicitly denied by trust',
  },
  {
    name: 'a role that trusts another account, whose user may assume it',
    ...assume,
    caller: 'eve',
    identity: [MAY_ASSUME],
    resource: [{ ...ASSUME, Principal: { AWS: '444455556666' } }],
    decision: 'allowed',
  },
  {
    name: 'a role that trusts another account, whose user may not',
    ...assume,
    caller: 'eve',
    resource: [{ ...ASSUME, Principal: { AWS: '444455556666' } }],
    decision: 'implicitly denied by identity',
  },
  {
    name: 'a role that trusts another account with the right external id',
    ...assume,
    caller: 'eve',
    identity: [MAY_ASSUME],
    resource: [
      {
        ...ASSUME,
        Principal: { AWS: '444455556666' },
        Condition: { StringEquals: { 'sts:ExternalId': 'unique' } },
      },
    ],
    request: { 'sts:ExternalId': 'unique' },
    decision: 'allowed',
  },
  {
    name: 'a role that trusts another account, without the external id',
    ...assume,
    caller: 'eve',
    identity: [MAY_ASSUME],
    resource: [
      {
        ...ASSUME,
        Principal: { AWS: '444455556666' },
        Condition: { StringEquals: { 'sts:ExternalId': 'unique' } },
      },
    ],
    decision: 'implicitly denied by trust',
  },
  {
    name: 'a trust policy that denies',
    ...assume,
    caller: 'ada',
    identity: [ALL],
    resource: [
      { ...ASSUME, Principal: { AWS: ADA } },
      {
        ...ASSUME,
        Effect: 'Deny',
        Principal: { AWS: '*' },
        Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } },
      },
    ],
    decision: 'explicitly denied by trust',
  },
  {
    name: 'a role that trusts itself, in a session of it',
    ...assume,
    caller: 'worker',
    resource: [{ ...ASSUME, Principal: { AWS: ROLE } }],
    decision: 'allowed',
  },
  {
    name: 'an identity whose provider is trusted',
    ...assume,
    action: 'sts:AssumeRoleWithWebIdentity',
    caller: 'google',
    resource: [
      {
        ...ASSUME,
        Action: 'sts:AssumeRoleWithWebIdentity',
        Principal: { Federated: 'accounts.google.com' },
        Condition: { StringEquals: { 'accounts.google.com:aud': 'app' } },
      },
    ],
    request: { 'accounts.google.com:aud': 'app' },
    decision: 'allowed',
  },
  {
    name: 'an identity for another application',
    ...assume,
    action: 'sts:AssumeRoleWithWebIdentity',
    caller: 'google',
    resource: [
      {
        ...ASSUME,
        Action: 'sts:AssumeRoleWithWebIdentity',
        Principal: { Federated: 'accounts.google.com' },
        Condition: { StringEquals: { 'accounts.google.com:aud': 'app' } },
      },
    ],
    request: { 'accounts.google.com:aud': 'spy' },
    decision: 'implicitly denied by trust',
  },
  {
    name: 'an identity whose provider is not trusted',
    ...assume,
    action: 'sts:AssumeRoleWithWebIdentity',
    caller: 'google',
    resource: [
      { ...ASSUME, Action: 'sts:AssumeRoleWithWebIdentity', Principal: { Federated: 'www.amazon.com' } },
    ],
    decision: 'implicitly denied by trust',
  },
]

/** Variables where a request has no value for them: never a way in. */
const UNRESOLVED: readonly DecisionRow[] = [
  {
    name: 'an allow for a queue of one’s name, without a name',
    caller: 'worker',
    identity: [{ ...SEND, Resource: 'arn:aws:sqs:*:*:${aws:username}' }],
    decision: 'implicitly denied by identity',
  },
  {
    name: 'beside another resource that matches',
    caller: 'worker',
    identity: [{ ...SEND, Resource: ['arn:aws:sqs:*:*:${aws:username}', ORDERS] }],
    decision: 'allowed',
  },
  {
    name: 'an allow for all but a queue of one’s name, without a name',
    caller: 'worker',
    identity: [{ Effect: 'Allow', Action: 'sqs:*', NotResource: 'arn:aws:sqs:*:*:${aws:username}' }],
    decision: 'implicitly denied by identity',
  },
  {
    name: 'a deny for all but a queue of one’s name, without a name',
    caller: 'worker',
    identity: [ALL, { Effect: 'Deny', Action: 'sqs:*', NotResource: 'arn:aws:sqs:*:*:${aws:username}' }],
    decision: 'explicitly denied by identity',
  },
  {
    name: 'an allow if a tag equals one’s own, without one',
    caller: 'ada',
    identity: [
      { ...SEND, Condition: { StringEquals: { 'aws:ResourceTag/team': '${aws:PrincipalTag/team}' } } },
    ],
    request: { 'aws:ResourceTag/team': 'orders' },
    decision: 'implicitly denied by identity',
  },
  {
    name: 'an allow if a tag equals one’s own',
    caller: 'ada',
    identity: [
      { ...SEND, Condition: { StringEquals: { 'aws:ResourceTag/team': '${aws:PrincipalTag/team}' } } },
    ],
    request: { 'aws:ResourceTag/team': 'orders', 'aws:PrincipalTag/team': 'orders' },
    decision: 'allowed',
  },
  {
    name: 'an allow if a tag equals one’s own, and it is another',
    caller: 'ada',
    identity: [
      { ...SEND, Condition: { StringEquals: { 'aws:ResourceTag/team': '${aws:PrincipalTag/team}' } } },
    ],
    request: { 'aws:ResourceTag/team': 'orders', 'aws:PrincipalTag/team': 'bills' },
    decision: 'implicitly denied by identity',
  },
  {
    name: 'an allow if a tag differs from one’s own, without one',
    caller: 'ada',
    identity: [
      { ...SEND, Condition: { StringNotEquals: { 'aws:ResourceTag/team': '${aws:PrincipalTag/team}' } } },
    ],
    request: { 'aws:ResourceTag/team': 'orders' },
    decision: 'implicitly denied by identity',
  },
  {
    name: 'a deny if a tag differs from one’s own, without one',
    caller: 'ada',
    identity: [
      ALL,
      { ...NOT_SEND, Condition: { StringNotEquals: { 'aws:ResourceTag/team': '${aws:PrincipalTag/team}' } } },
    ],
    request: { 'aws:ResourceTag/team': 'orders' },
    decision: 'explicitly denied by identity',
  },
  {
    name: 'a deny if a tag differs from one’s own, and it does not',
    caller: 'ada',
    identity: [
      ALL,
      { ...NOT_SEND, Condition: { StringNotEquals: { 'aws:ResourceTag/team': '${aws:PrincipalTag/team}' } } },
    ],
    request: { 'aws:ResourceTag/team': 'orders', 'aws:PrincipalTag/team': 'orders' },
    decision: 'allowed',
  },
  {
    name: 'a deny if the address is in no network, which is none',
    caller: 'ada',
    identity: [ALL, { ...NOT_SEND, Condition: { NotIpAddress: { 'aws:SourceIp': '10.0.0.0/99' } } }],
    request: { 'aws:SourceIp': '10.0.0.1' },
    decision: 'explicitly denied by identity',
  },
  {
    name: 'a variable in a pattern of an ARN',
    caller: 'ada',
    identity: [
      { ...SEND, Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:sns:*:${aws:PrincipalAccount}:*' } } },
    ],
    request: { 'aws:SourceArn': TOPIC, 'aws:PrincipalAccount': '111122223333' },
    decision: 'allowed',
  },
  {
    name: 'a variable that is a whole ARN',
    caller: 'ada',
    identity: [{ ...SEND, Condition: { ArnEquals: { 'aws:SourceArn': '${aws:PrincipalTag/topic}' } } }],
    request: { 'aws:SourceArn': TOPIC, 'aws:PrincipalTag/topic': TOPIC },
    decision: 'allowed',
  },
  {
    name: 'a value with stars is no pattern of an ARN',
    caller: 'ada',
    identity: [{ ...SEND, Condition: { ArnLike: { 'aws:SourceArn': '${aws:PrincipalTag/topic}' } } }],
    request: { 'aws:SourceArn': TOPIC, 'aws:PrincipalTag/topic': 'arn:aws:sns:*:*:*' },
    decision: 'implicitly denied by identity',
  },
  {
    name: 'a variable in a pattern',
    caller: 'ada',
    identity: [
      { ...SEND, Condition: { StringLike: { 'sns:Endpoint': 'https://example.com/${aws:username}/*' } } },
    ],
    request: { 'sns:Endpoint': 'https://example.com/ada/hook', 'aws:username': 'ada' },
    decision: 'allowed',
  },
  {
    name: 'a variable, case aside',
    caller: 'ada',
    identity: [
      { ...SEND, Condition: { StringEqualsIgnoreCase: { 'aws:ResourceTag/owner': '${aws:username}' } } },
    ],
    request: { 'aws:ResourceTag/owner': 'ADA', 'aws:username': 'Ada' },
    decision: 'allowed',
  },
  {
    name: 'numbers have no variables',
    caller: 'ada',
    identity: [
      { ...SEND, Condition: { NumericEquals: { 'aws:MultiFactorAuthAge': '${aws:PrincipalTag/age}' } } },
    ],
    request: { 'aws:MultiFactorAuthAge': '5', 'aws:PrincipalTag/age': '5' },
    decision: 'implicitly denied by identity',
  },
]

/** What people write, from AWS’s own examples. */
const EXAMPLES: readonly DecisionRow[] = [
  {
    name: 'secure transport only: over TLS',
    caller: 'ada',
    identity: [ALL],
    resource: [{ ...notSend('*'), Action: 'sqs:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }],
    request: { 'aws:SecureTransport': 'true' },
    decision: 'allowed',
  },
  {
    name: 'secure transport only: in the clear',
    caller: 'ada',
    identity: [ALL],
    resource: [{ ...notSend('*'), Action: 'sqs:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }],
    request: { 'aws:SecureTransport': 'false' },
    decision: 'explicitly denied by resource',
  },
  {
    name: 'one’s own access keys',
    caller: 'ada',
    action: 'iam:CreateAccessKey',
    arn: ADA,
    identity: [
      { Effect: 'Allow', Action: 'iam:*AccessKey*', Resource: 'arn:aws:iam::*:user/${aws:username}' },
    ],
    request: { 'aws:username': 'ada' },
    decision: 'allowed',
  },
  {
    name: 'someone else’s access keys',
    caller: 'ada',
    action: 'iam:CreateAccessKey',
    arn: 'arn:aws:iam::111122223333:user/bob',
    identity: [
      { Effect: 'Allow', Action: 'iam:*AccessKey*', Resource: 'arn:aws:iam::*:user/${aws:username}' },
    ],
    request: { 'aws:username': 'ada' },
    decision: 'implicitly denied by identity',
  },
  {
    name: 'everything only with a second factor: with one',
    caller: 'ada',
    identity: [
      ALL,
      {
        Effect: 'Deny',
        NotAction: 'iam:*',
        Resource: '*',
        Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } },
      },
    ],
    request: { 'aws:MultiFactorAuthPresent': 'true' },
    decision: 'allowed',
  },
  {
    name: 'everything only with a second factor: with long-term keys',
    caller: 'ada',
    identity: [
      ALL,
      {
        Effect: 'Deny',
        NotAction: 'iam:*',
        Resource: '*',
        Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } },
      },
    ],
    decision: 'explicitly denied by identity',
  },
  {
    name: 'only in some regions: in one',
    caller: 'ada',
    identity: [
      ALL,
      {
        Effect: 'Deny',
        NotAction: ['iam:*', 'sts:*'],
        Resource: '*',
        Condition: { StringNotEquals: { 'aws:RequestedRegion': ['eu-west-1', 'us-east-2'] } },
      },
    ],
    request: { 'aws:RequestedRegion': 'us-east-2' },
    decision: 'allowed',
  },
  {
    name: 'only in some regions: in another',
    caller: 'ada',
    identity: [
      ALL,
      {
        Effect: 'Deny',
        NotAction: ['iam:*', 'sts:*'],
        Resource: '*',
        Condition: { StringNotEquals: { 'aws:RequestedRegion': ['eu-west-1', 'us-west-2'] } },
      },
    ],
    request: { 'aws:RequestedRegion': 'us-east-2' },
    decision: 'explicitly denied by identity',
  },
  {
    name: 'until the end of the year',
    caller: 'ada',
    identity: [
      {
        ...SEND,
        Condition: {
          DateGreaterThan: { 'aws:CurrentTime': '2026-01-01T00:00:00Z' },
          DateLessThan: { 'aws:CurrentTime': '2026-12-31T23:59:59Z' },
        },
      },
    ],
    request: { 'aws:CurrentTime': '2026-11-26T09:30:00Z' },
    decision: 'allowed',
  },
  {
    name: 'after the end of the year',
    caller: 'ada',
    identity: [
      {
        ...SEND,
        Condition: {
          DateGreaterThan: { 'aws:CurrentTime': '2026-01-01T00:00:00Z' },
          DateLessThan: { 'aws:CurrentTime': '2026-12-31T23:59:59Z' },
        },
      },
    ],
    request: { 'aws:CurrentTime': '2027-01-01T09:30:00Z' },
    decision: 'implicitly denied by identity',
  },
  {
    name: 'only these tags: two of them',
    caller: 'ada',
    action: 'sqs:TagQueue',
    identity: [
      {
        Effect: 'Allow',
        Action: 'sqs:TagQueue',
        Resource: '*',
        Condition: { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['env', 'team', 'cost'] } },
      },
    ],
    request: { 'aws:TagKeys': ['env', 'team'] },
    decision: 'allowed',
  },
  {
    name: 'only these tags: another too',
    caller: 'ada',
    action: 'sqs:TagQueue',
    identity: [
      {
        Effect: 'Allow',
        Action: 'sqs:TagQueue',
        Resource: '*',
        Condition: { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['env', 'team', 'cost'] } },
      },
    ],
    request: { 'aws:TagKeys': ['env', 'owner'] },
    decision: 'implicitly denied by identity',
  },
  {
    name: 'only long-term credentials: with them',
    caller: 'ada',
    identity: [{ ...SEND, Condition: { Null: { 'aws:TokenIssueTime': 'true' } } }],
    decision: 'allowed',
  },
  {
    name: 'only long-term credentials: with temporary ones',
    caller: 'worker',
    identity: [{ ...SEND, Condition: { Null: { 'aws:TokenIssueTime': 'true' } } }],
    request: { 'aws:TokenIssueTime': '2026-11-26T09:00:00Z' },
    decision: 'implicitly denied by identity',
  },
  {
    name: 'sessions older than that are revoked: an old one',
    caller: 'worker',
    identity: [
      ALL,
      {
        Effect: 'Deny',
        Action: '*',
        Resource: '*',
        Condition: { DateLessThan: { 'aws:TokenIssueTime': '2026-11-26T09:00:00Z' } },
      },
    ],
    request: { 'aws:TokenIssueTime': '2026-11-26T08:59:59Z' },
    decision: 'explicitly denied by identity',
  },
  {
    name: 'sessions older than that are revoked: a new one',
    caller: 'worker',
    identity: [
      ALL,
      {
        Effect: 'Deny',
        Action: '*',
        Resource: '*',
        Condition: { DateLessThan: { 'aws:TokenIssueTime': '2026-11-26T09:00:00Z' } },
      },
    ],
    request: { 'aws:TokenIssueTime': '2026-11-26T09:00:01Z' },
    decision: 'allowed',
  },
  {
    name: 'only subscriptions of one’s own endpoint',
    caller: 'ada',
    action: 'sns:Subscribe',
    arn: TOPIC,
    resource: [
      {
        Effect: 'Allow',
        Principal: { AWS: ADA },
        Action: 'sns:*',
        Condition: {
          StringLike: { 'sns:Endpoint': 'https://example.com/*' },
          StringEquals: { 'sns:Protocol': 'https' },
        },
      },
    ],
    request: { 'sns:Endpoint': 'https://example.com/hook', 'sns:Protocol': 'https' },
    decision: 'allowed',
  },
  {
    name: 'a topic’s default policy, for its owner',
    caller: 'root',
    action: 'SNS:Publish',
    arn: TOPIC,
    resource: [
      {
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: ['SNS:Publish', 'SNS:Subscribe'],
        Resource: TOPIC,
        Condition: { StringEquals: { 'AWS:SourceOwner': '111122223333' } },
      },
    ],
    request: { 'aws:SourceOwner': '111122223333' },
    decision: 'allowed',
  },
  {
    name: 'a topic’s default policy, for someone else',
    caller: 'eve',
    action: 'SNS:Publish',
    arn: TOPIC,
    identity: [ALL],
    resource: [
      {
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: ['SNS:Publish', 'SNS:Subscribe'],
        Resource: TOPIC,
        Condition: { StringEquals: { 'AWS:SourceOwner': '111122223333' } },
      },
    ],
    request: { 'aws:SourceOwner': '444455556666' },
    decision: 'implicitly denied by resource',
  },
]

export const DECISION_ROWS: readonly DecisionRow[] = [
  ...SAME_ACCOUNT,
  ...BOUNDARIES,
  ...SESSIONS,
  ...CROSS_ACCOUNT,
  ...TOGETHER,
  ...OUTSIDERS,
  ...KEYS,
  ...ROLES,
  ...UNRESOLVED,
  ...EXAMPLES,
]

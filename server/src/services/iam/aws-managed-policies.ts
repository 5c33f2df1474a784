import { arnOf } from './arn.ts'
import type { ManagedPolicy } from './entities.ts'

/**
 * Managed policies of AWS's own: those that are about services which are here, and those about all. What they allow is what AWS's say, as far
 * as it is about these services.
 * https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
 */

type StatementParts = Readonly<Record<string, string | readonly string[]>>

interface Listed {
  readonly name: string
  readonly path?: string
  readonly id: string
  readonly createdAt: string
  readonly description: string
  readonly statements: readonly StatementParts[]
}

const allow = (...Action: readonly string[]): StatementParts => ({ Effect: 'Allow', Action, Resource: '*' })

const LOGS = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents']

const LISTED: readonly Listed[] = [
  {
    ...{ name: 'AdministratorAccess', id: 'ANPAIWMBCKSKIEE64ZLYK', createdAt: '2015-02-06T18:39:46Z' },
    description: 'Provides full access to AWS services and resources.',
    statements: [allow('*')],
  },
  {
    ...{ name: 'AmazonKinesisFullAccess', id: 'ANPAIVF32HAMOXCUYRAYE', createdAt: '2015-02-06T18:40:29Z' },
    description: 'Provides full access to all streams via the AWS Management Console.',
    statements: [allow('kinesis:*')],
  },
  {
    ...{
      name: 'AmazonKinesisReadOnlyAccess',
      id: 'ANPAIOCMTDT5RLKZ2CAJO',
      createdAt: '2015-02-06T18:40:30Z',
    },
    description: 'Provides read only access to all streams via the AWS Management Console.',
    statements: [allow('kinesis:Get*', 'kinesis:List*', 'kinesis:Describe*')],
  },
  {
    ...{ name: 'AmazonSNSFullAccess', id: 'ANPAJWEKLCXXUNT2SOLSG', createdAt: '2015-02-06T18:41:05Z' },
    description: 'Provides full access to Amazon SNS via the AWS Management Console.',
    statements: [allow('sns:*')],
  },
  {
    ...{ name: 'AmazonSNSReadOnlyAccess', id: 'ANPAIZGQCQTFOFPMHSB6W', createdAt: '2015-02-06T18:41:06Z' },
    description: 'Provides read only access to Amazon SNS via the AWS Management Console.',
    statements: [
      allow(
        ...[
          'sns:GetTopicAttributes',
          'sns:List*',
          'sns:CheckIfPhoneNumberIsOptedOut',
          'sns:GetEndpointAttributes',
        ],
        ...['sns:GetDataProtectionPolicy', 'sns:GetPlatformApplicationAttributes', 'sns:GetSMSAttributes'],
        ...['sns:GetSMSSandboxAccountStatus', 'sns:GetSubscriptionAttributes'],
      ),
    ],
  },
  {
    ...{ name: 'AmazonSQSFullAccess', id: 'ANPAI65L554VRJ33ECQS6', createdAt: '2015-02-06T18:41:07Z' },
    description: 'Provides full access to Amazon SQS via the AWS Management Console.',
    statements: [allow('sqs:*')],
  },
  {
    ...{ name: 'AmazonSQSReadOnlyAccess', id: 'ANPAIUGSSQY362XGCM6KW', createdAt: '2015-02-06T18:41:08Z' },
    description: 'Provides read only access to Amazon SQS via the AWS Management Console.',
    statements: [
      allow(
        ...['sqs:GetQueueAttributes', 'sqs:GetQueueUrl', 'sqs:ListDeadLetterSourceQueues'],
        ...['sqs:ListQueues', 'sqs:ListMessageMoveTasks', 'sqs:ListQueueTags'],
      ),
    ],
  },
  {
    ...{ name: 'AWSDenyAll', id: 'ANPAZKAPJZG4P43IUQ5E5', createdAt: '2019-05-01T22:36:14Z' },
    description: 'Deny all access.',
    statements: [{ Sid: 'DenyAll', Effect: 'Deny', Action: ['*'], Resource: '*' }],
  },
  {
    ...{
      name: 'AWSKeyManagementServicePowerUser',
      id: 'ANPAJNPP7PPPPMJRV2SA4',
      createdAt: '2015-02-06T18:40:40Z',
    },
    description: 'Provides access to AWS Key Management Service (KMS).',
    statements: [
      allow(
        ...['kms:CreateAlias', 'kms:CreateKey', 'kms:DeleteAlias', 'kms:Describe*', 'kms:GenerateRandom'],
        ...['kms:Get*', 'kms:List*', 'kms:TagResource', 'kms:UntagResource'],
        ...['iam:ListGroups', 'iam:ListRoles', 'iam:ListUsers'],
      ),
    ],
  },
  {
    ...{ name: 'AWSLambdaBasicExecutionRole', path: '/service-role/', id: 'ANPAJNCQGXC42545SKXIK' },
    createdAt: '2015-04-09T15:03:43Z',
    description: 'Provides write permissions to CloudWatch Logs.',
    statements: [allow(...LOGS)],
  },
  {
    ...{ name: 'AWSLambdaKinesisExecutionRole', path: '/service-role/', id: 'ANPAJHOLKJPXV4GBRMJUQ' },
    createdAt: '2015-04-09T15:14:16Z',
    description: 'Provides list and read access to Kinesis streams and write permissions to CloudWatch Logs.',
    statements: [
      allow(
        ...['kinesis:DescribeStream', 'kinesis:DescribeStreamSummary', 'kinesis:GetRecords'],
        ...[
          'kinesis:GetShardIterator',
          'kinesis:ListShards',
          'kinesis:ListStreams',
          'kinesis:SubscribeToShard',
        ],
        ...LOGS,
      ),
    ],
  },
  {
    ...{ name: 'AWSLambdaSQSQueueExecutionRole', path: '/service-role/', id: 'ANPAJFWJZI6JNND4TSELK' },
    createdAt: '2018-06-14T21:50:45Z',
    description:
      'Provides receive message, delete message, and read attribute access to SQS queues, and write permissions to CloudWatch logs.',
    statements: [allow('sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', ...LOGS)],
  },
  {
    ...{ name: 'IAMFullAccess', id: 'ANPAI7XKCFMBPM3QQRRVQ', createdAt: '2015-02-06T18:40:38Z' },
    description: 'Provides full access to IAM via the AWS Management Console.',
    statements: [allow('iam:*')],
  },
  {
    ...{ name: 'IAMReadOnlyAccess', id: 'ANPAJKSO7NDY4T57MWDSQ', createdAt: '2015-02-06T18:40:39Z' },
    description: 'Provides read only access to IAM via the AWS Management Console.',
    statements: [allow('iam:Get*', 'iam:List*', 'iam:SimulateCustomPolicy', 'iam:SimulatePrincipalPolicy')],
  },
  {
    ...{ name: 'PowerUserAccess', id: 'ANPAJYRXTHIB4FOVS3ZXS', createdAt: '2015-02-06T18:39:47Z' },
    description:
      'Provides full access to AWS services and resources, but does not allow management of Users and groups.',
    statements: [
      { Effect: 'Allow', NotAction: ['iam:*', 'organizations:*', 'account:*'], Resource: '*' },
      allow('iam:ListRoles'),
    ],
  },
  {
    ...{ name: 'ReadOnlyAccess', id: 'ANPAILL3HVNFSB6DCOWYQ', createdAt: '2015-02-06T18:39:48Z' },
    description: 'Provides read-only access to AWS services and resources.',
    statements: [
      allow(
        ...['iam:Get*', 'iam:List*', 'iam:Simulate*', 'kinesis:Describe*', 'kinesis:Get*', 'kinesis:List*'],
        ...['kms:Describe*', 'kms:Get*', 'kms:List*', 'sns:Check*', 'sns:Get*', 'sns:List*'],
        ...['sqs:Get*', 'sqs:List*', 'sqs:Receive*', 'sts:GetAccessKeyInfo', 'sts:GetCallerIdentity'],
        'sts:GetSessionToken',
      ),
    ],
  },
]

/** The account that they belong to. */
export const AWS_ACCOUNT = 'aws'

let byArn: ReadonlyMap<string, ManagedPolicy> | undefined

/** By ARN, in the order of their names. */
export function awsManagedPolicies(): ReadonlyMap<string, ManagedPolicy> {
  byArn ??= new Map(
    LISTED.map(policyOf)
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map((policy) => [arnOf('policy', policy), policy]),
  )
  return byArn
}

function policyOf({
  name,
  path = '/',
  id,
  createdAt: created,
  description,
  statements,
}: Listed): ManagedPolicy {
  const createdAt = Date.parse(created)
  const text = JSON.stringify({ Version: '2012-10-17', Statement: statements }, null, 2)
  return {
    ...{
      type: 'policy',
      accountId: AWS_ACCOUNT,
      id,
      name,
      path,
      createdAt,
      updatedAt: createdAt,
      description,
    },
    tags: {},
    versions: [{ number: 1, policy: { text }, createdAt }],
    ...{ defaultVersion: 1, nextVersion: 2 },
  }
}

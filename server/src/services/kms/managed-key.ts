import type { AliasAddress } from './commands.ts'

/**
 * Keys that AWS would manage for a service: each is made for an account and a region when it is first asked for by its alias, and can be
 * used by that service alone. https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#aws-managed-cmk
 */
const SERVICES: ReadonlyMap<string, string> = new Map([
  ['alias/aws/acm', 'ACM private keys'],
  ['alias/aws/backup', 'backups'],
  ['alias/aws/dynamodb', 'DynamoDB tables'],
  ['alias/aws/ebs', 'EBS volumes'],
  ['alias/aws/elasticfilesystem', 'EFS file systems'],
  ['alias/aws/kinesis', 'Kinesis streams'],
  ['alias/aws/lambda', 'Lambda functions'],
  ['alias/aws/rds', 'RDS databases'],
  ['alias/aws/s3', 'S3 objects'],
  ['alias/aws/secretsmanager', 'Secrets Manager secrets'],
  ['alias/aws/sns', 'SNS topics'],
  ['alias/aws/sqs', 'SQS queues'],
  ['alias/aws/ssm', 'SSM parameters'],
])

export const AWS_MANAGED_ROTATION_DAYS = 365

/** Whether it's the alias of a key that AWS would manage. */
export function isAwsAlias(name: string): boolean {
  return SERVICES.has(name)
}

/** Whether only AWS may give such a name, to whatever. */
export function isReservedAlias(name: string): boolean {
  return name.startsWith('alias/aws/')
}

export function descriptionOfManaged(alias: string): string {
  return `Default key that protects my ${SERVICES.get(alias)} when no other key is defined`
}

/** Lets the account's principals use the key through its service, and look at it themselves. */
export function policyOfManaged({ accountId, region, name }: AliasAddress): string {
  const service = name.slice('alias/aws/'.length)
  const policy = {
    Version: '2012-10-17',
    Id: `auto-${service}-1`,
    Statement: [
      {
        Sid: `Allow access through ${service} for all principals in the account that are authorized to use it`,
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: [
          'kms:Encrypt',
          'kms:Decrypt',
          'kms:ReEncrypt*',
          'kms:GenerateDataKey*',
          'kms:CreateGrant',
          'kms:DescribeKey',
        ],
        Resource: '*',
        Condition: {
          StringEquals: {
            'kms:CallerAccount': accountId,
            'kms:ViaService': `${service}.${region}.amazonaws.com`,
          },
        },
      },
      {
        Sid: 'Allow direct access to key metadata to the account',
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${accountId}:root` },
        Action: ['kms:Describe*', 'kms:Get*', 'kms:List*', 'kms:RevokeGrant'],
        Resource: '*',
      },
    ],
  }
  return JSON.stringify(policy)
}

import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  IAMClient,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam'
import { KMSClient } from '@aws-sdk/client-kms'
import { SNSClient } from '@aws-sdk/client-sns'
import { SQSClient } from '@aws-sdk/client-sqs'
import { STSClient } from '@aws-sdk/client-sts'
import type { ServerProcess } from '../server-process.ts'
import { streamClient } from './test-streams.ts'

export interface ClientKey {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

/** A client of each service, all with one key. */
export type ServiceClients = ReturnType<typeof serviceClients>

export function serviceClients(server: ServerProcess, key: ClientKey, region = 'us-east-1') {
  const options = { endpoint: server.url, region, credentials: key, maxAttempts: 1 }
  return {
    ...{ key, iam: new IAMClient(options), sts: new STSClient(options), kms: new KMSClient(options) },
    ...{ sqs: new SQSClient(options), sns: new SNSClient(options) },
    kinesis: streamClient(server, { credentials: key, region }),
  }
}

export interface Statement {
  readonly Effect?: 'Allow' | 'Deny'
  readonly Action: string | readonly string[]
  readonly Resource: string | readonly string[]
  readonly Condition?: object
}

export function documentOf(statements: readonly Statement[]): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: statements.map((statement) => ({ Effect: 'Allow', ...statement })),
  })
}

export type TestUser = ServiceClients & { readonly arn: string }

/** A user that the root user makes, who may do what these statements say. */
export async function userWhoMay(
  server: ServerProcess,
  { iam }: ServiceClients,
  UserName: string,
  statements: readonly Statement[],
): Promise<TestUser> {
  const { User } = await iam.send(new CreateUserCommand({ UserName }))
  if (statements.length > 0) {
    const PolicyDocument = documentOf(statements)
    await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'rules', PolicyDocument }))
  }
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }))
  const key = { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! }
  return { ...serviceClients(server, key), arn: User!.Arn! }
}

import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  IAMClient,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam'
import {
  CreateGrantCommand,
  CreateKeyCommand,
  DescribeKeyCommand,
  KMSClient,
  PutKeyPolicyCommand,
} from '@aws-sdk/client-kms'
import {
  CreateTopicCommand,
  PublishCommand,
  SetTopicAttributesCommand,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns'
import {
  CreateQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { AwsClient } from 'aws4fetch'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Millrace, startMillrace } from '../../src/library/start-millrace.ts'
import { errorOf } from './error-of.ts'

/** Who may use the keys of queues and topics, and who may not, as policies have it. */
const ROOT = '000000000000'

let server: Millrace
let root: Clients
let names = 0
beforeAll(async () => {
  server = await startMillrace()
  root = clientsOf(server.credentials)
})
afterAll(() => server.stop())

type Clients = ReturnType<typeof clientsOf>

function clientsOf(credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }) {
  const options = { endpoint: server.endpoint, region: 'us-east-1', credentials, maxAttempts: 1 }
  return {
    ...{ credentials, iam: new IAMClient(options), kms: new KMSClient(options) },
    ...{ sqs: new SQSClient(options), sns: new SNSClient(options) },
  }
}

/** A user who may do all to queues and topics, and this to keys. */
async function newUser(...keyActions: readonly string[]): Promise<Clients & { readonly arn: string }> {
  const UserName = `user-${++names}`
  const { User } = await root.iam.send(new CreateUserCommand({ UserName }))
  const PolicyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Action: ['sqs:*', 'sns:*', ...keyActions], Resource: '*' },
  })
  await root.iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'rules', PolicyDocument }))
  const { AccessKey } = await root.iam.send(new CreateAccessKeyCommand({ UserName }))
  const { AccessKeyId, SecretAccessKey } = AccessKey!
  const clients = clientsOf({ accessKeyId: AccessKeyId!, secretAccessKey: SecretAccessKey! })
  return { ...clients, arn: User!.Arn! }
}

async function newKey(): Promise<{ readonly id: string; readonly arn: string }> {
  const { KeyMetadata } = await root.kms.send(new CreateKeyCommand({}))
  return { id: KeyMetadata!.KeyId!, arn: KeyMetadata!.Arn! }
}

async function newQueue(KmsMasterKeyId: string): Promise<string> {
  const input = { QueueName: `queue-${++names}`, Attributes: { KmsMasterKeyId } }
  return (await root.sqs.send(new CreateQueueCommand(input))).QueueUrl!
}

const send = ({ sqs }: Clients, QueueUrl: string) =>
  sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'grain' }))

const receive = async ({ sqs }: Clients, QueueUrl: string) => {
  const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, VisibilityTimeout: 0 }))
  return Messages?.[0]?.Body
}

const arnOfQueue = (url: string) => `arn:aws:sqs:us-east-1:${ROOT}:${url.split('/').at(-1)}`

const denied = (arn: string, action: string, key: string) => ({
  ...{ name: 'KmsAccessDenied', status: 400 },
  message: `User: ${arn} is not authorized to perform: kms:${action} on resource: ${key} because no identity-based policy allows the kms:${action} action`,
})

test('whoever may use a queue may not use its key by that', async () => {
  const key = await newKey()
  const queue = await newQueue(key.id)
  await send(root, queue)
  const nobody = await newUser()
  expect(await errorOf(send(nobody, queue))).toMatchObject(denied(nobody.arn, 'GenerateDataKey', key.arn))
  expect(await errorOf(receive(nobody, queue))).toMatchObject(denied(nobody.arn, 'Decrypt', key.arn))
  const reader = await newUser('kms:Decrypt')
  expect(await receive(reader, queue)).toBe('grain')
  expect(await errorOf(send(reader, queue))).toMatchObject(denied(reader.arn, 'GenerateDataKey', key.arn))
  // Whoever sends must be able to decrypt too.
  const half = await newUser('kms:GenerateDataKey')
  expect(await errorOf(send(half, queue))).toMatchObject(denied(half.arn, 'Decrypt', key.arn))
  await send(await newUser('kms:GenerateDataKey', 'kms:Decrypt'), queue)
})

test('nobody is let in by what somebody else did a moment ago, and a leave that is taken away is gone at once', async () => {
  const { id } = await newKey()
  const queue = await newQueue(id)
  const user = await newUser('kms:*')
  await send(user, queue)
  expect(await receive(user, queue)).toBe('grain')
  const other = await newUser()
  expect(await errorOf(receive(other, queue))).toMatchObject({ name: 'KmsAccessDenied' })
  const UserName = user.arn.split('/').at(-1)!
  const PolicyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: '*', Resource: '*' },
      { Effect: 'Deny', Action: 'kms:Decrypt', Resource: '*' },
    ],
  })
  await root.iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'rules', PolicyDocument }))
  expect((await errorOf(receive(user, queue))).message).toMatch(
    /with an explicit deny in an identity-based policy$/,
  )
})

test('messages that only the caller may not decrypt are left to others: not hidden, and not counted', async () => {
  const [old, current] = [await newKey(), await newKey()]
  const QueueUrl = await newQueue(old.id)
  await send(root, QueueUrl)
  const Attributes = { KmsMasterKeyId: current.id }
  await root.sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes }))
  const user = await newUser()
  const UserName = user.arn.split('/').at(-1)!
  const PolicyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: 'sqs:*', Resource: '*' },
      { Effect: 'Allow', Action: 'kms:Decrypt', Resource: current.arn },
    ],
  })
  await root.iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'rules', PolicyDocument }))
  const command = (VisibilityTimeout: number) =>
    new ReceiveMessageCommand({
      ...{ QueueUrl, VisibilityTimeout, MessageSystemAttributeNames: ['ApproximateReceiveCount'] },
    })
  for (let i = 0; i < 2; i++)
    expect(await errorOf(user.sqs.send(command(600)))).toMatchObject(denied(user.arn, 'Decrypt', old.arn))
  const { Messages } = await root.sqs.send(command(0))
  expect(Messages).toMatchObject([{ Body: 'grain', Attributes: { ApproximateReceiveCount: '1' } }])
})

test('a grant lets somebody use the key of a queue, as far as its encryption context goes', async () => {
  const { id } = await newKey()
  const [queue, other] = [await newQueue(id), await newQueue(id)]
  const user = await newUser()
  const name = queue.split('/').at(-1)!
  await root.kms.send(
    new CreateGrantCommand({
      ...{ KeyId: id, GranteePrincipal: user.arn, Operations: ['GenerateDataKey', 'Decrypt'] },
      Constraints: {
        EncryptionContextEquals: { 'aws:sqs:arn': `arn:aws:sqs:us-east-1:${ROOT}:${name}` },
      },
    }),
  )
  await send(user, queue)
  expect(await receive(user, queue)).toBe('grain')
  expect(await errorOf(send(user, other))).toMatchObject({ name: 'KmsAccessDenied' })
})

test('the keys that AWS would manage are for all who may use the queue or topic', async () => {
  const queue = await newQueue('alias/aws/sqs')
  const user = await newUser()
  await send(user, queue)
  expect(await receive(user, queue)).toBe('grain')
  const Attributes = { KmsMasterKeyId: 'alias/aws/sns' }
  const { TopicArn } = await root.sns.send(new CreateTopicCommand({ Name: 'managed', Attributes }))
  await user.sns.send(new PublishCommand({ TopicArn, Message: 'grain' }))
  const { KeyMetadata } = await root.kms.send(new DescribeKeyCommand({ KeyId: 'alias/aws/sns' }))
  expect(KeyMetadata!.KeyManager).toBe('AWS')
})

test('whoever publishes to a topic with a key needs leave for that', async () => {
  const key = await newKey()
  const Attributes = { KmsMasterKeyId: key.id }
  const { TopicArn } = await root.sns.send(new CreateTopicCommand({ Name: 'sealed', Attributes }))
  const nobody = await newUser()
  const publish = ({ sns }: Clients) => sns.send(new PublishCommand({ TopicArn, Message: 'grain' }))
  expect(await errorOf(publish(nobody))).toMatchObject({
    ...denied(nobody.arn, 'GenerateDataKey', key.arn),
    ...{ name: 'KMSAccessDeniedException' },
  })
  await publish(await newUser('kms:GenerateDataKey', 'kms:Decrypt'))
})

test('what was sealed for a queue by leave of its topic is not what a topic with that key lets somebody publish', async () => {
  const key = await newKey()
  const { TopicArn } = await root.sns.send(new CreateTopicCommand({ Name: 'sealed-later' }))
  const QueueUrl = await newQueue(key.id)
  await root.sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: arnOfQueue(QueueUrl) }))
  const nobody = await newUser()
  const publish = () => nobody.sns.send(new PublishCommand({ TopicArn, Message: 'grain' }))
  await publish()
  await root.sns.send(
    new SetTopicAttributesCommand({
      ...{ TopicArn, AttributeName: 'KmsMasterKeyId', AttributeValue: key.id },
    }),
  )
  expect(await errorOf(publish())).toMatchObject({ name: 'KMSAccessDeniedException' })
})

test('a key of another account is used where its policy lets the account in', async () => {
  const operator = new AwsClient({
    ...server.credentials,
    service: 'millrace',
    region: 'us-east-1',
    retries: 0,
  })
  const answer = await operator.fetch(`${server.endpoint}/_millrace/accounts/millers`, { method: 'POST' })
  const made = (await answer.json()) as { accountId: string; rootKey: Clients['credentials'] }
  const millers = clientsOf(made.rootKey)
  const { KeyMetadata } = await millers.kms.send(new CreateKeyCommand({}))
  const queue = await newQueue(KeyMetadata!.Arn!)
  expect(await errorOf(send(root, queue))).toMatchObject({ name: 'KmsAccessDenied' })
  const own = { Effect: 'Allow', Action: 'kms:*', Resource: '*' }
  const Statement = [made.accountId, ROOT].map((account) => ({
    ...{ ...own, Principal: { AWS: `arn:aws:iam::${account}:root` } },
  }))
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement })
  const KeyId = KeyMetadata!.KeyId!
  await millers.kms.send(new PutKeyPolicyCommand({ KeyId, PolicyName: 'default', Policy }))
  await send(root, queue)
  expect(await receive(root, queue)).toBe('grain')
  await millers.kms.send(
    new PutKeyPolicyCommand({
      ...{ KeyId, PolicyName: 'default' },
      Policy: JSON.stringify({ Version: '2012-10-17', Statement: Statement[0] }),
    }),
  )
  expect(await errorOf(receive(root, queue))).toMatchObject({ name: 'KmsAccessDenied' })
})

import {
  CreateRoleCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteUserCommand,
  DeleteUserPolicyCommand,
  GetUserCommand,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam'
import { CreateStreamCommand, GetRecordsCommand, PutRecordCommand } from '@aws-sdk/client-kinesis'
import {
  CreateGrantCommand,
  CreateKeyCommand,
  DecryptCommand,
  EncryptCommand,
  PutKeyPolicyCommand,
} from '@aws-sdk/client-kms'
import { CreateTopicCommand, PublishCommand, SubscribeCommand } from '@aws-sdk/client-sns'
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ListQueuesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs'
import { AssumeRoleCommand, GetFederationTokenCommand, GetSessionTokenCommand } from '@aws-sdk/client-sts'
import { AwsClient } from 'aws4fetch'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ServerProcess, TEST_KEY } from '../server-process.ts'
import { errorOf } from './error-of.ts'
import {
  type ClientKey,
  documentOf,
  type ServiceClients,
  type Statement,
  serviceClients,
  type TestUser,
  userWhoMay,
} from './service-clients.ts'

/** What policies let users do, and what they don't. */
const ROOT = '000000000000'
const arnOf = (queue: string, account = ROOT) => `arn:aws:sqs:us-east-1:${account}:${queue}`

let server: ServerProcess
let root: ServiceClients
let users = 0
beforeAll(async () => {
  server = await ServerProcess.create()
  await server.start()
  root = clientsOf(TEST_KEY)
})
afterAll(() => server.destroy())

const clientsOf = (key: ClientKey) => serviceClients(server, key)

/** A user who may do what these statements say. */
const newUser = (...statements: readonly Statement[]) =>
  userWhoMay(server, root, `user-${++users}`, statements)

async function newQueue(QueueName: string): Promise<string> {
  return (await root.sqs.send(new CreateQueueCommand({ QueueName }))).QueueUrl!
}

const send = (QueueUrl: string, MessageBody = 'm') => new SendMessageCommand({ QueueUrl, MessageBody })

test('a user with a policy that lets it send to one queue sends to that one, and does nothing else', async () => {
  const [orders, other] = [await newQueue('orders'), await newQueue('other')]
  const user = await newUser({ Action: 'sqs:SendMessage', Resource: arnOf('orders') })
  await user.sqs.send(send(orders))
  const Entries = [{ Id: 'a', MessageBody: 'in a batch' }]
  await user.sqs.send(new SendMessageBatchCommand({ QueueUrl: orders, Entries }))
  for (const [request, action, resource] of [
    [user.sqs.send(send(other)), 'sqs:sendmessage', arnOf('other')],
    [user.sqs.send(new ReceiveMessageCommand({ QueueUrl: orders })), 'sqs:receivemessage', arnOf('orders')],
    [user.sqs.send(new DeleteQueueCommand({ QueueUrl: orders })), 'sqs:deletequeue', arnOf('orders')],
    [user.sqs.send(new CreateQueueCommand({ QueueName: 'mine' })), 'sqs:createqueue', arnOf('mine')],
    [user.sqs.send(new ListQueuesCommand({})), 'sqs:listqueues', arnOf('')],
  ] as const) {
    expect(await errorOf(request)).toMatchObject({
      status: 403,
      message: `User: ${user.arn} is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`,
    })
  }
  const { Attributes } = await root.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: orders, AttributeNames: ['All'] }),
  )
  expect(Attributes!.ApproximateNumberOfMessages).toBe('2')
})

test('a user without policies may do nothing, in any service', async () => {
  const user = await newUser()
  const topic = (await root.sns.send(new CreateTopicCommand({ Name: 'news' }))).TopicArn!
  await root.kinesis.send(new CreateStreamCommand({ StreamName: 'grain', ShardCount: 1 }))
  expect(await errorOf(user.sns.send(new PublishCommand({ TopicArn: topic, Message: 'm' })))).toMatchObject({
    name: 'AuthorizationErrorException',
    status: 403,
    message: `User: ${user.arn} is not authorized to perform: SNS:Publish on resource: ${topic} because no identity-based policy allows the SNS:Publish action`,
  })
  const record = { StreamName: 'grain', PartitionKey: 'k', Data: Buffer.from('d') }
  expect(await errorOf(user.kinesis.send(new PutRecordCommand(record)))).toMatchObject({
    name: 'AccessDeniedException',
    status: 400,
    message: `User: ${user.arn} is not authorized to perform: kinesis:PutRecord on resource: arn:aws:kinesis:us-east-1:${ROOT}:stream/grain because no identity-based policy allows the kinesis:PutRecord action`,
  })
  expect((await errorOf(user.kinesis.send(new GetRecordsCommand({ ShardIterator: 'made up' })))).name).toBe(
    'InvalidArgumentException',
  )
  expect((await errorOf(user.iam.send(new CreateUserCommand({ UserName: 'another' })))).status).toBe(403)
})

test('a queue lets others in by its policy, users of its account and other accounts', async () => {
  const QueueUrl = await newQueue('shared')
  const user = await newUser()
  expect((await errorOf(user.sqs.send(send(QueueUrl)))).status).toBe(403)
  const Policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { AWS: user.arn }, Action: 'sqs:SendMessage', Resource: arnOf('shared') },
    ],
  })
  await root.sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }))
  await user.sqs.send(send(QueueUrl))
  expect((await errorOf(user.sqs.send(new ReceiveMessageCommand({ QueueUrl })))).status).toBe(403)
})

test('an explicit deny overrides what other statements allow', async () => {
  const QueueUrl = await newQueue('guarded')
  const user = await newUser(
    { Action: 'sqs:*', Resource: '*' },
    { Effect: 'Deny', Action: 'sqs:DeleteQueue', Resource: '*' },
  )
  await user.sqs.send(send(QueueUrl))
  expect((await errorOf(user.sqs.send(new DeleteQueueCommand({ QueueUrl })))).message).toMatch(
    /with an explicit deny in an identity-based policy$/,
  )
})

test('conditions ask where a request comes from, how, and when', async () => {
  const QueueUrl = await newQueue('conditional')
  const may = async (Condition: object) => {
    const user = await newUser({ Action: 'sqs:SendMessage', Resource: '*', Condition })
    return (await errorOf(user.sqs.send(send(QueueUrl)))).message === 'not refused'
  }
  expect(await may({ IpAddress: { 'aws:SourceIp': '127.0.0.0/8' } })).toBe(true)
  expect(await may({ IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } })).toBe(false)
  expect(await may({ Bool: { 'aws:SecureTransport': 'true' } })).toBe(false)
  expect(await may({ DateLessThan: { 'aws:CurrentTime': '2020-01-01T00:00:00Z' } })).toBe(false)
  expect(await may({ StringEquals: { 'aws:RequestedRegion': 'us-east-1' } })).toBe(true)
  expect(await may({ StringLike: { 'aws:UserAgent': 'curl/*' } })).toBe(false)
})

test('a key that is made inactive is refused with the next request', async () => {
  const QueueUrl = await newQueue('keyed')
  const user = await newUser({ Action: 'sqs:*', Resource: '*' })
  await user.sqs.send(send(QueueUrl))
  const { accessKeyId } = user.key
  const UserName = user.arn.split('/').at(-1)
  await root.iam.send(new UpdateAccessKeyCommand({ UserName, AccessKeyId: accessKeyId, Status: 'Inactive' }))
  expect((await errorOf(user.sqs.send(send(QueueUrl)))).status).toBe(403)
})

test('who may not receive messages may not look at them either', async () => {
  const QueueUrl = await newQueue('watched')
  await root.sqs.send(send(QueueUrl, 'a secret'))
  const look = async ({ key }: ServiceClients) => {
    const client = new AwsClient({ ...key, service: 'sqs', region: 'us-east-1' })
    const url = `${server.url}/_aws/sqs/messages?QueueUrl=${encodeURIComponent(QueueUrl)}`
    return (await client.fetch(url)).text()
  }
  expect(await look(await newUser())).not.toContain('a secret')
  expect(await look(root)).toContain('a secret')
})

test('a key is used by whom its policy, a policy of theirs that it lets in, or a grant allows it', async () => {
  const { KeyMetadata } = await root.kms.send(new CreateKeyCommand({}))
  const { KeyId, Arn } = KeyMetadata!
  const encrypt = ({ kms }: Pick<ServiceClients, 'kms'>) =>
    kms.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from('a secret') }))
  const [nobody, reader, granted] = [
    await newUser(),
    await newUser({ Action: ['kms:Encrypt', 'kms:Decrypt'], Resource: Arn! }),
    await newUser(),
  ]
  const { CiphertextBlob } = await encrypt(reader)
  expect(await errorOf(encrypt(nobody))).toMatchObject({
    ...{ name: 'AccessDeniedException', status: 400 },
    message: `User: ${nobody.arn} is not authorized to perform: kms:Encrypt on resource: ${Arn} because no identity-based policy allows the kms:Encrypt action`,
  })
  const decrypt = ({ kms }: Pick<ServiceClients, 'kms'>) => kms.send(new DecryptCommand({ CiphertextBlob }))
  expect(Buffer.from((await decrypt(reader)).Plaintext!).toString()).toBe('a secret')
  expect((await errorOf(decrypt(granted))).status).toBe(400)
  await root.kms.send(
    new CreateGrantCommand({ KeyId, GranteePrincipal: granted.arn, Operations: ['Decrypt'] }),
  )
  expect(Buffer.from((await decrypt(granted)).Plaintext!).toString()).toBe('a secret')
  expect((await errorOf(encrypt(granted))).name).toBe('AccessDeniedException')
  // What denies it counts for grants too.
  const Policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ROOT}:root` }, Action: 'kms:*', Resource: '*' },
      { Effect: 'Deny', Principal: { AWS: granted.arn }, Action: 'kms:Decrypt', Resource: '*' },
    ],
  })
  await root.kms.send(new PutKeyPolicyCommand({ KeyId, PolicyName: 'default', Policy }))
  expect((await errorOf(decrypt(granted))).message).toMatch(
    /with an explicit deny in a resource-based policy$/,
  )
})

test('a role may be assumed from where its trust policy says', async () => {
  const user = await newUser()
  const assume = async (RoleName: string, address: string) => {
    const statement = {
      ...{ Effect: 'Allow', Principal: { AWS: user.arn }, Action: 'sts:AssumeRole' },
      Condition: { IpAddress: { 'aws:SourceIp': address }, Bool: { 'aws:SecureTransport': 'false' } },
    }
    const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [statement] })
    const { Role } = await root.iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }))
    const command = new AssumeRoleCommand({ RoleArn: Role!.Arn!, RoleSessionName: 'job' })
    return (await errorOf(user.sts.send(command))).message === 'not refused'
  }
  expect(await assume('here', '127.0.0.0/8')).toBe(true)
  expect(await assume('elsewhere', '192.0.2.0/24')).toBe(false)
})

test('a topic sends to a queue when its policy lets it, and the log says what is missing where it does not', async () => {
  const QueueUrl = await newQueue('readers')
  const TopicArn = (await root.sns.send(new CreateTopicCommand({ Name: 'papers' }))).TopicArn!
  const Attributes = { RawMessageDelivery: 'true' }
  await root.sns.send(
    new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: arnOf('readers'), Attributes }),
  )
  await root.sns.send(new PublishCommand({ TopicArn, Message: 'before' }))
  const lines = server.errors.split('\n').filter((line) => line.includes('a queue refuses'))
  expect(lines).toHaveLength(1)
  const { queue, source, statement } = JSON.parse(lines[0]!)
  expect({ queue, source }).toEqual({ queue: arnOf('readers'), source: TopicArn })
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [JSON.parse(statement)] })
  await root.sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }))
  await root.sns.send(new PublishCommand({ TopicArn, Message: 'after' }))
  const { Messages } = await root.sqs.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 }),
  )
  expect(Messages!.map(({ Body }) => Body)).toEqual(['after'])
})

const FROM_QUEUE = { Action: 'sqs:ReceiveMessage', Resource: '*' }
const nameOf = ({ arn }: { readonly arn: string }) => arn.split('/').at(-1)!

test.each<[string, number, (user: TestUser, QueueUrl: string) => Promise<unknown>]>([
  [
    'whose key is made inactive',
    403,
    ({ arn, key }) =>
      root.iam.send(
        new UpdateAccessKeyCommand({
          ...{ UserName: nameOf({ arn }), AccessKeyId: key.accessKeyId, Status: 'Inactive' },
        }),
      ),
  ],
  [
    'whose policy is taken away',
    403,
    ({ arn }) =>
      root.iam.send(new DeleteUserPolicyCommand({ UserName: nameOf({ arn }), PolicyName: 'rules' })),
  ],
  [
    'who is deleted',
    403,
    async ({ arn, key }) => {
      const UserName = nameOf({ arn })
      await root.iam.send(new DeleteUserPolicyCommand({ UserName, PolicyName: 'rules' }))
      await root.iam.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId: key.accessKeyId }))
      await root.iam.send(new DeleteUserCommand({ UserName }))
    },
  ],
  [
    'whom the queue comes to deny it',
    403,
    ({ arn }, QueueUrl) => {
      const Statement = { Effect: 'Deny', Principal: { AWS: arn }, Action: 'sqs:*', Resource: '*' }
      const Policy = JSON.stringify({ Version: '2012-10-17', Statement })
      return root.sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }))
    },
  ],
])('a user %s while it waits for messages gets none', async (_, status, takeAway) => {
  const QueueUrl = await newQueue(`awaited-${++users}`)
  const user = await newUser(FROM_QUEUE)
  const waiting = errorOf(user.sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 })))
  const other = root.sqs.send(
    new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20, MessageSystemAttributeNames: ['All'] }),
  )
  await new Promise((resolve) => setTimeout(resolve, 500))
  await takeAway(user, QueueUrl)
  await root.sqs.send(send(QueueUrl, 'a secret'))
  expect((await waiting).status).toBe(status)
  const [message] = (await other).Messages!
  expect(message!.Attributes!.ApproximateReceiveCount).toBe('1')
})

test('a session of a user uses queues as the user may, and calls nothing of IAM', async () => {
  const QueueUrl = await newQueue('sessions')
  const user = await newUser({ Action: '*', Resource: '*' })
  expect((await errorOf(user.iam.send(new GetUserCommand({})))).message).toBe('not refused')
  const Policy = documentOf([{ Action: '*', Resource: '*' }])
  for (const command of [
    new GetSessionTokenCommand({}),
    new GetFederationTokenCommand({ Name: 'guest', Policy }),
  ]) {
    const { Credentials } = (await user.sts.send(command as GetSessionTokenCommand))!
    const session = clientsOf({
      ...{ accessKeyId: Credentials!.AccessKeyId!, secretAccessKey: Credentials!.SecretAccessKey! },
      sessionToken: Credentials!.SessionToken!,
    })
    await session.sqs.send(send(QueueUrl))
    const asked = session.iam.send(new GetUserCommand({ UserName: user.arn.split('/').at(-1) }))
    expect(await errorOf(asked)).toMatchObject({ name: 'InvalidClientTokenId', status: 403 })
    expect(await errorOf(session.sts.send(new GetSessionTokenCommand({})))).toMatchObject({
      name: 'AccessDenied',
      message: 'Cannot call GetSessionToken with session credentials',
    })
  }
})

import {
  CreatePolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  GetPolicyCommand,
  GetRoleCommand,
  GetUserCommand,
  TagRoleCommand,
  TagUserCommand,
  UntagRoleCommand,
  UntagUserCommand,
} from '@aws-sdk/client-iam'
import {
  CreateStreamCommand,
  DescribeStreamConsumerCommand,
  DescribeStreamSummaryCommand,
  RegisterStreamConsumerCommand,
  TagResourceCommand as TagStreamCommand,
  UntagResourceCommand as UntagStreamCommand,
} from '@aws-sdk/client-kinesis'
import {
  CreateKeyCommand,
  EncryptCommand,
  TagResourceCommand as TagKeyCommand,
  UntagResourceCommand as UntagKeyCommand,
} from '@aws-sdk/client-kms'
import {
  CreateTopicCommand,
  PublishCommand,
  TagResourceCommand as TagTopicCommand,
  UntagResourceCommand as UntagTopicCommand,
} from '@aws-sdk/client-sns'
import {
  CreateQueueCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  StartMessageMoveTaskCommand,
  TagQueueCommand,
  UntagQueueCommand,
} from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ServerProcess, TEST_KEY } from '../server-process.ts'
import { errorOf } from './error-of.ts'
import { type ServiceClients, type Statement, serviceClients, userWhoMay } from './service-clients.ts'

/** What policies may ask about tags: of the resource, and of those that a request brings or takes away. */
const ACCOUNT = '000000000000'
const Key = 'team'
const Value = 'mill'

let server: ServerProcess
let root: ServiceClients
let names = 0
beforeAll(async () => {
  server = await ServerProcess.create()
  await server.start()
  root = serviceClients(server, TEST_KEY)
})
afterAll(() => server.destroy())

const userWith = (...statements: readonly Partial<Statement>[]) =>
  userWhoMay(
    server,
    root,
    `user-${++names}`,
    statements.map((each) => ({ Action: '*', Resource: '*', ...each })),
  )

const isDone = async (request: Promise<unknown>) => (await errorOf(request)).message === 'not refused'
const newName = () => `thing-${++names}`

/** A resource of one kind. */
interface Thing {
  use(by: ServiceClients): Promise<unknown>
  tag(): Promise<unknown>
  untag(): Promise<unknown>
}

const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: ACCOUNT }, Action: 'sts:AssumeRole' }],
})

const THINGS: Readonly<Record<string, () => Promise<Thing>>> = {
  async queue() {
    const { QueueUrl } = await root.sqs.send(new CreateQueueCommand({ QueueName: newName() }))
    return {
      use: ({ sqs }) => sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'm' })),
      tag: () => root.sqs.send(new TagQueueCommand({ QueueUrl, Tags: { [Key]: Value } })),
      untag: () => root.sqs.send(new UntagQueueCommand({ QueueUrl, TagKeys: [Key] })),
    }
  },
  async topic() {
    const { TopicArn } = await root.sns.send(new CreateTopicCommand({ Name: newName() }))
    return {
      use: ({ sns }) => sns.send(new PublishCommand({ TopicArn, Message: 'm' })),
      tag: () => root.sns.send(new TagTopicCommand({ ResourceArn: TopicArn, Tags: [{ Key, Value }] })),
      untag: () => root.sns.send(new UntagTopicCommand({ ResourceArn: TopicArn, TagKeys: [Key] })),
    }
  },
  async stream() {
    const StreamName = newName()
    const ResourceARN = `arn:aws:kinesis:us-east-1:${ACCOUNT}:stream/${StreamName}`
    await root.kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }))
    return {
      use: ({ kinesis }) => kinesis.send(new DescribeStreamSummaryCommand({ StreamName })),
      tag: () => root.kinesis.send(new TagStreamCommand({ ResourceARN, Tags: { [Key]: Value } })),
      untag: () => root.kinesis.send(new UntagStreamCommand({ ResourceARN, TagKeys: [Key] })),
    }
  },
  async 'consumer of a stream'() {
    const StreamName = newName()
    const StreamARN = `arn:aws:kinesis:us-east-1:${ACCOUNT}:stream/${StreamName}`
    await root.kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }))
    const { Consumer } = await root.kinesis.send(
      new RegisterStreamConsumerCommand({ StreamARN, ConsumerName: 'baker' }),
    )
    const ResourceARN = Consumer!.ConsumerARN!
    return {
      use: ({ kinesis }) => kinesis.send(new DescribeStreamConsumerCommand({ ConsumerARN: ResourceARN })),
      tag: () => root.kinesis.send(new TagStreamCommand({ ResourceARN, Tags: { [Key]: Value } })),
      untag: () => root.kinesis.send(new UntagStreamCommand({ ResourceARN, TagKeys: [Key] })),
    }
  },
  async key() {
    const { KeyId } = (await root.kms.send(new CreateKeyCommand({}))).KeyMetadata!
    const Tags = [{ TagKey: Key, TagValue: Value }]
    return {
      use: ({ kms }) => kms.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from('m') })),
      tag: () => root.kms.send(new TagKeyCommand({ KeyId, Tags })),
      untag: () => root.kms.send(new UntagKeyCommand({ KeyId, TagKeys: [Key] })),
    }
  },
  async user() {
    const UserName = newName()
    await root.iam.send(new CreateUserCommand({ UserName, Path: '/some/' }))
    return {
      use: ({ iam }) => iam.send(new GetUserCommand({ UserName })),
      tag: () => root.iam.send(new TagUserCommand({ UserName, Tags: [{ Key, Value }] })),
      untag: () => root.iam.send(new UntagUserCommand({ UserName, TagKeys: [Key] })),
    }
  },
  async role() {
    const RoleName = newName()
    await root.iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: TRUST }))
    return {
      use: ({ iam }) => iam.send(new GetRoleCommand({ RoleName })),
      tag: () => root.iam.send(new TagRoleCommand({ RoleName, Tags: [{ Key, Value }] })),
      untag: () => root.iam.send(new UntagRoleCommand({ RoleName, TagKeys: [Key] })),
    }
  },
}

test.each(Object.keys(THINGS))('a %s is used by whom a policy lets use what has its tag', async (kind) => {
  const thing = await THINGS[kind]!()
  const ofTeam = await userWith({ Condition: { StringEquals: { [`aws:ResourceTag/${Key}`]: Value } } })
  const notOfTeam = await userWith(
    {},
    { Effect: 'Deny', Condition: { StringEquals: { [`aws:ResourceTag/${Key}`]: Value } } },
  )
  const may = async () => [await isDone(thing.use(ofTeam)), await isDone(thing.use(notOfTeam))]
  expect(await may()).toEqual([false, true])
  await thing.tag()
  expect(await may()).toEqual([true, false])
  await thing.untag()
  expect(await may()).toEqual([false, true])
})

test('IAM knows the tags of its own by its own name too, and nobody else does', async () => {
  const Condition = { StringEquals: { [`iam:ResourceTag/${Key}`]: Value } }
  const user = await userWith({ Condition })
  for (const kind of ['user', 'role', 'queue', 'topic']) {
    const thing = await THINGS[kind]!()
    await thing.tag()
    expect([kind, await isDone(thing.use(user))]).toEqual([kind, kind === 'user' || kind === 'role'])
  }
})

/** What brings tags; with those given. */
const BRINGING: Readonly<
  Record<string, (by: ServiceClients, tags: Readonly<Record<string, string>>) => Promise<unknown>>
> = {
  CreateQueue: ({ sqs }, tags) => sqs.send(new CreateQueueCommand({ QueueName: newName(), tags })),
  CreateTopic: ({ sns }, tags) => sns.send(new CreateTopicCommand({ Name: newName(), Tags: pairs(tags) })),
  CreateStream: ({ kinesis }, Tags) =>
    kinesis.send(new CreateStreamCommand({ StreamName: newName(), ShardCount: 1, Tags })),
  CreateKey: ({ kms }, tags) =>
    kms.send(
      new CreateKeyCommand({
        Tags: Object.entries(tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue })),
      }),
    ),
  CreateUser: ({ iam }, tags) => iam.send(new CreateUserCommand({ UserName: newName(), Tags: pairs(tags) })),
  CreateRole: ({ iam }, tags) =>
    iam.send(
      new CreateRoleCommand({
        ...{ RoleName: newName(), AssumeRolePolicyDocument: TRUST, Tags: pairs(tags) },
      }),
    ),
}

const pairs = (tags: Readonly<Record<string, string>>) =>
  Object.entries(tags).map(([key, value]) => ({ Key: key, Value: value }))

test.each(Object.keys(BRINGING))('%s may be held to the tags that it brings', async (operation) => {
  const bring = BRINGING[operation]!
  const user = await userWith({
    Condition: {
      StringEquals: { [`aws:RequestTag/${Key}`]: Value },
      'ForAllValues:StringEquals': { 'aws:TagKeys': [Key, 'stage'] },
    },
  })
  const may = (tags: Readonly<Record<string, string>>) => isDone(bring(user, tags))
  expect(await may({ [Key]: Value })).toBe(true)
  expect(await may({ [Key]: Value, stage: 'test' })).toBe(true)
  expect(await may({ [Key]: 'oven' })).toBe(false)
  expect(await may({ stage: 'test' })).toBe(false)
  expect(await may({ [Key]: Value, other: 'x' })).toBe(false)
})

test('taking tags away may be held to their keys', async () => {
  const { QueueUrl } = await root.sqs.send(new CreateQueueCommand({ QueueName: newName() }))
  const user = await userWith({
    ...{ Action: 'sqs:UntagQueue' },
    Condition: { 'ForAllValues:StringNotEquals': { 'aws:TagKeys': [Key] } },
  })
  const untag = (TagKeys: string[]) => isDone(user.sqs.send(new UntagQueueCommand({ QueueUrl, TagKeys })))
  expect(await untag(['other'])).toBe(true)
  expect(await untag(['other', Key])).toBe(false)
})

test('dead letters are moved back only by who may send to all the queues from which they may have come', async () => {
  const arnOf = (name: string) => `arn:aws:sqs:us-east-1:${ACCOUNT}:${name}`
  const [dead, one, two] = [newName(), newName(), newName()]
  for (const QueueName of [dead, one, two]) await root.sqs.send(new CreateQueueCommand({ QueueName }))
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arnOf(dead), maxReceiveCount: 1 })
  for (const name of [one, two]) {
    const QueueUrl = `${server.url}/${ACCOUNT}/${name}`
    await root.sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { RedrivePolicy } }))
  }
  const ofDead = { Resource: arnOf(dead), Action: 'sqs:*' }
  const start = async (...targets: readonly string[]) => {
    const user = await userWith(ofDead, { Action: 'sqs:SendMessage', Resource: targets.map(arnOf) })
    return errorOf(user.sqs.send(new StartMessageMoveTaskCommand({ SourceArn: arnOf(dead) })))
  }
  expect((await start(one)).message).toContain(`sqs:sendmessage on resource: ${arnOf(two)}`)
  expect((await start(one, two)).message).toBe('not refused')
})

test('a managed policy is used by whom a policy lets use what has its tag', async () => {
  const PolicyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'sqs:*', Resource: '*' }],
  })
  const user = await userWith({ Condition: { StringEquals: { [`aws:ResourceTag/${Key}`]: Value } } })
  const may = async (Tags: { Key: string; Value: string }[]) => {
    const command = new CreatePolicyCommand({ PolicyName: newName(), PolicyDocument, Tags })
    const { Policy } = await root.iam.send(command)
    return isDone(user.iam.send(new GetPolicyCommand({ PolicyArn: Policy!.Arn! })))
  }
  expect([await may([]), await may([{ Key, Value }])]).toEqual([false, true])
})

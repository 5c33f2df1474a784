import * as iam from '@aws-sdk/client-iam'
import * as kinesis from '@aws-sdk/client-kinesis'
import * as kms from '@aws-sdk/client-kms'
import * as sns from '@aws-sdk/client-sns'
import * as sqs from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { compileModel } from '../../src/api/compile-model.ts'
import { iamModel } from '../../src/api/generated/iam-model.ts'
import { kinesisModel } from '../../src/api/generated/kinesis-model.ts'
import { kmsModel } from '../../src/api/generated/kms-model.ts'
import { snsModel } from '../../src/api/generated/sns-model.ts'
import { sqsModel } from '../../src/api/generated/sqs-model.ts'
import { SAMPLES, sampleInput } from '../access/sample-inputs.ts'
import { ServerProcess, TEST_KEY } from '../server-process.ts'
import { type ServiceClients, serviceClients, userWhoMay } from './service-clients.ts'

/** That of the resources which the sample inputs name. */
const REGION = 'eu-west-1'

const SERVICES = {
  sqs: { model: compileModel('sqs', sqsModel), commands: sqs },
  sns: { model: compileModel('sns', snsModel), commands: sns },
  kinesis: { model: compileModel('kinesis', kinesisModel), commands: kinesis },
  iam: { model: compileModel('iam', iamModel), commands: iam },
  kms: { model: compileModel('kms', kmsModel), commands: kms },
} as const

let server: ServerProcess
let root: ServiceClients
let nobody: ServiceClients
let samples: Readonly<Record<string, string>>

beforeAll(async () => {
  server = await ServerProcess.create()
  await server.start()
  root = serviceClients(server, TEST_KEY, REGION)
  const { QueueUrl } = await root.sqs.send(new sqs.CreateQueueCommand({ QueueName: 'orders' }))
  await root.sqs.send(new sqs.SendMessageCommand({ QueueUrl, MessageBody: 'rye' }))
  const { TopicArn } = await root.sns.send(new sns.CreateTopicCommand({ Name: 'news' }))
  const Endpoint = `arn:aws:sqs:${REGION}:000000000000:orders`
  const subscription = { TopicArn, Protocol: 'sqs', Endpoint, ReturnSubscriptionArn: true }
  const { SubscriptionArn } = await root.sns.send(new sns.SubscribeCommand(subscription))
  await root.kinesis.send(new kinesis.CreateStreamCommand({ StreamName: 'grain', ShardCount: 1 }))
  await root.iam.send(new iam.CreateUserCommand({ UserName: 'miller' }))
  const { KeyMetadata } = await root.kms.send(new kms.CreateKeyCommand())
  await root.kms.send(
    new kms.CreateAliasCommand({ AliasName: 'alias/flour', TargetKeyId: KeyMetadata!.KeyId }),
  )
  const user = await userWhoMay(server, root, 'nobody', [])
  nobody = serviceClients(server, user.key, REGION)
  samples = {
    ...SAMPLES,
    ...{ QueueUrl: QueueUrl!, TopicArn: TopicArn!, SubscriptionArn: SubscriptionArn! },
    ...{ KeyId: KeyMetadata!.KeyId!, UserName: 'miller' },
  }
})
afterAll(() => server.destroy())

/** All that the root user is told of what there is. When a key was last used is no change. */
async function everything(): Promise<object> {
  const { QueueUrl, TopicArn, SubscriptionArn, KeyId } = samples
  const told = [
    await root.sqs.send(new sqs.ListQueuesCommand()),
    await root.sqs.send(new sqs.GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] })),
    await root.sqs.send(new sqs.ListQueueTagsCommand({ QueueUrl })),
    await root.sns.send(new sns.ListTopicsCommand()),
    await root.sns.send(new sns.GetTopicAttributesCommand({ TopicArn })),
    await root.sns.send(new sns.GetSubscriptionAttributesCommand({ SubscriptionArn })),
    await root.sns.send(new sns.ListSubscriptionsCommand()),
    await root.sns.send(new sns.ListPlatformApplicationsCommand()),
    await root.kinesis.send(new kinesis.ListStreamsCommand()),
    await root.kinesis.send(new kinesis.DescribeStreamCommand({ StreamName: 'grain' })),
    await root.iam.send(new iam.ListUsersCommand()),
    await root.iam.send(new iam.ListGroupsCommand()),
    await root.iam.send(new iam.ListRolesCommand()),
    await root.iam.send(new iam.ListPoliciesCommand({ Scope: 'Local' })),
    await root.iam.send(new iam.ListUserPoliciesCommand({ UserName: 'miller' })),
    await root.iam.send(new iam.ListAccessKeysCommand({ UserName: 'nobody' })),
    await root.iam.send(new iam.ListAccountAliasesCommand()),
    await root.kms.send(new kms.ListKeysCommand()),
    await root.kms.send(new kms.ListAliasesCommand()),
    await root.kms.send(new kms.DescribeKeyCommand({ KeyId })),
    await root.kms.send(new kms.GetKeyPolicyCommand({ KeyId })),
    await root.kms.send(new kms.ListGrantsCommand({ KeyId })),
  ]
  return told.map(({ $metadata: _, ...rest }) => rest)
}

test.each(Object.keys(SERVICES) as (keyof typeof SERVICES)[])(
  'whatever of %s somebody asks for who has leave for nothing is refused, and leaves everything as it was',
  async (name) => {
    const { model, commands } = SERVICES[name]
    const client: { send(command: never): Promise<unknown> } = nobody[name]
    const before = await everything()
    const answered: string[] = []
    let denied = 0
    for (const operation of model.operations.values()) {
      const Command = Reflect.get(commands, `${operation.name}Command`)
      const input = sampleInput(operation.input, name, samples)
      try {
        await client.send(new Command(input) as never)
        answered.push(operation.name)
      } catch (error) {
        const { name: code, $metadata } = error as { name: string; $metadata?: { httpStatusCode?: number } }
        expect($metadata?.httpStatusCode, `${operation.name}: ${error}`).toBeGreaterThanOrEqual(400)
        expect($metadata?.httpStatusCode, `${operation.name}: ${error}`).toBeLessThan(500)
        if (/AccessDenied|AuthorizationError/.test(code)) denied++
      }
    }
    expect(answered).toEqual([])
    expect(denied).toBeGreaterThan(model.operations.size * 0.8)
    expect(await everything()).toEqual(before)
  },
)

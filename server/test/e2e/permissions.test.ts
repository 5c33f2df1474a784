import {
  AddPermissionCommand,
  CreateQueueCommand,
  GetQueueAttributesCommand,
  RemovePermissionCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ServerProcess, TEST_KEY } from '../server-process.ts'

let server: ServerProcess
let sqs: SQSClient
let QueueUrl: string

beforeAll(async () => {
  // Without signatures, so that a Query request is a plain form.
  server = await ServerProcess.create('--auth', 'off')
  await server.start()
  sqs = new SQSClient({ endpoint: server.url, region: 'us-east-1', credentials: TEST_KEY, maxAttempts: 1 })
  QueueUrl = (await sqs.send(new CreateQueueCommand({ QueueName: 'orders' }))).QueueUrl!
})

afterAll(async () => {
  sqs.destroy()
  await server.destroy()
})

async function policy() {
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['Policy'] }),
  )
  return Attributes?.Policy === undefined ? undefined : JSON.parse(Attributes.Policy)
}

/** Topics have these actions too: the version of the API says whose is meant. */
async function query(form: Record<string, string>) {
  const body = new URLSearchParams({ Version: '2012-11-05', ...form })
  const response = await fetch(QueueUrl, { method: 'POST', body })
  return [response.status, await response.text()] as const
}

test('permissions come into the policy and go, in both protocols', async () => {
  const Label = 'alice'
  const permission = { QueueUrl, Label, AWSAccountIds: ['111111111111'], Actions: ['ReceiveMessage'] }
  await sqs.send(new AddPermissionCommand(permission))
  const Resource = 'arn:aws:sqs:us-east-1:000000000000:orders'
  const alice = {
    Sid: 'alice',
    Effect: 'Allow',
    Principal: { AWS: 'arn:aws:iam::111111111111:root' },
    Action: 'SQS:ReceiveMessage',
    Resource,
  }
  const common = { Version: '2008-10-17', Id: `${Resource}/SQSDefaultPolicy` }
  expect(await policy()).toEqual({ ...common, Statement: [alice] })
  await expect(sqs.send(new AddPermissionCommand(permission))).rejects.toMatchObject({
    name: 'InvalidParameterValue',
    message: 'Value alice for parameter Label is invalid. Reason: Already exists.',
  })

  const form = {
    Action: 'AddPermission',
    Label: 'bob',
    'AWSAccountId.1': '111111111111',
    'AWSAccountId.2': '222222222222',
    'ActionName.1': 'SendMessage',
    'ActionName.2': 'DeleteMessage',
  }
  expect(await query(form)).toMatchObject([200, expect.stringContaining('<AddPermissionResponse')])
  const [, bob] = (await policy()).Statement
  expect(bob).toMatchObject({
    Principal: { AWS: ['arn:aws:iam::111111111111:root', 'arn:aws:iam::222222222222:root'] },
    Action: ['SQS:SendMessage', 'SQS:DeleteMessage'],
  })

  expect(await query({ Action: 'RemovePermission', Label: 'carol' })).toMatchObject([
    400,
    expect.stringContaining("Value carol for parameter Label is invalid. Reason: can't find label."),
  ])
  expect(await query({ Action: 'RemovePermission', Label: 'bob' })).toMatchObject([200, {}])
  await sqs.send(new RemovePermissionCommand({ QueueUrl, Label }))
  expect(await policy()).toBeUndefined()
})

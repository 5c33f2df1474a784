import {
  CreatePlatformApplicationCommand,
  CreatePlatformEndpointCommand,
  CreateTopicCommand,
  DeleteEndpointCommand,
  DeletePlatformApplicationCommand,
  EndpointDisabledException,
  GetEndpointAttributesCommand,
  GetPlatformApplicationAttributesCommand,
  NotFoundException,
  PlatformApplicationDisabledException,
  PublishCommand,
  paginateListEndpointsByPlatformApplication,
  paginateListPlatformApplications,
  SetEndpointAttributesCommand,
  SetPlatformApplicationAttributesCommand,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ServerProcess, TEST_KEY } from '../server-process.ts'

let server: ServerProcess
let sns: SNSClient
let names = 0

beforeAll(async () => {
  server = await ServerProcess.create()
  await server.start()
  sns = new SNSClient({ endpoint: server.url, region: 'eu-west-1', credentials: TEST_KEY, maxAttempts: 1 })
})

afterAll(async () => {
  sns.destroy()
  await server.destroy()
})

async function newApplication(): Promise<string> {
  const Attributes = { PlatformCredential: 'key' }
  const input = { Name: `shop-${++names}`, Platform: 'GCM', Attributes }
  return (await sns.send(new CreatePlatformApplicationCommand(input))).PlatformApplicationArn!
}

async function newEndpoint(PlatformApplicationArn: string, Token: string): Promise<string> {
  const command = new CreatePlatformEndpointCommand({ PlatformApplicationArn, Token })
  return (await sns.send(command)).EndpointArn!
}

test('applications and endpoints are managed as with AWS, over a crash', async () => {
  const PlatformApplicationArn = await newApplication()
  const EndpointArn = await newEndpoint(PlatformApplicationArn, 'token')
  await sns.send(new SetEndpointAttributesCommand({ EndpointArn, Attributes: { CustomUserData: 'miller' } }))
  await sns.send(
    new SetPlatformApplicationAttributesCommand({
      PlatformApplicationArn,
      Attributes: { SuccessFeedbackSampleRate: '7' },
    }),
  )
  await server.kill()
  await server.start()
  const endpoint = await sns.send(new GetEndpointAttributesCommand({ EndpointArn }))
  expect(endpoint.Attributes).toEqual({ Enabled: 'true', Token: 'token', CustomUserData: 'miller' })
  const application = await sns.send(new GetPlatformApplicationAttributesCommand({ PlatformApplicationArn }))
  expect(application.Attributes).toEqual({ Enabled: 'true', SuccessFeedbackSampleRate: '7' })
  await sns.send(new DeleteEndpointCommand({ EndpointArn }))
  await expect(sns.send(new GetEndpointAttributesCommand({ EndpointArn }))).rejects.toThrow(NotFoundException)
  await sns.send(new DeletePlatformApplicationCommand({ PlatformApplicationArn }))
  await expect(
    sns.send(new GetPlatformApplicationAttributesCommand({ PlatformApplicationArn })),
  ).rejects.toThrow('PlatformApplication does not exist')
})

test('lists are paged through by the paginators of the SDK', async () => {
  const PlatformApplicationArn = await newApplication()
  const endpoints: string[] = []
  for (let i = 0; i < 103; i++) endpoints.push(await newEndpoint(PlatformApplicationArn, `token-${i}`))
  const listed: (string | undefined)[] = []
  for await (const page of paginateListEndpointsByPlatformApplication(
    { client: sns },
    { PlatformApplicationArn },
  )) {
    listed.push(...(page.Endpoints ?? []).map((each) => each.EndpointArn))
  }
  expect(listed).toEqual(endpoints)
  const applications: (string | undefined)[] = []
  for await (const page of paginateListPlatformApplications({ client: sns }, {})) {
    applications.push(...(page.PlatformApplications ?? []).map((each) => each.PlatformApplicationArn))
  }
  expect(applications).toContain(PlatformApplicationArn)
})

test('a message for an endpoint is answered, unless the endpoint or its application is disabled', async () => {
  const PlatformApplicationArn = await newApplication()
  const TargetArn = await newEndpoint(PlatformApplicationArn, 'token')
  const publish = () => sns.send(new PublishCommand({ TargetArn, Message: 'm' }))
  expect((await publish()).MessageId).toMatch(/^[0-9a-f-]{36}$/)
  const set = { EndpointArn: TargetArn, Attributes: { Enabled: 'false' } }
  await sns.send(new SetEndpointAttributesCommand(set))
  await expect(publish()).rejects.toThrow(EndpointDisabledException)
  const disabled = { PlatformApplicationArn, Attributes: { Enabled: 'false' } }
  await sns.send(new SetPlatformApplicationAttributesCommand(disabled))
  await expect(publish()).rejects.toThrow(PlatformApplicationDisabledException)
})

test('an endpoint can be subscribed, and its topic published to', async () => {
  const Endpoint = await newEndpoint(await newApplication(), 'token')
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'pushed' }))
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'application', Endpoint }))
  await sns.send(new PublishCommand({ TopicArn, Message: 'm' }))
  const gone = Endpoint.replace(/.{36}$/, '00000000-0000-0000-0000-000000000000')
  await expect(
    sns.send(new SubscribeCommand({ TopicArn, Protocol: 'application', Endpoint: gone })),
  ).rejects.toThrow(`Invalid parameter: Endpoint Reason: Endpoint does not exist for endpoint arn${gone}`)
})

test('an application without attributes is refused as AWS does', async () => {
  const command = new CreatePlatformApplicationCommand({ Name: 'x', Platform: 'GCM', Attributes: {} })
  await expect(sns.send(command)).rejects.toMatchObject({
    name: 'ValidationError',
    message:
      "1 validation error detected: Value null at 'attributes' failed to satisfy constraint: Member must not be null",
  })
})

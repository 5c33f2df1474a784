import { expect, test } from 'vitest'
import { type Input, type Output, TopicWorld } from '../../../../test/sns/topic-world.ts'

interface Shop {
  readonly world: TopicWorld
  readonly application: string
  create(Token: string, input?: Input): Promise<string>
  attributesOf(EndpointArn: string): Promise<Output>
}

async function shop(Platform = 'GCM'): Promise<Shop> {
  const world = new TopicWorld()
  const Attributes = { PlatformCredential: 'c', PlatformPrincipal: 'p' }
  const input = { Name: 'shop', Platform, Attributes }
  const application = (await world.sns('CreatePlatformApplication', input)).PlatformApplicationArn
  return {
    world,
    application,
    create: async (Token, rest = {}) =>
      (await world.sns('CreatePlatformEndpoint', { PlatformApplicationArn: application, Token, ...rest }))
        .EndpointArn,
    attributesOf: async (EndpointArn) =>
      (await world.sns('GetEndpointAttributes', { EndpointArn })).Attributes,
  }
}

test('an endpoint is enabled when it is made, and shows user data only if it has any', async () => {
  const { create, attributesOf } = await shop()
  const arn = await create('t')
  expect(arn).toMatch(/^arn:aws:sns:eu-west-1:000000000000:endpoint\/GCM\/shop\/[0-9a-f-]{36}$/)
  expect(await attributesOf(arn)).toEqual({ Enabled: 'true', Token: 't' })
  const Attributes = { CustomUserData: 'of the attributes', Enabled: 'false' }
  const other = await create('u', { CustomUserData: 'of the parameter', Attributes })
  expect(await attributesOf(other)).toEqual({
    ...{ Enabled: 'false', Token: 'u', CustomUserData: 'of the attributes' },
  })
})

test('a token that has an endpoint answers with that one, as long as nothing else is wanted of it', async () => {
  const { world, application, create } = await shop()
  const arn = await create('t', { CustomUserData: 'mine' })
  expect(await create('t', { CustomUserData: 'mine' })).toBe(arn)
  expect(await create('t', { CustomUserData: 'mine', Attributes: { Enabled: 'true' } })).toBe(arn)
  const exists = `InvalidParameter: Invalid parameter: Token Reason: Endpoint ${arn} already exists with the same Token, but different attributes.`
  for (const input of [
    {},
    { CustomUserData: 'yours' },
    { CustomUserData: 'mine', Attributes: { Enabled: 'false' } },
  ]) {
    const all = { PlatformApplicationArn: application, Token: 't', ...input }
    expect(await world.refusal('CreatePlatformEndpoint', all)).toBe(exists)
  }
})

test('what clients do with that text works: they take the ARN out of it, and set the attributes', async () => {
  const { world, application, create, attributesOf } = await shop()
  const arn = await create('t', { Attributes: { Enabled: 'false' } })
  const text = await world.refusal('CreatePlatformEndpoint', {
    PlatformApplicationArn: application,
    Token: 't',
  })
  const EndpointArn = /Endpoint (arn:aws:sns[^ ]+) already exists with the same [Tt]oken/.exec(text)![1]
  expect(EndpointArn).toBe(arn)
  await world.sns('SetEndpointAttributes', { EndpointArn, Attributes: { Enabled: 'true', Token: 't2' } })
  expect(await attributesOf(arn)).toEqual({ Enabled: 'true', Token: 't2' })
  expect(await create('t2')).toBe(arn)
  expect(await create('t')).not.toBe(arn)
})

test('no two endpoints of an application have one token', async () => {
  const { world, create } = await shop()
  const [first, second] = [await create('1'), await create('2')]
  const input = { EndpointArn: second, Attributes: { Token: '1' } }
  expect(await world.refusal('SetEndpointAttributes', input)).toBe(
    `InvalidParameter: Invalid parameter: Token Reason: Endpoint ${first} already exists with the same Token, but different attributes.`,
  )
  await world.sns('SetEndpointAttributes', { EndpointArn: first, Attributes: { Token: '1' } })
})

const attributes = 'InvalidParameter: Invalid parameter: Attributes Reason:'

test.each([
  [{ Token: '' }, 'InvalidParameter: Invalid parameter: Token Reason: cannot be empty'],
  [
    { Token: 'é'.repeat(2049) },
    'InvalidParameter: Invalid parameter: Token Reason: must be at most 4096 bytes long in UTF-8 encoding',
  ],
  [{ Attributes: { Token: '' } }, `${attributes} Invalid value for attribute: Token: cannot be empty`],
  [
    { Attributes: { Enabled: 'maybe' } },
    `${attributes} Invalid value for attribute: Enabled: maybe is not true or false`,
  ],
  [
    { Attributes: { CustomUserData: 'é'.repeat(1025) } },
    `${attributes} Invalid value for attribute: CustomUserData: must be at most 2048 bytes long in UTF-8 encoding`,
  ],
  [{ Attributes: { PlatformCredential: 'x' } }, `${attributes} Invalid attribute name: PlatformCredential`],
  [
    { CustomUserData: 'x'.repeat(2049) },
    'InvalidParameter: Invalid parameter: CustomUserData Reason: must be at most 2048 bytes long in UTF-8 encoding',
  ],
])('CreatePlatformEndpoint refuses %j', async (input, text) => {
  const { world, application } = await shop()
  const all = { PlatformApplicationArn: application, Token: 't', ...input }
  expect(await world.refusal('CreatePlatformEndpoint', all)).toBe(text)
})

test("tokens of Apple's platforms are hexadecimal", async () => {
  const { world, application, create } = await shop('APNS_SANDBOX')
  const text =
    'InvalidParameter: Invalid parameter: Token Reason: iOS device tokens must be no more than 400 hexadecimal characters'
  for (const Token of ['not', 'a'.repeat(401)]) {
    const input = { PlatformApplicationArn: application, Token }
    expect(await world.refusal('CreatePlatformEndpoint', input)).toBe(text)
  }
  const EndpointArn = await create('aF'.repeat(200))
  expect(await world.refusal('SetEndpointAttributes', { EndpointArn, Attributes: { Token: 'x' } })).toBe(text)
})

test.each(['GetEndpointAttributes', 'SetEndpointAttributes', 'DeleteEndpoint'])(
  '%s wants the ARN of an endpoint',
  async (operation) => {
    const { world, create } = await shop()
    const arn = await create('t')
    const refusal = (EndpointArn: string) => world.refusal(operation, { EndpointArn, Attributes: {} })
    const invalid = 'InvalidParameter: Invalid parameter: EndpointArn'
    expect(await refusal('arn')).toBe(`${invalid} Reason: An ARN must have at least 6 elements, not 1`)
    expect(await refusal(`${arn}/more`)).toBe(
      `${invalid} Reason: Wrong number of slashes in relative portion of the ARN.`,
    )
    expect(await refusal(`${arn}invalid`)).toBe(
      `${invalid} Reason: ARN specifies an invalid endpointId: UUID must be encoded in exactly 36 characters.`,
    )
    expect(await refusal(arn.replace(/.{36}$/, 'x'.repeat(36)))).toBe(invalid)
    expect(await refusal(arn.replace('eu-west-1', 'us-east-1'))).toBe(invalid)
    expect(await refusal(arn.replace('000000000000', '111111111111'))).toMatch(/^AuthorizationError: /)
    if (operation === 'DeleteEndpoint') return
    expect(await refusal(arn.replace(/.{36}$/, '00000000-0000-0000-0000-000000000000'))).toBe(
      'NotFound: Endpoint does not exist',
    )
  },
)

test('a deleted endpoint is gone, and deleting it again changes nothing', async () => {
  const { world, application, create } = await shop()
  const EndpointArn = await create('t')
  await world.sns('DeleteEndpoint', { EndpointArn })
  const entries = world.log.length
  await world.sns('DeleteEndpoint', { EndpointArn })
  expect(world.log.length).toBe(entries)
  expect(await world.refusal('GetEndpointAttributes', { EndpointArn })).toBe(
    'NotFound: Endpoint does not exist',
  )
  await world.sns('DeletePlatformApplication', { PlatformApplicationArn: application })
  await world.sns('DeletePlatformApplication', { PlatformApplicationArn: application })
})

test('endpoints are listed in the order in which they were made, in pages of a hundred', async () => {
  const { world, application: PlatformApplicationArn, create } = await shop()
  const arns: string[] = []
  for (let i = 0; i < 205; i++) arns.push(await create(`t${i}`))
  await world.sns('DeleteEndpoint', { EndpointArn: arns[99] })
  const listed: string[] = []
  let NextToken: string | undefined
  do {
    const page = await world.sns('ListEndpointsByPlatformApplication', { PlatformApplicationArn, NextToken })
    expect(page.Endpoints.length).toBeLessThanOrEqual(100)
    listed.push(...page.Endpoints.map((each: Output) => each.EndpointArn))
    NextToken = page.NextToken
  } while (NextToken !== undefined)
  expect(listed).toEqual(arns.filter((_, i) => i !== 99))
})

const addressed = (world: TopicWorld, log: number) => world.log.length - log

test('a message for an endpoint is answered and counted, and kept nowhere', async () => {
  const { world, create } = await shop()
  const TargetArn = await create('t')
  const entries = world.log.length
  const { MessageId } = await world.sns('Publish', { TargetArn, Message: 'm' })
  expect(MessageId).toMatch(/^[0-9a-f-]{36}$/)
  expect(addressed(world, entries)).toBe(1)
  expect(world.storedBodies).toBe(0)
  const json = { TargetArn, MessageStructure: 'json' }
  await world.sns('Publish', { ...json, Message: '{"GCM":"{}"}' })
  expect(await world.refusal('Publish', { ...json, Message: '{"ADM":"{}"}' })).toBe(
    'InvalidParameter: Invalid parameter: Message Structure - No default entry in JSON message body',
  )
  expect(await world.refusal('Publish', { TargetArn, Message: '' })).toBe(
    'InvalidParameter: Invalid parameter: Empty message',
  )
})

test('an endpoint that is disabled, gone, or of a disabled application takes no message', async () => {
  const { world, application, create } = await shop()
  const TargetArn = await create('t')
  // The endpoint comes before what is wrong with the message.
  const refusal = () => world.refusal('Publish', { TargetArn, Message: 'msg', MessageStructure: 'json' })
  const PlatformApplicationArn = application
  await world.sns('SetPlatformApplicationAttributes', {
    PlatformApplicationArn,
    Attributes: { Enabled: 'false' },
  })
  expect(await refusal()).toBe('PlatformApplicationDisabled: Platform application is disabled')
  await world.sns('SetPlatformApplicationAttributes', {
    PlatformApplicationArn,
    Attributes: { Enabled: 'true' },
  })
  await world.sns('SetEndpointAttributes', { EndpointArn: TargetArn, Attributes: { Enabled: 'false' } })
  expect(await refusal()).toBe('EndpointDisabled: Endpoint is disabled')
  await world.sns('DeleteEndpoint', { EndpointArn: TargetArn })
  expect(await refusal()).toBe(
    'InvalidParameter: Invalid parameter: TargetArn Reason: No endpoint found for the target arn specified',
  )
})

test('an endpoint can be subscribed while it is there; what a topic has for it is counted', async () => {
  const { world, create } = await shop()
  const [TopicArn, Endpoint] = [await world.topic(), await create('t')]
  const input = { TopicArn, Protocol: 'application', Endpoint }
  const { SubscriptionArn } = await world.sns('Subscribe', input)
  const failures = async () => (await world.description(SubscriptionArn)).failures
  const publish = async () => {
    const entries = world.log.length
    await world.sns('Publish', { TopicArn, Message: 'm' })
    expect(world.log.length).toBe(entries + 1)
    expect(world.storedBodies).toBe(0)
  }
  await publish()
  expect(await failures()).toEqual({})
  await world.sns('SetEndpointAttributes', { EndpointArn: Endpoint, Attributes: { Enabled: 'false' } })
  await publish()
  expect(await failures()).toEqual({ 'endpoint disabled': 1 })
  await world.sns('DeleteEndpoint', { EndpointArn: Endpoint })
  await publish()
  expect(await failures()).toEqual({ 'endpoint disabled': 1, 'no such target': 1 })
  const other = await world.topic('other')
  expect(await world.refusal('Subscribe', { ...input, TopicArn: other })).toBe(
    `InvalidParameter: Invalid parameter: Endpoint Reason: Endpoint does not exist for endpoint arn${Endpoint}`,
  )
})

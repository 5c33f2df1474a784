import { expect, test } from 'vitest'
import { type Input, TopicWorld } from '../../../../test/sns/topic-world.ts'

const PREFIX = 'arn:aws:sns:eu-west-1:000000000000:app'
const CREDENTIALS = { PlatformCredential: 'secret', PlatformPrincipal: 'principal' }
const TOPIC = 'arn:aws:sns:eu-west-1:000000000000:news'

const create = (world: TopicWorld, Name = 'shop', Attributes: Input = CREDENTIALS, Platform = 'ADM') =>
  world.sns('CreatePlatformApplication', { Name, Platform, Attributes })

test('an application is known by its platform and its name, and its credentials are not shown', async () => {
  const world = new TopicWorld()
  const attributes = { EventEndpointCreated: TOPIC, SuccessFeedbackSampleRate: '5' }
  const { PlatformApplicationArn } = await create(world, 'shop', { ...CREDENTIALS, ...attributes })
  expect(PlatformApplicationArn).toBe(`${PREFIX}/ADM/shop`)
  const { Attributes } = await world.sns('GetPlatformApplicationAttributes', { PlatformApplicationArn })
  expect(Attributes).toEqual({ Enabled: 'true', ...attributes })
  expect(Buffer.concat(world.log).includes('secret')).toBe(false)
})

test('GCM has no principal', async () => {
  const world = new TopicWorld()
  const { PlatformApplicationArn } = await create(world, 'a.b-c_d', { PlatformCredential: 'key' }, 'GCM')
  expect(PlatformApplicationArn).toBe(`${PREFIX}/GCM/a.b-c_d`)
})

test('creating it again answers the same, unless its attributes are others', async () => {
  const world = new TopicWorld()
  const first = await create(world)
  expect(await create(world)).toEqual(first)
  const Attributes = { ...CREDENTIALS, EventEndpointCreated: TOPIC }
  const input = { Name: 'shop', Platform: 'ADM', Attributes }
  expect(await world.refusal('CreatePlatformApplication', input)).toBe(
    'InvalidParameter: Invalid parameter: Name Reason: An application with the same name but different properties already exists',
  )
})

const invalidValue = (name: string, problem: string) =>
  `InvalidParameter: Invalid parameter: Attributes Reason: Invalid value for attribute: ${name}: ${problem}`

test.each([
  [{ Name: '' }, 'InvalidParameter: Invalid parameter:  Reason: cannot be empty'],
  [
    { Name: 'a'.repeat(257) },
    `InvalidParameter: Invalid parameter: ${'a'.repeat(257)} Reason: must be at most 256 characters long`,
  ],
  [
    { Name: '@name' },
    "InvalidParameter: Invalid parameter: @name Reason: must contain only characters 'a'-'z', 'A'-'Z', '0'-'9', '_', '-', and '.'",
  ],
  [{ Platform: 'AAA' }, 'InvalidParameter: Invalid parameter: Platform Reason: AAA is not supported'],
  [
    { Attributes: { PlatformCredential: 's' } },
    'InvalidParameter: Invalid parameter: Attributes Reason: PlatformCredential attribute provided without PlatformPrincipal',
  ],
  [
    { Attributes: { PlatformPrincipal: 'p' } },
    'InvalidParameter: Invalid parameter: Attributes Reason: PlatformPrincipal attribute provided without PlatformCredential',
  ],
  [
    { Attributes: { Enabled: 'true' } },
    'InvalidParameter: Invalid parameter: Attributes Reason: Platform credentials are invalid',
  ],
  [
    { Attributes: { ...CREDENTIALS, Other: 'x' } },
    'InvalidParameter: Invalid parameter: Attributes Reason: Invalid attribute name: Other',
  ],
  [
    { Attributes: { ...CREDENTIALS, SuccessFeedbackSampleRate: '101' } },
    invalidValue('SuccessFeedbackSampleRate', '101 value provided is not an integer between 0-100'),
  ],
  [
    { Attributes: { ...CREDENTIALS, EventEndpointCreated: 'x' } },
    invalidValue('EventEndpointCreated', 'x is not a valid topic ARN'),
  ],
  [
    { Attributes: { ...CREDENTIALS, FailureFeedbackRoleArn: 'x' } },
    invalidValue('FailureFeedbackRoleArn', 'x is not a valid role ARN'),
  ],
  [{ Attributes: { ...CREDENTIALS, Enabled: 'yes' } }, invalidValue('Enabled', 'yes is not true or false')],
  [
    { Attributes: { ...CREDENTIALS, ApplePlatformTeamID: 'x' } },
    invalidValue('ApplePlatformTeamID', 'x is not a team id'),
  ],
  [
    { Attributes: { ...CREDENTIALS, ApplePlatformBundleID: 'a b' } },
    invalidValue('ApplePlatformBundleID', 'a b is not a bundle id'),
  ],
])('CreatePlatformApplication refuses %j', async (input, text) => {
  const all = { Name: 'shop', Platform: 'ADM', Attributes: CREDENTIALS, ...input }
  expect(await new TopicWorld().refusal('CreatePlatformApplication', all)).toBe(text)
})

test('attributes are set one by one, and an empty one goes; credentials may be renewed', async () => {
  const world = new TopicWorld()
  const { PlatformApplicationArn } = await create(world, 'shop', {
    ...CREDENTIALS,
    ...{ EventEndpointCreated: TOPIC, EventEndpointDeleted: TOPIC },
  })
  const Attributes = { PlatformCredential: 'new', Enabled: 'false', EventEndpointCreated: '' }
  await world.sns('SetPlatformApplicationAttributes', { PlatformApplicationArn, Attributes })
  const answer = await world.sns('GetPlatformApplicationAttributes', { PlatformApplicationArn })
  expect(answer.Attributes).toEqual({ Enabled: 'false', EventEndpointDeleted: TOPIC })
  const wrong = { SuccessFeedbackSampleRate: '101' }
  expect(
    await world.refusal('SetPlatformApplicationAttributes', { PlatformApplicationArn, Attributes: wrong }),
  ).toBe(invalidValue('SuccessFeedbackSampleRate', '101 value provided is not an integer between 0-100'))
})

test.each([
  ['GetPlatformApplicationAttributes', {}],
  ['SetPlatformApplicationAttributes', { Attributes: {} }],
  ['ListEndpointsByPlatformApplication', {}],
  ['CreatePlatformEndpoint', { Token: 't' }],
])('%s wants an application that is there', async (operation, input) => {
  const world = new TopicWorld()
  const refusal = (PlatformApplicationArn: string) =>
    world.refusal(operation, { PlatformApplicationArn, ...input })
  const invalid = 'InvalidParameter: Invalid parameter: PlatformApplicationArn'
  expect(await refusal(`${PREFIX}/GCM/other`)).toBe('NotFound: PlatformApplication does not exist')
  expect(await refusal('')).toBe(`${invalid} Reason: no value for required parameter`)
  expect(await refusal('arn')).toBe(`${invalid} Reason: An ARN must have at least 6 elements, not 1`)
  expect(await refusal(`${PREFIX}/GCM`)).toBe(
    `${invalid} Reason: Wrong number of slashes in relative portion of the ARN.`,
  )
  expect(await refusal(`${PREFIX}/GCM/a:b`)).toBe(invalid)
  expect(await refusal(`${PREFIX.replace('app', 'apple')}/GCM/a`)).toBe(invalid)
  expect(await refusal(`${PREFIX.replace('eu-west-1', 'us-east-1')}/GCM/a`)).toBe(invalid)
  expect(await refusal(`${PREFIX.replace('000000000000', '111111111111')}/GCM/a`)).toMatch(
    /^AuthorizationError: User: .* is not authorized to perform: SNS:/,
  )
})

test('applications are listed in pages of a hundred, those of the caller alone', async () => {
  const world = new TopicWorld()
  const names = Array.from({ length: 103 }, (_, i) => `app${String(i).padStart(3, '0')}`)
  for (const name of names) await create(world, name)
  const caller = { accountId: '111111111111', region: 'eu-west-1', userId: 'u', principalArn: 'a:root' }
  expect(await world.sns('ListPlatformApplications', {}, { caller })).toEqual({ PlatformApplications: [] })
  const first = await world.sns('ListPlatformApplications')
  expect(first.PlatformApplications).toHaveLength(100)
  expect(first.PlatformApplications[0]).toEqual({
    PlatformApplicationArn: `${PREFIX}/ADM/app000`,
    Attributes: { Enabled: 'true' },
  })
  const second = await world.sns('ListPlatformApplications', { NextToken: first.NextToken })
  expect(second.NextToken).toBeUndefined()
  expect(second.PlatformApplications).toHaveLength(3)
  expect(await world.refusal('ListPlatformApplications', { NextToken: 'x' })).toBe(
    'InvalidParameter: Invalid parameter: nextToken',
  )
})

test.each([false, true])('applications and endpoints outlive a restart (snapshot: %s)', async (snapshot) => {
  const world = new TopicWorld()
  const { PlatformApplicationArn } = await create(world)
  const gone = await create(world, 'gone')
  const endpointOf = async (application: string, Token: string) =>
    (await world.sns('CreatePlatformEndpoint', { PlatformApplicationArn: application, Token })).EndpointArn
  const kept = await endpointOf(PlatformApplicationArn, 'a')
  const deleted = await endpointOf(PlatformApplicationArn, 'b')
  const orphan = await endpointOf(gone.PlatformApplicationArn, 'c')
  await world.sns('SetEndpointAttributes', {
    EndpointArn: kept,
    Attributes: { Token: 'z', CustomUserData: 'u' },
  })
  await world.sns('DeleteEndpoint', { EndpointArn: deleted })
  await world.sns('DeletePlatformApplication', gone)
  world.tidy()
  world.restart({ snapshot })
  const { Endpoints } = await world.sns('ListEndpointsByPlatformApplication', { PlatformApplicationArn })
  expect(Endpoints).toEqual([
    { EndpointArn: kept, Attributes: { Enabled: 'true', Token: 'z', CustomUserData: 'u' } },
  ])
  for (const EndpointArn of [deleted, orphan]) {
    expect(await world.refusal('GetEndpointAttributes', { EndpointArn })).toBe(
      'NotFound: Endpoint does not exist',
    )
  }
  const { PlatformApplications } = await world.sns('ListPlatformApplications')
  expect(PlatformApplications.map((each: Input) => each.PlatformApplicationArn)).toEqual([
    PlatformApplicationArn,
  ])
  // What was given before is not given again.
  expect(await endpointOf(PlatformApplicationArn, 'd')).not.toBe(deleted)
  expect(
    (await world.sns('ListEndpointsByPlatformApplication', { PlatformApplicationArn })).Endpoints,
  ).toHaveLength(2)
})

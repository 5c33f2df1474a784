import { expect, test } from 'vitest'
import { TopicWorld } from '../../../../test/sns/topic-world.ts'

/** What changes after a snapshot is in the next one, and numbers go on where they were. */
const CREDENTIALS = { PlatformCredential: 'key' }

test('endpoints that come and go after a snapshot', async () => {
  const world = new TopicWorld()
  const newApplication = async (Name: string): Promise<string> =>
    (await world.sns('CreatePlatformApplication', { Name, Platform: 'GCM', Attributes: CREDENTIALS }))
      .PlatformApplicationArn
  const first = await newApplication('first')
  const create = async (Token: string): Promise<string> =>
    (await world.sns('CreatePlatformEndpoint', { PlatformApplicationArn: first, Token })).EndpointArn
  const [a, b] = [await create('a'), await create('b')]
  world.restart({ snapshot: true })
  await world.sns('DeleteEndpoint', { EndpointArn: a })
  world.restart({ snapshot: true })
  const c = await create('c')
  const second = await newApplication('second')
  await world.sns('SetPlatformApplicationAttributes', {
    ...{ PlatformApplicationArn: second, Attributes: { Enabled: 'false' } },
  })
  await world.sns('SetEndpointAttributes', { EndpointArn: c, Attributes: { CustomUserData: 'c' } })
  world.restart({ snapshot: true })
  const { Endpoints } = await world.sns('ListEndpointsByPlatformApplication', {
    PlatformApplicationArn: first,
  })
  expect(Endpoints).toEqual([
    { EndpointArn: b, Attributes: { Enabled: 'true', Token: 'b' } },
    { EndpointArn: c, Attributes: { Enabled: 'true', Token: 'c', CustomUserData: 'c' } },
  ])
  const { PlatformApplications } = await world.sns('ListPlatformApplications')
  expect(PlatformApplications).toEqual([
    { PlatformApplicationArn: first, Attributes: { Enabled: 'true' } },
    { PlatformApplicationArn: second, Attributes: { Enabled: 'false' } },
  ])
})

test('numbers that are opted out and in after a snapshot', async () => {
  const world = new TopicWorld()
  await world.optOut('+15550000001')
  await world.optOut('+15550000002')
  world.restart({ snapshot: true })
  await world.optOut('+15550000003')
  await world.sns('OptInPhoneNumber', { phoneNumber: '+15550000001' })
  await world.sns('SetSMSAttributes', { attributes: { DefaultSenderID: 'Mill' } })
  world.restart({ snapshot: true })
  await world.sns('SetSMSAttributes', { attributes: { DefaultSenderID: 'Other' } })
  world.restart({ snapshot: true })
  expect((await world.sns('ListPhoneNumbersOptedOut')).phoneNumbers).toEqual(['+15550000002', '+15550000003'])
  expect((await world.sns('GetSMSAttributes')).attributes).toMatchObject({ DefaultSenderID: 'Other' })
})

import { expect, test } from 'vitest'
import { TopicWorld } from '../../../../test/sns/topic-world.ts'

const PHONE = '+15551234567'
const MINUTE_MS = 60_000

const told = new WeakMap<TopicWorld, Set<string>>()

/** Adds a number and returns the code that it's sent: the one that was not there before. */
async function added(world: TopicWorld, PhoneNumber = PHONE, LanguageCode = 'en-US'): Promise<string> {
  await world.sns('CreateSMSSandboxPhoneNumber', { PhoneNumber, LanguageCode })
  const before = told.get(world) ?? new Set()
  const codes = (await world.texts()).map(({ text }) => /\d{6}/.exec(text)![0])
  const code = codes.find((each) => !before.has(each))!
  told.set(world, before.add(code))
  return code
}

const verify = (OneTimePassword: string) => ({ PhoneNumber: PHONE, OneTimePassword })
const otherThan = (code: string) => (code === '000000' ? '000001' : '000000')

async function wrong(world: TopicWorld, code: string): Promise<string> {
  return world.sns('VerifySMSSandboxPhoneNumber', verify(code)).then(
    () => 'verified',
    (error) => `${error.shape.code}: ${error.message}`,
  )
}

const statuses = async (world: TopicWorld) =>
  (await world.sns('ListSMSSandboxPhoneNumbers')).PhoneNumbers.map((each: { Status: string }) => each.Status)

test('no account is in the sandbox, and none has numbers of its own', async () => {
  const world = new TopicWorld()
  expect(await world.sns('GetSMSSandboxAccountStatus')).toEqual({ IsInSandbox: false })
  expect(await world.sns('ListOriginationNumbers', { MaxResults: 5 })).toEqual({ PhoneNumbers: [] })
  expect(await world.refusal('ListOriginationNumbers', { NextToken: 'x' })).toBe(
    'InvalidParameter: Invalid parameter: nextToken',
  )
})

test('a number is sent a code, and verified by whoever knows it', async () => {
  const world = new TopicWorld()
  const code = await added(world)
  expect((await world.texts())[0]).toMatchObject({
    ...{ phoneNumber: PHONE, text: `Your verification code is ${code}.` },
  })
  expect((await world.sns('ListSMSSandboxPhoneNumbers')).PhoneNumbers).toEqual([
    { PhoneNumber: PHONE, Status: 'Pending' },
  ])
  expect(await wrong(world, otherThan(code))).toBe('VerificationException: The one-time password is invalid')
  await world.sns('VerifySMSSandboxPhoneNumber', verify(code))
  expect(await statuses(world)).toEqual(['Verified'])
  await world.sns('VerifySMSSandboxPhoneNumber', verify(otherThan(code)))
})

test('the code is told in the language that was asked for', async () => {
  const world = new TopicWorld()
  await added(world, '+4915112345678', 'de-DE')
  expect((await world.texts())[0]!.text).toMatch(/^Ihr Bestätigungscode lautet \d{6}\.$/)
})

test('a code is good for a quarter of an hour', async () => {
  const world = new TopicWorld()
  const code = await added(world)
  world.now += 15 * MINUTE_MS
  expect(await wrong(world, code)).toMatch(/^VerificationException/)
})

test('after five guesses no code is taken, until another one is sent', async () => {
  const world = new TopicWorld()
  const code = await added(world)
  for (let i = 0; i < 5; i++) await wrong(world, otherThan(code))
  expect(await wrong(world, code)).toMatch(/^VerificationException/)
  const renewed = await added(world)
  expect(renewed).not.toBe(code)
  expect(await wrong(world, code)).toMatch(/^VerificationException/)
  expect(await wrong(world, renewed)).toBe('verified')
})

test('a number that is verified is not added again, and deleted after a day only', async () => {
  const world = new TopicWorld()
  const code = await added(world)
  await world.sns('VerifySMSSandboxPhoneNumber', verify(code))
  const input = { PhoneNumber: PHONE }
  expect(await world.refusal('CreateSMSSandboxPhoneNumber', input)).toBe(
    'UserError: The phone number is verified already',
  )
  expect(await world.refusal('DeleteSMSSandboxPhoneNumber', input)).toMatch(/^UserError: .*24 hours/)
  world.now += 24 * 60 * MINUTE_MS
  await world.sns('DeleteSMSSandboxPhoneNumber', input)
  for (const operation of ['DeleteSMSSandboxPhoneNumber', 'VerifySMSSandboxPhoneNumber']) {
    expect(await world.refusal(operation, verify('123456'))).toBe('ResourceNotFound: Resource does not exist')
  }
})

test('an account has ten at most, listed in pages', async () => {
  const world = new TopicWorld()
  const numbers = Array.from({ length: 10 }, (_, i) => `+1555000000${i}`)
  for (const each of numbers) await added(world, each)
  expect(await world.refusal('CreateSMSSandboxPhoneNumber', { PhoneNumber: PHONE })).toMatch(/^UserError: /)
  const first = await world.sns('ListSMSSandboxPhoneNumbers', { MaxResults: 7 })
  const second = await world.sns('ListSMSSandboxPhoneNumbers', { MaxResults: 7, NextToken: first.NextToken })
  const listed = [...first.PhoneNumbers, ...second.PhoneNumbers]
  expect(listed.map(({ PhoneNumber }) => PhoneNumber)).toEqual(numbers)
  expect(second.NextToken).toBeUndefined()
  await world.sns('DeleteSMSSandboxPhoneNumber', { PhoneNumber: numbers[3] })
  await added(world)
})

test('a number that is opted out is sent no code', async () => {
  const world = new TopicWorld()
  await world.optOut(PHONE)
  expect(await world.refusal('CreateSMSSandboxPhoneNumber', { PhoneNumber: PHONE })).toBe(
    'OptedOut: Phone number is opted out',
  )
})

test.each(['CreateSMSSandboxPhoneNumber', 'VerifySMSSandboxPhoneNumber', 'DeleteSMSSandboxPhoneNumber'])(
  '%s wants a number in E.164',
  async (operation) => {
    const world = new TopicWorld()
    for (const PhoneNumber of ['', '5551234', '+0551234567']) {
      expect(await world.refusal(operation, { PhoneNumber, OneTimePassword: '12345' })).toBe(
        'InvalidParameter: Invalid parameter: PhoneNumber Reason: input incorrectly formatted',
      )
    }
  },
)

test.each([false, true])('numbers, codes and guesses outlive a restart (snapshot: %s)', async (snapshot) => {
  const world = new TopicWorld()
  const code = await added(world)
  const other = await added(world, '+15550000001')
  await world.sns('VerifySMSSandboxPhoneNumber', { PhoneNumber: '+15550000001', OneTimePassword: other })
  for (let i = 0; i < 4; i++) await wrong(world, otherThan(code))
  world.restart({ snapshot })
  expect(await statuses(world)).toEqual(['Verified', 'Pending'])
  await wrong(world, otherThan(code))
  expect(await wrong(world, code)).toMatch(/^VerificationException/)
})
